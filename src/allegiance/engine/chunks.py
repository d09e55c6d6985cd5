"""Chunks of runs: the host loop that feeds one compiled program and hands out finished chunks.

Memory does not grow with the number of runs: a chunk is LANE runs per device, its tail padded, two
are in flight, and a finished one is given away.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from allegiance.engine import noise, observe, program
from allegiance.world.case import Case, Given, Today
from allegiance.world.nouns import World


class Compiled(Protocol):
    """A compiled case: arrays, labels and calendar."""

    case: Case
    given: Given
    today: Today
    world: World
    labels: Any
    steps: int
    step_days: float


@dataclass(frozen=True)
class Plan:
    """What to simulate.

    `values` is `[parameter]` or `[parameter, run]`, `switches` `[row]`; `motive`, where given,
    `[power, motive, run]` replaces the case's own. Run numbers start at `first_run`.
    """

    built: Compiled
    values: np.ndarray
    switches: np.ndarray
    runs: int
    seed: int
    record: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    log: bool = False
    first_run: int = 0
    lane: int = program.LANE
    devices: int | None = None


@dataclass(frozen=True)
class Chunk:
    """Finished runs."""

    runs: np.ndarray  # [run] run numbers
    records: np.ndarray  # [step, address, run]
    first: np.ndarray  # [event, run] days from the start, inf where it never happened
    log: np.ndarray | None  # [step, event, run] uint8 flags


def _bucket(count: int, least: int) -> int:
    size = least
    while size < count:
        size *= 2
    return size


def _padded(indices: list[int], least: int) -> np.ndarray:
    size = _bucket(len(indices), least)
    return np.array(indices + [0] * (size - len(indices)), dtype=np.int32)


def _segments(tree: Any, steps: int) -> list[Any]:
    """Cut a schedule into segments, the last one padded with its last step."""
    count = -(-steps // program.SEGMENT)
    full = count * program.SEGMENT
    cut = []
    for index in range(count):
        take = np.minimum(np.arange(program.SEGMENT) + index * program.SEGMENT, steps - 1)
        cut.append(type(tree)(*(np.ascontiguousarray(array[take]) for array in tree)))
    del full
    return cut


class Runner:
    """Runs a plan chunk by chunk; compiles (or finds) its program when made."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        available = program.prepare()
        self.devices = min(plan.devices or available, available)
        self.width = plan.lane * self.devices
        built = plan.built
        sizes = observe.axis_sizes(built.world)
        places = observe.catalogue(built.labels, sizes)
        flags = observe.events(built.labels, sizes)
        blocks = tuple(
            block for block in observe.BLOCKS if any(places[a].block == block for a in plan.record)
        )
        offsets, at = {}, 0
        for block in blocks:
            offsets[block] = at
            at += observe.block_length(block, sizes)
        recorded = [offsets[places[a].block] + places[a].index for a in plan.record]
        words = noise.streams(built.case)
        given, today = _segments(built.given, built.steps), _segments(built.today, built.steps)
        inputs = [
            program.Inputs(
                seed=np.uint32(plan.seed),
                start=np.uint32(index * program.SEGMENT),
                words=words,
                given=given[index],
                today=today[index],
                case=built.case,
                recorded=_padded(recorded, 16),
                watched=_padded([flags[event] for event in plan.watch], 8),
            )
            for index in range(len(given))
        ]
        self.first = inputs[0]
        self.world = built.world
        self.switches = np.repeat(
            np.asarray(plan.switches, np.float32).reshape(-1, 1), self.width, axis=1
        )
        shape = program.Shape(blocks, plan.log, float(built.step_days), self.devices)
        self.program = program.compiled(
            shape, self.world, self._values(0), self.switches, self._numbers(0), inputs[0]
        )
        self.inputs = program.everywhere(inputs, self.devices)

    def chunks(self, skip: frozenset[int] = frozenset()) -> Iterator[tuple[int, Chunk]]:
        """Finished chunks in order, without those in `skip`."""
        waiting: deque[tuple[int, Any]] = deque()
        for index in range(-(-self.plan.runs // self.width)):
            if index in skip:
                continue
            waiting.append((index, self._dispatch(index)))
            if len(waiting) == 2:
                number, sent = waiting.popleft()
                yield number, self._collect(number, sent)
        while waiting:
            number, sent = waiting.popleft()
            yield number, self._collect(number, sent)

    def _numbers(self, index: int) -> np.ndarray:
        start = self.plan.first_run + index * self.width
        return np.arange(start, start + self.width, dtype=np.uint32)

    def _values(self, index: int) -> np.ndarray:
        values = np.asarray(self.plan.values, np.float32)
        if values.ndim == 1:
            return np.repeat(values[:, None], self.width, axis=1)
        take = np.minimum(np.arange(self.width) + index * self.width, values.shape[1] - 1)
        return np.ascontiguousarray(values[:, take])

    def _dispatch(self, index: int) -> Any:
        runs, values = self._numbers(index), self._values(index)
        carry = self.program.begin(self.world, runs, self.first)
        pieces = []
        for inputs in self.inputs:
            carry, records, logs = self.program.segment(carry, values, self.switches, runs, inputs)
            pieces.append((records, logs))
        return carry.first, pieces

    def _collect(self, index: int, sent: Any) -> Chunk:
        first, pieces = sent
        plan = self.plan
        keep = min(self.width, plan.runs - index * self.width)
        steps = plan.built.steps
        records = np.concatenate([np.asarray(piece[0]) for piece in pieces])
        log = None
        if plan.log:
            log = np.concatenate([np.asarray(piece[1]) for piece in pieces])[:steps, :, :keep]
        passed = np.asarray(first, dtype=np.float64)[: len(plan.watch), :keep]
        span = steps * plan.built.step_days
        return Chunk(
            runs=self._numbers(index)[:keep],
            records=records[:steps, : len(plan.record), :keep],
            first=np.where(passed < span, passed, np.inf),
            log=log,
        )

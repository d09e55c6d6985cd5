"""Chunks of runs: the host loop that feeds one compiled program and hands out finished chunks.

Memory does not grow with the number of runs: two chunks are in flight, and a finished one is given
away. The program always advances LANE runs, padded where a chunk wants fewer, on one core: no bit
of a run depends on the width of the chunks or on the number of cores.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any, NamedTuple, Protocol

import numpy as np

from allegiance.engine import interrupts, noise, observe, program
from allegiance.engine.program import LANE
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

    `values` is `[parameter]` or `[parameter, run]`, `switches` `[row]`; `motive` `[p, m, run]`
    stands for the case's motives where they are drawn. Run numbers are `numbers` [run], or start at
    `first_run`.
    A chunk is `lane` runs for each of `devices` cores, by default all.
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
    lane: int = LANE
    devices: int | None = None
    motive: np.ndarray | None = None
    numbers: np.ndarray | None = None


def lanes(width: int | None, devices: int) -> dict[str, int]:
    """Fields of `Plan` for chunks of `width` runs on at most `devices`; none for a new run."""
    if width is None:
        return {}
    shared = math.gcd(width, devices)
    return {"lane": width // shared, "devices": shared}


@dataclass(frozen=True)
class Chunk:
    """Finished runs."""

    runs: np.ndarray  # [run] run numbers
    records: np.ndarray  # [step, address, run]
    first: np.ndarray  # [event, run] days from the start, inf where it never happened
    log: np.ndarray | None  # [step, event, run] uint8 flags


class Lane(NamedTuple):
    """What one core hands back: LANE runs, segment by segment."""

    first: np.ndarray
    records: list[np.ndarray]
    logs: list[np.ndarray]


class Rows(NamedTuple):
    """Rows asked of several tables, grouped by table and padded to few lengths."""

    tables: tuple[int, ...]
    rows: tuple[np.ndarray, ...]  # for each table [padded] int32
    order: np.ndarray  # [asked] position of each asked row among all padded ones


def _grouped(places: list[tuple[int, int]]) -> Rows:
    """Group `(table, row)` by table; lengths are powers of two, so that programs are shared."""
    tables = tuple(sorted({table for table, _ in places}))
    padded, position, at = [], {}, 0
    for table in tables:
        rows = list(dict.fromkeys(row for other, row in places if other == table))
        position |= {(table, row): at + i for i, row in enumerate(rows)}
        size = 1 << (len(rows) - 1).bit_length()
        padded.append(np.array(rows + rows[:1] * (size - len(rows)), np.int32))
        at += size
    return Rows(tables, tuple(padded), np.array([position[place] for place in places], np.int64))


def _segments(tree: Any, steps: int) -> list[Any]:
    """Cut a schedule into segments, the last one padded with its last step."""
    count = program.segments(steps)
    cut = []
    for index in range(count):
        take = np.minimum(np.arange(program.SEGMENT) + index * program.SEGMENT, steps - 1)
        cut.append(type(tree)(*(np.ascontiguousarray(array[take]) for array in tree)))
    return cut


class Runner:
    """Runs a plan chunk by chunk; compiles (or finds) its program when made."""

    def __init__(self, plan: Plan) -> None:
        import jax

        self.plan = plan
        available = program.prepare()
        self.devices = min(plan.devices or available, available)
        self.width = plan.lane * self.devices
        built = plan.built
        sizes = observe.axis_sizes(built.world)
        places = observe.catalogue(built.labels, sizes)
        flags = observe.events(built.labels, sizes)
        asked = [places[address] for address in plan.record]
        self.recorded = _grouped([(place.quantity, place.index) for place in asked])
        self.watched = _grouped([observe.event_place(flags[e], sizes) for e in plan.watch])
        words = noise.streams(built.case)
        given, today = _segments(built.given, built.steps), _segments(built.today, built.steps)
        case = built.case._replace(motive=self._motive(0))
        inputs = [
            program.Inputs(
                seed=np.uint32(plan.seed),
                start=np.uint32(index * program.SEGMENT),
                words=words,
                given=given[index],
                today=today[index],
                case=case,
                recorded=self.recorded.rows,
                watched=self.watched.rows,
            )
            for index in range(len(given))
        ]
        self.first = inputs[0]
        self.world = built.world
        switches = np.repeat(np.asarray(plan.switches, np.float32).reshape(-1, 1), LANE, axis=1)
        shape = program.Shape(
            self.recorded.tables, self.watched.tables, plan.log, float(built.step_days)
        )
        self.program = program.compiled(
            shape, self.world, self._values(0), switches, self._numbers(0), self.first
        )
        self.inputs, self.switches = jax.device_put((inputs, switches))

    def chunks(self, skip: frozenset[int] = frozenset()) -> Iterator[tuple[int, Chunk]]:
        """Finished chunks in order, without those in `skip`."""
        every = range(-(-self.plan.runs // self.width))
        return self.some(index for index in every if index not in skip)

    def some(self, wanted: Iterable[int]) -> Iterator[tuple[int, Chunk]]:
        """The wanted chunks, in the order in which they are wanted."""
        stop = Event()
        pool = ThreadPoolExecutor(self.devices)
        waiting: deque[tuple[int, list[Future[Lane]]]] = deque()
        try:
            for index in wanted:
                begin = index * self.width
                starts = range(begin, min(begin + self.width, self.plan.runs), LANE)
                waiting.append((index, [pool.submit(self._lane, start, stop) for start in starts]))
                if len(waiting) == 2:
                    yield self._collect(*waiting.popleft())
            while waiting:
                yield self._collect(*waiting.popleft())
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)

    def _numbers(self, start: int) -> np.ndarray:
        if self.plan.numbers is not None:
            return self._taken(np.asarray(self.plan.numbers, np.uint32), start)
        first = self.plan.first_run + start
        return np.arange(first, first + LANE, dtype=np.uint32)

    def _values(self, start: int) -> np.ndarray:
        values = np.asarray(self.plan.values, np.float32)
        if values.ndim == 1:
            return np.repeat(values[:, None], LANE, axis=1)
        return self._taken(values, start)

    @staticmethod
    def _taken(array: np.ndarray, start: int) -> np.ndarray:
        """The lane that begins at `start`; past the end, the last run again [..., LANE]."""
        take = np.minimum(np.arange(LANE) + start, array.shape[-1] - 1)
        return np.ascontiguousarray(array[..., take])

    def _motive(self, start: int) -> np.ndarray:
        """Motives of the LANE runs from `start` on [p, m, run]."""
        motive = self.plan.motive
        if motive is None:
            return np.repeat(np.asarray(self.plan.built.case.motive)[..., None], LANE, axis=-1)
        return self._taken(np.asarray(motive, np.float32), start)

    def _lane(self, start: int, stop: Event) -> Lane:
        """Simulate LANE runs from the plan's run `start` on, unless told to `stop`."""
        runs, values = self._numbers(start), self._values(start)
        carry = self.program.begin(self.world, runs, self.first)
        motive = self._motive(start)
        records, logs = [], []
        for inputs in self.inputs:
            interrupts.check()  # what was begun must not pass for finished
            if stop.is_set():
                break
            inputs = inputs._replace(case=inputs.case._replace(motive=motive))
            carry, record, log = self.program.segment(carry, values, self.switches, runs, inputs)
            records.append(np.asarray(record))
            logs.append(np.asarray(log))
        return Lane(np.asarray(carry.first), records, logs)

    def _collect(self, index: int, sent: list[Future[Lane]]) -> tuple[int, Chunk]:
        lanes = [interrupts.waited(future) for future in sent]
        plan = self.plan
        keep = min(self.width, plan.runs - index * self.width)
        first = np.concatenate([lane.first for lane in lanes], axis=-1)
        passed = first.astype(np.float64)[self.watched.order, :keep]
        span = plan.built.steps * plan.built.step_days
        begin = index * self.width
        numbers = [self._numbers(begin + start) for start in range(0, keep, LANE)]
        chunk = Chunk(
            runs=np.concatenate(numbers)[:keep],
            records=self._joined([lane.records for lane in lanes], self.recorded.order, keep),
            first=np.where(passed < span, passed, np.inf),
            log=self._joined([lane.logs for lane in lanes], slice(None), keep)
            if plan.log
            else None,
        )
        return index, chunk

    def _joined(self, lanes: list[list[np.ndarray]], rows: Any, keep: int) -> np.ndarray:
        """Records of lanes, segment by segment, as one array [step, row, run]; copied once."""
        pieces = lanes[0]
        steps = min(sum(map(len, pieces)), self.plan.built.steps)
        made = np.empty((steps, pieces[0][:1, rows].shape[1], keep), pieces[0].dtype)
        for lane, pieces in enumerate(lanes):
            runs = made[..., lane * LANE : (lane + 1) * LANE]
            for number, piece in enumerate(pieces):
                part = runs[number * program.SEGMENT : (number + 1) * program.SEGMENT]
                part[...] = piece[: len(part), rows, : part.shape[-1]]
        return made

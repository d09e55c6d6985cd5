"""Two worlds side by side, quickly: the case as it is stays in memory between contrasts.

The next contrast with the same case, seed, runs and span simulates only the world of the levers,
and of that only what follows the first compiled year in which anything differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from allegiance.engine import program, simulate
from allegiance.engine.chunks import Chunk
from allegiance.engine.resume import Resumed, alike
from allegiance.engine.setup import Setup
from allegiance.web.recording import Meter

LARGEST = 640 * 2**20
"""Bytes of records that a kept world may have: 500 futures of the largest shipped case."""


@dataclass
class Kept:
    """A finished world: its chunks, and the state at the start of every compiled year."""

    of: Any = None
    chunks: list[Chunk] = field(default_factory=list)
    carries: dict[tuple[int, int], Any] = field(default_factory=dict)


class Pair:
    """Chunks of two orders of equal span, runs and records, for `explain.contrast.streamed`.

    `wide` are the orders as they are simulated; of their records only those in `named` are given.
    `of` names world a: equal names have equal worlds. `last` is the one world that is kept.
    """

    last: ClassVar[Kept] = Kept()

    def __init__(self, of: Any, wide: tuple[Setup, Setup], named: Setup, meter: Meter) -> None:
        self.of, self.wide, self.meter = of, wide, meter
        self.columns = slice(len(named.addresses))  # the first ones, so that nothing is copied
        assert wide[0].addresses[self.columns] == named.addresses
        like = {key: getattr(named, key) for key in ("addresses", "reported", "flows")}
        self.a, self.b = (replace(setup, **like) for setup in wide)
        self.plans = [simulate.plan(setup) for setup in wide]
        size = 4 * wide[0].runs * wide[0].built.steps * len(named.addresses)
        self.keeps = size <= LARGEST
        self.begin = alike(*self.plans) if self.keeps else 0
        self.kept = Pair.last if Pair.last.of == of else Kept(of)

    def chunks(self, setup: Setup) -> Iterator[Chunk]:
        """Finished chunks of `a` or of `b`; those of `a` must be taken first."""
        return self._first() if setup is self.a else self._second()

    def _first(self) -> Iterator[Chunk]:
        kept = self.kept
        if kept is Pair.last:
            yield from kept.chunks
            return

        def made() -> Resumed:
            return Resumed(self.plans[0], after=kept.carries if self.keeps else None)

        for chunk in self.meter.counted(made, self.wide[0]):
            chunk = replace(chunk, records=chunk.records[:, self.columns])
            if self.keeps:
                kept.chunks.append(chunk)
            yield chunk
        if self.keeps:
            Pair.last = kept  # complete by now

    def _second(self) -> Iterator[Chunk]:
        b, past = self.wide[1], self.begin * program.SEGMENT

        def made() -> Resumed:
            return Resumed(self.plans[1], self.begin, self.kept.carries)

        rest = self.meter.counted(made, b, self.begin)
        for at, chunk in enumerate(rest):
            records = chunk.records[: b.built.steps - past, self.columns]
            if past:
                records = np.concatenate([self.kept.chunks[at].records[:past], records])
            yield replace(chunk, records=records)

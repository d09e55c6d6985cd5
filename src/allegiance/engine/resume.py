"""A runner that can start in the middle: two worlds that are alike up to a date share their past.

What a segment hands on is its carry; a world whose first segments have the same inputs as another's
may begin with the other's carry, and its bits are those of a run from the start.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from threading import Event
from time import sleep
from typing import Any

import jax
import numpy as np

from allegiance.engine import program
from allegiance.engine.chunks import Lane, Plan, Runner

Carries = Mapping[tuple[int, int], Any]
"""The state before a segment, by first run of its lane and number of the segment."""


def alike(a: Plan, b: Plan) -> int:
    """How many first segments have the same inputs in both plans; the last one is never counted."""
    if not _equal(*(_constants(plan) for plan in (a, b))):
        return 0
    last = program.segments(a.built.steps) - 1
    for index in range(last):
        take = slice(index * program.SEGMENT, (index + 1) * program.SEGMENT)
        parts = [[leaf[take] for leaf in (*plan.built.given, *plan.built.today)] for plan in (a, b)]
        if not _equal(*parts):
            return index
    return max(last, 0)


def _constants(plan: Plan) -> Any:
    """All that no segment changes."""
    words = (plan.runs, plan.seed, plan.first_run, plan.built.steps, plan.built.step_days)
    case = plan.built.case._replace(given=(), today=())
    names = np.array([*plan.watch, *plan.record])
    drawn = (plan.values, plan.switches, plan.motive, plan.numbers)
    return np.array(words), names, drawn, plan.built.world, case


def _equal(a: Any, b: Any) -> bool:
    one, two = jax.tree.flatten(a), jax.tree.flatten(b)
    return one[1] == two[1] and all(map(np.array_equal, one[0], two[0]))


class Resumed(Runner):
    """Begins every lane at segment `begin` with what `before` holds, and keeps carries in `after`.

    Chunks lack the records of the segments that were not run. A lane waits for its carry, so that
    whoever makes them may work at the same time.
    """

    def __init__(
        self,
        plan: Plan,
        begin: int = 0,
        before: Carries | None = None,
        after: MutableMapping[tuple[int, int], Any] | None = None,
    ) -> None:
        super().__init__(plan)
        self.begin, self.before, self.after = begin, before or {}, after

    def _lane(self, start: int, stop: Event) -> Lane:
        runs, values, motive = self._numbers(start), self._values(start), self._motive(start)
        if self.begin:
            while (start, self.begin) not in self.before:
                if stop.is_set():
                    raise RuntimeError("stopped before it began")
                sleep(0.005)
            # A copy: the program writes into what it is given.
            carry = jax.tree.map(np.array, self.before[start, self.begin])
        else:
            carry = self.program.begin(self.world, runs, self.first)
        records, logs = [], []
        for number, inputs in enumerate(self.inputs[self.begin :], self.begin):
            if stop.is_set():
                break
            if self.after is not None and number:
                self.after[start, number] = jax.tree.map(np.array, carry)
            inputs = inputs._replace(case=inputs.case._replace(motive=motive))
            carry, record, log = self.program.segment(carry, values, self.switches, runs, inputs)
            records.append(np.asarray(record))
            logs.append(np.asarray(log))
        return Lane(np.asarray(carry.first), records, logs)

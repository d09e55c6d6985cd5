"""From a loaded case to the arrays that the engine runs: constants, schedule and first day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from allegiance.cases.axes import Axes, Labels, axes_of
from allegiance.cases.calendar import Calendar
from allegiance.cases.constants import constants
from allegiance.cases.errors import CaseError
from allegiance.cases.initial import initial
from allegiance.cases.loading import CaseFiles, Pair
from allegiance.cases.schedule import schedule
from allegiance.cases.schema import Outcome
from allegiance.world.case import Case, Given, Today
from allegiance.world.nouns import World

MOST_STEPS = 20_000


class Built(NamedTuple):
    """A compiled case. Arrays are single precision and carry no run axis; indices are int32."""

    case: Case  # constants; `given` and `today` hold the first step and its first substep
    given: Given  # [step, ...] time-weighted mean over the step
    today: Today  # [step, substep, ...]
    world: World  # stocks at the start
    labels: Labels
    start: date
    until: date
    steps: int
    step_days: float
    outcomes: Mapping[str, Outcome]

    @property
    def calendar(self) -> Calendar:
        """Dates and steps of the run."""
        return Calendar(self.start, self.steps, self.step_days)


def compile_case(
    files: CaseFiles, until: date | None = None, step_days: float = 7.0, pad: bool = True
) -> Built:
    """Compile a case up to the step that contains `until` (default: the case's own end).

    After the case's end all inputs stay at their last level.

    Raises:
        CaseError: `until` does not lie after the start, or the steps are too many.
    """
    case = files.case
    until = until or case.until
    if until <= case.start:
        raise CaseError("no span", key="until", found=until, allowed=f"after {case.start}")
    if not 0.0 < step_days <= 366.0:
        raise CaseError("no step", key="step_days", found=step_days, allowed="above 0, at most 366")
    calendar = Calendar.spanning(case.start, until, step_days)
    if calendar.steps > MOST_STEPS:
        raise CaseError("too many steps", found=calendar.steps, allowed=f"at most {MOST_STEPS}")
    axes = axes_of(case, pad)
    plan = schedule(files, axes, calendar)
    first = Given(*(array[0] for array in plan.given))
    fixed = Case(
        given=first,
        today=Today(*(array[0, 0] for array in plan.today)),
        standing=(),
        pinned=_marked(axes, "kp", files.pinned),
        launches_pinned=_marked(axes, "ks", files.launches_pinned),
        sanctions_pinned=plan.sanctions_pinned.astype(np.float32),
        **constants(case, axes, burden=first.burden_force.sum(axis=0)),
    )
    return Built(
        case=fixed,
        given=plan.given,
        today=plan.today,
        world=initial(case, axes, fixed),
        labels=axes.labels,
        start=case.start,
        until=until,
        steps=calendar.steps,
        step_days=step_days,
        outcomes=case.outcomes,
    )


def _marked(axes: Axes, letters: str, pairs: frozenset[Pair]) -> np.ndarray:
    return axes.fill(letters, dict.fromkeys(pairs, 1.0))

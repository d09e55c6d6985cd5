"""Dates and steps: step i covers `[start + i * step_days, + step_days)`."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from allegiance.world.case import DAYS


class Calendar(NamedTuple):
    """A run's clock. Days are counted from the start; a date stands for its first moment."""

    start: date
    steps: int
    step_days: float

    @classmethod
    def spanning(cls, start: date, until: date, step_days: float) -> Calendar:
        """The calendar whose last step contains `until`."""
        return cls(start, math.floor((until - start).days / step_days + 1e-9) + 1, step_days)

    def day(self, when: date) -> int:
        """Days from the start to `when`, negative before it."""
        return (when - self.start).days

    def step(self, when: date) -> int:
        """The step that contains `when`; outside `[0, steps)` where none does."""
        return math.floor(self.day(when) / self.step_days + 1e-9)

    def substep(self, when: date) -> tuple[int, int]:
        """The step and the substep that contain `when`."""
        return divmod(math.floor(self.day(when) / self.step_days * DAYS + 1e-6), DAYS)

    def share_left(self, when: date) -> float:
        """Share of the step that is left at `when`, 0 < share <= 1."""
        return 1.0 - (self.day(when) / self.step_days - self.step(when))

    def holds(self, when: date) -> bool:
        """Whether `when` lies in one of the steps."""
        return 0 <= self.step(when) < self.steps

    def date(self, step: int) -> date:
        """The date on which a step begins."""
        return self.start + timedelta(days=math.floor(step * self.step_days + 1e-9))

    def edges(self, parts: int = 1) -> np.ndarray:
        """Days at which the steps (or `parts` of each) begin and the last one ends."""
        return np.arange(self.steps * parts + 1) * (self.step_days / parts)

    @property
    def days(self) -> int:
        """Whole days that cover all steps."""
        return math.ceil(self.steps * self.step_days - 1e-9)

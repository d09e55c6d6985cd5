"""From finished chunks to what a run reports: outcomes per run, their summaries, yearly series.

Chunks stream through a `Tally`, which keeps one number per outcome and run and a few sums per step
and address, so that memory does not grow with the trajectories.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.cases.schema import Outcome
from allegiance.engine.chunks import Chunk
from allegiance.engine.setup import Setup
from allegiance.engine.units import unit_of

_REDUCE: dict[str, Callable[..., np.ndarray]] = {
    "mean": np.nanmean,
    "sum": np.nansum,
    "min": np.nanmin,
    "max": np.nanmax,
}


class Tally:
    """What is kept of the chunks seen so far."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        calendar = setup.built.calendar
        years = np.array([calendar.date(step).year for step in range(calendar.steps)])
        self.years, first = np.unique(years, return_index=True)
        self._cuts = first
        shape = (len(self.years), len(setup.reported))
        self._yearly, self._counted = np.zeros(shape), np.zeros(shape)
        self._values: list[np.ndarray] = []
        self.runs = 0

    def add(self, chunk: Chunk) -> None:
        """Take in a chunk; chunks must come in order."""
        self._values.append(values(self.setup, chunk))
        self.runs += len(chunk.runs)
        if not self.setup.reported:
            return
        some = len(self.setup.reported)  # they come first among the addresses
        records = chunk.records[:, :some].astype(np.float64)
        seen = np.isfinite(records)
        sums = np.add.reduceat(np.where(seen, records, 0.0), self._cuts, axis=0)
        counts = np.add.reduceat(seen, self._cuts, axis=0, dtype=np.float64)
        flows = self.setup.flows[:some, None]
        yearly = np.where(flows, sums, sums / np.maximum(counts, 1.0))
        here = counts > 0.0
        self._yearly += np.where(here, yearly, 0.0).sum(axis=2)
        self._counted += here.sum(axis=2)

    @property
    def values(self) -> np.ndarray:
        """One number per outcome and run [outcome, run]; see `values`."""
        count = len(self.setup.outcomes)
        return np.concatenate(self._values, axis=1) if self._values else np.zeros((count, 0))

    def outcomes(self) -> dict[str, dict[str, Any]]:
        """Every outcome's summary, by name."""
        found = zip(self.setup.outcomes.items(), self.values, strict=True)
        return {name: summary(self.setup, outcome, numbers) for (name, outcome), numbers in found}

    def series(self) -> dict[str, dict[str, float | None]]:
        """Mean over the futures of each year's mean (stocks) or sum (flows), by address."""
        mean = np.where(self._counted > 0, self._yearly / np.maximum(self._counted, 1), np.nan)
        return {
            address: {
                str(year): plain(value) for year, value in zip(self.years, mean[:, i], strict=True)
            }
            for i, address in enumerate(self.setup.reported)
        }


def values(setup: Setup, chunk: Chunk) -> np.ndarray:
    """One number per outcome and run [outcome, run].

    An event gives the days from the start to its first occurrence, infinite where it does not occur
    by the end; a quantity gives its value, NaN where the run ends before or nothing was seen.
    """
    found = [_value(setup, outcome, chunk) for outcome in setup.outcomes.values()]
    return np.array(found).reshape(len(found), len(chunk.runs))


def _value(setup: Setup, outcome: Outcome, chunk: Chunk) -> np.ndarray:
    calendar = setup.built.calendar
    if outcome.event is not None:
        first = chunk.first[setup.events.index(str(parse(outcome.event)))]
        return np.where(first < days_by(setup, setup.until), first, np.inf)
    address = str(parse(outcome.quantity or ""))
    path = chunk.records[:, setup.addresses.index(address)].astype(np.float64)
    nothing = np.full(path.shape[1], np.nan)
    if outcome.at is not None:
        return path[calendar.step(outcome.at)] if calendar.holds(outcome.at) else nothing
    assert outcome.start is not None
    assert outcome.until is not None
    if not (calendar.holds(outcome.start) and calendar.holds(outcome.until)):
        return nothing
    window = path[calendar.step(outcome.start) : calendar.step(outcome.until) + 1]
    if outcome.reduce == "last":
        return window[-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a run that saw nothing gives NaN
        reduced = _REDUCE[outcome.reduce or "mean"](window, axis=0)
    return np.where(np.isfinite(window).any(axis=0), reduced, np.nan)


def days_by(setup: Setup, when: date) -> float:
    """Days from the start to the end of the day `when`."""
    return (when - setup.built.start).days + 1.0


def summary(setup: Setup, outcome: Outcome, numbers: np.ndarray) -> dict[str, Any]:
    """Summary of an outcome over the futures; `numbers` is [run], as `values` gives it.

    `median_date` and its neighbours are over the futures in which the event occurs.
    """
    if outcome.event is None:
        unit = unit_of(outcome.quantity or "")
        return {"kind": "quantity", "label": outcome.label, "unit": unit, **_quantity(numbers)}
    runs = len(numbers)
    by = {
        text: probability(
            int((numbers < days_by(setup, date.fromisoformat(text.strip()))).sum()), runs
        )
        for text in setup.by
    }
    occurred = np.sort(numbers[np.isfinite(numbers)])
    dates = [_date(setup.built.start, occurred, share) for share in (0.05, 0.5, 0.95)]
    return {
        "kind": "event",
        "label": outcome.label,
        **probability(len(occurred), runs),
        "by": by,
        "median_date": dates[1],
        "q05": None,
        "q50": None,
        "q95": None,
        "date_q05": dates[0],
        "date_q95": dates[2],
        "n": runs,
    }


def _quantity(numbers: np.ndarray) -> dict[str, Any]:
    seen = numbers[np.isfinite(numbers)]
    low, middle, high = np.quantile(seen, [0.05, 0.5, 0.95]) if len(seen) else [math.nan] * 3
    return {
        "p": None,
        "se": None,
        "by": {},
        "median_date": None,
        "q05": plain(low),
        "q50": plain(middle),
        "q95": plain(high),
        "mean": plain(seen.mean()) if len(seen) else None,
        "n": len(seen),
    }


def probability(count: int, runs: int) -> dict[str, Any]:
    """Share of the futures and its standard error.

    Binomial; where none or all count, the standard deviation of the posterior under the prior of
    Jeffreys (1946), because a finite sample is no proof of certainty.
    """
    if runs == 0:
        return {"p": None, "se": None}
    p = count / runs
    if 0 < count < runs:
        return {"p": plain(p), "se": plain(math.sqrt(p * (1.0 - p) / runs))}
    a, b = count + 0.5, runs - count + 0.5
    return {"p": plain(p), "se": plain(math.sqrt(a * b / (a + b + 1.0)) / (a + b))}


def _date(start: date, occurred: np.ndarray, share: float) -> str | None:
    """Date of a quantile of sorted days, one that did occur; None where none did."""
    if not len(occurred):
        return None
    day = occurred[round(share * (len(occurred) - 1))]
    return (start + timedelta(days=math.floor(day))).isoformat()


def plain(value: float, digits: int = 6) -> float | None:
    """A number for JSON: six significant digits, None for NaN and infinity."""
    return float(f"{value:.{digits}g}") if math.isfinite(value) else None

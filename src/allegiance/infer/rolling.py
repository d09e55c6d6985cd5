"""Rolling origin: a forecast from day after day, each of what its next window holds.

Every item is forecast once, from the last origin before it, on all the evidence before that origin
and nothing after; so are the baselines. One origin says how a forecast fared, many say how good
forecasts are (Tashman 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from allegiance.cases.arguments import whole
from allegiance.cases.errors import CaseError
from allegiance.engine.scenario import Scenario, load
from allegiance.infer import ensemble
from allegiance.infer.forecast import Forecast, forecast, span

DECADE = 3653


@dataclass(frozen=True)
class Rolling:
    """Forecasts by origin; windows without an item are left out."""

    origins: tuple[Forecast, ...]

    @property
    def items(self) -> int:
        """Number of items forecast."""
        return sum(len(each.held.rows) for each in self.origins)

    @property
    def scores(self) -> dict[str, float]:
        """Mean log score per item of the model and the baselines over all origins."""
        rows = [row for each in self.origins for row in each.held.rows]
        return {name: float(np.mean([row.log[name] for row in rows])) for name in rows[0].log}

    def summary(self) -> dict[str, Any]:
        """What `allegiance forecast --every --json` prints."""
        return {
            "origins": [
                {"from": each.start.isoformat(), "until": each.until.isoformat(), **each.summary()}
                for each in self.origins
            ],
            "items": self.items,
            "scores": self.scores,
        }


def rolling(
    case: Scenario | str | Path,
    start: str | date,
    until: str | date,
    every: int,
    *,
    given_later: bool = False,
    runs: int = 1000,
    seed: int = 1,
    theory: str | None = None,
    posterior: str | Path | None = None,
    tick: ensemble.Tick | None = None,
) -> Rolling:
    """Forecast from `start` and every `every` days after it, each time up to the next origin.

    The other arguments are those of `forecast`; `tick` counts on from origin to origin.

    Raises:
        CaseError: the case, a date, a number or the posterior is wrong, or nothing is to forecast.
    """
    scenario = case if isinstance(case, Scenario) else load(case)
    spans = windows(start, until, every)
    dates = [item.date for item in ensemble.dated(scenario).values() if item.date]
    made: list[Forecast] = []
    for origin, last in spans:
        if not any(origin <= found <= last for found in dates):
            continue
        before = len(made) * runs

        def counted(done: int, before: int = before) -> None:
            if tick:
                tick(before + done)

        made.append(
            forecast(
                scenario,
                origin,
                last,
                given_later=given_later,
                runs=runs,
                seed=seed,
                theory=theory,
                posterior=posterior,
                tick=counted,
            )
        )
    if not made:
        raise CaseError("no item to forecast", found=f"{start} to {until}", allowed="dated items")
    return Rolling(tuple(made))


def windows(start: str | date, until: str | date, every: int) -> list[tuple[date, date]]:
    """First and last day of each window: its origin, and the day before the next one.

    Raises:
        CaseError: a date or the number is wrong.
    """
    begin, end = span(start, until)
    whole("--every", every, 1, DECADE)
    step = timedelta(days=every)
    firsts = [begin + i * step for i in range((end - begin) // step + 1)]
    return [(first, min(first + step - timedelta(days=1), end)) for first in firsts]

"""Forecasts from a day: condition on everything dated before it, predict what is dated after.

Whole histories are weighted, once, by the likelihood of the evidence before the day: importance
sampling, which is a particle filter without resampling on the way. All of it counts as no more than
a few independent items, as in a calibration (`ensemble.share`). Futures run in compiled years
that cannot be stopped at an item's date, and their noise is a function of the run's number, so that
resampled copies would need new numbers in the middle of a run; the price is that long evidence
leaves few histories with weight, of which a warning tells. Draws of a posterior shift that price to
`calibrate`, whose particles carry their noise: each draw is then replayed as the history that was
accepted, and only evidence after the posterior's own weighs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from allegiance.cases.arguments import day
from allegiance.cases.cutting import cut
from allegiance.cases.errors import CaseError
from allegiance.engine.draws import Draws
from allegiance.engine.scenario import Scenario, load
from allegiance.evidence import posteriors, record
from allegiance.evidence.confront import Confrontation, confronted
from allegiance.evidence.likelihood import log_likelihood
from allegiance.evidence.record import Readings
from allegiance.evidence.schema import Item
from allegiance.evidence.scores import effective
from allegiance.evidence.target import target
from allegiance.infer import ensemble

COLLAPSED = 0.05
"""Share of the futures that must be effective; below it a forecast rests on too few."""


@dataclass(frozen=True)
class Forecast:
    """A forecast held against what came: `held` has the items, `weights` [run] sum to 1."""

    held: Confrontation
    weights: np.ndarray
    start: date
    until: date
    evidence: int
    given_later: bool

    @property
    def ess(self) -> float:
        """Effective number of futures."""
        return effective(self.weights)

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before using it."""
        if self.ess >= COLLAPSED * len(self.weights):
            return []
        return [
            f"the weights have collapsed: {self.ess:.1f} of {len(self.weights)} futures carry the "
            f"forecast (less than {COLLAPSED:.0%}); more --runs, or a --posterior fitted to "
            "evidence before the start, would help"
        ]

    def summary(self) -> dict[str, Any]:
        """What `allegiance forecast --json` prints; `given_later` labels the table."""
        found = self.held.summary()
        return {
            "items": found["items"],
            "scores": found["scores"],
            "ess": float(f"{self.ess:.6g}"),
            "runs": len(self.weights),
            "evidence": self.evidence,
            "given_later": self.given_later,
            "posterior": self.held.posterior,
            "warnings": self.warnings,
        }


def span(start: str | date, until: str | date) -> tuple[date, date]:
    """The first and the last day to forecast.

    Raises:
        CaseError: one is no date, or the last comes before the first.
    """
    begin, end = day("--from", start), day("--until", until)
    if end < begin:
        raise CaseError("no span", key="--until", found=end, allowed=f"{begin} or later")
    return begin, end


def forecast(
    case: Scenario | str | Path,
    start: str | date,
    until: str | date,
    *,
    given_later: bool = False,
    runs: int = 1000,
    seed: int = 1,
    theory: str | None = None,
    posterior: str | Path | None = None,
    tick: ensemble.Tick | None = None,
) -> Forecast:
    """Forecast the items dated from `start` to `until`, given those dated before `start`.

    What the timeline dates on `start` or later is dropped, and what it had pinned is the model's to
    decide from then on, unless `given_later`. An item belongs to its last day; the order of two
    events has none and is left out. The baselines learn from the same evidence, whatever its use,
    and see the timeline that the model sees. With a posterior, the number of futures is at most
    that of its draws, and its own seed counts.

    Raises:
        CaseError: the case, a date, a number or the posterior is wrong, or nothing is to forecast.
    """
    scenario = case if isinstance(case, Scenario) else load(case)
    scenario = scenario if theory is None else scenario.under(theory)
    begin, end = span(start, until)
    items = ensemble.dated(scenario)
    before = {id: item for id, item in items.items() if item.date and item.date < begin}
    after = {id: item for id, item in items.items() if item.date and begin <= item.date <= end}
    if not after:
        raise CaseError("no item to forecast", found=f"{begin} to {end}", allowed="dated items")
    known = cut(scenario.files, begin)  # also where it is not used: the day must be the case's
    known = scenario if given_later else Scenario(known, scenario.theory)
    found = posteriors.chosen(scenario, posterior or posteriors.NONE)
    draws, weighing = None, before
    if found:
        draws, weighing = _replayed(found, scenario, begin, before)
        runs, seed = min(runs, len(draws)), found.file.seed
    asked = {**before, **after}
    setup = record.order(known, asked.values(), runs, seed, draws)
    readings = record.readings(setup, asked, tick)
    weights = weighed(weighing, asked, readings, ensemble.share(len(before)))
    fitted = {id: item.model_copy(update={"use": "fit"}) for id, item in before.items()}
    mine = _rows(readings, [list(asked).index(id) for id in after])
    return Forecast(
        held=_named(confronted(known, after, mine, seed, weights, fitted), found),
        weights=weights,
        start=begin,
        until=end,
        evidence=len(before),
        given_later=given_later,
    )


def weighed(
    evidence: Mapping[str, Item], asked: Mapping[str, Item], read: Readings, share: float
) -> np.ndarray:
    """Weight of each future [run] from a share of what items of evidence say; they sum to 1."""
    rows = [list(asked).index(id) for id in evidence]
    told = log_likelihood([target(item) for item in evidence.values()], read.values[rows])
    logs = share * told
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def _replayed(
    found: posteriors.Posterior, scenario: Scenario, begin: date, before: dict[str, Item]
) -> tuple[Draws, dict[str, Item]]:
    kept = found.file
    if kept.until >= begin:
        problem = "the posterior was fitted to what is to be forecast"
        allowed = f"one fitted to evidence before {begin}"
        raise CaseError(problem, key="--posterior", found=kept.until, allowed=allowed)
    if kept.levers != list(scenario.levers):
        allowed = "one of the same case with the same levers"
        problem = "the posterior was fitted under other levers"
        raise CaseError(problem, key="--posterior", found=found.name, allowed=allowed)
    # Its histories were weighed by the `fit` items up to its day; what it has not seen weighs here.
    unseen = {
        id: item
        for id, item in before.items()
        if item.date and (item.date > kept.until or item.use != "fit")
    }
    return found.draws(histories=True), unseen


def _rows(readings: Readings, rows: list[int]) -> Readings:
    return Readings(readings.values[rows], readings.start[rows], readings.first[rows])


def _named(held: Confrontation, found: posteriors.Posterior | None) -> Confrontation:
    return replace(held, posterior=found.name if found else None)

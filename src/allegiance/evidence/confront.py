"""Holding futures against a dossier: every item, its interval, its score and the baselines'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from allegiance.engine import simulate
from allegiance.engine.outcomes import plain
from allegiance.engine.scenario import Scenario, load
from allegiance.evidence import baselines, dossier, posteriors, record, scales, scores
from allegiance.evidence.schema import Item
from allegiance.evidence.scores import Mixture
from allegiance.evidence.target import LEVELS, Target, in_worlds, inside, target

DOSSIERS = 500
"""Dossiers simulated from the futures, to see how much coverage varies by chance."""

MODEL = "model"


@dataclass(frozen=True)
class Row:
    """One item against the futures.

    `observed` is the figure, or the statement in words. The quantiles are those of the record that
    the model expects, error included; of an event, of its date (days from the start, infinite for
    never). `p` is the probability that a statement holds, `pit` where in the forecast a figure
    lies. `log` has the log score of the model and of each baseline; `loss` their Brier score (a
    statement) or CRPS on the item's scale (a figure).
    """

    id: str
    target: Target
    observed: float | str
    quantiles: tuple[float, float, float]
    inside: bool
    p: float | None
    pit: float | None
    log: dict[str, float]
    loss: dict[str, float]

    @property
    def score(self) -> float:
        """The model's log score; higher is better."""
        return self.log[MODEL]


@dataclass(frozen=True)
class Confrontation:
    """A case's futures held against its dossier.

    `expected` are the central 95% of the coverage that the model's own futures would have as the
    truth: of all `fit` items, of all `hold` items. `posterior` names where the futures' parameters
    were drawn; None where they are those of the theory.
    """

    case: str
    theory: str
    runs: int
    seed: int
    begins: Any
    rows: tuple[Row, ...]
    expected: dict[str, tuple[float, float] | None]
    posterior: str | None = None

    def coverage(self, use: str) -> float | None:
        """Share of the items of a use that lie inside their 90% set; None where there are none."""
        found = [row.inside for row in self.of(use)]
        return sum(found) / len(found) if found else None

    def of(self, use: str | None = None) -> list[Row]:
        """The items of a use, or all."""
        return [row for row in self.rows if use in (None, row.target.item.use)]

    def scores(self, use: str | None = None) -> dict[str, float | None]:
        """Mean log score per item of the model and the baselines; higher is better."""
        rows = self.of(use)
        names = (MODEL, *baselines.NAMES)
        return {n: float(np.mean([r.log[n] for r in rows])) if rows else None for n in names}

    def losses(self, use: str | None = None, valued: bool = True) -> dict[str, float | None]:
        """Mean CRPS of the figures, or mean Brier score of the statements; lower is better."""
        rows = [r for r in self.of(use) if r.target.valued == valued]
        names = (MODEL, *baselines.NAMES)
        return {n: float(np.mean([r.loss[n] for r in rows])) if rows else None for n in names}

    def reliability(self, bins: int = 5) -> list[dict[str, float]]:
        """Forecast against observed frequency of the events that items date."""
        return reliability(self.rows, bins)

    def pits(self, bins: int = 10) -> list[int]:
        """How many figures lie in each `1 / bins` of their forecast: even where spreads are right.

        Dawid's (1984) probability integral transforms as a histogram, lowest first.
        """
        found = [row.pit for row in self.rows if row.pit is not None]
        return [int(n) for n in np.histogram(found, bins, (0.0, 1.0))[0]]

    def summary(self) -> dict[str, Any]:
        """What `allegiance confront --json` prints.

        `scores` are means over all items, so that the model's is the mean of the items' scores;
        `expected_range` is that of the `hold` items, or of the others where none is held.
        """
        return {
            "items": [self._plain(row) for row in self.rows],
            "coverage": {
                "fit": _number(self.coverage("fit")),
                "hold": _number(self.coverage("hold")),
                "expected_range": [
                    plain(x) for x in self.expected["hold"] or self.expected["fit"] or ()
                ],
            },
            "scores": {name: _number(value) for name, value in self.scores().items()},
            "losses": {
                kind: {name: _number(value) for name, value in self.losses(None, valued).items()}
                for kind, valued in (("crps", True), ("brier", False))
            },
            "pit": self.pits(),
            "reliability": self.reliability(),
            **({"posterior": self.posterior} if self.posterior else {}),
        }

    def _plain(self, row: Row) -> dict[str, Any]:
        quantiles: Iterable[Any] = (plain(q) for q in row.quantiles)
        if row.target.item.happens:
            quantiles = (self.date(q) for q in row.quantiles)
        observed = plain(row.observed) if isinstance(row.observed, float) else row.observed
        return {
            "id": row.id,
            "use": row.target.item.use,
            "observed": observed,
            **dict(zip(("q05", "q50", "q95"), quantiles, strict=True)),
            "inside": row.inside,
            "score": plain(row.score),
        }

    def date(self, days: float) -> str | None:
        """The date of a day from the start; None for never."""
        if not np.isfinite(days):
            return None
        return (self.begins + timedelta(days=float(np.floor(days)))).isoformat()


def reliability(rows: Sequence[Row], bins: int = 5) -> list[dict[str, float]]:
    """Forecast against observed frequency of the events that items date; see `scores`."""
    dated = [row for row in rows if row.target.item.event and row.p is not None]
    says_not = np.array([bool(r.target.item.event and r.target.item.event.not_by) for r in dated])
    p = np.array([r.p for r in dated], float)
    return scores.reliability(np.where(says_not, 1.0 - p, p), ~says_not, bins) if dated else []


def confront(
    case: Scenario | str | Path,
    runs: int = 500,
    seed: int = 1,
    *,
    theory: str | None = None,
    posterior: str | Path | None = None,
    tick: simulate.Tick | None = None,
) -> Confrontation:
    """Simulate a case once, recording what its dossier needs, and hold each item against it.

    Parameters are drawn from `posterior` (a file or folder of `calibrate`), by default from the
    posterior that the case ships for this theory, else they are the theory's own. Noise is fresh.

    Raises:
        CaseError: the case, a number or the posterior is wrong, or the case has no dossier.
    """
    scenario = case if isinstance(case, Scenario) else load(case)
    if theory is not None:
        scenario = scenario.under(theory)
    items = dossier.load(scenario.files).items
    found = posteriors.chosen(scenario, posterior)
    setup = record.order(scenario, items.values(), runs, seed, found and found.draws())
    held = confronted(scenario, items, record.readings(setup, items, tick), seed)
    return replace(held, posterior=found.name if found else None)


def confronted(
    scenario: Scenario,
    items: Mapping[str, Item],
    readings: record.Readings,
    seed: int,
    weights: np.ndarray | None = None,
    learned: Mapping[str, Item] | None = None,
) -> Confrontation:
    """Hold items against what they read in the futures; `items` is by id.

    `weights` [run] say how much each future counts. The baselines learn from the `fit` items among
    `learned`, by default `items`.
    """
    targets = {name: target(item) for name, item in items.items()}
    known_items = items if learned is None else learned
    known_targets = {name: target(item) for name, item in known_items.items()}
    begins = scenario.files.case.start
    known = baselines.Known(
        begins,
        tuple(entry.date for entry in scenario.files.timeline.entries.values()),
        {
            t.subject: float(start)
            for t, start in zip(targets.values(), readings.start, strict=True)
            if np.isfinite(start)
        },
        max((i.date for i in known_items.values() if i.use == "fit" and i.date), default=begins),
    )
    rows, forecasts = [], []
    for at, (name, t) in enumerate(targets.items()):
        values = readings.values[at]
        model = None if t.item.happens else t.forecast(values, weights)
        p = None if t.valued else t.holds(values, weights)
        forecasts.append((model, p))
        rivals = baselines.forecasts(t, name, known_targets, known)
        rows.append(_row(name, t, model, p, _passages(readings.first[at], weights), rivals))
    return Confrontation(
        case=scenario.name,
        theory=scenario.theory.name,
        runs=readings.values.shape[1],
        seed=seed,
        begins=begins,
        rows=tuple(rows),
        expected=_expected(list(targets.values()), forecasts, readings.values, seed, weights),
    )


def _row(
    name: str,
    t: Target,
    model: Mixture | None,
    p: float | None,
    passages: tuple[float, float, float],
    rivals: dict[str, Mixture | float],
) -> Row:
    found: dict[str, Mixture | float | None] = {MODEL: model if p is None else p}
    for rival, forecast in rivals.items():
        chance = t.chance(forecast) if isinstance(forecast, Mixture) and not t.valued else forecast
        found[rival] = chance
    log, loss = {}, {}
    for forecaster, forecast in found.items():
        if forecast is None or isinstance(forecast, Mixture):
            log[forecaster] = scores.log_value(forecast, t.y, t.truth, t.broad)
            loss[forecaster] = np.nan if forecast is None else scores.crps(forecast, t.y)
        else:
            log[forecaster] = scores.log_event(forecast, t.truth)
            loss[forecaster] = scores.brier(forecast, 1.0)
    return Row(
        id=name,
        target=t,
        observed=_observed(t),
        quantiles=_quantiles(t, model, passages),
        inside=inside(t, model, 1.0 if p is None else p),
        p=p,
        pit=float(model.below(t.y)) if model is not None and t.valued else None,
        log=log,
        loss=loss,
    )


def _passages(first: np.ndarray, weights: np.ndarray | None) -> tuple[float, float, float]:
    low, middle, high = np.quantile(first, LEVELS, weights=weights, method="inverted_cdf")
    return float(low), float(middle), float(high)


def _quantiles(
    t: Target, model: Mixture | None, passages: tuple[float, float, float]
) -> tuple[float, float, float]:
    if t.item.happens:
        return passages
    if model is None:
        return (np.nan, np.nan, np.nan)
    low, middle, high = scales.back(t.scale, model.quantiles(LEVELS))
    return float(low), float(middle), float(high)


def _observed(t: Target) -> float | str:
    return float(t.item.value) if t.item.value is not None else in_words(t.item)


def in_words(item: Item) -> str:
    """An order, a bound or an event of the dossier as text."""
    if item.order:
        return f"before {item.order.before}"
    if item.bound:
        limits = (("at least", item.bound.at_least), ("at most", item.bound.at_most))
        return " and ".join(f"{word} {limit:g}" for word, limit in limits if limit is not None)
    assert item.event
    if item.event.between:
        return "between {} and {}".format(*item.event.between)
    return f"by {item.event.by}" if item.event.by else f"not by {item.event.not_by}"


def _expected(
    targets: list[Target],
    forecasts: list[tuple[Mixture | None, float | None]],
    values: np.ndarray,
    seed: int,
    weights: np.ndarray | None,
) -> dict[str, tuple[float, float] | None]:
    """Central 95% of the coverage over dossiers that the futures themselves would give."""
    random = np.random.default_rng(seed)
    world = random.integers(values.shape[1], size=DOSSIERS)
    if weights is not None:
        world = random.choice(values.shape[1], size=DOSSIERS, p=weights / weights.sum())
    found = np.array(
        [
            in_worlds(
                t, model, readings[world], 1.0 if p is None else p, random.normal(size=DOSSIERS)
            )
            for t, (model, p), readings in zip(targets, forecasts, values, strict=True)
        ]
    )
    ranges: dict[str, tuple[float, float] | None] = {}
    for use in ("fit", "hold"):
        here = found[[t.item.use == use for t in targets]]
        seen = np.isfinite(here)
        counted = seen.sum(axis=0)
        if not counted.any():
            ranges[use] = None
            continue
        share = np.where(seen, here, 0.0).sum(axis=0)[counted > 0] / counted[counted > 0]
        low, high = np.quantile(share, [0.025, 0.975])
        ranges[use] = (float(low), float(high))
    return ranges


def _number(value: float | None) -> float | None:
    return None if value is None else plain(value)

"""The shipped cases in one table: who fell and who stood, and who had said so.

The dossier of a case says when its government had not yet fallen and when it fell. Each of these
statements is scored, and beside them all that the dossier dates. One set of parameters serves every
case, whatever posterior it ships: those of the table, or with `left_out` those that the records of
all other cases give (`infer.pooled`). The baselines are those of `evidence.baselines`; they learn
from the `fit` items of the same case, which the model does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from allegiance.cases import loading as files
from allegiance.cases.addresses import parse
from allegiance.cases.calendar import Calendar
from allegiance.cases.errors import CaseError
from allegiance.cases.loading import shipped
from allegiance.engine.outcomes import plain
from allegiance.engine.scenario import Scenario, load
from allegiance.evidence import baselines, confront, dossier, record, scores
from allegiance.evidence.schema import Item
from allegiance.infer import ensemble, pooled
from allegiance.panel import scoring

FALLS = ("fell", "fallen")
"""Nouns of the events that say that a government fell."""

RUNS = 128
LEFT_OUT_RUNS = pooled.VECTORS * pooled.FUTURES * pooled.ROUNDS
"""Futures of each case, where nothing is said of them."""

SPLIT = "parameters of the table for every case"
LEFT_OUT = "free parameters from the records of all other cases"

Tick = Callable[[int], None]


def fall_items(items: Mapping[str, Item]) -> dict[str, Item]:
    """The statements on a fall, by the last day that they speak of."""
    found = {
        name: item for name, item in items.items() if item.event and parse(item.what).noun in FALLS
    }
    return dict(sorted(found.items(), key=lambda pair: pair[1].date))  # type: ignore[arg-type,return-value]


def scored(
    runs: int = RUNS, seed: int = 1, names: Sequence[str] | None = None, tick: Tick | None = None
) -> dict[str, Any]:
    """What `allegiance cases --score --json` prints."""
    found = []
    for done, name in enumerate(names or shipped(), 1):
        scenario = load(name)
        items = _dated(scenario)
        if items:
            readings = record.readings(record.order(scenario, items.values(), runs, seed), items)
            found.append(_judged(scenario, items, readings, seed))
        else:
            found.append(Judged(name))
        if tick:
            tick(done)
    return _together(found, seed) | {"split": SPLIT, "runs": runs, "seed": seed}


def steps(names: Sequence[str] | None = None) -> int:
    """Steps of all these cases together: what a future of each costs."""
    found = (files.load(name).case for name in names or shipped())
    return sum(Calendar.spanning(case.start, case.until, 7.0).steps for case in found)


def left_out(
    runs: int = LEFT_OUT_RUNS,
    seed: int = 1,
    names: Sequence[str] | None = None,
    tick: Tick | None = None,
) -> dict[str, Any]:
    """What `allegiance cases --score --left-out --json` prints; `runs` futures of each case.

    Raises:
        CaseError: fewer than two cases have a dossier, or the runs are too few.
    """
    scenarios = [load(name) for name in names or shipped()]
    told = [scenario for scenario in scenarios if _dated(scenario)]
    if len(told) < 2:
        raise CaseError("nothing to learn from", allowed="at least two cases with a dossier")
    vectors = runs // (pooled.FUTURES * pooled.ROUNDS)
    pool = pooled.pool(told, vectors=vectors, seed=seed, tick=tick)
    found = []
    for scenario in scenarios:
        name = scenario.name
        if name not in pool.members:
            found.append(Judged(name))
            continue
        member = pool.members[name]
        weights = pool.of_futures(name)
        judged = _judged(scenario, member.items, member.readings, seed, weights)
        judged.row["ess"] = plain(pool.effective(without=name))
        judged.row["temperature"] = plain(pool.temperature(without=name))
        found.append(judged)
    return _together(found, seed) | {
        "split": LEFT_OUT,
        "runs": vectors * pooled.FUTURES * pooled.ROUNDS,
        "seed": seed,
        "ess": plain(pool.effective()),
        "temperature": plain(pool.temperature()),
        "parameters": {
            parameter: dict(zip(("mean", "q05", "q95"), map(plain, told), strict=True))
            for parameter, told in pool.parameters().items()
        },
    }


@dataclass(frozen=True)
class Judged:
    """A case's row of the table, its statements on the fall and all its dated items, scored."""

    name: str
    row: dict[str, Any] = field(default_factory=dict)
    falls: tuple[confront.Row, ...] = ()
    items: tuple[confront.Row, ...] = ()


def _dated(scenario: Scenario) -> dict[str, Item]:
    """A case's dated items; none where it has no dossier."""
    return ensemble.dated(scenario) if dossier.present(scenario.files) else {}


def _judged(
    scenario: Scenario,
    items: Mapping[str, Item],
    readings: record.Readings,
    seed: int,
    weights: np.ndarray | None = None,
) -> Judged:
    """Hold a case's dated items against its futures; `weights` [run] say how much each counts."""
    rows = confront.confronted(scenario, items, readings, seed, weights).rows
    falls = fall_items(items)
    by_id = {row.id: row for row in rows}
    held = tuple(by_id[id] for id in falls)
    if not falls:
        return Judged(scenario.name, {}, (), rows)
    id, last = list(falls.items())[-1]
    assert last.event
    day = max(last.event.dates)
    first = readings.first[list(items).index(id)]
    passed = first < (day - scenario.files.case.start).days + 1.0
    count = len(first) if weights is None else scores.effective(weights)
    p = scores.share_of(float(scores.average(passed, weights)) * count, count)
    row = {
        "outcome": "stood" if last.event.not_by else "fell",
        "date": day.isoformat(),
        "p": plain(p),
    }
    return Judged(scenario.name, row, held, rows)


def _together(found: Sequence[Judged], seed: int) -> dict[str, Any]:
    """The table, then the scores of all statements on falls and of all dated items."""
    empty = {"outcome": None, "date": None, "p": None}
    cases = [
        {
            "name": each.name,
            **empty,
            **each.row,
            "n": len(each.falls),
            **_means(each.falls),
            "items": {"n": len(each.items), **_means(each.items)},
        }
        for each in found
    ]
    return {
        "cases": cases,
        **_compared([(each.name, row) for each in found for row in each.falls], seed),
        "items": _compared([(each.name, row) for each in found for row in each.items], seed),
    }


def _means(rows: Sequence[confront.Row]) -> dict[str, Any]:
    if not rows:
        return {"scores": {}, "brier": {}}
    names = (confront.MODEL, *baselines.NAMES)
    statements = [row for row in rows if row.p is not None]
    return {
        "scores": {who: plain(float(np.mean([r.log[who] for r in rows]))) for who in names},
        "brier": {who: plain(float(np.mean([r.loss[who] for r in statements]))) for who in names}
        if statements
        else {},
    }


def _compared(named: Sequence[tuple[str, confront.Row]], seed: int) -> dict[str, Any]:
    """Means over rows, and the model against each baseline, resampled by case."""
    rows = [row for _, row in named]
    if not rows:
        return {"n": 0, **_means(rows), "intervals": {}, "calibration": [], "verdict": ""}
    groups = [name for name, _ in named]
    log = {who: np.array([row.log[who] for row in rows]) for who in rows[0].log}
    margin = scoring.MARGIN * abs(float(log["base_rate"].mean()))
    rivals = {
        who: scoring.compared(log[confront.MODEL], log[who], groups, seed, margin)
        for who in baselines.NAMES
    }
    return {
        "n": len(rows),
        **_means(rows),
        "intervals": {who: found.plain() for who, found in rivals.items()},
        "calibration": confront.reliability(rows),
        "verdict": scoring.sentence(rivals),
    }

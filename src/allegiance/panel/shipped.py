"""The shipped cases in one table: who fell and who stood, and who had said so.

The dossier of a case says when its government had not yet fallen and when it fell. Each of these
statements is scored, all under the parameters of the table, whatever posterior a case ships: one
set for every case. The baselines are those of `evidence.baselines`; they learn from the `fit` items
of the same case, which the model does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.cases.loading import shipped
from allegiance.engine.outcomes import plain
from allegiance.engine.scenario import load
from allegiance.evidence import baselines, confront, dossier, record, scores
from allegiance.evidence.schema import Item
from allegiance.panel import scoring

FALLS = ("fell", "fallen")
"""Nouns of the events that say that a government fell."""

SPLIT = (
    "parameters of the table for every case; statements of the dossiers on the government's fall"
)

Tick = Callable[[int], None]


def fall_items(items: Mapping[str, Item]) -> dict[str, Item]:
    """The statements on a fall, by the last day that they speak of."""
    found = {
        name: item for name, item in items.items() if item.event and parse(item.what).noun in FALLS
    }
    return dict(sorted(found.items(), key=lambda pair: pair[1].date))  # type: ignore[arg-type,return-value]


def scored(
    runs: int = 128, seed: int = 1, names: Sequence[str] | None = None, tick: Tick | None = None
) -> dict[str, Any]:
    """What `allegiance cases --score --json` prints."""
    rows: list[dict[str, Any]] = []
    log: dict[str, list[float]] = {}
    brier: dict[str, list[float]] = {}
    groups: list[str] = []
    for done, name in enumerate(names or shipped(), 1):
        row, held = _case(name, runs, seed)
        rows.append(row)
        for found in held:
            groups.append(name)
            for who in found.log:
                log.setdefault(who, []).append(found.log[who])
                brier.setdefault(who, []).append(found.loss[who])
        if tick:
            tick(done)
    return {"cases": rows, **_together(log, brier, groups, seed), "runs": runs, "seed": seed}


def _case(name: str, runs: int, seed: int) -> tuple[dict[str, Any], tuple[confront.Row, ...]]:
    """One row of the table, and the scored statements behind it."""
    scenario = load(name)
    row: dict[str, Any] = {"name": name, "outcome": None, "date": None, "p": None, "n": 0}
    items = dossier.load(scenario.files).items if dossier.present(scenario.files) else {}
    falls = fall_items(items)
    if not falls:
        return {**row, "scores": {}, "brier": {}}, ()
    setup = record.order(scenario, falls.values(), runs, seed)
    readings = record.readings(setup, falls)
    held = confront.confronted(scenario, falls, readings, seed, learned=items).rows
    last = list(falls.values())[-1]
    assert last.event
    day = max(last.event.dates)
    passed = readings.first[-1] < (day - scenario.files.case.start).days + 1.0
    names = (confront.MODEL, *baselines.NAMES)
    return {
        **row,
        "outcome": "stood" if last.event.not_by else "fell",
        "date": day.isoformat(),
        "p": plain(scores.share_of(float(passed.sum()), float(runs))),
        "n": len(held),
        "scores": {who: plain(float(np.mean([r.log[who] for r in held]))) for who in names},
        "brier": {who: plain(float(np.mean([r.loss[who] for r in held]))) for who in names},
    }, held


def _together(
    log: Mapping[str, list[float]],
    brier: Mapping[str, list[float]],
    groups: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    """Means over all statements, and the model against each baseline, resampled by case."""
    if not groups:
        return {"n": 0, "split": SPLIT, "scores": {}, "brier": {}, "intervals": {}, "verdict": ""}
    ours = np.array(log[confront.MODEL])
    margin = -scoring.MARGIN * float(np.mean(log["base_rate"]))
    rivals = {
        who: scoring.compared(ours, np.array(log[who]), groups, seed, margin)
        for who in baselines.NAMES
    }
    return {
        "n": len(groups),
        "split": SPLIT,
        "scores": {who: plain(float(np.mean(found))) for who, found in log.items()},
        "brier": {who: plain(float(np.mean(found))) for who, found in brier.items()},
        "intervals": {who: found.plain() for who, found in rivals.items()},
        "verdict": scoring.sentence(rivals),
    }

"""Banks: futures of a case under one theory, and what every item of evidence reads in them.

The evidence is the case's dossier, and each pinned decision of a patron once, as a choice: whether
the patron decides so by itself within half a year of the date. That is read in a twin of the
future, with the same motives and the same noise, in which the decision is left to the model. The
dossier itself is read in futures where the decisions stand as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from allegiance.cases.compile import compile_case
from allegiance.cases.errors import CaseError
from allegiance.engine import simulate
from allegiance.engine.motives import motives, patrons
from allegiance.engine.scenario import Scenario
from allegiance.engine.theories import Settings
from allegiance.evidence import dossier, record
from allegiance.evidence.schema import Happening, Item, Source
from allegiance.evidence.target import Target, target

WINDOW = timedelta(days=182)
"""How near to its date a choice counts as made; assumed: the question comes up once to seven times
a year."""

GRADE = "A1"
"""Grade of a patron's dated decision: it is on record."""

_EVENTS = {"enter": "entered", "leave": "left", "draw_down": "drew_down", "trade_away": "traded"}


@dataclass(frozen=True)
class Evidence:
    """What theories are compared on: items by id, of the dossier first, then choices.

    `twins` has for each choice the case in which it is left to the model.
    """

    items: Mapping[str, Item]
    twins: Mapping[str, Scenario]

    @property
    def targets(self) -> dict[str, Target]:
        """Each item, put onto its scale."""
        return {name: target(item) for name, item in self.items.items()}


@dataclass(frozen=True)
class Bank:
    """Futures under one theory: readings [item, run] and motives drawn [p, m, run] (or None)."""

    theory: str
    readings: np.ndarray
    motives: np.ndarray | None
    powers: tuple[str, ...]


def evidence(scenario: Scenario) -> Evidence:
    """The evidence of a case: its dossier, and its patrons' pinned decisions as choices.

    Raises:
        CaseError: the case has no dossier, or something in it is wrong.
    """
    if not dossier.present(scenario.files):
        allowed = f"a case with {dossier.FILE} in its folder"
        raise CaseError("no dossier", found=scenario.name, allowed=allowed)
    items = dict(dossier.load(scenario.files).items)
    choosing = patrons(scenario.files)
    twins = {}
    for id, entry in scenario.files.timeline.entries.items():
        decision = entry.decision
        if decision is None or decision.power not in choosing:
            continue
        name = f"choice:{id}"
        twins[name] = scenario.free(id)
        items[name] = Item(
            what=f"{decision.theatre}.{_EVENTS[decision.choice]}[{decision.power}]",
            event=Happening(between=[_within(scenario, entry.date, d) for d in (-WINDOW, WINDOW)]),
            source=Source(title=entry.label, by="timeline.yaml", date=entry.date.isoformat()),
            grade=GRADE,
            use="fit",
        )
    return Evidence(items, twins)


def _within(scenario: Scenario, day: date, shift: timedelta) -> date:
    case = scenario.files.case
    return min(max(day + shift, case.start), case.until)


def bank(
    scenario: Scenario,
    theory: str | Settings,
    known: Evidence,
    runs: int,
    seed: int,
    tick: simulate.Tick | None = None,
) -> Bank:
    """Simulate `runs` futures under a theory and read all the evidence in each.

    Raises:
        CaseError: a number is wrong, or there is no such theory.
    """
    under = scenario.under(theory)
    items = {name: item for name, item in known.items.items() if name not in known.twins}
    setup = record.order(under, known.items.values(), runs, seed)
    rows = [record.readings(setup, items, tick).values]
    for name, twin in known.twins.items():
        choice = known.items[name]
        # It ends where the choice is read, and records as much: the same program serves it.
        built = compile_case(twin.files, choice.date)
        order = replace(setup, scenario=twin.under(under.theory), built=built)
        rows.append(record.readings(order, {name: choice}).values)
    readings = np.concatenate(rows).astype(np.float32)
    return Bank(under.theory.name, readings, motives(setup), setup.built.labels.powers)

"""Banks: futures of a case under one theory, and what every item of evidence reads in them.

The evidence is the case's dossier, and each pinned decision of a patron once, as a choice: whether
the patron decides so by itself within half a year of the date. That is read in a twin of the
future, with the same motives and the same noise, in which the decision is left to the model. The
dossier itself is read in futures where the decisions stand as they were. A decision that a lever
has freed is on record all the same: its choice is read in the futures themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from allegiance.cases.compile import compile_case
from allegiance.cases.loading import load
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

_CHOICE = "choice:"

_EVENTS = {"enter": "entered", "leave": "left", "draw_down": "drew_down", "trade_away": "traded"}


@dataclass(frozen=True)
class Evidence:
    """What theories are compared on: items by id, of the dossier first, then freed choices.

    Last come the choices that are read in `twins`: cases in which one power's decisions in one
    theatre are left to the model, each with the ids of what is read in it, in the items' order.
    """

    items: Mapping[str, Item]
    twins: tuple[tuple[Scenario, tuple[str, ...]], ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """Ids of the choices that are read in twins; they come last among the items."""
        return tuple(name for _, names in self.twins for name in names)

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
    items = dict(dossier.load(scenario.files).items) | _freed(scenario)
    twins = []
    for choices in _choices(scenario).values():
        twins.append((scenario.free(next(iter(choices)).removeprefix(_CHOICE)), tuple(choices)))
        items |= choices
    return Evidence(items, tuple(twins))


def _choices(scenario: Scenario) -> dict[tuple[str, str], dict[str, Item]]:
    """Each pinned decision of a patron as an item, by theatre and power, then by id."""
    choosing = patrons(scenario.files)
    pairs: dict[tuple[str, str], dict[str, Item]] = {}
    for id, entry in scenario.files.timeline.entries.items():
        decision = entry.decision
        if decision is None or decision.power not in choosing:
            continue
        pair = pairs.setdefault((decision.theatre, decision.power), {})
        pair[_CHOICE + id] = Item(
            when=None,
            against=None,
            what=f"{decision.theatre}.{_EVENTS[decision.choice]}[{decision.power}]",
            event=Happening(between=[_within(scenario, entry.date, d) for d in (-WINDOW, WINDOW)]),
            source=Source(title=entry.label, by="timeline.yaml", place=id, date=str(entry.date)),
            grade=GRADE,
            use="fit",
        )
    return pairs


def _freed(scenario: Scenario) -> dict[str, Item]:
    """The choices that a lever has left to the model, as the case's own timeline dates them."""
    levers = scenario.files.levers
    if not any(lever.startswith("--free ") for lever in levers):
        return {}
    gone = {_CHOICE + lever.removeprefix("--without ") for lever in levers}
    found = _choices(replace(scenario, files=load(scenario.files.folder)))
    return {
        name: item
        for pair, choices in found.items()
        for name, item in choices.items()
        if pair not in scenario.files.pinned and name not in gone
    }


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
    items = {name: item for name, item in known.items.items() if name not in known.choices}
    setup = record.order(under, known.items.values(), runs, seed)
    rows = [record.readings(setup, items, tick).values]
    for twin, names in known.twins:
        choices = {name: known.items[name] for name in names}
        # It ends where the last choice is read, and records as much: the same program serves it.
        last = max(choice.date for choice in choices.values() if choice.date)
        order = replace(
            setup, scenario=twin.under(under.theory), built=compile_case(twin.files, last)
        )
        rows.append(record.readings(order, choices).values)
    readings = np.concatenate(rows).astype(np.float32)
    return Bank(under.theory.name, readings, motives(setup), setup.built.labels.powers)

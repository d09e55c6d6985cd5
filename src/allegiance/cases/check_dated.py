"""Cross checks of start levels, outcomes and the timeline."""

from __future__ import annotations

import re
from datetime import date

from allegiance.cases.addresses import parse
from allegiance.cases.checker import Checker
from allegiance.cases.errors import raise_first
from allegiance.cases.inputs import MULTIPLIES, OF_WAR, OFFERED, UNSIMULATED, Input
from allegiance.cases.names import Names, input_at, known, names_of
from allegiance.cases.reading import Document, Place
from allegiance.cases.schema import CaseFile, DatedInput, Entry, TimelineFile

ROW = re.compile(r"[sS][0-9]{2}")
"""A mechanism's id, which no entry may look like."""


def check_dated(
    case: CaseFile,
    timeline: TimelineFile,
    documents: tuple[Document, Document],
    moved: frozenset[str],
) -> None:
    """Check everything that bears an address or a date.

    Raises:
        CaseError: the first error, with up to 19 more in `others`.
    """
    names = names_of(case)
    at = Checker(documents[0])
    seen: dict[tuple[str, ...], str] = {}
    for address, figure in case.inputs.items():
        here: Place = ("inputs", address)
        found = at.attempt(here, input_at, address, case, names)
        if found:
            entry, where = found
            _start_level(at, here, entry, figure.value)
            _consumed(at, here, entry, where, case)
            if (entry.noun, *where) in seen:
                at.wrong(here, "the same input twice", address, "each input once")
            seen[(entry.noun, *where)] = address
    for name, outcome in case.outcomes.items():
        here = ("outcomes", name)
        noun = "event" if outcome.event is not None else "quantity"
        at.attempt((*here, noun), _observable, outcome.event or outcome.quantity, names)
        for key, when in (("at", outcome.at), ("from", outcome.start), ("until", outcome.until)):
            _inside(at, (*here, key), when, case)
        if outcome.start and outcome.until and outcome.start > outcome.until:
            at.wrong(
                (*here, "until"), "the window ends before it begins", outcome.until, "after from"
            )
    raise_first(at.errors)

    at = Checker(documents[1])
    for name, entry in timeline.entries.items():
        here = ("entries", name)
        if ROW.fullmatch(name):
            at.wrong(here, "the name of a mechanism", name, "another name")
        _inside(at, (*here, "date"), entry.date, case)
        _happenings(at, here, entry, case, name in moved)
        for i, change in enumerate(entry.inputs):
            _change(at, (*here, "inputs", i), change, case, names, name in moved)
    raise_first(at.errors)


def _inside(
    at: Checker, here: Place, when: date | None, case: CaseFile, free: bool = False
) -> None:
    if when is not None and not free and not case.start <= when <= case.until:
        at.wrong(here, "outside the case's span", when, f"{case.start} to {case.until}")


def _start_level(at: Checker, here: Place, entry: Input, value: float) -> None:
    if entry.pulse:
        at.wrong(here, "a pulse has no level", None, "pulses in the timeline")
    elif entry.noun in OFFERED:
        allowed = f"{entry.noun} of the theatre's power"
        at.wrong(here, "the start level stands elsewhere", None, allowed)
    elif value < 0 or (entry.share and value > 1):
        at.wrong(here, "out of range", value, "0 to 1" if entry.share else "at least 0")


def _consumed(
    at: Checker, here: Place, entry: Input, where: tuple[str, ...], case: CaseFile
) -> None:
    """Refuse an input that no verb would read."""
    if entry.noun in OF_WAR and not case.theatres[where[0].split("/")[0]].fought:
        problem = "nothing consumes it: no sides are hostile in this theatre"
        at.wrong(here, problem, None, f"{entry.noun} of a simulated war")
    if entry.noun not in UNSIMULATED:
        return
    wars = [k for k, t in case.theatres.items() if t.fought and t.client == where[0]]
    if wars:
        problem = f"nothing consumes it: the war of {where[0]} is simulated"
        at.wrong(here, problem, None, f"{entry.noun} of clients without a war of their own")


def _observable(text: str, names: Names) -> None:
    """An outcome's address must name what exists; which nouns there are, the recorder knows."""
    address = parse(text)
    subjects = (*names.power, *names.client, *names.theatre, *names.site)
    known(address.subject, subjects, "actor")
    if address.object:
        known(address.object, subjects, "actor")
    if address.region:
        known(f"{address.subject}/{address.region}", names.region, "region")
    words = (*names.side, *names.power, *names.client, *names.theatre, "autonomy", "civilians")
    for key in address.keys:
        known(key, words, "side or actor")


def _happenings(at: Checker, here: Place, entry: Entry, case: CaseFile, moved: bool) -> None:
    """Decision, offensive and truce of an entry."""
    if (decision := entry.decision) is not None:
        spot = (*here, "decision")
        at.known((*spot, "power"), decision.power, case.powers, "power")
        if at.known((*spot, "theatre"), decision.theatre, case.theatres, "theatre"):
            powers = case.theatres[decision.theatre].powers
            if decision.power in case.powers:
                at.known((*spot, "power"), decision.power, powers, "power in this theatre")
    if (offensive := entry.offensive) is not None:
        spot = (*here, "offensive")
        if at.known((*spot, "theatre"), offensive.theatre, case.theatres, "theatre"):
            sides = case.theatres[offensive.theatre].challengers
            at.known((*spot, "side"), offensive.side, sides, "challenger in this theatre")
    if (truce := entry.truce) is not None:
        spot = (*here, "truce")
        if at.known((*spot, "theatre"), truce.theatre, case.theatres, "theatre"):
            hostile = case.theatres[truce.theatre].hostile
            for i, pair in enumerate(truce.between):
                if sorted(pair) not in [sorted(foes) for foes in hostile]:
                    allowed = "; ".join(" and ".join(foes) for foes in hostile) or "none here"
                    found = " and ".join(pair)
                    at.wrong((*spot, "between", i), "these sides are not hostile", found, allowed)
        _inside(at, (*spot, "until"), truce.until, case, moved)
        if truce.until is not None and truce.until <= entry.date:
            at.wrong((*spot, "until"), "the truce ends before it begins", truce.until, "later")


def _change(
    at: Checker, here: Place, change: DatedInput, case: CaseFile, names: Names, moved: bool
) -> None:
    found = at.attempt((*here, "address"), input_at, change.address, case, names)
    for when in change.path or ():
        _inside(at, (*here, "path", str(when)), when, case, moved)
    _inside(at, (*here, "date"), change.date, case, moved)
    if not found:
        return
    entry, where = found
    _consumed(at, (*here, "address"), entry, where, case)
    if entry.pulse != (change.pulse is not None):
        form = "a pulse" if entry.pulse else "a path of levels"
        at.wrong(here, f"{entry.noun} takes {form}", None, form)
    elif entry.share and change.pulse is not None and change.pulse > 1:
        at.wrong((*here, "pulse"), "out of range", change.pulse, "above 0, at most 1")
    elif entry.share and change.days is not None:
        at.wrong((*here, "days"), "this pulse lasts a step", change.days, "no days")
    if entry.noun == MULTIPLIES:
        for when, value in (change.path or {}).items():
            if value < 0:
                at.wrong((*here, "path", str(when)), "a factor below 0", value, "at least 0")

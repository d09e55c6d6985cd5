"""Events and addresses in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allegiance.cases.addresses import parse
from allegiance.cases.errors import CaseError

if TYPE_CHECKING:
    from allegiance.cases.schema import CaseFile

EVENTS = {
    "entered": "{o} intervenes: {s}",
    "left": "{o} leaves: {s}",
    "drew_down": "{o} draws down: {s}",
    "traded": "{o} trades away: {s}",
    "offensive": "{o} attacks: {s}",
    "truce_broken": "a truce is broken: {s}",
    "fell": "the government falls: {s}",
    "seat_lost": "the seat of government is lost: {s}",
    "exiled": "the ruler goes to {o}: {s}",
    "asked": "{s} asks {o} for help",
    "helped": "{o} helps {s}",
    "failed": "{o} fails {s}",
    "attacked": "{o} attacks {s}",
    "recognised": "{o} recognises the new rule: {s}",
    "revealed": "{s}: real strength shows",
    "base_lost": "{s}: the base is lost",
    "sanctioned": "{s} puts sanctions on {o}",
    "relieved": "{s} lifts sanctions on {o}",
    "attended": "{s} comes to the summit of {o}",
    "put_off": "{s} puts off a summit",
    "extradited": "{o} hands over the ruler: {s}",
}
"""By the noun of an event; `s` and `o` are its subject and object."""

NOUNS = {
    "control": "area held",
    "people": "people governed",
    "force": "force",
    "cohesion": "cohesion",
    "deployed": "troops there",
    "air": "sorties there",
    "delivered": "help delivered",
    "asked": "help asked",
    "pledge": "help promised",
    "strength": "force to spare",
    "believed": "believed strength",
    "killed": "civilians killed",
}


def labels(case: CaseFile) -> dict[str, str]:
    """Every name of a case as readers know it; a theatre's name stands behind its client's."""
    found = {name: theatre.label for name, theatre in case.theatres.items()}
    found |= {name: site.label for name, site in case.sites.items()}
    found |= {name: client.label for name, client in case.clients.items()}
    return found | {name: power.label for name, power in case.powers.items()}


def event(noun: str, subject: str, object: str | None, known: dict[str, str]) -> str:
    """An event in words."""
    s, o = (known.get(name, name.replace("_", " ")) for name in (subject, object or ""))
    pattern = EVENTS.get(noun, "{s}, {o}: " + noun.replace("_", " "))
    return pattern.replace("{s}", s).replace("{o}", o)


def quantity(address: str, known: dict[str, str]) -> str:
    """An address in words."""
    try:
        found = parse(address)
    except CaseError:
        return address
    parts = found.noun.split(".")
    noun = NOUNS.get(parts[-1], parts[-1].replace("_", " "))
    entity = known.get(found.subject, found.subject.replace("_", " "))
    if found.object:
        other = known.get(found.object, found.object.replace("_", " "))
        return f"{entity} and {other}: {noun}"
    keys = [known.get(key, key.replace("_", " ")) for key in (*parts[:-1], *found.keys)]
    place = f"{entity}, {found.region.replace('_', ' ')}" if found.region else entity
    return f"{place}: {noun}" + (f" ({', '.join(keys)})" if keys else "")


def address_of(noun: str, subject: str, object: str | None) -> list[str]:
    """Forms that an event's address may have."""
    if object is None:
        return [f"{subject}.{noun}"]
    return [f"{subject}.{noun}[{object}]", f"{subject}->{object}.{noun}"]

"""Events and addresses in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allegiance.cases.addresses import parse
from allegiance.cases.errors import CaseError

if TYPE_CHECKING:
    from allegiance.cases.schema import CaseFile

EVENTS = {
    "entered": "intervention of {o}: {s}",
    "left": "withdrawal of {o}: {s}",
    "drew_down": "drawdown of {o}: {s}",
    "traded": "sold out by {o}: {s}",
    "offensive": "offensive of {o}: {s}",
    "truce_broken": "a truce is broken: {s}",
    "fell": "the government falls: {s}",
    "seat_lost": "the seat of government is lost: {s}",
    "exiled": "the ruler goes to {o}: {s}",
    "asked": "{s} asks {o} for help",
    "helped": "{s} is helped by {o}",
    "failed": "{s} is failed by {o}",
    "attacked": "{s} is attacked by {o}",
    "recognised": "the new rule is recognised by {o}: {s}",
    "revealed": "{s}: real strength shows",
    "base_lost": "{s}: the base is lost",
    "sanctioned": "{s} puts sanctions on {o}",
    "relieved": "{s} lifts sanctions on {o}",
    "attended": "{s} comes to the summit of {o}",
    "put_off": "{s} puts off a summit",
    "extradited": "the ruler is handed over by {o}: {s}",
}
"""By the noun of an event; `s` and `o` are its subject and object."""

NOUNS = {
    "strikes.off_target_share": "strikes away from the named enemy",
    "strikes.civilian_share": "strikes on civilians",
    "support": "support at home",
    "treasury": "means for ventures",
    "alignment": "alignment",
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


def event(noun: str, subject: str, objects: list[str], known: dict[str, str]) -> str:
    """An event in words; `objects` are labels of those to whom it happened alike."""
    s = known.get(subject, subject.replace("_", " "))
    o = " and ".join(part for part in (", ".join(objects[:-1]), objects[-1]) if part)
    pattern = EVENTS.get(noun, "{s}, {o}: " + noun.replace("_", " "))
    return pattern.replace("{s}", s).replace("{o}", o)


def quantity(address: str, known: dict[str, str]) -> str:
    """An address in words."""
    try:
        found = parse(address)
    except CaseError:
        return address
    parts = found.noun.split(".")
    if found.noun in NOUNS:
        parts = [found.noun]
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

"""Events and addresses in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from allegiance.cases.addresses import parse
from allegiance.cases.errors import CaseError
from allegiance.evidence.confront import in_words

if TYPE_CHECKING:
    from allegiance.cases.schema import CaseFile
    from allegiance.evidence.schema import Item

EVENTS = {
    "entered": "intervention of {o}: {s}",
    "left": "withdrawal of {o}: {s}",
    "drew_down": "drawdown of {o}: {s}",
    "traded": "sold out by {o}: {s}",
    "offensive": "offensive of {o}: {s}",
    "truce_broken": "a truce is broken: {s}",
    "fell": "the government falls: {s}",
    "seat_lost": "the seat of government is lost: {s}",
    "overthrown": "the government is overthrown from within: {s}",
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
    "strikes": "air strikes",
    "strikes.off_target_share": "strikes away from the named enemy",
    "strikes.civilian_share": "strikes on civilians",
    "support": "support at home",
    "treasury": "money to spend",
    "anger": "anger of loyalists at home",
    "impunity": "ventures gone unpunished",
    "fear": "fear that revolts spread",
    "success": "success abroad, felt at home",
    "income_loss": "income lost to sanctions",
    "exports": "arms exports",
    "leverage": "leverage from talks",
    "protest": "protest at home against a war",
    "strength": "force to spare",
    "losses": "men lost",
    "capital": "economy",
    "dependence": "share of strength that is help",
    "alarm": "danger that the regime sees",
    "self_help": "own programme of what it was denied",
    "strain": "strain by refugees",
    "investment": "foreign investment",
    "autonomy": "alignment kept to itself",
    "concentration": "concentration of its alignment",
    "pledge": "help promised",
    "asked": "help asked",
    "delivered": "help delivered",
    "recognition": "influence by recognition",
    "grievance": "grievance of having been attacked",
    "believed": "believed strength",
    "doubt": "doubt of that strength",
    "credibility": "claims taken for true",
    "price": "price extracted",
    "control": "area held",
    "people": "people governed",
    "odds": "strength against its enemies",
    "mood": "chance in morale",
    "fortune": "fortune of arms",
    "spent": "fighters lost so far",
    "defeat": "ground lost lately",
    "pay": "real pay",
    "posture": "readiness to attack",
    "campaign": "momentum of an offensive",
    "regrouped": "readiness gained in a truce",
    "legitimacy": "consent of the governed",
    "rules": "rule",
    "deployed": "troops there",
    "air": "sorties there",
    "short": "help that could not be delivered",
    "deterring": "effort turned to a deterrent",
    "covered": "commitment that others remember",
    "steered": "weight of fed signals",
    "exile": "shelter for the ruler",
    "fallen": "the government has fallen",
    "killed": "civilians killed",
    "displaced": "persons displaced",
    "open": "the base is open",
    "holder": "holder of the base",
}
"""By noun, where the noun itself is not what readers would say."""


def labels(case: CaseFile) -> dict[str, str]:
    """Every name of a case as readers know it; a theatre's name stands behind its client's.

    Regions stand under `theatre/region`, as in addresses.
    """
    found = {name: theatre.label for name, theatre in case.theatres.items()}
    found |= {
        f"{name}/{region}": about.label
        for name, theatre in case.theatres.items()
        for region, about in theatre.regions.items()
    }
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
    place = entity
    if found.region:
        region = f"{found.subject}/{found.region}"
        place = f"{entity}, {known.get(region, found.region.replace('_', ' '))}"
    return f"{place}: {noun}" + (f" ({', '.join(keys)})" if keys else "")


def happening(address: str, known: dict[str, str]) -> str:
    """The address of an event in words."""
    try:
        found = parse(address)
    except CaseError:
        return address
    return event(
        found.noun,
        found.subject,
        [known.get(name, name.replace("_", " ")) for name in (found.object, *found.keys) if name]
        or [""],
        known,
    )


def observed(item: Item, known: dict[str, str]) -> list[str]:
    """What an item of a dossier is about, in words: an entry an address."""
    said = happening if item.happens else quantity
    return [said(address, known) for address in (item.what, *item.plus)]


def stated(item: Item, known: dict[str, str]) -> str:
    """What an item states that is no figure, in words."""
    return f"before {happening(item.order.before, known)}" if item.order else in_words(item)


def named(chain: Sequence[Mapping[str, Any]], case: CaseFile) -> list[dict[str, Any]]:
    """The chain of a contrast with a `label` beside each `address`.

    `asked` says whether an outcome of the case reads the address: where the chain is cut, these
    entries are shown nevertheless, so that it reaches what was asked.
    """
    known = labels(case)
    asked = {str(parse(o.event or o.quantity or "")) for o in case.outcomes.values()}
    return [
        {**entry, "label": quantity(entry["address"], known), "asked": entry["address"] in asked}
        for entry in chain
    ]


def address_of(noun: str, subject: str, object: str | None) -> list[str]:
    """Forms that an event's address may have."""
    if object is None:
        return [f"{subject}.{noun}"]
    return [f"{subject}.{noun}[{object}]", f"{subject}->{object}.{noun}"]

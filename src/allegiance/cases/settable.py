"""Which addresses a lever may set, and why the others may not be set."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from allegiance.cases.addresses import parse
from allegiance.cases.inputs import INPUTS
from allegiance.cases.names import names_of
from allegiance.world.case import MOTIVES
from allegiance.world.nouns import News, World

if TYPE_CHECKING:
    from allegiance.cases.loading import CaseFiles
    from allegiance.cases.schema import CaseFile

POWER = (
    *("gdp", "treasury", "peak_treasury", "surplus", "force", "peak_force", "air_capacity"),
    *("facade", "support", "audience", "openness", "arms_exports"),
)
CLIENT = ("gdp", "revenue", "trust_weight", "population")
TIE = ("kinship", "pledge", "trust", "affinity", "proximity", "rents", "need", "debt")
SIDES = (
    *("own_air", "mobilised", "discipline", "cohesion", "legitimacy"),
    *("quality", "reserve", "unproven"),
)
OFFER = ("ground", "air", "commitment", "distance")
GROUND = ("force", "backing", "priority")

DERIVED = {
    "strength": "follows from force and burdens: set force",
    "reach": "follows from distance and bases: set distance or access",
    "claimed": "follows from force and facade: set facade",
    "displaced": "is counted by the model, from 0",
    "killed": "is counted by the model, from 0",
}
"""Nouns that the model derives from others."""


class Lever(NamedTuple):
    """Where an address stands in the data, and how a value goes in.

    `kind` is figure, table, shares (a table whose other shares give way), name or date.
    """

    kind: str
    place: tuple[str, ...]
    key: str = ""


def levers_of(files: CaseFiles) -> dict[str, Lever]:
    """Everything that may be set in a case, by address."""
    case = files.case
    found = {**_actors(case), **_ground(case)}
    for name in case.sites:
        found[f"{name}.access"] = Lever("figure", ("sites", name, "access"))
        found[f"{name}.holder"] = Lever("name", ("sites", name, "holder"))
        for power in case.powers:
            found[f"{name}.value[{power}]"] = Lever("table", ("sites", name, "value"), power)
    for address in case.inputs:
        found[str(parse(address))] = Lever("figure", ("inputs", address))
    for name in files.timeline.entries:
        found[f"{name}.date"] = Lever("date", (name,))
    return found


def _actors(case: CaseFile) -> dict[str, Lever]:
    found: dict[str, Lever] = {}
    for name in case.powers:
        here = ("powers", name)
        found |= {f"{name}.{noun}": Lever("figure", (*here, noun)) for noun in POWER}
        for motive in MOTIVES:
            found[f"{name}.motive[{motive}]"] = Lever("shares", (*here, "motive"), motive)
        for other in case.powers:
            if other != name:
                found[f"{name}.trade[{other}]"] = Lever("table", (*here, "trade"), other)
    for name in case.clients:
        here = ("clients", name)
        found |= {f"{name}.{noun}": Lever("figure", (*here, noun)) for noun in CLIENT}
        for war in case.theatres:
            found[f"{name}.hosts[{war}]"] = Lever("table", (*here, "hosts"), war)
        found[f"{name}.alignment[autonomy]"] = Lever("shares", (*here, "alignment"), "autonomy")
        for power in case.powers:
            tie = f"{name}->{power}"
            found |= {f"{tie}.{noun}": Lever("table", (*here, noun), power) for noun in TIE}
            found[f"{tie}.alignment"] = Lever("shares", (*here, "alignment"), power)
    return found


def _ground(case: CaseFile) -> dict[str, Lever]:
    found: dict[str, Lever] = {}
    for name, theatre in case.theatres.items():
        here = ("theatres", name)
        found[f"{name}.upkeep"] = Lever("figure", (*here, "upkeep"))
        for side in theatre.sides:
            for noun in SIDES:
                found[f"{name}.{noun}[{side}]"] = Lever("table", (*here, noun), side)
        for power in theatre.powers:
            offer = (*here, "powers", power)
            found |= {f"{name}.{noun}[{power}]": Lever("figure", (*offer, noun)) for noun in OFFER}
            for motive in MOTIVES:
                found[f"{name}.stake[{power},{motive}]"] = Lever("table", (*offer, "stake"), motive)
        for place in theatre.regions:
            spot = (*here, "regions", place)
            for noun in ("population", "area"):
                found[f"{name}/{place}.{noun}"] = Lever("figure", (*spot, noun))
            for side in theatre.sides:
                region = f"{name}/{place}"
                found[f"{region}.control[{side}]"] = Lever("shares", (*spot, "control"), side)
                for noun in GROUND:
                    found[f"{region}.{noun}[{side}]"] = Lever("table", (*spot, noun), side)
    return found


def why_not(address: str, case: CaseFile) -> str | None:
    """Why an address can be read but not set; None where it is simply unknown."""
    subject, noun = parse(address).subject, parse(address).noun
    if not any(subject in names for names in names_of(case)):
        return None
    first, last = noun.split(".")[0], noun.split(".")[-1]
    if noun in INPUTS:
        return f"{noun} has no start level here: write it under inputs, or in the timeline"
    for word in (first, last):
        if word in DERIVED:
            return f"{word} {DERIVED[word]}"
    simulated = {field for part in World.__annotations__ for field in _fields(part)}
    if {first, last} & (simulated | set(News._fields)):
        return f"{noun} is what the model simulates: it cannot be set"
    return None


def _fields(part: str) -> tuple[str, ...]:
    from allegiance.world import nouns

    return getattr(nouns, part.capitalize())._fields

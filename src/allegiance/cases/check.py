"""Cross checks: what one key of case.yaml says must agree with what the others say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from allegiance.cases.check_dated import check_dated
from allegiance.cases.checker import Checker
from allegiance.cases.errors import raise_first
from allegiance.cases.names import names_of
from allegiance.cases.reading import Document, Place
from allegiance.cases.schema import CaseFile, Client, Power, Site, Theatre, TimelineFile
from allegiance.world.case import MOTIVES

MOST = {"powers": 32, "clients": 256, "theatres": 16, "regions": 256, "sides": 8, "sites": 16}
"""How many of each a case may hold: the largest padded shapes."""

RESERVED = ("autonomy", "civilians", "parameter")
"""Words with a meaning of their own in tables and addresses."""

LONGEST = timedelta(days=36525)
"""A case spans a century at most."""


def check(
    case: CaseFile,
    timeline: TimelineFile,
    documents: tuple[Document, Document],
    folder: str,
    moved: frozenset[str] = frozenset(),
) -> None:
    """Check a case against itself; `moved` entries may have dates after the case's last day.

    Raises:
        CaseError: the first error, with up to 19 more in `others`.
    """
    at = Checker(documents[0])
    _frame(at, case, folder)
    raise_first(at.errors)
    _actors(at, case, timeline)
    for name, power in case.powers.items():
        _power(at, ("powers", name), name, power, case)
    for name, client in case.clients.items():
        _client(at, ("clients", name), name, client, case)
    for name, theatre in case.theatres.items():
        _theatre(at, ("theatres", name), theatre, case)
    for name, site in case.sites.items():
        _site(at, ("sites", name), site, case)
    raise_first(at.errors)
    check_dated(case, timeline, documents, moved)


def _frame(at: Checker, case: CaseFile, folder: str) -> None:
    if case.name != folder:
        at.wrong(("name",), "the name differs from the folder's", case.name, folder)
    if not case.start < case.until <= case.start + LONGEST:
        at.wrong(("until",), "no span", case.until, "after from, within a century")
    at.once(("sides",), case.sides)
    for axis, most in MOST.items():
        count = len(names_of(case).of(axis.removesuffix("s")))
        if count > most:
            at.wrong(
                ("theatres" if axis == "regions" else axis,), f"too many {axis}", count, f"{most}"
            )


def _actors(at: Checker, case: CaseFile, timeline: TimelineFile) -> None:
    """One name, one bearer: only a theatre may share the name of its own client."""
    bearers: dict[str, str] = {}
    for kind in ("powers", "clients", "theatres", "sites"):
        for name in getattr(case, kind):
            client = case.theatres[name].client if kind == "theatres" else None
            own = client == name or (client is not None and client not in case.clients)
            if name in RESERVED:
                at.wrong((kind, name), "the word has a meaning of its own", name, "another name")
            elif name in bearers and not own:
                at.wrong(
                    (kind, name),
                    f"the name stands under {bearers[name]} already",
                    name,
                    "new names",
                )
            bearers.setdefault(name, kind)
    for i, side in enumerate(case.sides):
        if side in RESERVED:
            at.wrong(("sides", i), "the word has a meaning of its own", side, "another name")
    for name in timeline.entries:
        if name in bearers:
            at.wrong(
                (bearers[name], name), "an entry of the timeline has this name", name, "new names"
            )
    _streams(at, ("powers",), case.powers)
    _streams(at, ("clients",), case.clients)
    _streams(at, ("theatres",), case.theatres)
    _streams(at, ("sites",), case.sites)
    _streams(
        at,
        ("theatres",),
        {f"{k}/{r}": region for k, t in case.theatres.items() for r, region in t.regions.items()},
    )


def _streams(at: Checker, place: Place, entities: Mapping[str, Any]) -> None:
    """Noise streams, written or by position, must differ."""
    seen: dict[int, str] = {}
    for i, (name, entity) in enumerate(entities.items()):
        stream = i if entity.stream is None else entity.stream
        if stream in seen:
            theatre, _, region = name.partition("/")
            here = (*place, theatre, "regions", region) if region else (*place, name)
            problem = f"noise stream {stream} belongs to {seen[stream]} already"
            at.wrong((*here, "stream"), problem, None, "a number for each, or for none")
        seen[stream] = name


def _power(at: Checker, here: Place, name: str, power: Power, case: CaseFile) -> None:
    others = [other for other in case.powers if other != name]
    at.keys((*here, "motive"), power.motive, MOTIVES, "motive")
    at.sums_to_one((*here, "motive"), power.motive)
    at.keys((*here, "trade"), power.trade, others, "other power")
    at.at_most_one((*here, "trade"), power.trade)
    at.members((*here, "rivals"), power.rivals, others, "other power")


def _client(at: Checker, here: Place, name: str, client: Client, case: CaseFile) -> None:
    for noun in ("kinship", "pledge", "trust", "affinity", "proximity", "rents", "need", "debt"):
        at.keys((*here, noun), getattr(client, noun), case.powers, "power")
    at.keys((*here, "hosts"), client.hosts, _wars(case), "war that is simulated")
    if client.hosts and client.population is None:
        problem = "hosts says nothing without the people among whom the refugees settle"
        at.wrong((*here, "hosts"), problem, None, "population, in million persons")
    for war in client.hosts.values if client.hosts else ():
        _taken_in(at, (*here, "hosts"), war, case)
    at.keys((*here, "alignment"), client.alignment, (*case.powers, "autonomy"), "power")
    at.sums_to_one((*here, "alignment"), client.alignment)
    others = [o for o in (*case.clients, *case.powers) if o != name]
    at.keys((*here, "likeness"), client.likeness, others, "other client or power")
    at.members((*here, "rivals"), client.rivals, others, "other client or power")
    fought = [
        k for k, theatre in case.theatres.items() if theatre.fought and theatre.client == name
    ]
    if client.need and fought:
        problem = f"nothing consumes need: the war in {fought[0]} is simulated"
        at.wrong((*here, "need"), problem, None, "ground and air of the theatre's powers")
    for theatre in fought[1:]:
        at.wrong(
            ("theatres", theatre, "client"), f"{fought[0]} has this client", name, "one war each"
        )


def _wars(case: CaseFile) -> list[str]:
    return [name for name, theatre in case.theatres.items() if theatre.fought]


def _taken_in(at: Checker, here: Place, war: str, case: CaseFile) -> None:
    """No more people can be taken in than are displaced."""
    taken = sum(c.hosts.values.get(war, 0.0) for c in case.clients.values() if c.hosts)
    if taken > 1.0 + 1e-6:
        found = f"{taken:.6g} over all clients"
        at.wrong((*here, "values", war), "the shares exceed 1", found, "a sum of at most 1")


def _theatre(at: Checker, here: Place, theatre: Theatre, case: CaseFile) -> None:
    at.members((*here, "sides"), theatre.sides, case.sides, "side of the case")
    present = theatre.sides
    for i, pair in enumerate(theatre.hostile):
        at.members((*here, "hostile", i), pair, present, "side in this theatre")
    at.once((*here, "hostile"), [frozenset(pair) for pair in theatre.hostile])
    rebels = [side for side in present if side != case.sides[0]]
    for noun in ("challengers", "heirs", "moderate"):
        at.members((*here, noun), getattr(theatre, noun), rebels, "side but the government here")
    if theatre.radical is not None:
        at.known((*here, "radical"), theatre.radical, rebels, "side but the government here")
    for noun in (
        *("own_air", "mobilised", "discipline", "cohesion", "legitimacy"),
        *("quality", "reserve", "unproven"),
    ):
        at.keys((*here, noun), getattr(theatre, noun), present, "side in this theatre")
    for name, power in theatre.powers.items():
        spot = (*here, "powers", name)
        at.known(spot, name, case.powers, "power")
        at.known((*spot, "backs"), power.backs, present, "side in this theatre")
        at.keys((*spot, "stake"), power.stake, MOTIVES, "motive")
        at.members((*spot, "named_enemy"), power.named_enemy, present, "side in this theatre")
        at.members((*spot, "strikes"), power.strikes, present, "side in this theatre")
    if theatre.client is not None:
        at.known((*here, "client"), theatre.client, case.clients, "client")
    if theatre.fought:
        _war(at, here, theatre, case)
    _regions(at, here, theatre)


def _war(at: Checker, here: Place, theatre: Theatre, case: CaseFile) -> None:
    """What a simulated war cannot do without."""
    if case.sides[0] not in theatre.sides:
        at.wrong(
            (*here, "sides"), "the government is absent", None, f"{case.sides[0]} among the sides"
        )
    for noun in ("client", "upkeep", "mobilised"):
        if getattr(theatre, noun) is None:
            at.wrong(
                here, "the key is missing", None, f"{noun} is required where sides are hostile"
            )
    seats = [name for name, region in theatre.regions.items() if region.seat]
    if len(seats) != 1:
        problem = f"{len(seats)} seats of government"
        at.wrong(
            (*here, "regions"), problem, ", ".join(seats) or None, "exactly one region with a seat"
        )


def _regions(at: Checker, here: Place, theatre: Theatre) -> None:
    for name, region in theatre.regions.items():
        spot = (*here, "regions", name)
        for noun in ("backing", "priority", "control", "force"):
            at.keys((*spot, noun), getattr(region, noun), theatre.sides, "side in this theatre")
        at.at_most_one((*spot, "backing"), region.backing)
        at.sums_to_one((*spot, "control"), region.control)
        others = [other for other in theatre.regions if other != name]
        at.members((*spot, "neighbours"), region.neighbours, others, "other region of this theatre")
        for i, other in enumerate(region.neighbours):
            if other in others and name not in theatre.regions[other].neighbours:
                problem = f"{other} does not name {name} as its neighbour"
                at.wrong((*spot, "neighbours", i), problem, None, "neighbours that name each other")


def _site(at: Checker, here: Place, site: Site, case: CaseFile) -> None:
    at.known((*here, "client"), site.client, case.clients, "client")
    at.known((*here, "holder"), site.holder, case.powers, "power")
    at.members((*here, "reach"), site.reach, case.theatres, "theatre")
    at.keys((*here, "value"), site.value, case.powers, "power")
    if site.region is None:
        return
    if at.known((*here, "region"), site.region, names_of(case).region, "theatre/region"):
        owner = case.theatres[site.region.split("/")[0]].client
        if owner != site.client:
            problem = f"the region lies in the theatre of {owner}"
            at.wrong((*here, "region"), problem, site.region, f"a region of {site.client}")

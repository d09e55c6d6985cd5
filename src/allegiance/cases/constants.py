"""From a case to the constants of `world.Case`; padding is neutral."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from allegiance.cases.axes import Axes
from allegiance.cases.schema import CaseFile, Client, Power, Region, Theatre
from allegiance.world.case import MOTIVES

LEAST_SPARE = 0.02
"""Share of its force that outside wars never bind; as in `world.measures.spare_force`."""

TRUST_AT_REST = 0.5
"""Mean trust in a power where a case says nothing: the flat prior (assumed)."""


class Situated(NamedTuple):
    """A region and the theatre it lies in."""

    theatre: str
    region: Region


def regions_of(case: CaseFile) -> dict[str, Situated]:
    """All regions by `theatre/region`, in the order of the axis."""
    return {
        f"{name}/{place}": Situated(name, region)
        for name, theatre in case.theatres.items()
        for place, region in theatre.regions.items()
    }


def constants(case: CaseFile, axes: Axes, burden: np.ndarray) -> dict[str, np.ndarray]:
    """Constants by field of `world.Case`, single precision; `given` and `today` stand apart.

    `burden` is the force that outside wars bind at the start, thousand persons [p].
    """
    found = {
        **_powers(case, axes, burden),
        **_clients(case, axes),
        **_theatres(case, axes),
        **_regions(case, axes),
        **_sites(case, axes),
    }
    exact = {name: array for name, array in found.items() if array.dtype == np.int32}
    return {**{name: array.astype(np.float32) for name, array in found.items()}, **exact}


def strengths(case: CaseFile, axes: Axes, burden: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean log force of the powers, and each one's log spare force less that mean [p]."""
    force = axes.fill("p", {name: power.force.value for name, power in case.powers.items()})
    real = axes.on("p") > 0
    logs = np.log(np.where(real, force, 1.0), dtype=np.float64)
    zero = float(logs[real].mean())
    spare = np.maximum(force - burden, LEAST_SPARE * force)
    start = np.log(np.where(real, spare, 1.0), dtype=np.float64) - zero
    return zero, np.where(real, start, 0.0)


def motives(case: CaseFile, axes: Axes) -> np.ndarray:
    """Motive shares, normalised [p, m]; padding pursues all alike."""
    shares = np.full((axes.size["power"], len(MOTIVES)), 1.0 / len(MOTIVES))
    for name, power in case.powers.items():
        row = np.array([power.motive.values.get(motive, 0.0) for motive in MOTIVES])
        shares[axes.place["power"][name]] = row / row.sum()
    return shares


def _powers(case: CaseFile, axes: Axes, burden: np.ndarray) -> dict[str, np.ndarray]:
    powers = case.powers
    zero, start = strengths(case, axes, burden)

    def figure(noun: str, default: float = 0.0) -> np.ndarray:
        return _figures(axes, "p", powers, noun, default)

    return {
        "power_on": axes.on("p"),
        "gdp": figure("gdp"),
        "surplus": figure("surplus"),
        "arms_exports": figure("arms_exports"),
        "veto": axes.fill("p", {name: 1.0 for name, power in powers.items() if power.veto}),
        "peak_treasury": figure("peak_treasury", 1.0),
        "peak_force": figure("peak_force", 1.0),
        "air_capacity": figure("air_capacity"),
        "facade": figure("facade"),
        "strength_zero": np.full(axes.size["power"], zero),
        "strength_start": start,
        "resting_support": figure("support"),
        "audience": figure("audience"),
        "motive": motives(case, axes),
        "openness": figure("openness"),
        "trade": axes.tables("pq", {name: power.trade for name, power in powers.items()}),
        "rival": axes.fill(
            "pq", {(p, q): 1.0 for p, power in powers.items() for q in power.rivals}
        ),
        "power_stream": axes.streams("power", [power.stream for power in powers.values()]),
    }


def _clients(case: CaseFile, axes: Axes) -> dict[str, np.ndarray]:
    clients = case.clients

    def table(noun: str) -> np.ndarray:
        return axes.tables("cp", {name: getattr(client, noun) for name, client in clients.items()})

    alpha, beta = trust_at_rest(case, axes)
    return {
        "client_on": axes.on("c"),
        "client_gdp": _figures(axes, "c", clients, "gdp"),
        "revenue": _figures(axes, "c", clients, "revenue"),
        "kinship": table("kinship").T,
        "likeness": _likeness(case, axes),
        "affinity": table("affinity"),
        "resting_alpha": alpha,
        "resting_beta": beta,
        "proximity": table("proximity"),
        "rents": table("rents"),
        "enemy": _enemies(case, axes),
        "at_war": _at_war(case, axes),
        "need": table("need"),
        "hosts": _hosts(case, axes),
        "client_stream": axes.streams("client", [client.stream for client in clients.values()]),
    }


def _at_war(case: CaseFile, axes: Axes) -> np.ndarray:
    """Share of each client's people who live in its theatre; all where unknown [c]."""
    share = {}
    for theatre in case.theatres.values():
        if theatre.fought and theatre.client:
            whole = case.clients[theatre.client].population
            there = sum(region.population.value for region in theatre.regions.values())
            share[theatre.client] = min(there / whole.value, 1.0) if whole else 1.0
    return axes.fill("c", share)


def _hosts(case: CaseFile, axes: Axes) -> np.ndarray:
    """Share of each theatre's displaced that a client takes in, over its own million people [c, k].

    So displaced persons, in thousands, times this and a thousandth are refugees per inhabitant.
    """
    return axes.fill(
        "ck",
        {
            (name, war): share / client.population.value
            for name, client in case.clients.items()
            if client.hosts and client.population
            for war, share in client.hosts.values.items()
        },
    )


def trust_at_rest(case: CaseFile, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
    """Alpha and beta of each client's trust in each power, at the start and at rest [c, p]."""
    alpha, beta = np.ones(axes.shape("cp")), np.ones(axes.shape("cp"))
    for name, client in case.clients.items():
        for power in case.powers:
            mean = client.trust.values.get(power, TRUST_AT_REST)
            here = axes.at("cp", (name, power))
            alpha[here] = mean * client.trust_weight.value
            beta[here] = (1.0 - mean) * client.trust_weight.value
    return alpha, beta


def _watchers(axes: Axes) -> dict[str, int]:
    """Place of each watcher: the clients, then (after the clients' padding) the powers."""
    powers = {name: axes.size["client"] + i for name, i in axes.place["power"].items()}
    return axes.place["client"] | powers


def _enemies(case: CaseFile, axes: Axes) -> np.ndarray:
    """1 where a client names a client or a power as its rival [c, o]."""
    clients = axes.size["client"]
    enemies = np.zeros((clients, clients + axes.size["power"]))
    column = _watchers(axes)
    for name, client in case.clients.items():
        for rival in client.rivals:
            enemies[axes.place["client"][name], column[rival]] = 1.0
    return enemies


def _likeness(case: CaseFile, axes: Axes) -> np.ndarray:
    """Likeness of watcher (clients, then powers, each padded) to client [o, c]."""
    clients = axes.size["client"]
    likeness = np.zeros((clients + axes.size["power"], clients))
    row = _watchers(axes)
    for name, client in case.clients.items():
        table = client.likeness.values if client.likeness else {}
        column = axes.place["client"][name]
        for watcher, at in row.items():
            likeness[at, column] = table.get(watcher, case.default_likeness.value)
        likeness[row[name], column] = 1.0
    return likeness


def _theatres(case: CaseFile, axes: Axes) -> dict[str, np.ndarray]:
    theatres = case.theatres
    fought = {name: theatre for name, theatre in theatres.items() if theatre.fought}
    within = {(k, p): tp for k, theatre in theatres.items() for p, tp in theatre.powers.items()}

    def sides(noun: str) -> np.ndarray:
        return axes.fill("ks", {(k, s): 1.0 for k, t in theatres.items() for s in getattr(t, noun)})

    def table(noun: str) -> np.ndarray:
        return axes.tables("ks", {name: getattr(t, noun) for name, t in theatres.items()})

    def power_sides(noun: str) -> np.ndarray:
        pairs = {(*kp, s): 1.0 for kp, power in within.items() for s in getattr(power, noun)}
        return axes.fill("kps", pairs)

    stake = np.zeros((*axes.shape("kp"), len(MOTIVES)))
    for kp, power in within.items():
        stake[axes.at("kp", kp)] = [power.stake.values.get(motive, 0.0) for motive in MOTIVES]
    contenders = {kp: 1.0 for kp, power in within.items() if power.contender and kp[0] in fought}
    radical = {(k, t.radical): 1.0 for k, t in theatres.items() if t.radical}
    return {
        "theatre_on": axes.fill("k", dict.fromkeys(fought, 1.0)),
        "client_of": axes.fill("kc", {(k, t.client): 1.0 for k, t in theatres.items() if t.client}),
        "side_on": sides("sides"),
        "hostile": _hostile(theatres, axes),
        "challenger": sides("challengers"),
        "heir": sides("heirs"),
        "moderate": sides("moderate"),
        "radical": axes.fill("ks", radical),
        "backs": axes.fill("kps", {(*kp, power.backs): 1.0 for kp, power in within.items()}),
        "contender": axes.fill("kp", contenders),
        "stake": stake,
        "named_enemy": power_sides("named_enemy"),
        "pursues": power_sides("strikes"),
        "distance": axes.fill("kp", {kp: power.distance.value for kp, power in within.items()}),
        "own_air": table("own_air"),
        "mobilised": table("mobilised"),
        "upkeep_start": _figures(axes, "k", theatres, "upkeep", 1.0),
        "discipline": table("discipline"),
        "reserve": axes.tables("ks", {n: t.reserve for n, t in theatres.items()}, default=2.0),
        "quality": axes.tables("ks", {n: t.quality for n, t in theatres.items()}, default=1.0),
        "unproven": axes.tables("ks", {n: t.unproven for n, t in theatres.items()}, default=1.0),
        "theatre_stream": axes.streams("theatre", [t.stream for t in theatres.values()]),
        "side_stream": axes.streams("side", [None] * len(case.sides)),
    }


def _hostile(theatres: dict[str, Theatre], axes: Axes) -> np.ndarray:
    pairs = {(k, a, b): 1.0 for k, theatre in theatres.items() for a, b in theatre.hostile}
    return axes.fill("kss", pairs | {(k, b, a): 1.0 for k, a, b in pairs})


def _regions(case: CaseFile, axes: Axes) -> dict[str, np.ndarray]:
    regions = regions_of(case)
    area, people = axes.fill("r", {}), axes.fill("r", {})
    inside, adjacent = axes.fill("kr", {}), axes.fill("rr", {})
    for r, (name, (theatre, region)) in enumerate(regions.items()):
        others = case.theatres[theatre].regions.values()
        area[r] = region.area.value / sum(other.area.value for other in others)
        people[r] = region.population.value / sum(other.population.value for other in others)
        inside[axes.place["theatre"][theatre], r] = 1.0
        for other in region.neighbours:
            adjacent[axes.at("rr", (name, f"{theatre}/{other}"))] = 1.0 / len(region.neighbours)
    priority = {
        (name, side): region.priority.values.get(side, 1.0) if region.priority else 1.0
        for name, (theatre, region) in regions.items()
        for side in case.theatres[theatre].sides
    }
    return {
        "region_on": axes.on("r"),
        "in_theatre": inside,
        "theatre_of": np.argmax(inside, axis=0).astype(np.int32),
        "area": area,
        "people": people,
        "population": axes.fill("r", {n: x.region.population.value for n, x in regions.items()}),
        "seat": axes.fill("r", {n: 1.0 for n, x in regions.items() if x.region.seat}),
        "adjacent": adjacent,
        "backing": axes.tables("rs", {n: x.region.backing for n, x in regions.items()}),
        "priority": axes.fill("rs", priority),
        "region_stream": axes.streams("region", [x.region.stream for x in regions.values()]),
    }


def _sites(case: CaseFile, axes: Axes) -> dict[str, np.ndarray]:
    sites = case.sites
    return {
        "site_on": axes.on("b"),
        "site_client": axes.fill("bc", {(name, site.client): 1.0 for name, site in sites.items()}),
        "site_region": axes.fill("br", {(n, s.region): 1.0 for n, s in sites.items() if s.region}),
        "site_reach": axes.fill("bk", {(n, k): 1.0 for n, s in sites.items() for k in s.reach}),
        "site_value": axes.tables("bp", {name: site.value for name, site in sites.items()}),
        "site_stream": axes.streams("site", [site.stream for site in sites.values()]),
    }


def _figures(
    axes: Axes,
    letter: str,
    entities: dict[str, Power] | dict[str, Client] | dict[str, Theatre],
    noun: str,
    default: float = 0.0,
) -> np.ndarray:
    """One figure of every entity [padded]; `default` for padding and where there is none."""
    found: dict[str, Any] = {name: getattr(entity, noun) for name, entity in entities.items()}
    return axes.fill(letter, {name: f.value for name, f in found.items() if f}, default)

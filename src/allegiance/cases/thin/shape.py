"""The thin world: a record's figures in the form of a case file.

Four regions (the seat, the core around it, the outer land, the border) hold fixed shares of people,
land and men; a challenger stands in the border first, then in the outer land, then in the core, and
never in the seat at the start. Conventions on armies are those of the shipped cases: volunteers
are a little harder to break, reserves are four times the standing force, a government is two thirds
legitimate. What follows from a figure carries its provenance; what does not is assumed and says so.
"""

from __future__ import annotations

from typing import Any

from allegiance.cases.thin.record import Known, Record

REGIONS = {
    # people, land, men of the government, men of the challenger
    "seat": (0.25, 0.02, 0.35, 0.0),
    "core": (0.35, 0.28, 0.30, 0.15),
    "outer": (0.25, 0.40, 0.20, 0.35),
    "border": (0.15, 0.30, 0.15, 0.50),
}
NEIGHBOURS = {
    "seat": ["core"],
    "core": ["seat", "outer", "border"],
    "outer": ["core", "border"],
    "border": ["core", "outer"],
}
BACKING = {
    # government, insurgents
    "seat": (0.5, 0.1),
    "core": (0.4, 0.2),
    "outer": (0.3, 0.35),
    "border": (0.3, 0.35),
}
AGAINST_ALL = 0.05
"""Backing of an invader, and of opponents at peace, everywhere."""

MOST_LOST = 0.95
"""Most that a challenger holds of a region at the start."""

UNDERGROUND = 0.2
"""As the parameter of that name: backers in land held by others who can be recruited."""

LAND = 100.0
"""Thousand km2 in all; only shares of land are read."""


def assumed(value: Any, why: str) -> dict[str, Any]:
    """A figure of the thin world itself, or a table of them."""
    return {"values" if isinstance(value, dict) else "value": value, "assumed": f"thin case: {why}"}


def case(record: Record, known: dict[str, Known], name: str) -> dict[str, Any]:
    """The data of case.yaml."""
    title = f"{record.client} under {record.patron}, {record.start.year}"
    return {
        "name": name,
        "title": title,
        "summary": f"A thin case ({record.kind}), drafted by rule from a flat record; see README.",
        "from": record.start,
        "until": record.until,
        "sides": ["government", "challenger"],
        "default_likeness": assumed(0.3, "regimes are alike in part"),
        "powers": {"patron": _patron(record, known), "rival": _rival(record, known)},
        "clients": {"client": _client(record, known), "watcher": _watcher()},
        "theatres": {"client": _theatre(record, known)},
        "inputs": _inputs(known),
        "outcomes": {
            "falls": {"label": "the government falls to its enemies", "event": "client.fallen"},
            "overthrown": {
                "label": "the government is overthrown from within",
                "event": "client.overthrown",
            },
        },
    }


def _power(force: Known, gdp: Known) -> dict[str, Any]:
    surplus = round(0.002 * gdp.value, 6)
    return {
        "gdp": gdp.plain(),
        "treasury": assumed(surplus * 2.5, "half a per cent of output"),
        "peak_treasury": assumed(surplus * 5, "twice the start"),
        "surplus": assumed(surplus, "a fifth of a per cent of output"),
        "force": force.plain(),
        "peak_force": force.plain(force.value * 1.33),
        "facade": assumed(0.1, "a tenth more than it has"),
        "support": assumed(0.5, "half"),
        "audience": assumed(0.1, "no single loyalist audience"),
        "openness": assumed(0.4, "trade over output"),
    }


def _patron(record: Record, known: dict[str, Known]) -> dict[str, Any]:
    air = max(2.0 * known["patron_air"].value, 0.1)
    return {
        "label": record.patron,
        **_power(known["patron_force"], known["patron_gdp"]),
        "air_capacity": assumed(round(air, 6), "twice what it offers here"),
        "motive": assumed(
            {"survival": 0.3, "reach": 0.25, "status": 0.2, "fear": 0.1, "stated": 0.15},
            "a patron like any other",
        ),
        "trade": assumed({}, "not used"),
        "rivals": ["rival"],
    }


def _rival(record: Record, known: dict[str, Known]) -> dict[str, Any]:
    half = Known(0.5 * known["patron_force"].value, "assumed", "thin case: half the patron's")
    gdp = Known(0.5 * known["patron_gdp"].value, "assumed", "thin case: half the patron's")
    return {
        "label": record.rival,
        **_power(half, gdp),
        "air_capacity": assumed(0.1, "its men are given, its planes are not"),
        "motive": assumed(
            {"survival": 0.2, "reach": 0.3, "status": 0.2, "fear": 0.1, "stated": 0.2},
            "a rival like any other",
        ),
        "trade": assumed({}, "not used"),
        "rivals": ["patron"],
    }


def _client(record: Record, known: dict[str, Known]) -> dict[str, Any]:
    return {
        "label": record.client,
        "population": {**known["population"].plain(), "unit": "million"},
        "gdp": known["gdp"].plain(),
        "revenue": assumed(0.2, "a fifth of output"),
        "kinship": assumed({"patron": 0.5, "rival": 0.3}, "not coded"),
        "alignment": assumed({"patron": 0.6, "rival": 0.05, "autonomy": 0.35}, "a client"),
        "pledge": _values({"patron": known["pledge"].value}, known["pledge"]),
        "trust": assumed({"patron": 0.5, "rival": 0.3}, "the base rate of pledges kept"),
        "trust_weight": assumed(4, "an opinion worth four crises, as in the shipped cases"),
        "affinity": assumed({}, "none"),
        "proximity": assumed({"patron": 0.2, "rival": 0.8}, "the rival is near"),
    }


def _watcher() -> dict[str, Any]:
    return {
        "label": "Another client of the patron",
        "gdp": assumed(20, "a middle client"),
        "revenue": assumed(0.2, "a fifth of output"),
        "kinship": assumed({"patron": 0.5, "rival": 0.3}, "as the client"),
        "alignment": assumed({"patron": 0.6, "rival": 0.05, "autonomy": 0.35}, "as the client"),
        "pledge": assumed({"patron": 0.5}, "half"),
        "trust": assumed({"patron": 0.5, "rival": 0.3}, "as the client"),
        "trust_weight": assumed(4, "as the client"),
        "affinity": assumed({}, "none"),
        "proximity": assumed({"patron": 0.2, "rival": 0.2}, "far from both"),
    }


def _values(values: dict[str, float], known: Known) -> dict[str, Any]:
    rounded = {name: round(value, 6) for name, value in values.items()}
    return {"values": rounded, known.tag: known.text}


def control(lost: float) -> dict[str, float]:
    """The challenger's share of each region, `lost` being its share of all the people."""
    left, found = lost, dict.fromkeys(REGIONS, 0.0)
    for name in ("border", "outer", "core"):
        people = REGIONS[name][0]
        found[name] = min(left / people, MOST_LOST)
        left -= found[name] * people
    return found


def backing(record: Record) -> dict[str, tuple[float, float]]:
    """Share of each region's people behind the government and the challenger."""
    if record.kind == "insurgency":
        return BACKING
    return dict.fromkeys(BACKING, (0.5, AGAINST_ALL))


def _mobilised(record: Record, known: dict[str, Known]) -> tuple[float, float]:
    """Fighters per million backers, so that the standing forces are at rest at the start."""
    held, behind = control(known["lost"].value), backing(record)
    ours = sum(REGIONS[name][0] * behind[name][0] * (1.0 - held[name]) for name in REGIONS)
    theirs = sum(
        REGIONS[name][0] * behind[name][1] * (held[name] + UNDERGROUND * (1.0 - held[name]))
        for name in REGIONS
    )
    people = known["population"].value
    return known["army"].value / (people * ours), known["rebels"].value / (people * theirs)


def _theatre(record: Record, known: dict[str, Known]) -> dict[str, Any]:
    ours, theirs = _mobilised(record, known)
    solved = "solved: the standing forces are at rest at the start"
    there = known["patron_there"].value > 0 or "troops" in record.support
    offer, air = known["patron_offer"], known["patron_air"]
    patron = {
        "backs": "government",
        "commitment": assumed(1.0 if there else 0.0, "in where its troops are, else out"),
        "ground": offer.plain(),
        "air": air.plain(),
        "stake": assumed(
            {"survival": 0.7, "reach": 0.5, "status": 0.6, "fear": 0.3, "stated": 0.4},
            "a client like any other",
        ),
        "named_enemy": ["challenger"],
        "strikes": ["challenger"],
        "distance": known["patron_distance"].plain(),
    }
    rival = {
        "backs": "challenger",
        "contender": False,
        "ground": assumed(0, "its men are given as men that it pays and arms"),
        "air": assumed(0, "none"),
        "stake": assumed({"reach": 0.6, "stated": 0.6}, "a client like any other"),
        "strikes": ["government"],
        "distance": assumed(1.0, "adjoins"),
    }
    legitimacy = "two thirds, the same in every thin case"
    return {
        "label": record.client,
        "client": "client",
        "sides": ["government", "challenger"],
        "hostile": [["government", "challenger"]],
        "challengers": ["challenger"],
        "heirs": ["challenger"],
        "mobilised": assumed(
            {"government": round(ours, 6), "challenger": round(theirs, 6)}, solved
        ),
        "reserve": assumed({"government": 4, "challenger": 4}, "as in the shipped cases"),
        "discipline": assumed(
            {"challenger": 0.0 if record.kind == "invasion" else 0.5},
            "volunteers stand where an army would break; an invader is an army",
        ),
        "legitimacy": assumed({"government": 0.67}, legitimacy),
        "upkeep": known["army"].plain(),
        "powers": {"patron": patron, "rival": rival},
        "regions": _regions(record, known),
    }


def _regions(record: Record, known: dict[str, Known]) -> dict[str, Any]:
    held, behind = control(known["lost"].value), backing(record)
    men = known["rebels"].value + known["sponsored"].value
    found = {}
    for at, (name, (people, land, ours, theirs)) in enumerate(REGIONS.items()):
        lost = round(held[name], 6)
        found[name] = {
            "label": name.capitalize(),
            "lon": round(0.5 * at, 1),
            "lat": 0.0,
            "area": assumed(LAND * land, "a fixed share of the land"),
            "population": {**known["population"].plain(known["population"].value * people)},
            "seat": name == "seat",
            "neighbours": NEIGHBOURS[name],
            "backing": assumed(
                {"government": behind[name][0], "challenger": behind[name][1]}, "a fixed share"
            ),
            "priority": assumed(
                {"government": 5, "challenger": 2} if name == "seat" else {},
                "the seat first, as for every government",
            ),
            "control": _values({"government": 1.0 - lost, "challenger": lost}, known["lost"]),
            "force": assumed(
                {
                    "government": round(known["army"].value * ours, 6),
                    "challenger": round(men * theirs, 6),
                },
                "fixed shares of the forces of the record",
            ),
        }
    return found


def _inputs(known: dict[str, Known]) -> dict[str, Any]:
    return {
        "client.burden_force[patron]": known["patron_bound"].plain(),
        "client.sponsor[rival,challenger]": known["sponsored"].plain(),
        "client.restraint[rival]": known["restraint"].plain(),
        "client.economy": known["economy"].plain(),
    }

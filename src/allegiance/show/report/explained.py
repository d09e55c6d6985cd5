"""What `allegiance explain` has found, as a report shows it: levels, clear effects, shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allegiance.show.cards import clear, large
from allegiance.show.report import commands

Found = Mapping[str, Any]

LEVELS = {
    "at_values": "at the given values",
    "over_priors": "over the priors of what is uncertain",
}
"""What `explain` prints of an outcome's level, and in which words; they may lie far apart."""

TAKEN = {
    "rows": "Without a mechanism",
    "entries": "Without a dated entry of the timeline",
}


def shown(found: Found, outcome: str | None, until: str) -> dict[str, Any]:
    """What the page says of `found`; `same` tells whether it is about the report's own outcome.

    `until` is the case's own end.
    """
    about = found["outcome"]
    return {
        "outcome": about,
        "same": outcome is not None and about.get("id") == outcome,
        "event": about.get("kind") == "event",
        "runs": found.get("runs"),
        "levels": levels(found),
        "taken": [
            {"heading": heading, **effects(found.get(key, []))} for key, heading in TAKEN.items()
        ],
        "shares": shares(found),
        "boxes": found.get("boxes", []),
        "notes": found.get("notes", []),
        "command": commands.explain(found, until),
    }


def levels(found: Found) -> list[dict[str, Any]]:
    """The outcome's level at the given values and over the priors, those that were printed."""
    return [{"words": words, **found[key]} for key, words in LEVELS.items() if found.get(key)]


def effects(rows: list[Any]) -> dict[str, Any]:
    """Effects that are clear of 0 and not tiny, in their order; the rest by ID."""
    told: dict[str, Any] = {"certain": [], "small": [], "unclear": [], "none": 0}
    for row in rows:
        if row.get("difference") is None:
            continue
        if clear(row):
            told["certain" if large(row) else "small"].append(row)
        elif row["difference"]:
            told["unclear"].append(row)
        else:
            told["none"] += 1
    return told


def shares(found: Found) -> list[dict[str, Any]]:
    """Sobol indices with their intervals; `zero` where one is not clear of 0.

    `none` marks what has no part in the variance at all.
    """
    told = []
    for row in (found.get("sobol") or {}).get("indices", []):
        cells = {}
        for kind in ("first", "total"):
            low, high = row.get(f"{kind}_q05"), row.get(f"{kind}_q95")
            value = row[kind]
            cells[kind] = {
                "value": value,
                "low": low,
                "high": high,
                "zero": value <= 0.0 or (low is not None and low <= 0.0),
            }
        none = all(row[kind] == 0.0 and not cells[kind]["high"] for kind in cells)
        told.append({"name": row["name"], "none": none, **cells})
    return told

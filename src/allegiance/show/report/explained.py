"""What `allegiance explain` has found, as a report shows it: levels, clear effects, shares."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from allegiance.show.cards import clear, large

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


def shown(found: Found, outcome: str | None) -> dict[str, Any]:
    """What the page says of `found`; `same` tells whether it is about the report's own outcome."""
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
        "command": command(found),
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


def command(found: Found) -> str:
    """The command that finds it again; names of what was varied are not kept whole, so no --over.

    `explain` prints how many futures it used, which may be fewer than were asked for: so many
    asked for give the same.
    """
    parts = ["allegiance", "explain", str(found["case"])]
    if found["outcome"].get("id"):
        parts += ["--outcome", found["outcome"]["id"]]
    runs, points = found.get("runs"), found.get("points")
    if isinstance(runs, int) and isinstance(points, int):
        blocks = len(found.get("uncertainties", [])) + 2
        parts += ["--runs", str(max(runs, 2 * points * blocks))]
    if found.get("seed") is not None:
        parts += ["--seed", str(found["seed"])]
    if found.get("theory", "default") != "default":
        parts += ["--theory", str(found["theory"])]
    for lever in found.get("levers", []):
        parts += str(lever).split(" ", 1)
    return f"{shlex.join(parts)} --json > explanation.json"

"""The commands that make again what a report shows, with every option that changed a number."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from allegiance.cases.addresses import parse
from allegiance.show.report.stored import Stored

Found = Mapping[str, Any]

OTHERS = 3
"""Blocks of a Sobol' design beside those of the inputs: chance, and two independent samples."""


def run(stored: Stored) -> str:
    """The command that makes a stored run again, in a folder DIR."""
    kept, case = stored.manifest, stored.scenario.files.case
    report = stored.futures.report
    parts = ["allegiance", "run", kept["case"], "--runs", kept["runs"], "--seed", kept["seed"]]
    parts += _world(kept["theory"], kept["until"], case.until.isoformat(), kept["levers"])
    dates = next((o["by"] for o in report["outcomes"].values() if o.get("by")), ())
    own = {str(parse(o.quantity)) for o in case.outcomes.values() if o.quantity}
    parts += _repeated("--by", dates)
    parts += _repeated("--record", (name for name in report["series"] if name not in own))
    if report.get("posterior"):
        parts += ["--posterior", report["posterior"]]
    return shlex.join([*map(str, parts), "--out", "DIR"])


def compare(found: Found) -> str:
    """The command that compares the theories again; levers are pulled in every case alike."""
    parts = ["allegiance", "compare", *found.get("cases", ["CASE"])]
    parts += ["--theories", ",".join(found["posterior"])]
    for name in ("runs", "seed"):
        if isinstance(found.get(name), int):
            parts += [f"--{name}", str(found[name])]
    for lever in next(iter((found.get("levers") or {}).values()), ()):
        parts += str(lever).split(" ", 1)
    return f"{shlex.join(parts)} --json > comparison.json"


def explain(found: Found, until: str) -> str:
    """The command that explains the outcome again; `until` is the case's own end.

    `explain` prints how many futures it used, which may be fewer than were asked for: so many
    asked for give the same.
    """
    parts = ["allegiance", "explain", str(found["case"])]
    if found["outcome"].get("id"):
        parts += ["--outcome", found["outcome"]["id"]]
    parts += _repeated("--over", (name for name in found.get("over", ()) if name != "free"))
    runs, points = found.get("runs"), found.get("points")
    if isinstance(runs, int) and isinstance(points, int):
        # Parameters of one verb may vary together, as one input.
        inputs = {row.get("group", at) for at, row in enumerate(found.get("uncertainties", []))}
        parts += ["--runs", str(max(runs, 2 * points * (len(inputs) + OTHERS)))]
    if found.get("seed") is not None:
        parts += ["--seed", str(found["seed"])]
    parts += _world(
        str(found.get("theory", "default")),
        str(found.get("until", until)),
        until,
        found.get("levers", ()),
    )
    return f"{shlex.join(parts)} --json > explanation.json"


def _world(theory: str, until: str, end: str, levers: Iterable[Any]) -> list[str]:
    parts = [] if theory == "default" else ["--theory", theory]
    parts += [] if until == end else ["--until", until]
    for lever in levers:
        parts += str(lever).split(" ", 1)
    return parts


def _repeated(option: str, values: Iterable[str]) -> list[str]:
    return [part for value in values for part in (option, value)]

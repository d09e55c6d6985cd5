"""The story of a world, as the page shows it: plain data from one pass over the futures.

Dates are thinned to at most MOST_DATES. The map and the ties hold means over the futures, fans the
5, 25, 50, 75 and 95% quantiles. The dossier's fit is what `allegiance confront --posterior none`
gives for as many futures.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from allegiance.cases.schema import CaseFile
from allegiance.engine import simulate
from allegiance.engine.chunks import Chunk
from allegiance.engine.outcomes import Tally, days_by, plain
from allegiance.engine.selection import patrons
from allegiance.engine.setup import Setup
from allegiance.engine.units import unit_of
from allegiance.evidence import record
from allegiance.evidence.confront import confronted
from allegiance.show.confrontation import standing
from allegiance.web import recording

MOST_DATES = 200
LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


def collected(setup: Setup, chunks: Iterable[Chunk]) -> dict[str, Any]:
    """The story from an order that `recording.order` made, and its chunks."""
    items = recording.items(setup.scenario)
    steps = setup.built.steps
    stride = -(-steps // MOST_DATES)
    keep = np.unique([*range(0, steps, stride), steps - 1])
    tally, kept = Tally(setup), []

    def watched() -> Iterator[Chunk]:
        for chunk in chunks:
            tally.add(chunk)
            kept.append(chunk.records[keep])
            yield chunk

    fit, told = None, []
    if items:
        read = record.readings(setup, items, chunks=watched())
        held = confronted(setup.scenario, items, read, setup.seed)
        fit, told = held.summary(), standing(held)
    else:
        deque(watched(), maxlen=0)
    paths = _Paths(setup, np.concatenate(kept, axis=2))
    report = simulate.report(setup, tally, 0.0)
    del report["seconds"], report["series"]
    case = setup.scenario.files.case
    return {
        **report,
        "dates": [setup.built.calendar.date(int(step)).isoformat() for step in keep],
        "first": _passages(setup, tally, keep),
        "maps": _maps(case, paths),
        "ties": _ties(case, paths),
        "fans": list(_fans(case, paths)),
        "fit": fit,
        "standing": told,
    }


class _Paths:
    """Recorded paths [date, address, run] by address."""

    def __init__(self, setup: Setup, records: np.ndarray) -> None:
        self.records = records
        self.rows = {address: at for at, address in enumerate(setup.addresses)}

    def __contains__(self, address: str) -> bool:
        return address in self.rows

    def __getitem__(self, address: str) -> np.ndarray:
        """The paths of an address [date, run]."""
        return self.records[:, self.rows[address]].astype(np.float64)

    def mean(self, address: str) -> list[float | None]:
        return [plain(x, 3) for x in self[address].mean(axis=1)]


def _passages(setup: Setup, tally: Tally, keep: np.ndarray) -> dict[str, list[float | None]]:
    """Share of the futures in which each event has happened by each date."""
    ends = [days_by(setup, setup.built.calendar.date(int(step))) for step in keep]
    return {
        name: [plain(float((numbers < end).mean()), 4) for end in ends]
        for (name, outcome), numbers in zip(setup.outcomes.items(), tally.values, strict=True)
        if outcome.event is not None
    }


def _maps(case: CaseFile, paths: _Paths) -> dict[str, Any]:
    """Mean share of each region that each side holds, by war, region and side."""
    return {
        name: {
            region: {side: paths.mean(f"{name}/{region}.control[{side}]") for side in theatre.sides}
            for region in theatre.regions
        }
        for name, theatre in case.theatres.items()
        if theatre.fought
    }


def _ties(case: CaseFile, paths: _Paths) -> list[dict[str, Any]]:
    """Mean trust and alignment of every recorded tie of a client to a patron."""
    return [
        {
            "client": client,
            "power": power,
            "trust": paths.mean(f"{client}->{power}.trust"),
            "alignment": paths.mean(f"{client}->{power}.alignment"),
        }
        for power in patrons(case)
        for client in case.clients
        if f"{client}->{power}.trust" in paths and f"{client}->{power}.alignment" in paths
    ]


def _fans(case: CaseFile, paths: _Paths) -> Iterator[dict[str, Any]]:
    backers = patrons(case)
    for name, theatre in case.theatres.items():
        if not theatre.fought:
            continue
        client, ruling = theatre.client, case.sides[0]
        mine = [power for power in backers if power in theatre.powers]
        held = [(f"{name}.control[{side}]", side) for side in theatre.sides]
        yield _fan(f"{theatre.label}: area held", held, paths, "% of the area", 100.0)
        for power in mine:
            nouns = ("pledge", "asked", "delivered")
            help_ = [(f"{client}->{power}.{noun}", noun) for noun in nouns]
            to = case.clients[client].label if client else theatre.label
            label = f"Help from {case.powers[power].label} to {to}: pledged, asked, delivered"
            yield _fan(label, help_, paths, "% of what it could offer", 100.0)
        army = [(f"{name}.{ruling}.cohesion", ruling)]
        yield _fan(f"{theatre.label}: share of the army that fights", army, paths, "%", 100.0)
        force = [(f"{name}.{side}.force", side) for side in theatre.sides]
        yield _fan(f"{theatre.label}: men under arms", force, paths, "thousand persons")
        trust = [(f"{client}->{power}.trust", case.powers[power].label) for power in mine]
        label = f"Trust of {case.clients[client].label} in its patrons" if client else ""
        yield _fan(label, trust, paths, "% of pledges it expects kept", 100.0)
    for noun, label in (("force", "Force of the patrons"), ("treasury", "Money of the patrons")):
        lines = [(f"{power}.{noun}", case.powers[power].label) for power in backers]
        yield _fan(label, lines, paths, unit_of(f"power.{noun}"))


def _fan(
    title: str, lines: list[tuple[str, str]], paths: _Paths, unit: str, scale: float = 1.0
) -> dict[str, Any]:
    drawn = []
    for address, label in lines:
        if address not in paths:
            continue
        found = np.quantile(paths[address] * scale, list(LEVELS.values()), axis=1)
        quantiles = {
            level: [plain(x, 4) for x in path] for level, path in zip(LEVELS, found, strict=True)
        }
        drawn.append({"address": address, "label": label.replace("_", " "), **quantiles})
    return {"title": title, "unit": unit, "lines": drawn}

"""What came before a government's fall: what the model's equations say brings an army down, first.

An army stops fighting (row S32) when the odds, foreign help, ground lost lately and pay no longer
carry it; the patrons' troops and means stand behind help. Each quantity has a sense: more of it
holds the army, or brings it down. What moved the other way did not bring the fall about, and is
named apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.engine.selection import patrons
from allegiance.engine.units import unit_of
from allegiance.show import sentences
from allegiance.show.figures.inputs import Inputs
from allegiance.show.report.stored import Stored

YEAR, MONTH, WEEK = 364, 28, 7

STIRS = 0.02
"""Least change from a year before to the last week, as a share of the quantity's own scale, that
is called a move."""

FALLS = ("fallen", "fell", "seat_lost", "exile", "exiled")
"""Events of a government's end: of others the equations of its army say nothing."""


class Sign(NamedTuple):
    """A quantity around the fall; `sense` +1: more of it holds the army, -1: it brings it down."""

    address: str
    sense: int


def backers(stored: Stored, theatre: str | None) -> list[str]:
    """Patrons of the government in a war, in the order of the case."""
    case = stored.scenario.files.case
    if theatre is None:
        return []
    return [power for power in patrons(case) if power in case.theatres[theatre].powers]


def signs(stored: Stored, theatre: str) -> Iterator[Sign]:
    """Quantities in the order of how near they stand to the end of an army."""
    war = stored.scenario.files.case.theatres[theatre]
    own, *others = war.sides
    yield Sign(f"{theatre}.{own}.cohesion", 1)
    yield Sign(f"{theatre}.{own}.odds", 1)
    yield Sign(f"{theatre}.control[{own}]", 1)
    yield Sign(f"{theatre}.{own}.defeat", -1)
    powers = backers(stored, theatre)
    yield from (Sign(f"{theatre}.short[{power}]", -1) for power in powers)
    yield from (Sign(f"{war.client}->{power}.delivered", 1) for power in powers)
    yield Sign(f"{theatre}.{own}.pay", 1)
    yield Sign(f"{theatre}.{own}.force", 1)
    yield from (Sign(f"{theatre}.{side}.force", -1) for side in others)
    for power in powers:
        yield Sign(f"{theatre}.deployed[{power}]", 1)
        yield Sign(f"{theatre}.air[{power}]", 1)
        yield Sign(f"{power}.strength", 1)


def before(stored: Stored, inputs: Inputs, outcome: str, theatre: str) -> list[dict[str, Any]]:
    """Medians a year, a month and a week before an event, over the futures in which it comes.

    `moved` tells whether the median change of a future was "with" a government's fall, "against"
    it, or "hardly" one; of other events only whether it "moved". Empty where the event comes in no
    future.
    """
    case = stored.scenario.files.case
    event = case.outcomes[outcome].event if outcome in case.outcomes else None
    falls = event is not None and parse(event).noun in FALLS
    if not np.isfinite(inputs.futures.values[outcome]).any():
        return []
    known = sentences.labels(case)
    found = []
    for address, sense in signs(stored, theatre):
        if address not in inputs or not np.isfinite(inputs.paths(address)).all():
            continue
        year, _, week = rows = aligned(inputs, address, outcome, (-YEAR, -MONTH, -WEEK))
        paths = inputs.paths(address)
        scale = 1.0 if unit_of(address) in ("share", "log") else float(np.abs(paths).max())
        change = float(np.median(week - year))
        moved = "hardly"
        if abs(change) > STIRS * scale:
            moved = ("against" if change * sense > 0.0 else "with") if falls else "moved"
        told, unit = _read(address, rows)
        found.append(
            {
                "what": sentences.quantity(address, known),
                "address": address,
                "unit": unit,
                "numbers": [float(np.median(row)) for row in told],
                "moved": moved,
            }
        )
    return found


def _read(address: str, rows: list[np.ndarray]) -> tuple[list[np.ndarray], str]:
    """A quantity as people read it: logarithms as ratios, shares in percent."""
    noun, unit = parse(address).noun.split(".")[-1], unit_of(address)
    if noun == "odds":
        return [np.exp(row) for row in rows], "to 1"
    if noun == "defeat":
        return [100.0 * -np.expm1(-row) for row in rows], "%"
    if unit == "log":
        return [100.0 * np.exp(row - rows[0]) for row in rows], "% of a year before"
    return ([100.0 * row for row in rows], "%") if unit == "share" else (rows, unit)


def help_before(stored: Stored, inputs: Inputs, outcome: str, theatre: str) -> list[dict[str, Any]]:
    """Help of each patron a month before the event: promised, asked, delivered (medians)."""
    case = stored.scenario.files.case
    client = case.theatres[theatre].client
    if not np.isfinite(inputs.futures.values[outcome]).any():
        return []
    found = []
    for power in backers(stored, theatre):
        wanted = [f"{client}->{power}.{noun}" for noun in ("pledge", "asked", "delivered")]
        if inputs.missing(wanted):
            continue
        numbers = [float(np.median(aligned(inputs, a, outcome, (-MONTH,))[0])) for a in wanted]
        found.append({"label": case.powers[power].label, "numbers": numbers})
    return found


def aligned(inputs: Inputs, address: str, outcome: str, days: Iterable[int]) -> list[np.ndarray]:
    """A quantity so many days after the event [run that has it], clipped to the run's span."""
    when = inputs.futures.values[outcome]
    happened = np.flatnonzero(np.isfinite(when))
    step = (inputs.dates[1] - inputs.dates[0]).astype(int) if len(inputs.dates) > 1 else 7
    paths = inputs.paths(address)
    found = []
    for shift in days:
        at = np.clip(((when[happened] + shift) // step).astype(int), 0, len(inputs.dates) - 1)
        found.append(paths[happened, at].astype(float))
    return found


def burdens(stored: Stored, theatre: str | None) -> list[str]:
    """Entries to take away in another world, the likeliest to matter first.

    Those that bind patrons of the government elsewhere, by their largest burdens on the first
    patron and then on the others; without any, the entries that pin a decision in the war.
    """
    powers = backers(stored, theatre)
    entries = stored.scenario.files.timeline.entries
    peaks: dict[tuple[str, str], dict[str, float]] = {}
    for id, entry in entries.items():
        for change in entry.inputs:
            found = parse(change.address)
            if not found.noun.startswith("burden") or found.subject == theatre:
                continue
            top = max([*(change.path or {}).values(), change.pulse or 0.0])
            for power in found.keys:
                kind = peaks.setdefault((power, found.noun), {})
                kind[id] = max(kind.get(id, 0.0), float(top))
    weight: dict[str, list[float]] = {}
    for (power, _), kind in peaks.items():
        largest = max(kind.values())
        for id, size in kind.items():
            place = powers.index(power) if power in powers else len(powers)
            row = weight.setdefault(id, [0.0] * (len(powers) + 1))
            row[place] += size / largest if largest > 0.0 else 0.0
    if weight:
        return sorted(weight, key=lambda id: [-size for size in weight[id]])
    return [
        id
        for id, entry in entries.items()
        if entry.decision is not None and entry.decision.theatre == theatre
    ]

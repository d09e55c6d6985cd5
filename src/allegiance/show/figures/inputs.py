"""From futures and their case to what the figures take.

Everything asks first whether it was recorded: what a store lacks is left out, and `missing` names
the addresses that would bring it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.engine.selection import patrons
from allegiance.show.colours import COLOURS, GREY
from allegiance.show.figures import LEVELS, Chance, Place, Pledge, Point, Shift, Tie, Trust

if TYPE_CHECKING:
    from allegiance.cases.schema import CaseFile, Theatre
    from allegiance.engine.futures import Futures
    from allegiance.evidence.schema import Item

BLOCK = 16
"""Addresses read at a time: neighbours lie in one file of a store."""


class Control(NamedTuple):
    """Input of `control_map`."""

    places: list[Place]
    dates: np.ndarray
    shares: np.ndarray
    sides: list[str]
    colours: dict[str, str]


class Inputs:
    """Reads futures by address, and turns them into fans, maps and ties."""

    def __init__(self, futures: Futures, case: CaseFile) -> None:
        self.futures = futures
        self.case = case
        self.dates = futures.dataset["date"].values.astype("datetime64[D]")
        self._places = {address: i for i, address in enumerate(futures.addresses)}
        self._block = lru_cache(maxsize=4)(self._read)

    def __contains__(self, address: str) -> bool:
        """Whether an address was recorded."""
        return address in self._places

    def paths(self, address: str) -> np.ndarray:
        """A recorded quantity [run, date].

        Raises:
            KeyError: it was not recorded.
        """
        at = self._places[address]
        return self._block(at // BLOCK)[..., at % BLOCK]

    def _read(self, block: int) -> np.ndarray:
        some = slice(block * BLOCK, (block + 1) * BLOCK)
        return np.asarray(self.futures.dataset["trajectory"][..., some].values)

    def fan(self, address: str, factor: float = 1.0, steps: Any = slice(None)) -> np.ndarray:
        """Quantiles of a recorded quantity [level, date], times `factor`; NaN where none has it."""
        paths = self.paths(address)[:, steps].astype(float)
        seen = np.isfinite(paths)
        if seen.all():
            return np.quantile(paths, LEVELS, axis=0) * factor
        found = np.full((len(LEVELS), paths.shape[1]), np.nan)
        some = seen.any(axis=0)
        found[:, some] = np.nanquantile(paths[:, some], LEVELS, axis=0)
        return found * factor

    def thinned(self, most: int = 200) -> np.ndarray:
        """Numbers of at most some `most` evenly spaced steps."""
        return np.arange(0, len(self.dates), max(1, -(-len(self.dates) // most)))

    def wars(self) -> dict[str, Theatre]:
        """Simulated wars by name."""
        return {name: t for name, t in self.case.theatres.items() if t.fought}

    def missing(self, addresses: Iterable[str]) -> list[str]:
        """Those of the addresses that were not recorded."""
        return [address for address in addresses if address not in self]

    def side_colours(self) -> dict[str, str]:
        """A colour for every side, the same in all figures, by its words."""
        return {said(s): COLOURS[i % len(COLOURS)] for i, s in enumerate(self.case.sides)}

    def power_colours(self) -> dict[str, str]:
        """A colour for every power, the same in all figures, by its label; patrons come first."""
        first = patrons(self.case)
        order = [*first, *(power for power in self.case.powers if power not in first)]
        return {self.case.powers[p].label: COLOURS[i % len(COLOURS)] for i, p in enumerate(order)}

    def ground(self, theatre: str) -> dict[str, np.ndarray]:
        """Share of a theatre's area that each side holds, in percent: fans by side."""
        sides = self.case.theatres[theatre].sides
        named = {said(side): f"{theatre}.control[{side}]" for side in sides}
        return {side: self.fan(a, 100.0) for side, a in named.items() if a in self}

    def control(self, theatre: str, moments: int = 46) -> Control | None:
        """Mean control of every region at some `moments` dates; None where it was not recorded.

        What is recorded of no side is drawn as that of "others".
        """
        war = self.case.theatres[theatre]
        names = list(war.regions)
        sides = [
            side
            for side in war.sides
            if all(f"{theatre}/{name}.control[{side}]" in self for name in names)
        ]
        if not names or not sides:
            return None
        steps = np.unique(np.linspace(0, len(self.dates) - 1, moments).round().astype(int))
        shares = np.stack(
            [
                np.stack(
                    [
                        np.nanmean(self.paths(f"{theatre}/{n}.control[{s}]")[:, steps], axis=0)
                        for s in sides
                    ],
                    axis=-1,
                )
                for n in names
            ],
            axis=1,
        )
        left = np.maximum(1.0 - shares.sum(axis=-1, keepdims=True), 0.0)
        words, colours = [said(side) for side in sides], self.side_colours()
        if left.max() > 0.02:
            shares = np.concatenate([shares, left], axis=-1)
            words.append("others")
            colours["others"] = GREY
        places = [Place(r.label, r.lon, r.lat, r.area.value) for r in war.regions.values()]
        return Control(places, self.dates[steps], shares, words, colours)

    def pledges(self, theatre: str) -> list[Pledge]:
        """Help of every power that backs the government of a war, where it was recorded."""
        war = self.case.theatres[theatre]
        found = []
        for power in patrons(self.case):
            nouns = ("pledge", "asked", "delivered")
            asked = [f"{war.client}->{power}.{noun}" for noun in nouns]
            if power not in war.powers or self.missing(asked):
                continue
            promised, wanted = (np.median(self.paths(a), axis=0) for a in asked[:2])
            label = self.case.powers[power].label
            found.append(Pledge(label, promised, wanted, self.fan(asked[2])))
        return found

    def trusts(self, power: str, steps: Any = slice(None)) -> list[Trust]:
        """Trust and alignment of every client towards a power, where both were recorded."""
        found = []
        for client, about in self.case.clients.items():
            names = [f"{client}->{power}.{noun}" for noun in ("trust", "alignment")]
            if not self.missing(names):
                trust, alignment = (self.fan(name, steps=steps) for name in names)
                found.append(Trust(about.label, trust, alignment))
        return found

    def shifts(self, power: str, noun: str, other: Inputs | None = None) -> list[Shift]:
        """Where every client's tie to a power began and ended, the greatest losses first."""
        found = []
        for client, about in self.case.clients.items():
            address = f"{client}->{power}.{noun}"
            if address not in self:
                continue
            fan = self.fan(address, steps=[0, -1]).tolist()
            elsewhere = None
            if other is not None and address in other:
                elsewhere = float(np.median(other.paths(address)[:, -1]))
            (first, last), low, high = fan[2], fan[0][1], fan[4][1]
            found.append(Shift(about.label, first, last, low, high, elsewhere))
        return sorted(found, key=lambda row: row.end - row.start)

    def ties(self, steps: Sequence[int]) -> dict[str, list[Tie]]:
        """Median trust and alignment of all recorded ties at some steps, by date."""
        pairs = [
            (client, power)
            for client in self.case.clients
            for power in self.case.powers
            if not self.missing(f"{client}->{power}.{noun}" for noun in ("trust", "alignment"))
        ]
        found: dict[str, list[Tie]] = {str(self.dates[step]): [] for step in steps}
        for client, power in pairs:
            trust, alignment = (
                np.median(self.paths(f"{client}->{power}.{noun}")[:, list(steps)], axis=0)
                for noun in ("trust", "alignment")
            )
            ends = (self.case.clients[client].label, self.case.powers[power].label)
            for links, one, two in zip(found.values(), trust, alignment, strict=True):
                links.append(Tie(*ends, float(one), float(two)))
        return found

    def happened(self, outcome: str) -> np.ndarray:
        """Share of the futures in which an event has happened by each date [date]."""
        days = self.futures.values[outcome]
        ends = (self.dates - self.dates[0]).astype(float) + 1.0
        return (days[:, None] < ends).mean(axis=0)


def said(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ")


def chances(
    outcomes: Mapping[str, Mapping[str, Any]],
    other: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Chance]:
    """Input of `outcomes` from the reports of one run or two."""
    found = []
    for name, about in outcomes.items():
        if about["kind"] == "event":
            second = (other or {}).get(name, {})
            numbers = (about["p"], about["se"], second.get("p"), second.get("se"))
            found.append(Chance(about["label"], *numbers))
    return found


def points(
    items: Mapping[str, Item], address: str, series: str, factor: float = 1.0
) -> list[Point]:
    """What a dossier says of one stock, as points; sums, ratios and added quantities are none."""
    return [
        point for id, item in items.items() for point in _points(id, item, address, series, factor)
    ]


def _points(id: str, item: Item, address: str, series: str, factor: float) -> Iterable[Point]:
    plain = item.when and not (item.plus or item.against or item.reporting)
    if not plain or item.happens or str(parse(item.what)) != address:
        return
    assert item.when
    if item.when.aggregate == "sum":
        return
    when, held = (item.when.start, item.when.until), item.use == "hold"
    source = f"{item.source.by}, {item.source.date}"
    limits = (item.bound.at_least, item.bound.at_most) if item.bound else (None, None)
    for kind, limit in zip(("at least", "at most"), limits, strict=True):
        if limit is not None:
            label = f"{id}: {kind} {limit * factor:.3g} ({source})"
            yield Point(series, *when, limit * factor, kind=kind, label=label, held=held)
    if item.value is not None:
        low, high = interval(item)
        label = (
            f"{id}: {item.value * factor:.3g} "
            f"[{low * factor:.3g} to {high * factor:.3g}] ({source}, {item.grade})"
        )
        ends = (item.value * factor, low * factor, high * factor)
        yield Point(series, *when, *ends, label=label, held=held)


def interval(item: Item) -> tuple[float, float]:
    """The 90% interval of a figure, in its own unit."""
    from allegiance.evidence import scales

    assert item.spread
    assert item.value is not None
    if item.spread.interval:
        low, high = item.spread.interval
        return float(low), float(high)
    assert item.spread.sd
    middle = scales.onto(item.spread.scale, item.value)
    half = 1.6448536269514722 * item.spread.sd
    low, high = scales.back(item.spread.scale, np.array([middle - half, middle + half]))
    return float(low), float(high)

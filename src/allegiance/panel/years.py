"""Spell-years: from a panel of sponsors and clients to thin cases, with what was known before.

An origin is the first of January of a year; the regime stands, and the year before an indicator
says that the sponsor sponsors it. Nothing of the origin's own year or later enters its record. A
war is one in which the government fought, by the indicators or the battle deaths, in the year
before. A fall is a regime's end by coup, uprising, insurgency or invasion while it is sponsored; a
reclassification, an election or an ebb of sponsorship is none. Horizons that reach beyond the
panel's last year are not scored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from allegiance.cases.errors import CaseError
from allegiance.cases.schema import Level
from allegiance.cases.thin import Record
from allegiance.cases.thin.record import assumed
from allegiance.evidence.loaders import regimes

COUNTED = (
    "military coup",
    "popular uprising",
    "insurgency/civil-war defeat",
    "foreign imposition/invasion",
)
"""Ways in which a regime falls; by the last two an armed opponent takes power."""

ARMED = COUNTED[2:]

SPAN = 5
"""Years that a spell-year's thin case runs, the longest horizon."""

BURDEN = 0.1
"""Share of a sponsor's force that each other client binds in which its troops fight; assumed."""

SUPPORT = {
    "pact": "pact",
    "arms_dep50": "arms",
    "esd_support": "arms",
    "troops_for_govt": "troops",
    "us_troops_1000": "troops",
}

Yearly = Mapping[tuple[int, int], float]
"""A number by state's code and year."""

Tick = Callable[[int], None]

T = TypeVar("T")


class Origin(NamedTuple):
    """A spell-year: its thin case, what the logit knows, and when and how the regime fell."""

    sponsor: str
    client: str
    year: int
    record: Record
    war: bool
    troops: bool
    age: float  # years since the regime began
    fell: int | None  # year of a counted fall
    how: str | None

    def outcome(self, horizon: int, last: int) -> float | None:
        """1 for a fall within `horizon` years, 0 for none; None where the panel ends before."""
        if self.fell is not None and self.fell < self.year + horizon:
            return 1.0
        return 0.0 if self.year + horizon - 1 <= last else None

    @property
    def covariates(self) -> list[float]:
        """What the logit knows: a war, the sponsor's troops, the log of the regime's age."""
        return [float(self.war), float(self.troops), float(np.log1p(self.age))]


class Tables(NamedTuple):
    """The user's files, keyed."""

    spells: list[dict[str, Any]]
    kinds: Mapping[tuple[str, str, int], tuple[str, ...]]  # by sponsor, client and year
    codes: Mapping[str, int]
    fighting: set[tuple[str, int]]  # clients whose government was helped in a war, by year
    abroad: Mapping[tuple[str, int], set[str]]  # clients in which a sponsor's troops fight
    personnel: Yearly
    population: Yearly
    deaths: Mapping[tuple[int, int], tuple[float, str]]


def tables(
    spells: str | Path | None,
    indicators: str | Path,
    capabilities: str | Path | None = None,
    deaths: str | Path | None = None,
) -> Tables:
    """Read the user's files; without `spells` there are records and no origins.

    Raises:
        CaseError: a file cannot be read or has other columns.
    """
    kinds: dict[tuple[str, str, int], tuple[str, ...]] = {}
    codes: dict[str, int] = {}
    fighting: set[tuple[str, int]] = set()
    abroad: dict[tuple[str, int], set[str]] = {}
    for row in regimes.indicators(indicators).to_pylist():
        found = tuple(row["kinds"].split("+"))
        kinds[row["sponsor"], row["client"], row["year"]] = found
        codes[row["sponsor"]], codes[row["client"]] = row["sponsor_code"], row["client_code"]
        if "esd_support" in found:
            fighting.add((row["client"], row["year"]))
        if "troops_for_govt" in found:
            fighting.add((row["client"], row["year"]))
            abroad.setdefault((row["sponsor"], row["year"]), set()).add(row["client"])
    personnel: dict[tuple[int, int], float] = {}
    population: dict[tuple[int, int], float] = {}
    for row in regimes.capabilities(capabilities).to_pylist() if capabilities else ():
        at = (int(row["code"]), int(row["year"]))
        if row["personnel"]:
            personnel[at] = row["personnel"]
        if row["population"]:
            population[at] = row["population"] / 1000.0
    killed = {
        (int(row["code"]), int(row["year"])): (row["best"] / 1000.0, row["source"] or "no source")
        for row in (regimes.deaths(deaths).to_pylist() if deaths else ())
        if row["best"]
    }
    kept = regimes.spells(spells).to_pylist() if spells else []
    return Tables(kept, kinds, codes, fighting, abroad, personnel, population, killed)


def origins(found: Tables, tier: str = "A") -> Iterator[Origin]:
    """All spell-years of a tier, in the order of the file and of time.

    Raises:
        CaseError: there are none.
    """
    last = last_year(found)
    some = False
    for spell in found.spells:
        if spell["tier"] != tier or spell["begins"] is None:
            continue
        fell = _fall(spell)
        for year in range(spell["first"] + 1, min(spell["last"] + 1, last) + 1):
            new_year = date(year, 1, 1)
            if spell["begins"] >= new_year or (spell["ends"] and spell["ends"] < new_year):
                continue
            kinds = found.kinds.get((spell["sponsor"], spell["client"], year - 1))
            if kinds is None:
                continue
            some = True
            record = record_of(found, spell["sponsor"], spell["client"], year)
            yield Origin(
                spell["sponsor"],
                spell["client"],
                year,
                record,
                record.kind == "insurgency",
                "troops" in record.support,
                (new_year - spell["begins"]).days / 365.25,
                fell.year if fell else None,
                spell["how"] if fell else None,
            )
    if not some:
        raise CaseError("no spell-year", found=tier, allowed="a tier with spells and indicators")


def last_year(found: Tables) -> int:
    """The panel's last year."""
    return max(spell["last"] for spell in found.spells)


def _fall(spell: Mapping[str, Any]) -> date | None:
    ended = spell["outcome"] == "regime_ended_while_sponsored" and spell["how"] in COUNTED
    return spell["ends"] if ended else None


def record_of(found: Tables, sponsor: str, client: str, year: int) -> Record:
    """The flat record of a client on the first of January, from what the year before shows.

    Raises:
        CaseError: the sponsor gave the client nothing in that year.
    """
    before = year - 1
    kinds = found.kinds.get((sponsor, client, before))
    if kinds is None:
        allowed = "a sponsor, a client and a year after one in which an indicator names them"
        raise CaseError("no sponsorship", found=f"{sponsor}, {client}, {before}", allowed=allowed)
    ours, theirs = found.codes[client], found.codes[sponsor]
    killed = found.deaths.get((ours, before))
    war = (client, before) in found.fighting or (killed is not None and killed[0] >= 0.025)
    figures: dict[str, Level] = {}
    men = "Correlates of War, National Material Capabilities"
    if (people := found.population.get((ours, before))) is not None:
        figures["population"] = _told(people, f"{men}, tpop of {before}")
    if (army := found.personnel.get((ours, before))) is not None:
        figures["army"] = _told(army, f"{men}, milper of {before}")
    if killed is not None and war:
        figures["deaths"] = _told(killed[0], f"{killed[1]}, best, {before}")
    if (force := found.personnel.get((theirs, before))) is not None:
        figures["patron_force"] = _said(
            force / 6.0, f"a sixth of the men under arms ({men}, milper of {before})"
        )
    if elsewhere := found.abroad.get((sponsor, before), set()) - {client}:
        force = figures["patron_force"].value if "patron_force" in figures else 50.0
        bound = min(BURDEN * len(elsewhere), 0.9) * force
        why = f"a tenth of its force for each of {len(elsewhere)} other clients where it fights"
        figures["patron_bound"] = _said(bound, why)
    if {"troops_for_govt", "us_troops_1000"} & set(kinds):
        figures["patron_there"] = _said(1.0, "troops in the client: a thousand at least")
    return Record(
        **{
            "kind": "insurgency" if war else "peace",
            "client": client,
            "patron": sponsor,
            "from": date(year, 1, 1),
            "until": date(year + SPAN, 1, 1),
            "support": sorted({SUPPORT[kind] for kind in kinds if kind in SUPPORT}),
            "figures": figures,
        }
    )


def _told(value: float, source: str) -> Level:
    return Level(value=_two(value), source=source)  # type: ignore[call-arg]


def _said(value: float, why: str) -> Level:
    return assumed(_two(value), why)


def _two(value: float) -> float:
    """Two significant digits: no such figure is known better."""
    return float(f"{value:.2g}")


def coarse(record: Record) -> Record:
    """The record with amounts rounded to a tenth of a decade, so that like records are run once.

    That is an eighth either way, half of what is doubtful about any of them.
    """
    figures = {
        name: _said(10.0 ** (round(10.0 * np.log10(figure.value)) / 10.0), "rounded")
        if figure.value > 0.0
        else figure
        for name, figure in record.figures.items()
    }
    return record.model_copy(update={"figures": figures})


def content(record: Record) -> str:
    """What of a record the model reads: equal contents have equal futures."""
    figures: Iterable[tuple[str, float]] = sorted(
        (name, figure.value) for name, figure in record.figures.items()
    )
    return repr((record.kind, sorted(record.support), list(figures)))


def told(
    found: Sequence[Origin], run: Callable[[str, Record], T], tick: Tick | None = None
) -> list[T]:
    """What `run` tells of each origin, by the content of its coarse record and that record.

    Like records are run once; `tick` is called with the number of origins that are done.
    """
    known: dict[str, T] = {}
    rows = []
    for number, origin in enumerate(found, 1):
        record = coarse(origin.record)
        key = content(record)
        if key not in known:
            known[key] = run(key, record)
        rows.append(known[key])
        if tick:
            tick(number)
    return rows

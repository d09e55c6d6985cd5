"""The flat record of a client in danger or at peace, and what is assumed where it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field

from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.cases.reading import Document, read
from allegiance.cases.schema import Date, Level, Name, Strict, Text
from allegiance.cases.validate import validated

Values = Mapping[str, float]


class Record(Strict):
    """A client and its patron on a day; `figures` are those of FIGURES, each with its origin."""

    kind: Literal["peace", "insurgency", "invasion"] = Field(description="the shape of the war")
    client: Text = Field(description="label; it carries no meaning")
    patron: Text = Field(description="label; it carries no meaning")
    rival: Text = Field("a rival", description="label of who arms the challenger or attacks")
    start: Date = Field(alias="from")
    until: Date
    support: list[Literal["pact", "troops", "arms"]] = Field(
        description="what the patron gives: a defence pact, troops in the client, arms or money"
    )
    trigger: Text | None = Field(None, description="what makes a dated episode one")
    figures: dict[Name, Level]


class Rule(NamedTuple):
    """One figure: its unit, its least and most value, and what is assumed where nobody says."""

    unit: str
    low: float
    high: float
    value: Callable[[Values, Record], float]
    why: str


def _rebels(v: Values, record: Record) -> float:
    if record.kind == "invasion":
        return 0.0
    if record.kind == "peace":
        return 0.01 * v["army"]
    return 3.0 * v["deaths"] if v["deaths"] > 0 else 0.1 * v["army"]


def _lost(v: Values, record: Record) -> float:
    men = v["rebels"] + v["sponsored"]
    if record.kind == "peace":
        return 0.0
    return 0.05 if record.kind == "invasion" else 0.5 * men / (men + v["army"])


def _offer(v: Values, record: Record) -> float:
    share = 0.1 if {"pact", "troops"} & set(record.support) else 0.05 if record.support else 0.0
    return max(v["patron_there"], share * v["patron_force"])


def _pledge(v: Values, record: Record) -> float:
    del v
    strength = {"troops": 0.8, "pact": 0.6, "arms": 0.4}
    return max((strength[kind] for kind in record.support), default=0.1)


FIGURES: dict[str, Rule] = {
    "population": Rule("million", 0.01, 2000, lambda v, r: 10.0, "no figure: a middle client"),
    "gdp": Rule(
        "bn USD", 0.01, 1e5, lambda v, r: 1.5 * v["population"], "no figure: 1,500 USD a head"
    ),
    "army": Rule(
        "thousand", 0.05, 1e4, lambda v, r: 6.0 * v["population"], "no figure: 6 in a thousand"
    ),
    "deaths": Rule("thousand a year", 0, 1e3, lambda v, r: 0.0, "no figure"),
    "sponsored": Rule(
        "thousand",
        0,
        1e4,
        lambda v, r: v["army"] if r.kind == "invasion" else 0.0,
        "no figure: an invader as strong as the army, no foreign men in other wars",
    ),
    "rebels": Rule(
        "thousand",
        0,
        1e4,
        _rebels,
        "three fighters for each battle death of the last year, or a tenth of the army where "
        "nobody counted; a hundredth of the army at peace, for none is without opponents",
    ),
    "lost": Rule(
        "share", 0, 0.7, _lost, "half of the opponents' share of all men under arms; 0.05 invaded"
    ),
    "economy": Rule("factor", 0.02, 3, lambda v, r: 1.0, "no figure: undisturbed"),
    "patron_gdp": Rule("bn USD", 0.1, 1e5, lambda v, r: 1000.0, "no figure: a middling power"),
    "patron_force": Rule("thousand", 0.1, 1e4, lambda v, r: 50.0, "no figure: a middling power"),
    "patron_bound": Rule("thousand", 0, 1e4, lambda v, r: 0.0, "no figure: nothing elsewhere"),
    "patron_there": Rule("thousand", 0, 1e4, lambda v, r: 0.0, "no figure: nobody there"),
    "patron_offer": Rule(
        "thousand",
        0,
        1e4,
        _offer,
        "a tenth of what it can deploy under a pact or where its troops are, a twentieth where it "
        "arms the client, none where it gives nothing; if not more is there",
    ),
    "patron_air": Rule(
        "thousand sorties a year",
        0,
        1e3,
        lambda v, r: 0.5 * v["patron_offer"],
        "500 sorties a year for a thousand men",
    ),
    "patron_distance": Rule("share", 0, 1, lambda v, r: 0.5, "no figure: half arrives"),
    "pledge": Rule(
        "share", 0, 1, _pledge, "0.8 with troops, 0.6 by pact, 0.4 by arms, 0.1 by none"
    ),
    "restraint": Rule("share", 0, 1, lambda v, r: 0.4, "no figure: the rival is wary"),
}
"""In the order in which one may be assumed from another."""


class Known(NamedTuple):
    """A figure with its provenance: `tag` is `source` or `assumed`."""

    value: float
    tag: str
    text: str

    def plain(self, value: float | None = None) -> dict[str, Any]:
        """As a case file has it; `value` where it is worked out from this figure."""
        return {"value": round(self.value if value is None else value, 6), self.tag: self.text}


def assumed(value: float, why: str) -> Level:
    """A figure that nobody published, and the reason for it."""
    return Level(value=value, assumed=why)  # type: ignore[call-arg]


def completed(record: Record) -> dict[str, Known]:
    """All FIGURES of a record, those that it lacks by the rule.

    Raises:
        CaseError: a figure is unknown or outside its range.
    """
    for name, figure in record.figures.items():
        if name not in FIGURES:
            near = nearest(name, FIGURES)
            raise CaseError(
                "unknown figure", key=f"figures.{name}", allowed=listed(FIGURES), nearest=near
            )
        rule = FIGURES[name]
        if not rule.low <= figure.value <= rule.high:
            allowed = f"{rule.low:g} to {rule.high:g} {rule.unit}"
            raise CaseError(
                "outside its range", key=f"figures.{name}", found=figure.value, allowed=allowed
            )
    found: dict[str, Known] = {}
    values: dict[str, float] = {}
    for name, rule in FIGURES.items():
        if name in record.figures:
            figure = record.figures[name]
            tag = "source" if figure.source is not None else "assumed"
            found[name] = Known(figure.value, tag, figure.source or figure.assumed or "")
        else:
            value = min(max(rule.value(values, record), rule.low), rule.high)
            found[name] = Known(value, "assumed", f"by rule: {rule.why}")
        values[name] = found[name].value
    if record.until <= record.start:
        raise CaseError("no span", key="until", found=record.until, allowed=f"after {record.start}")
    return found


class Records(Strict):
    """A file of records, by name."""

    rule: Text | None = None
    records: dict[Name, Record]


def records(path: str | Path) -> dict[str, Record]:
    """The records of a YAML file, in its order.

    Raises:
        CaseError: the file cannot be read, or a record is wrong.
    """
    return from_document(read(Path(path)))


def from_document(document: Document) -> dict[str, Record]:
    """The records of a file that has been read.

    Raises:
        CaseError: a record is wrong.
    """
    found = validated(document, Records).records
    for name, record in found.items():
        try:
            completed(record)
        except CaseError as error:
            error.file = document.file
            error.key = f"records.{name}.{error.key}"
            error.line = document.line(("records", name))
            raise
    return found

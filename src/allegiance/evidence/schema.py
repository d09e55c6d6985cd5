"""What may stand in dossier.yaml: dated observations that a case is held against.

Contradicting items stand side by side; each says who reports it, how well it is known, and whether
the model may be fitted to it (`fit`) or is only tested on it (`hold`).
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from allegiance.cases.schema import AboveZero, Date, Name, Number, Strict, Tagged, Text

Aggregate = Literal["mean", "sum", "last", "max"]

Grade = Annotated[str, StringConstraints(pattern=r"^[A-F][1-6]$")]


def wrong(problem: str, allowed: str, found: object = None) -> PydanticCustomError:
    """An error that the loader reports with its place."""
    return PydanticCustomError("case", problem, {"allowed": allowed, "found": found})  # type: ignore[arg-type]


def _one_of(model: Any, names: tuple[str, ...], problem: str) -> None:
    if sum(getattr(model, name) is not None for name in names) != 1:
        raise wrong(problem, f"exactly one of {', '.join(names)}")


def _day(value: Any) -> Any:
    """A plain date stands for the step that contains it."""
    if isinstance(value, datetime.date):
        return {"from": value, "until": value, "aggregate": "last"}
    if not isinstance(value, dict):
        raise wrong("no date", "a date YYYY-MM-DD, or from, until and aggregate", value)
    return value


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


class Window(Strict):
    """A span of days, both ends included, and what is made of the quantity over it."""

    start: Date = Field(alias="from")
    until: Date
    aggregate: Aggregate

    @model_validator(mode="after")
    def _holds_a_day(self) -> Window:
        if self.start > self.until:
            raise wrong("the window is empty", "from on or before until", str(self.start))
        return self

    @property
    def moment(self) -> bool:
        """Whether it is one date."""
        return self.start == self.until


When = Annotated[
    Window,
    BeforeValidator(_day, json_schema_input_type=Window | str),
]


class Spread(Tagged):
    """Error of a record, even on its scale: a standard deviation, or a central 90% interval.

    `sd` is on the scale (log: 0.1 is some 10%), `interval` in the unit of the quantity.
    """

    sd: AboveZero | None = None
    interval: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None
    scale: Literal["linear", "log", "logit"]

    @model_validator(mode="after")
    def _one_form(self) -> Spread:
        _one_of(self, ("sd", "interval"), "not a spread")
        if self.interval and self.interval[0] >= self.interval[1]:
            raise wrong("the interval is empty", "[low, high]", str(self.interval[0]))
        return self


class Bound(Strict):
    """A limit that the record sets: at least, at most, or both."""

    at_least: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _leaves_room(self) -> Bound:
        if self.at_least is None and self.at_most is None:
            raise wrong("not a bound", "at_least, at_most or both")
        if None not in (self.at_least, self.at_most) and self.at_least >= self.at_most:  # type: ignore[operator]
            found = f"at_least {self.at_least}, at_most {self.at_most}"
            raise wrong("the bounds contradict each other", "at_least below at_most", found)
        return self


class Happening(Strict):
    """When an event first occurred: by a date, between two dates, or not by a date."""

    by: Date | None = None
    between: Annotated[list[Date], Field(min_length=2, max_length=2)] | None = None
    not_by: Date | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Happening:
        _one_of(self, ("by", "between", "not_by"), "not an event")
        if self.between and self.between[0] > self.between[1]:
            raise wrong("the window is empty", "[first, last]", str(self.between[0]))
        return self

    @property
    def dates(self) -> list[datetime.date]:
        """The dates that it names."""
        return self.between or [d for d in (self.by, self.not_by) if d is not None]


class Order(Strict):
    """The item's event occurred before another one."""

    before: Text


class Source(Strict):
    """Who says so and where."""

    title: Text
    by: Text = Field(description="author or publisher")
    place: Text | None = Field(None, description="page, table, paragraph or address")
    date: Annotated[Text, BeforeValidator(_text)] = Field(description="of publication")


class Reporting(Tagged):
    """Share of what happened that the record sees, and its relative error."""

    share: AboveZero
    spread: AboveZero


class Item(Strict):
    """One dated observation."""

    what: Text = Field(description="address of a quantity, or of an event")
    plus: list[Text] = Field(default=[], description="further quantities that are added to it")
    when: When | None = Field(None, description="a date, or from, until and aggregate")
    against: When | None = Field(None, description="the figure is a ratio: `when` over `against`")
    value: Number | None = None
    spread: Spread | None = None
    bound: Bound | None = None
    event: Happening | None = None
    order: Order | None = None
    reporting: Reporting | None = None
    source: Source
    grade: Grade
    use: Literal["fit", "hold"]
    note: Text | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Item:
        _one_of(self, ("value", "bound", "event", "order"), "not an item")
        if self.happens and (
            self.when or self.against or self.spread or self.plus or self.reporting
        ):
            raise wrong("an event has its own dates", "event or order alone beside what")
        if not self.happens and self.when is None:
            raise wrong("no date", "when: a date, or from, until and aggregate")
        if self.value is not None and self.spread is None:
            raise wrong("a value without its error", "spread: sd or interval, and scale")
        if self.reporting and self.against:
            raise wrong("a ratio has no share of its own", "reporting or against, not both")
        return self

    @property
    def happens(self) -> bool:
        """Whether it is about an event."""
        return self.event is not None or self.order is not None

    @property
    def addresses(self) -> list[str]:
        """All addresses that it names."""
        return [self.what, *self.plus, *([self.order.before] if self.order else [])]

    @property
    def date(self) -> datetime.date | None:
        """The last day that it speaks of; an order has none."""
        if self.event:
            return max(self.event.dates)
        return self.when.until if self.when else None


class DossierFile(Strict):
    """dossier.yaml: what the model is held against."""

    items: dict[Name, Item]


def json_schema() -> dict[str, Any]:
    """JSON Schema of dossier.yaml, for editors and other tools."""
    schema = DossierFile.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

"""What may stand in case.yaml and timeline.yaml: every key, its type and its range.

Every number carries its provenance: a figure or a table has either a `source` (documented) or an
`assumed` (why). Names are checked against each other in `check`.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

FIRST, LAST = datetime.date(1800, 1, 1), datetime.date(2200, 12, 31)

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]*$"
"""Text that cannot recolour or turn round a terminal."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=PLAIN)]
Date = Annotated[datetime.date, Field(ge=FIRST, le=LAST)]
Stream = Annotated[int, Field(ge=0, lt=200)]

Number = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Inside = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
AtLeastZero = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
AboveZero = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]
Logarithm = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]

N = TypeVar("N", bound=float)


class Strict(BaseModel):
    """No unknown keys, no silent conversions, no assignment."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, validate_by_name=False)


class Tagged(Strict):
    """Something with a provenance: exactly one of `source` and `assumed`."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["source"]}, {"required": ["assumed"]}]}
    )

    source: Text | None = Field(None, description="who says so, and where")
    assumed: Text | None = Field(None, description="why this value, where no source gives one")

    @model_validator(mode="after")
    def _one_tag(self) -> Tagged:
        if (self.source is None) == (self.assumed is None):
            problem = "two provenances" if self.source else "no provenance"
            allowed = "exactly one of source and assumed"
            raise PydanticCustomError("case", problem, {"allowed": allowed})
        return self

    @property
    def tag(self) -> str:
        """`documented` or `assumed`."""
        return "documented" if self.source is not None else "assumed"


class Figure(Tagged, Generic[N]):
    """A number with its provenance."""

    value: N
    low: N | None = None
    high: N | None = None
    unit: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Figure[N]:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if low > high:
            about = {"found": f"low {low}, high {high}", "allowed": "low at most high"}
            raise PydanticCustomError("case", "the range ends before it begins", about)
        if not low <= self.value <= high:
            about = {"found": self.value, "allowed": f"{low} to {high}"}
            raise PydanticCustomError("case", "the value lies outside its own range", about)
        return self


class Table(Tagged, Generic[N]):
    """Numbers by name, with one provenance."""

    values: dict[Name, N]
    unit: Text | None = None
    note: Text | None = None


class Share(Figure[Fraction]):
    """A share, 0 to 1."""


class Amount(Figure[AtLeastZero]):
    """An amount, at least 0."""


class Positive(Figure[AboveZero]):
    """An amount above 0."""


class Log(Figure[Logarithm]):
    """A number on the log scale."""


class Level(Figure[Number]):
    """A number whose range depends on its address."""


class Shares(Table[Fraction]):
    """Shares by name."""


class Means(Table[Inside]):
    """Means of Beta distributions by name: above 0 and below 1."""


class Amounts(Table[AtLeastZero]):
    """Amounts by name."""


class Logs(Table[Logarithm]):
    """Numbers on the log scale by name."""


class Power(Strict):
    """A great or middle power."""

    label: Text
    stream: Stream | None = None
    gdp: Positive = Field(description="bn USD")
    treasury: Amount = Field(description="bn USD for ventures abroad, at the start")
    peak_treasury: Positive = Field(description="bn USD at which saving stops")
    surplus: Amount = Field(description="bn USD a year for ventures abroad in a normal year")
    arms_exports: Amount | None = Field(None, description="bn USD a year at the start")
    veto: bool = Field(default=False, description="a permanent seat at the Security Council?")
    force: Positive = Field(description="thousand persons that can be deployed, at the start")
    peak_force: Positive = Field(description="thousand persons at most")
    air_capacity: Amount = Field(description="thousand sorties a year that can be sent abroad")
    facade: Log = Field(description="claimed minus real log strength")
    support: Share = Field(description="share of the home public, at the start and at rest")
    audience: Amount = Field(description="weight of the loyalist audience")
    openness: Amount = Field(description="foreign trade as a share of GDP")
    motive: Shares = Field(description="shares of the motives; they sum to 1")
    motive_weight: Positive | None = Field(
        None, description="weight of a Dirichlet prior on the motives; with it they are fitted"
    )
    trade: Shares = Field(description="share of its trade with each other power")
    rivals: list[Name] = Field(default=[], description="powers")


class Client(Strict):
    """A regime or third state that watches and may be helped."""

    label: Text
    stream: Stream | None = None
    gdp: Positive = Field(description="bn USD")
    revenue: Share = Field(description="share of GDP that the regime can spend")
    kinship: Shares = Field(description="likeness of each power's regime to this one")
    likeness: Shares | None = Field(None, description="likeness of each watcher to this client")
    alignment: Shares = Field(description="over the powers and `autonomy`; sums to 1")
    pledge: Shares = Field(description="promised help of each power, share of its offer")
    trust: Means = Field(description="mean of the Beta trust in each power; 0.5 where absent")
    trust_weight: Positive = Field(description="alpha + beta of that trust")
    affinity: Logs = Field(description="affinity that trust and aid do not explain, log scale")
    proximity: Shares = Field(description="1 for neighbours of the power, less for others")
    rents: Amounts | None = Field(None, description="bn USD a year to each power")
    rivals: list[Name] = Field(default=[], description="clients and powers that it holds enemies")
    need: Amounts | None = Field(None, description="thousand persons each power would send")
    hosts: Shares | None = Field(None, description="share of each theatre's displaced it takes in")
    population: Positive | None = Field(None, description="million persons, for hosts and wars")
    debt: Amounts | None = Field(None, description="bn USD owed to each power")


class TheatrePower(Strict):
    """A power in a theatre."""

    backs: Name = Field(description="side")
    contender: bool = Field(default=True, description="may it decide by itself when not pinned?")
    commitment: Share | None = Field(None, description="at the start: 0 out, 1 in")
    ground: Amount = Field(description="thousand persons offered at full need")
    air: Amount = Field(description="thousand sorties a year offered at full need")
    stake: Shares = Field(description="what each motive finds in the theatre")
    named_enemy: list[Name] = Field(default=[], description="sides, as announced")
    strikes: list[Name] = Field(default=[], description="sides that it strikes at all")
    distance: Share = Field(description="share of its force brought to bear without a base")


class Region(Strict):
    """Ground."""

    label: Text
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    stream: Stream | None = None
    area: Positive = Field(description="km2")
    population: Positive = Field(description="million persons")
    seat: bool = Field(default=False, description="the seat of government")
    neighbours: list[Name] = Field(default=[], description="regions of the same theatre")
    backing: Shares = Field(description="share of the people who support each side")
    priority: Amounts | None = Field(
        None, description="how much each side wants it; 1 where absent"
    )
    control: Shares = Field(description="by side, sums to 1")
    force: Amounts = Field(description="thousand persons by side")


class Theatre(Strict):
    """A war. Where no sides are hostile it is not simulated, and only binds its powers' means."""

    label: Text
    client: Name | None = Field(None, description="whose survival is at stake")
    stream: Stream | None = None
    sides: list[Name] = Field(min_length=1, description="those present")
    hostile: list[Annotated[list[Name], Field(min_length=2, max_length=2)]] = []
    challengers: list[Name] = Field(default=[], description="sides that may launch an offensive")
    heirs: list[Name] = Field(default=[], description="sides that may rule after the fall")
    moderate: list[Name] = Field(default=[], description="the mainstream opposition")
    radical: Name | None = Field(None, description="where the radicalised go")
    own_air: Amounts | None = Field(None, description="thousand sorties a year by side")
    mobilised: Amounts | None = Field(None, description="thousand fighters per million backers")
    upkeep: Positive | None = Field(None, description="thousand persons paid in full")
    discipline: Logs | None = Field(None, description="margin against the mean, by side")
    cohesion: Shares | None = Field(None, description="at the start, by side; 0.97 where absent")
    legitimacy: Shares | None = Field(None, description="at the start, by side; 1 where absent")
    reserve: Amounts | None = Field(
        None, description="men a side can raise in all against its standing force; 2 where absent"
    )
    quality: Amounts | None = Field(None, description="strength of a soldier; 1 where absent")
    unproven: Shares | None = Field(
        None, description="how much of what an army is worth nobody knows, by side; 1 where absent"
    )
    powers: dict[Name, TheatrePower] = {}
    regions: dict[Name, Region] = {}

    @property
    def fought(self) -> bool:
        """Whether the war is simulated: some sides are hostile."""
        return bool(self.hostile)


class Site(Strict):
    """A base of a power on a client's soil."""

    label: Text
    client: Name
    region: Text | None = Field(None, description="theatre/region, where that is simulated")
    holder: Name = Field(description="power")
    stream: Stream | None = None
    reach: list[Name] = Field(default=[], description="theatres that it brings into reach")
    value: Shares = Field(description="worth to each power")
    access: Share = Field(description="1 open, 0.5 under negotiation, 0 closed")


class Outcome(Strict):
    """What a run reports: an event's probability, or a quantity at a date or over a window."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["event"]}, {"required": ["quantity"]}]}
    )

    label: Text
    event: Text | None = None
    quantity: Text | None = None
    at: Date | None = Field(None, description="the step that contains this date")
    start: Date | None = Field(None, alias="from")
    until: Date | None = None
    reduce: Literal["mean", "sum", "last", "min", "max"] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Outcome:
        window = [self.start, self.until, self.reduce]
        if (self.event is None) == (self.quantity is None):
            allowed = "either event or quantity"
        elif self.event is not None:
            allowed = "" if not any([self.at, *window]) else "an event without dates"
        else:
            at_date = self.at is not None and not any(window)
            over = self.at is None and all(window)
            allowed = (
                "" if at_date or over else "a quantity with at, or with from, until and reduce"
            )
        if allowed:
            raise PydanticCustomError("case", "not an outcome", {"allowed": allowed})
        return self


class CaseFile(Strict):
    """case.yaml: who and where, at the start."""

    name: Name
    title: Text
    summary: Text
    start: Date = Field(alias="from")
    until: Date
    sides: list[Name] = Field(min_length=1, description="first: the incumbent government")
    default_likeness: Share = Field(description="of watcher to client where no table says more")
    powers: dict[Name, Power] = Field(min_length=1)
    clients: dict[Name, Client] = Field(min_length=1)
    theatres: dict[Name, Theatre] = {}
    sites: dict[Name, Site] = {}
    inputs: dict[str, Level] = Field(default={}, description="start levels by address")
    outcomes: dict[Name, Outcome] = {}


class Decision(Strict):
    """What a power did in a theatre."""

    power: Name
    theatre: Name
    choice: Literal["enter", "draw_down", "leave", "trade_away"]


class Offensive(Strict):
    """A challenger's attack."""

    theatre: Name
    side: Name


class Truce(Strict):
    """A truce between pairs of sides, from the entry's date."""

    theatre: Name
    between: list[Annotated[list[Name], Field(min_length=2, max_length=2)]] = Field(min_length=1)
    level: Fraction
    until: Date | None = Field(None, description="first day without it; none: to the end")


class DatedInput(Strict):
    """A change of one input: a path of levels, or a pulse. Provenance defaults to the entry's."""

    address: str
    path: dict[Date, Number] | None = Field(None, min_length=1, max_length=1000)
    shape: Literal["step", "linear"] = "step"
    pulse: AboveZero | None = None
    date: Date | None = Field(None, description="of the pulse; default: the entry's")
    days: Annotated[int, Field(ge=1, le=3660)] | None = Field(
        None, description="pulse: spread over"
    )
    source: Text | None = None
    assumed: Text | None = None
    unit: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> DatedInput:
        if self.source is not None and self.assumed is not None:
            allowed = "source or assumed, not both"
        elif (self.path is None) == (self.pulse is None):
            allowed = "either path or pulse"
        elif self.path is not None and (self.date is not None or self.days is not None):
            allowed = "a path has its own dates: no date, no days"
        elif self.pulse is not None and self.shape != "step":
            allowed = "shape belongs to a path"
        else:
            return self
        raise PydanticCustomError("case", "not a dated input", {"allowed": allowed})


class Entry(Tagged):
    """Something that happened outside the model on a date."""

    date: Date
    label: Text
    note: Text | None = None
    decision: Decision | None = None
    offensive: Offensive | None = None
    truce: Truce | None = None
    inputs: list[DatedInput] = []

    @model_validator(mode="after")
    def _does_something(self) -> Entry:
        if not (self.decision or self.offensive or self.truce or self.inputs):
            raise PydanticCustomError(
                "case",
                "nothing consumes this entry",
                {"allowed": "any of decision, offensive, truce, inputs"},
            )
        return self


class TimelineFile(Strict):
    """timeline.yaml: what the model is given."""

    entries: dict[Name, Entry]


FILES: dict[str, type[Strict]] = {"case.yaml": CaseFile, "timeline.yaml": TimelineFile}


def json_schema(file: str = "case.yaml") -> dict[str, Any]:
    """JSON Schema of one of FILES, for editors and other tools."""
    schema = FILES[file].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

"""Answers of the HTTP interface, as OpenAPI documents them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """Why a request was refused."""

    detail: str


class CaseLine(BaseModel):
    """A case in the list, as `allegiance cases --json`."""

    name: str
    title: str
    summary: str
    from_: str = Field(alias="from")
    until: str
    actors: int
    items: int


class Unreadable(BaseModel):
    """A folder with a case.yaml that is not offered."""

    name: str
    why: str


class Cases(BaseModel):
    """All cases."""

    cases: list[CaseLine]
    unreadable: list[Unreadable]


class Theory(BaseModel):
    """A theory to run under."""

    name: str
    summary: str
    off: list[str]


class Theories(BaseModel):
    """All theories."""

    theories: list[Theory]


class Band(BaseModel):
    """Words for probabilities below an end."""

    below: float
    words: str


class Words(BaseModel):
    """All bands, the last one with its end included."""

    words: list[Band]


class EntryLever(BaseModel):
    """A dated entry of the timeline: may be left out, moved and, where it pins, freed."""

    id: str
    date: str
    label: str
    pins: bool
    tag: Literal["documented", "assumed"]


class Stock(BaseModel):
    """A start value or parameter that may be set, with its provenance."""

    address: str
    group: str
    label: str
    value: float
    low: float | None
    high: float | None
    unit: str
    tag: str
    source: str


class RowLever(BaseModel):
    """A mechanism that may be switched off."""

    id: str
    name: str
    claim: str


class Levers(BaseModel):
    """What may be pulled in a case. Other addresses may be set too: see the guide to `--set`."""

    entries: list[EntryLever]
    stocks: list[Stock]
    rows: list[RowLever]
    rows_used: bool = Field(description="rows are those that the case uses; else all")


class Fit(BaseModel):
    """What the model expected of an item, from a stored story of the case."""

    q05: float | str | None
    q50: float | str | None
    q95: float | str | None
    inside: bool
    score: float | None


class DossierItem(BaseModel):
    """A dated observation; `fit` is null until a story of the case has been computed."""

    id: str
    what: list[str]
    labels: list[str] = Field(description="what, in words")
    when: str
    observed: str
    use: str
    grade: str
    source: str
    note: str | None
    fit: Fit | None


class Dossier(BaseModel):
    """A case's dossier, with the fit under a theory where that is stored."""

    case: str
    theory: str
    fitted: bool
    runs: int | None
    items: list[DossierItem]
    coverage: dict[str, Any] | None
    scores: dict[str, float | None] | None
    standing: list[str] = Field(description="coverage and scores in sentences, as in the report")


class JobState(BaseModel):
    """A job; `share` is what is done of it."""

    id: str
    kind: str
    case: str
    state: Literal["queued", "running", "done", "failed", "refused", "cancelled"]
    ahead: int = Field(description="jobs that come before it")
    share: float
    phase: str
    seconds: float
    stored: bool = Field(description="answered from an earlier result")
    error: str | None
    parts: list[str] = Field(description="what /api/jobs/{id}/files/ has of it")


class JobStates(BaseModel):
    """All remembered jobs, oldest first."""

    jobs: list[JobState]

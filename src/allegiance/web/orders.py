"""What may be ordered over HTTP, its limits, and the scenario that an order means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from allegiance.cases.errors import CaseError
from allegiance.engine.scenario import Scenario, assignment, load
from allegiance.engine.setup import MOST_SEED

MOST_RUNS = 2000
"""Futures in one order: a minute of two cores for the largest shipped case."""

MOST_WEEKS = 4_000_000
"""Futures times weeks in one order: a case of one's own may be long."""

STORY_RUNS = 128
MOST_REPORTED = 500

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Day = Annotated[str, StringConstraints(min_length=1, max_length=32)]


class Strict(BaseModel):
    """No unknown keys."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class World(Strict):
    """A case, a theory and the levers, as the command line has them."""

    case: Annotated[Name, Field(description="a name that /api/cases lists")]
    theory: Annotated[Text, Field(description="a name that /api/theories lists")] = "default"
    set_: Annotated[
        list[Text], Field(alias="set", max_length=20, description="ADDRESS=VALUE, as --set")
    ] = []
    without: Annotated[
        list[Text], Field(max_length=80, description="entries or rows that are left out")
    ] = []
    free: Annotated[
        list[Text], Field(max_length=40, description="pinned entries left to the model")
    ] = []
    runs: Annotated[int, Field(ge=1, le=MOST_RUNS, description="futures")] = 500
    seed: Annotated[int, Field(ge=0, le=MOST_SEED, description="of all noise")] = 1


class Run(World):
    """As `allegiance run`."""

    until: Annotated[Day | None, Field(description="last week; default: the case's end")] = None
    by: Annotated[
        list[Day], Field(max_length=20, description="also the probability by these dates")
    ] = []
    record: Annotated[list[Text], Field(max_length=20, description="addresses to report too")] = []


class Contrast(World):
    """As `allegiance contrast`: the case as it is (a) and under the levers (b)."""

    until: Annotated[Day | None, Field(description="last week; default: the case's end")] = None
    record: Annotated[
        list[Text], Field(max_length=20, description="addresses in the chain too")
    ] = []


class Story(World):
    """What the page shows of a world: maps, fans, ties, outcomes and the dossier's fit."""

    runs: Annotated[int, Field(ge=1, le=256, description="futures")] = STORY_RUNS


class Report(World):
    """As `allegiance run --out` and `report`: one file; with levers, against the case as it is."""

    runs: Annotated[int, Field(ge=1, le=MOST_REPORTED, description="futures")] = 200


def scenario(order: World, folder: Path) -> Scenario:
    """The world of an order; values first, then entries, as on the command line.

    Raises:
        CaseError: the case or a lever is wrong.
    """
    found = load(folder).under(order.theory)
    for text in order.set_:
        found = found.set(*assignment(text))
    for id in order.without:
        found = found.without(id)
    for id in order.free:
        found = found.free(id)
    return found


def checked(kind: str, order: World, folder: Path) -> Scenario:
    """The scenario of an order that can be worked off.

    Raises:
        CaseError: something in it is wrong, or it is too large.
    """
    from allegiance.engine.setup import prepare

    world = scenario(order, folder)
    if kind == "contrast" and world == load(folder):
        allowed = "at least one of set, without, free and theory"
        raise CaseError("nothing differs between the two worlds", allowed=allowed)
    wanted: dict[str, Any] = order.model_dump(include={"runs", "seed", "until", "by", "record"})
    setup = prepare(world, **wanted)
    size = order.runs * setup.built.steps * (2 if kind in ("contrast", "report") else 1)
    if size > MOST_WEEKS:
        most = MOST_WEEKS * order.runs // size
        raise CaseError("too large", key="runs", found=order.runs, allowed=f"at most {most} here")
    return world

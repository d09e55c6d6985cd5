"""Worlds for the invariants.

`busy` is the template grown until every verb has work: three powers, of which two help one side; a
third side; a second war for the same patron, whose means do not suffice; bases, attacks, leaving,
burdens. It runs under NumPy, where many lanes cost little more than one: `walk` steps lanes that
may differ in run number, parameters and switches.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

from allegiance.cases.compile import Built, compile_case
from allegiance.cases.loading import CaseFiles, build, load
from allegiance.cases.new import TEMPLATE
from allegiance.engine import noise
from allegiance.engine.week import quiet, week
from allegiance.world.case import YEAR, Case, Given, Today
from allegiance.world.nouns import News, World
from allegiance.world.parameters import NAMES, PARAMETERS
from allegiance.world.rows import IDS
from allegiance.world.theory import Theory

DEFAULTS = np.array([parameter.value for parameter in PARAMETERS], np.float32)


def figure(value: float) -> dict[str, Any]:
    return {"value": value, "assumed": "a test"}


def table(**values: float) -> dict[str, Any]:
    return {"values": values, "assumed": "a test"}


def path(address: str, levels: dict[str, float], **more: Any) -> dict[str, Any]:
    return {"address": address, "path": {day(d): v for d, v in levels.items()}, **more}


def day(text: str) -> date:
    return date.fromisoformat(text)


def entry(when: str, **what: Any) -> dict[str, Any]:
    return {"date": day(when), "label": "a test", "assumed": "a test", **what}


def decision(power: str, theatre: str, choice: str) -> dict[str, Any]:
    return {"power": power, "theatre": theatre, "choice": choice}


def grown(files: CaseFiles) -> CaseFiles:
    """The busy world."""
    case, timeline = (copy.deepcopy(document.data) for document in files.documents)
    case["sides"] = ["government", "opposition", "radicals"]
    _powers(case["powers"])
    _clients(case["clients"])
    _theatres(case["theatres"])
    case["sites"]["airstrip"] = {
        "label": "The airstrip",
        "client": "island",
        "region": "island/city",
        "holder": "north",
        "reach": ["harbour", "island"],
        "value": table(north=0.5, east=0.4),
        "access": figure(1.0),
    }
    case["sites"]["radar"] = {
        "label": "The radar station",
        "client": "harbour",
        "region": "harbour/port",
        "holder": "east",
        "value": table(east=0.5),
        "access": figure(1.0),
    }
    case["inputs"] |= {
        "harbour.restraint[east]": figure(0.2),
        "island.sponsor[south,opposition]": figure(1.0),
        "harbour.air_defence[opposition]": figure(0.2),
    }
    _timeline(timeline["entries"])
    first, second = files.documents
    return build(files.folder, (first._replace(data=case), second._replace(data=timeline)))


def _powers(powers: dict[str, Any]) -> None:
    powers["north"] |= {"veto": True, "arms_exports": figure(3)}
    powers["east"] = copy.deepcopy(powers["north"]) | {
        "label": "East",
        "force": figure(20),
        "treasury": figure(0.3),
        "surplus": figure(0.2),
        "peak_treasury": figure(2),
        "motive": table(survival=0.5, reach=0.1, status=0.2, fear=0.1, stated=0.1),
        "trade": table(south=0.2, north=0.3),
    }


def _diplomacy() -> list[dict[str, Any]]:
    """Given acts between powers and clients, early enough to tell in every test."""
    spring, summer = "2001-01-15", "2001-06-01"
    return [
        path("coast->north.deals", {spring: 0.6}),
        path("valley->north.sides_with_enemy", {spring: 0.3, summer: 0.0}),
        path("north->south.detente", {spring: 0.2}),
        path("south->north.denounces", {spring: 0.8}),
        path("coast->south.refusal", {spring: 1.0}),
        path("valley->north.refusal", {spring: 1.0}),
        path("valley->south.deters", {spring: 0.5}),
        path("coast->north.occupied", {"2001-04-05": 0.4, "2001-07-01": 0.1}),
        path("harbour.resolution", {spring: 0.3}),
        path("coast.resolution", {spring: 0.2}),
        path("north.mediation", {spring: 1.0, summer: 0.0}),
        path("south.mediation", {spring: 0.5}),
        path("south.demonstrations", {spring: 0.7}),
        path("north.demonstrations", {spring: 0.7}),
        {"address": "north.summit", "pulse": 1, "date": day("2001-02-20")},
        {"address": "south.summit", "pulse": 1, "date": day("2001-05-20")},
    ]


def _clients(clients: dict[str, Any]) -> None:
    clients["island"] = copy.deepcopy(clients["harbour"]) | {
        "label": "Island",
        "pledge": table(north=0.9, east=0.3),
        "alignment": table(north=0.3, south=0.2, east=0.3, autonomy=0.2),
    }
    clients["harbour"]["pledge"] = table(north=0.8, east=0.5)
    clients["coast"]["need"] = table(south=30)
    clients["valley"] |= {"population": figure(6), "hosts": table(harbour=0.2, island=0.1)}
    clients["coast"]["rivals"] = ["valley", "north"]
    clients["valley"]["rivals"] = ["coast", "south"]
    for name in ("harbour", "island"):
        clients[name]["debt"] = table(north=4.0, east=2.0)


def _theatres(theatres: dict[str, Any]) -> None:
    island = copy.deepcopy(theatres["harbour"])
    harbour = theatres["harbour"]
    harbour["sides"] = ["government", "opposition", "radicals"]
    two = ["government", "opposition"]
    harbour["hostile"] = [two, ["government", "radicals"], ["opposition", "radicals"]]
    harbour["heirs"] = harbour["challengers"] = ["opposition", "radicals"]
    harbour["radical"] = "radicals"
    harbour["mobilised"] = table(government=15, opposition=30, radicals=40)
    harbour["discipline"] = table(government=0.0, opposition=3.0, radicals=4.0)
    island["discipline"] = table(government=1.0, opposition=2.0)
    island["mobilised"] = table(government=15, opposition=50)
    harbour["quality"] = table(government=0.9, opposition=1.1, radicals=1.2)
    harbour["legitimacy"] = table(government=0.6)
    north = harbour["powers"]["north"]
    north["ground"], north["air"] = figure(40), figure(40)
    north["named_enemy"], north["strikes"] = ["radicals"], ["opposition", "radicals"]
    harbour["powers"]["east"] = copy.deepcopy(north) | {"ground": figure(10), "air": figure(3)}
    hills = harbour["regions"]["hills"]
    hills["control"] = table(government=0.25, opposition=0.5, radicals=0.25)
    hills["force"] = table(government=12, opposition=45, radicals=20)
    hills["backing"] = table(government=0.1, opposition=0.5, radicals=0.2)
    island |= {"label": "The war on the island", "client": "island"}
    regions = island["regions"]
    island["regions"] = {"city": regions["capital"], "shore": regions["port"]}
    island["regions"]["city"]["neighbours"] = ["shore"]
    island["regions"]["shore"]["neighbours"] = ["city"]
    island["regions"]["shore"]["control"] = table(government=0.4, opposition=0.6)
    island["regions"]["shore"]["force"] = table(government=5, opposition=35)
    island["powers"]["north"] |= {"ground": figure(60), "air": figure(60)}
    island["powers"]["south"] |= {"ground": figure(15)}
    theatres["island"] = island


def _timeline(entries: dict[str, Any]) -> None:
    entries["east_enters"] = entry("2001-01-03", decision=decision("east", "harbour", "enter"))
    entries["north_lands"] = entry("2001-02-10", decision=decision("north", "island", "enter"))
    entries["east_leaves"] = entry("2001-06-20", decision=decision("east", "harbour", "leave"))
    entries["an_attack"] = entry(
        "2001-04-05",
        inputs=[
            {"address": "coast->north.attacked", "pulse": 1},
            path("coast.uprising", {"2001-02-01": 0.5}),
            path("harbour.economy", {"2001-02-01": 0.9}),
            path("harbour.embargo", {"2001-03-01": 0.2}),
            {"address": "valley->south.attacked", "pulse": 1, "date": day("2001-02-01")},
            {"address": "south.revealed", "pulse": 1, "date": day("2001-03-20")},
        ],
    )
    entries["acts"] = entry("2001-01-15", inputs=_diplomacy())
    entries["a_push"] = entry("2001-05-06", offensive={"theatre": "harbour", "side": "opposition"})
    between = [["government", "opposition"]]
    entries["a_lull"] = entry(
        "2001-03-15",
        truce={"theatre": "island", "between": between, "level": 1.0, "until": day("2001-06-01")},
    )
    entries["the_lull_ends"] = entry(
        "2001-05-20", offensive={"theatre": "island", "side": "opposition"}
    )
    entries["whispers"] = entry(
        "2001-02-01",
        inputs=[
            path("harbour.priority_elsewhere[south]", {"2001-03-01": 0.6}),
            path("island.priority_elsewhere[south]", {"2001-03-01": 0.4}),
            path("harbour.fed_alarm[south]", {"2001-02-01": 0.8, "2001-04-01": 0.0}),
            path("island.fed_calm[south]", {"2001-02-01": 0.7}),
            path("north.propaganda", {"2001-02-01": 0.5}),
            path("coast->north.populists", {"2001-02-01": 0.6}),
        ],
    )
    entries["costs"] = entry(
        "2001-02-01",
        inputs=[
            path("harbour.burden_losses[north]", {"2001-02-01": 20}),
            path("harbour.burden_money[north]", {"2001-02-01": 30}),
            path("harbour.burden_air[north]", {"2001-02-01": 8}),
            path("harbour.burden_force[south]", {"2001-03-01": 100}),
            path("harbour.burden_force[east]", {"2001-05-01": 4}),
            path("north.recruits", {"2001-02-01": 5}),
        ],
    )


@pytest.fixture(scope="session")
def toy() -> CaseFiles:
    return load(TEMPLATE)


@pytest.fixture(scope="session")
def busy(toy: CaseFiles) -> CaseFiles:
    return grown(toy)


class Moment(NamedTuple):
    """One step of `walk`: what the verbs saw, and the world before and after it."""

    case: Case
    theory: Theory
    before: World
    after: World
    news: News
    dt: float


def walk(
    built: Built,
    steps: int,
    *,
    values: np.ndarray = DEFAULTS,
    switches: np.ndarray | None = None,
    runs: Sequence[int] = (0, 1, 2, 3),
    seed: int = 1,
    start: int = 0,
) -> Iterator[Moment]:
    """Step lanes under NumPy; equal `runs` share all noise. `values` is [parameter] or per lane."""
    numbers = np.array(runs, np.uint32)
    lanes = len(numbers)
    switches = np.ones(len(IDS), np.float32) if switches is None else switches
    theory = Theory(_lanes(values, lanes), _lanes(switches, lanes))
    world = each(lambda a: np.repeat(a[..., None], lanes, axis=-1), built.world)
    words, sizes, dt = noise.streams(built.case), noise.shapes(built.case), built.step_days / YEAR
    world = noise.opened(world, np.uint32(seed), numbers, words, sizes)
    last = quiet(world)
    for index in range(start, start + steps):
        given = Given(*(array[index] for array in built.given))
        days = Today(*(array[index] for array in built.today))
        case = built.case._replace(given=given, today=Today(*(array[0] for array in days)))
        case, days = each(lambda a: np.asarray(a)[..., None], (case, days))
        draws = noise.draw(np.uint32(seed), numbers, np.uint32(index), words, sizes)
        after, news = week(world, last, case, days, theory, draws, dt)
        after, news = each(lambda a: np.asarray(a, np.float32), (after, news))
        yield Moment(case, theory, world, after, news, dt)
        world, last = after, news


def _lanes(numbers: np.ndarray, lanes: int) -> np.ndarray:
    numbers = np.asarray(numbers, np.float32)
    return np.repeat(numbers[:, None], lanes, axis=1) if numbers.ndim == 1 else numbers


def each(change: Any, tree: Any) -> Any:
    """Apply `change` to every array of nested tuples, named or plain."""
    if isinstance(tree, tuple):
        parts = [each(change, part) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return change(tree)


def stocks(world: World) -> dict[str, np.ndarray]:
    """Every stock by `part.name`."""
    return {
        f"{noun}.{name}": array
        for noun, part in world._asdict().items()
        for name, array in part._asdict().items()
    }


def drawn(lanes: int, seed: int) -> np.ndarray:
    """Parameters of each lane from their priors [parameter, lane]; the first has the defaults."""
    generator = np.random.default_rng(seed)
    values = np.stack([p.prior.draw(generator, lanes) for p in PARAMETERS]).astype(np.float32)
    values[:, 0] = DEFAULTS
    return values


def with_value(values: np.ndarray, **changes: float) -> np.ndarray:
    """A copy of `values` with some parameters set."""
    values = values.copy()
    for name, value in changes.items():
        values[NAMES.index(name)] = value
    return values


@pytest.fixture(scope="session")
def busy_built(busy: CaseFiles) -> Built:
    return compile_case(busy)


@pytest.fixture(scope="session")
def toy_built(toy: CaseFiles) -> Built:
    return compile_case(toy)


@pytest.fixture(scope="session")
def lab() -> Any:
    """The helpers above, for tests, which cannot import a conftest."""
    return SimpleNamespace(
        walk=walk, drawn=drawn, with_value=with_value, stocks=stocks, each=each, defaults=DEFAULTS
    )

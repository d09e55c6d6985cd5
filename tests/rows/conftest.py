"""The toy world of the row tests: the template without its timeline, run under NumPy.

`toy` has two powers, three clients, one war with two sides; `crowded` adds a third side, the
radicals. Nothing happens in `toy.noise()`: no hazard fires and every normal is 0. Tests that
depend on a parameter's value set it, for the defaults are still being tuned.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from allegiance.cases.axes import Labels
from allegiance.cases.compile import compile_case
from allegiance.cases.loading import load
from allegiance.cases.new import TEMPLATE
from allegiance.engine import noise
from allegiance.engine.week import quiet, week
from allegiance.world.case import YEAR, Case, Given, Today
from allegiance.world.draws import PAIRS, Draws
from allegiance.world.nouns import News, World
from allegiance.world.parameters import NAMES, PARAMETERS
from allegiance.world.rows import IDS
from allegiance.world.theory import Theory

WEEK = 7.0 / YEAR

WAR = {
    # how armies fight and where they stand
    "attrition": 0.5,
    "exposure": 0.7,
    "conquest": 29.0,
    "stretch": 0.6,
    "home_ground": 1.0,
    "idle_intensity": 0.02,
    "posture_intensity": 1.0,
    "posture_slope": 2.0,
    "posture_odds": 0.5,
    "posture_rate": 4.0,
    "initiative": 1.1,
    "campaign_drive": 6.0,
    "campaign_days": 60.0,
    "offensive_rate": 0.0,
    "recruiting_rate": 0.8,
    "moral_hazard": 0.3,
    "pay_to_recruit": 0.2,
    "underground": 0.2,
    "march_rate": 12.0,
    "concentration": 0.4,
    "front_weight": 3.0,
    "raid": 0.3,
    "fortune_spread": 0.15,
    "fortune_memory": 0.5,
    # what planes add, and what bombs do
    "air_multiplier": 6.0,
    "air_half": 0.25,
    "sortie_kills": 0.15,
    "siege_rate": 1.0,
    "surrender_rate": 0.5,
    # an army's nerve
    "margin": 0.8,
    "coupling": 8.0,
    "cohesion_days": 1.0,
    "defeat_days": 8.0,
    "weight_of_odds": 1.0,
    "weight_of_help": 1.5,
    "weight_of_pay": 0.5,
    "weight_of_defeat": 6.0,
    "weight_of_belief": 1.0,
    "men_per_sortie": 0.5,
    "desertion": 8.0,
    "idle_share": 0.1,
    "broken_army": 0.3,
    "mood_spread": 0.25,
    "mood_memory": 0.3,
    # a regime's alarm, and help on its way
    "alarm_of_loss": 8.0,
    "alarm_of_odds": 1.0,
    "alarm_threshold": 1.0,
    "alarm_rate": 2.0,
    "deployment_rate": 14.0,
    "presence": 0.15,
    "overstretch": 2.0,
    "war_damage": 0.6,
    "spending_rate": 2.0,
}
"""Every parameter that a few weeks of a war hang on, so that tuning the defaults moves no test."""

RADICALS = (
    ("sides: [government, opposition]      #", "sides: [government, opposition, radicals]  #"),
    ("    sides: [government, opposition]\n", "    sides: [government, opposition, radicals]\n"),
    (
        "hostile: [[government, opposition]]",
        "hostile: [[government, opposition], [government, radicals]]",
    ),
    ("    moderate: [opposition]\n", "    moderate: [opposition]\n    radical: radicals\n"),
    ("named_enemy: [opposition] ", "named_enemy: [radicals] "),
    ("strikes: [opposition] ", "strikes: [opposition, radicals] "),
    ("{government: 0.25, opposition: 0.75}", "{government: 0.25, opposition: 0.5, radicals: 0.25}"),
    ("{government: 12, opposition: 20}", "{government: 12, opposition: 14, radicals: 6}"),
)
"""Edits that give the template a third side, which sits in the hills beside the opposition."""


def _edit(tree: Any, **changes: Any) -> Any:
    """A copy of a named tuple of arrays with other entries.

    `ties={"pledge": {(0, 1): 0.5}}` sets one entry, `ties={"pledge": 0.5}` all; an array in place
    of a number is broadcast, which is how runs get different values.
    """
    found = {}
    for name, change in changes.items():
        old = getattr(tree, name)
        if isinstance(old, tuple):
            found[name] = _edit(old, **change)
        elif isinstance(change, dict):
            new = old.copy()
            for place, value in change.items():
                value = np.asarray(value, np.float32)
                if value.ndim and value.shape[-1] > new.shape[-1]:
                    new = np.repeat(new, value.shape[-1], axis=-1)
                new[place] = value
            found[name] = new
        else:
            value = np.asarray(change, np.float32)
            found[name] = np.broadcast_to(value, np.broadcast_shapes(old.shape, value.shape)).copy()
    return tree._replace(**found)


def _lift(tree: Any) -> Any:
    return type(tree)(*(_lift(x) if isinstance(x, tuple) else x[..., None] for x in tree))


def _runs(tree: Any) -> int:
    """Longest run axis of an array or of a named tuple of arrays."""
    if isinstance(tree, tuple):
        return max((_runs(part) for part in tree), default=1)
    return np.shape(tree)[-1] if np.ndim(tree) else 1


def _spread(tree: Any, runs: int) -> Any:
    """The same with every run axis of length 1 repeated."""
    if isinstance(tree, tuple):
        return type(tree)(*(_spread(part, runs) for part in tree))
    return np.repeat(tree, runs // tree.shape[-1], axis=-1)


class Call(NamedTuple):
    """What a verb is called with, in its order."""

    world: World
    last: News
    now: News
    case: Case
    theory: Theory
    noise: Draws
    dt: float


@dataclass(frozen=True)
class Toy:
    """A compiled case with a run axis, and the ways to call a verb or the whole week on it."""

    case: Case
    days: Today
    world: World
    labels: Labels
    dt: float = WEEK

    def __getitem__(self, name: str) -> int:
        """Place of an entity on its axis; the war in Harbour and its client are both `harbour`."""
        places = {names.index(name) for names in self.labels if name in names}
        assert len(places) == 1, f"{name}: {places or 'unknown'}"
        return places.pop()

    def theory(
        self, on: Iterable[str] | None = None, off: Iterable[str] = (), **values: Any
    ) -> Theory:
        """Every row on but `off` (or only `on`), the default parameters but `values` [run]."""
        switches = np.array([[float((on is None or r in on) and r not in off)] for r in IDS])
        unknown = set(values) - set(NAMES)
        assert not unknown, f"no such parameter: {unknown}"
        rows = [np.atleast_1d(values.get(p.name, p.value)) for p in PARAMETERS]
        runs = max(len(row) for row in rows)
        table = np.stack([np.broadcast_to(row, (runs,)) for row in rows])
        return Theory(table.astype(np.float32), switches.astype(np.float32))

    def noise(self, runs: int = 1, **draws: Any) -> Draws:
        """A step in which nothing happens by chance; `draws` replaces entries by name."""
        sizes = noise.shapes(self.case)
        quietly: dict[str, np.ndarray] = {}
        for left, right, letters, law in PAIRS:
            for name in (left, right) if right else (left,):
                shape = (*(sizes[letter] for letter in letters), runs)
                quietly[name] = np.full(shape, 0.0 if law == "normal" else 1.0, np.float32)
        return _edit(Draws(**quietly), **draws)

    def call(self, theory: Theory, world: World | None = None, **others: Any) -> Call:
        """Arguments of a verb: `fight(*toy.call(theory))`; all but `theory` have a default."""
        start = self.world if world is None else world
        draws = others.pop("noise", None) or self.noise()
        runs = max(_runs(tree) for tree in (start, draws, theory.values, others.get("case", 0)))
        start = _spread(start, runs)
        theory = Theory(_spread(theory.values, runs), _spread(theory.switches, runs))
        given: dict[str, Any] = {
            "last": quiet(start),
            "now": quiet(start),
            "case": self.case,
            "noise": _spread(draws, runs),
            "dt": self.dt,
        }
        return Call(world=start, theory=theory, **(given | others))

    def weeks(
        self,
        count: int,
        theory: Theory,
        world: World | None = None,
        case: Case | Callable[[int], Case] | None = None,
        days: Today | Callable[[int], Today] | None = None,
        runs: int = 64,
        seed: int = 1,
    ) -> Iterator[tuple[World, News]]:
        """The whole week, `count` times; `case` and `days` may depend on the week's number."""
        here = _spread(self.world if world is None else world, runs)
        theory = Theory(_spread(theory.values, runs), _spread(theory.switches, runs))
        last = quiet(here)
        words, sizes = noise.streams(self.case), noise.shapes(self.case)
        numbers = np.arange(runs, dtype=np.uint32)
        case, days = case or self.case, days or self.days
        for step in range(count):
            draws = noise.draw(np.uint32(seed), numbers, np.uint32(step), words, sizes)
            fixed = case(step) if callable(case) else case
            inputs = days(step) if callable(days) else days
            here, last = week(here, last, fixed, inputs, theory, draws, self.dt)
            yield here, last


def _build(folder: Path, edits: Iterable[tuple[str, str]] = ()) -> Toy:
    shutil.copytree(TEMPLATE, folder)
    (folder / "timeline.yaml").write_text("entries: {}\n", encoding="utf-8")
    file = folder / "case.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"the template no longer says {old!r} once"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    built = compile_case(load(folder), pad=False)
    today = Today(*(array[0] for array in built.today))
    case = _lift(built.case._replace(given=Given(*(array[0] for array in built.given))))
    return Toy(case=case, days=_lift(today), world=_lift(built.world), labels=built.labels)


@pytest.fixture(scope="session")
def edit() -> Callable[..., Any]:
    """`edit(world, ties={"pledge": {(0, 1): 0.5}})`: a copy with other entries."""
    return _edit


@pytest.fixture(scope="session")
def grid() -> Callable[[int], np.ndarray]:
    """Evenly spaced uniforms: a share of runs is then a probability, to one over their number."""
    return lambda runs: (np.arange(runs, dtype=np.float32) + 0.5) / runs


@pytest.fixture(scope="session")
def war() -> dict[str, float]:
    """Values of all parameters that a few weeks of a war hang on; no offensive by chance."""
    return dict(WAR)


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """Two powers, three clients, one war; nothing comes from outside."""
    return _build(tmp_path_factory.mktemp("toy") / "template")


@pytest.fixture(scope="session")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """As `toy`, with a third side: the radicals, whom North names as its enemy."""
    return _build(tmp_path_factory.mktemp("crowded") / "template", RADICALS)

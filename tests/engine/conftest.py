"""One compiled program for all tests of the engine: the template's shape, everything recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allegiance.cases.compile import Built, compile_case
from allegiance.engine import observe
from allegiance.engine.chunks import Plan
from allegiance.engine.scenario import Scenario
from allegiance.engine.store import MANIFEST, SUMMARY
from allegiance.world.parameters import NAMES, PARAMETERS
from allegiance.world.rows import IDS

FALL = "harbour.fell"

WAR = {
    "harbour.discipline[opposition]": 3.0,
    "harbour/hills.force[opposition]": 40.0,
    "harbour.mobilised[opposition]": 40.0,
    "harbour.mobilised[government]": 12.0,
    "harbour.own_air[government]": 0.0,
}
"""The template as an even war: under drawn parameters some governments fall and some do not."""


def content(folder: Path, timed: bool = True) -> dict[str, bytes]:
    """All files by their place in the folder; those that bear times only if `timed`."""
    without = () if timed else (MANIFEST, SUMMARY)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in without
    }


@pytest.fixture(scope="session")
def calm(template: Scenario) -> Built:
    return compile_case(template.files)


@pytest.fixture(scope="session")
def even(template: Scenario) -> Built:
    files = template.files
    for address, value in WAR.items():
        files = files.set(address, value)
    return compile_case(files)


@pytest.fixture(scope="session")
def drawn() -> Callable[..., np.ndarray]:
    """Parameters of each run from their priors [parameter, run]; `named` only, the rest default."""

    def draw(runs: int, seed: int, named: tuple[str, ...] = NAMES) -> np.ndarray:
        generator = np.random.default_rng(seed)
        values = np.repeat(np.array([[p.value] for p in PARAMETERS], np.float32), runs, axis=1)
        for at, parameter in enumerate(PARAMETERS):
            if parameter.name in named:
                values[at] = parameter.prior.draw(generator, runs)
        return values

    return draw


@pytest.fixture(scope="session")
def plan(drawn: Callable[..., np.ndarray]) -> Callable[..., Plan]:
    """A plan that the shared program serves, whatever the case, the runs and the parameters."""

    def make(built: Any, runs: int, **changes: Any) -> Plan:
        addresses = observe.catalogue(built.labels, observe.axis_sizes(built.world))
        values = changes.pop("values", drawn(1, 0, ())[:, 0])
        base = Plan(
            built=built,
            values=values,
            switches=np.ones(len(IDS), np.float32),
            runs=runs,
            seed=1,
            record=tuple(addresses),
            watch=(FALL, "harbour.offensive[opposition]", "harbour.entered[north]"),
            devices=2,
        )
        return replace(base, **changes)

    return make


@pytest.fixture(scope="session")
def joined() -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """Records [step, address, run] and first days [event, run] of all chunks."""
    from allegiance.engine.chunks import Runner

    def join(plan: Plan, skip: frozenset[int] = frozenset()) -> tuple[np.ndarray, np.ndarray]:
        chunks = [chunk for _, chunk in Runner(plan).chunks(skip)]
        records = np.concatenate([chunk.records for chunk in chunks], axis=2)
        return records, np.concatenate([chunk.first for chunk in chunks], axis=1)

    return join

"""What all tests share."""

import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.engine.scenario import Scenario, load

_cache = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Keep the compilation cache out of the user's folder, and empty at the start."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="allegiance-cache-")
        config.stash[_cache] = folder
        os.environ["ALLEGIANCE_CACHE"] = folder.name


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(_cache, None):
        folder.cleanup()


@pytest.fixture(scope="session")
def template() -> Scenario:
    """The shared small world: two powers, three clients, one war, two years."""
    return load(TEMPLATE)


class FakeRunner:
    """A stand-in for the compiled engine, for tests of what is made of its results.

    Records are walks and first passages exponential, drawn by run number; each row that is
    switched off lowers the second half of the walks.
    """

    width = 8

    def __init__(self, plan) -> None:
        self.plan = plan

    def chunks(self, skip: frozenset[int] = frozenset()) -> Iterator:
        every = range(-(-self.plan.runs // self.width))
        return self.some(index for index in every if index not in skip)

    def some(self, wanted: Iterable[int]) -> Iterator:
        for index in wanted:
            yield index, self._chunk(index * self.width)

    def _chunk(self, low: int):
        from allegiance.engine.chunks import Chunk

        plan, steps, days = self.plan, self.plan.built.steps, self.plan.built.step_days
        runs = np.arange(low, min(low + self.width, plan.runs), dtype=np.uint32)
        lever = float(plan.switches.sum() - len(plan.switches))

        def draw(run: int, name: str) -> np.random.Generator:
            return np.random.default_rng([plan.seed, run, zlib.crc32(name.encode())])

        records = np.zeros((steps, len(plan.record), len(runs)), np.float32)
        first = np.zeros((len(plan.watch), len(runs)))
        for column, run in enumerate(runs.tolist()):
            for row, address in enumerate(plan.record):
                records[:, row, column] = draw(run, address).normal(size=steps).cumsum()
            for row, event in enumerate(plan.watch):
                first[row, column] = draw(run, event).exponential(600.0)
        records[steps // 2 :] += lever
        log = self._log(first, len(runs)) if plan.log else None
        return Chunk(runs, records, np.where(first < steps * days, first, np.inf), log)

    def _log(self, first: np.ndarray, runs: int) -> np.ndarray:
        """The watched events, each in the week of its first occurrence."""
        from allegiance.engine import observe

        built = self.plan.built
        places = observe.events(built.labels, observe.axis_sizes(built.world))
        log = np.zeros((built.steps, max(places.values()) + 1, runs), np.uint8)
        for event, passed in zip(self.plan.watch, first, strict=True):
            for run, day in enumerate(passed):
                if day < built.steps * built.step_days:
                    log[int(day // built.step_days), places[event], run] = 1
        return log


@pytest.fixture(scope="session")
def fake_runner() -> type[FakeRunner]:
    """The stand-in, for what a session makes once."""
    return FakeRunner


@pytest.fixture
def fake_engine(monkeypatch: pytest.MonkeyPatch) -> type[FakeRunner]:
    """Results without a compiler."""
    from allegiance.engine import program, simulate

    monkeypatch.setattr(simulate, "Runner", FakeRunner)
    monkeypatch.setattr(program, "prepare", lambda: 1)
    return FakeRunner

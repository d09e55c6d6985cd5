"""Two workers with the real engine: a run, a calibration and an explanation, a worker killed."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allegiance.cases.new import TEMPLATE, scaffold
from allegiance.engine import program, simulate, workers
from allegiance.engine.scenario import load
from allegiance.engine.setup import prepare
from allegiance.engine.store import Store
from allegiance.explain import drivers
from allegiance.infer.calibrate import calibrate
from allegiance.infer.smc import MOVES
from allegiance.world.rows import IDS

from .conftest import content

pytest.importorskip("distributed")
HERE = Path(__file__).parent

ITEM = """
  {name}:
    what: harbour.control[government]
    when: {day}
    value: {value}
    spread: {{sd: 0.3, scale: logit, assumed: a test}}
    source: {{title: A test, by: a tester, date: "2001"}}
    grade: A1
    use: fit
"""


def timeless(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "seconds": 0}


@pytest.fixture
def killed(monkeypatch, tmp_path):
    """`killed(point)`: workers started from now on keep the real engine; one dies at the point."""
    from dask import config

    monkeypatch.syspath_prepend(HERE)
    here = [str(HERE), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, here)))
    monkeypatch.setenv("KILLS_ENGINE", "real")
    # On a busy machine a worker takes a minute to come back.
    monkeypatch.setattr(workers, "PATIENCE", 300.0)
    marker = tmp_path / "died"
    monkeypatch.setenv("KILLS_MARKER", str(marker))
    with config.set({"distributed.worker.preload": ["preload"]}):
        yield lambda point: (monkeypatch.setenv("KILLS_POINT", point), marker)[1]


class Elsewhere:
    """In place of the engine of this process, which has nothing to do."""

    def __init__(self, plan: Any) -> None:
        raise AssertionError("a chunk was made by the head")


def explained(tmp_path: Path) -> dict[str, Any]:
    """What drives a fall in a world of three mechanisms: a design, and each thing taken away."""
    world = load(TEMPLATE)
    for id in IDS[3:]:
        world = world.without(id)
    asked = drivers.order(world, "government_falls", runs=2000, over=["margin"])
    return timeless(drivers.explained(asked, lambda done: None).summary())


def calibrated(tmp_path: Path) -> dict[str, Any]:
    """All particles of a calibration of two rounds."""
    folder = tmp_path / "planted"
    if not folder.exists():
        scaffold("planted", tmp_path)
        days = {"2001-01-20": 0.75, "2001-03-03": 0.92}
        items = (ITEM.format(name=f"i{d[-2:]}", day=d, value=v) for d, v in days.items())
        (folder / "dossier.yaml").write_text("items:" + "".join(items), encoding="utf-8")
    runs = 64 * program.prepare() + 32
    found = calibrate(
        folder, "2001-06-30", fit=["conquest"], runs_per=runs, budget=runs * (1 + MOVES)
    )
    return {name: np.asarray(value).tolist() for name, value in found.state._asdict().items()}


@pytest.mark.slow
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize(
    ("point", "use"),
    [("inside the write of an array", calibrated), ("between chunks", explained)],
)
def test_two_workers_of_which_one_dies_make_the_bits_of_one_process(
    point, use, template, killed, tmp_path, monkeypatch
):
    setup = prepare(template, runs=2 * 64 * program.prepare() + 40)
    _, straight = simulate.tallied(setup, Store(tmp_path / "straight", setup))
    used = use(tmp_path)
    died = killed(point)
    monkeypatch.setattr(simulate, "Runner", Elsewhere)
    with workers.working(2):
        _, pooled = simulate.tallied(setup, Store(tmp_path / "pool", setup))
        assert died.exists()
        assert use(tmp_path) == used
    assert timeless(pooled) == timeless(straight)
    assert content(tmp_path / "pool", timed=False) == content(tmp_path / "straight", timed=False)

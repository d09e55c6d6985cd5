"""Killed at any point, a run goes on with --resume and ends with the same bits."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from allegiance.engine import program, simulate
from allegiance.engine.store import Store

from .conftest import content

HERE = Path(__file__).parent


def _module(path):
    """A module by its file: tests are no package."""
    spec = importlib.util.spec_from_file_location(f"_{path.stem}", path)
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


kills = _module(HERE / "kills.py")
FakeRunner = kills.stand_in()

pytestmark = pytest.mark.usefixtures("fake_engine")


@pytest.fixture(scope="module")
def setup():
    return kills.order()


def bits(folder):
    """Everything that a run leaves, by path; the manifest without its times."""
    manifest, summary = (
        json.loads((folder / name).read_text()) for name in ("manifest.json", "summary.json")
    )
    for seal in (manifest.pop("started"), manifest.pop("ended")):
        assert seal
    manifest["files"].pop("summary.json")  # it holds the seconds that were taken
    return content(folder, timed=False), manifest, {**summary, "seconds": 0}


@pytest.fixture(scope="module")
def straight(setup, tmp_path_factory):
    """The bits of a run that nothing has stopped."""
    folder = tmp_path_factory.mktemp("straight")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulate, "Runner", FakeRunner)
        patch.setattr(program, "prepare", lambda: 1)
        simulate.tallied(setup, Store(folder, setup))
    return bits(folder)


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Folders of runs that were killed, by the number of the point."""
    folder = tmp_path_factory.mktemp("killed")
    asked = [sys.executable, "-W", "ignore", str(HERE / "kills.py"), str(folder)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.mark.parametrize("number", range(len(kills.POINTS)), ids=kills.POINTS)
def test_a_killed_run_goes_on_with_the_same_bits(number, killed, setup, straight):
    folder = killed / str(number)
    store = Store(folder, setup, resume=True)
    assert store.anew == (kills.POINTS[number] == "before the manifest")
    simulate.tallied(setup, store)
    assert bits(folder) == straight

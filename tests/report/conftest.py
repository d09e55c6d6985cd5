"""A stored run of the small case, made once for the session and copied for each test."""

import shutil
from pathlib import Path

import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code


@pytest.fixture(autouse=True)
def no_paper(monkeypatch):
    """No pictures for paper: they take a second, and reports need none."""
    _drawn_not(monkeypatch)


def _drawn_not(patch: pytest.MonkeyPatch) -> None:
    from allegiance.show import plots

    patch.setattr(plots, "draw", lambda futures, case, folder: [folder / "overview.png"])


@pytest.fixture(scope="session")
def stored_once(tmp_path_factory, fake_runner) -> Path:
    """A stored run of 16 futures of the template that no test may change."""
    from allegiance.engine import program, simulate

    folder = tmp_path_factory.mktemp("report") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulate, "Runner", fake_runner)
        patch.setattr(program, "prepare", lambda: 1)
        _drawn_not(patch)
        assert code(["run", str(TEMPLATE), "--runs", "16", "--json", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def store(stored_once, tmp_path) -> Path:
    """The stored run, to be changed at will."""
    return shutil.copytree(stored_once, tmp_path / "store")

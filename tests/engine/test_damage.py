"""A store that is damaged, or another run's, is refused by name; a full disk loses nothing."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from allegiance.cases.errors import CaseError
from allegiance.cli.main import code
from allegiance.engine import selection, simulate, store
from allegiance.engine.futures import opened
from allegiance.engine.setup import prepare
from allegiance.engine.store import Store

pytestmark = pytest.mark.usefixtures("fake_engine")

CHUNK = "trajectories.zarr/trajectory/c/1/0/0"


@pytest.fixture(scope="module")
def setup(template):
    return prepare(template, runs=20, extra=selection.headline(template.files.case), logged=True)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Where runs are kept that tests take copies of."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def broken(setup, shelf, tmp_path, monkeypatch):
    """A run that was interrupted after two of its three chunks."""
    if not (shelf / "broken").exists():
        write = Store.write

        def stopped(self, index, chunk, width):
            if index == 2:
                raise KeyboardInterrupt
            write(self, index, chunk, width)

        with monkeypatch.context() as patch:
            patch.setattr(Store, "write", stopped)
            with pytest.raises(KeyboardInterrupt):
                simulate.tallied(setup, Store(shelf / "broken", setup))
    return Path(shutil.copytree(shelf / "broken", tmp_path / "run"))


@pytest.fixture
def whole(setup, broken, shelf):
    if not (shelf / "whole").exists():
        shutil.copytree(broken, shelf / "whole")
        simulate.tallied(setup, Store(shelf / "whole", setup, resume=True))
    shutil.rmtree(broken)
    return Path(shutil.copytree(shelf / "whole", broken))


def cut(path):
    os.truncate(path, path.stat().st_size - 1)


def flip(path):
    found = bytearray(path.read_bytes())
    found[len(found) // 2] ^= 1
    path.write_bytes(found)


DAMAGE = [
    (CHUNK, cut, "bytes where"),
    (CHUNK, flip, "SHA-256"),
    (CHUNK, Path.unlink, "a file is missing"),
    ("trajectories.zarr/zarr.json", flip, "SHA-256"),
    ("trajectories.zarr/trajectory/zarr.json", cut, "bytes where"),
]


@pytest.mark.parametrize(("name", "damage", "told"), DAMAGE)
def test_damage_is_named_when_a_run_is_resumed(name, damage, told, setup, broken):
    damage(broken / name)
    with pytest.raises(CaseError, match=told) as raised:
        Store(broken, setup, resume=True)
    assert raised.value.file == str(broken / name)


@pytest.mark.parametrize(("name", "damage", "told"), [*DAMAGE, ("summary.json", flip, "SHA-256")])
def test_damage_is_named_when_results_are_opened(name, damage, told, setup, whole):
    damage(whole / name)
    for use in (lambda: Store(whole, setup, resume=True), lambda: opened(whole)):
        with pytest.raises(CaseError, match=told) as raised:
            use()
        assert raised.value.file == str(whole / name)


def test_the_remedy_that_is_told_works(setup, broken):
    cut(broken / CHUNK)
    with pytest.raises(CaseError, match=r"remove .*000001\.json and resume"):
        Store(broken, setup, resume=True)
    (broken / "parts" / "000001.json").unlink()
    again = Store(broken, setup, resume=True)
    assert again.finished == {0}
    simulate.tallied(setup, again)
    assert opened(broken).runs == 20


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"files": {"../x": {}}}', "[" * 100_000])
def test_a_damaged_record_is_named(text, setup, broken):
    record = broken / "parts" / "000001.json"
    record.write_text(text)
    with pytest.raises(CaseError, match="not the record of a chunk") as raised:
        Store(broken, setup, resume=True)
    assert raised.value.file == str(record)


def test_a_chunk_of_another_run_is_not_mixed_in(setup, template, broken, tmp_path):
    other = prepare(
        template, runs=20, seed=2, extra=selection.headline(template.files.case), logged=True
    )
    there = Store(tmp_path / "other", other)
    for number, chunk in enumerate(simulate.chunks(other)):
        there.write(number, chunk, 8)
    shutil.copy(there.folder / "parts" / "000001.json", broken / "parts")
    with pytest.raises(CaseError, match="belongs to another run") as raised:
        Store(broken, setup, resume=True)
    assert raised.value.file is not None
    assert raised.value.file.endswith("000001.json")


@pytest.mark.parametrize("differs", ["case", "version", "runs"])
def test_another_run_is_refused_and_what_differs_is_named(
    differs, setup, template, broken, monkeypatch
):
    extra = selection.headline(template.files.case)
    runs = 21 if differs == "runs" else 20
    changed = template.set("north.gdp", 1234.0) if differs == "case" else template
    if differs == "version":
        monkeypatch.setattr(store, "version", lambda name: "0")
    other = prepare(changed, runs=runs, extra=extra, logged=True)
    told = {"case": "levers", "version": "versions", "runs": r"runs differs \(there 20, here 21\)"}
    with pytest.raises(CaseError, match=f"another run: its {told[differs]}"):
        Store(broken, other, resume=True)


def test_a_missing_manifest_is_named(setup, broken):
    (broken / "manifest.json").unlink()
    with pytest.raises(CaseError, match="the manifest is missing") as raised:
        Store(broken, setup, resume=True)
    assert raised.value.file == str(broken / "manifest.json")


def test_an_unfinished_run_is_not_opened(broken):
    with pytest.raises(CaseError, match="not finished"):
        opened(broken)


def test_there_is_nothing_to_resume_where_nothing_is(setup, tmp_path, template, capsys, undrawn):
    with pytest.raises(CaseError, match="nothing to resume"):
        Store(tmp_path / "missing", setup, resume=True)
    assert not (tmp_path / "missing").exists()
    (tmp_path / "empty").mkdir()
    order = ["run", str(template.files.folder), "--runs", "8", "--resume", "--out"]
    assert code([*order, str(tmp_path / "missing")]) == 2
    assert "nothing to resume" in capsys.readouterr().err
    assert code([*order, str(tmp_path / "empty")]) == 0
    assert "beginning anew" in capsys.readouterr().err


def test_a_limit_on_files_stops_the_run_and_loses_nothing(setup, broken):
    """The kernel refuses a write in the middle: what is finished stays, and the run goes on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resumed = Store(broken, setup, resume=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, hard))
    try:
        with pytest.raises(OSError, match="File too large") as raised:
            simulate.tallied(setup, resumed)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "16 of 20 futures are kept" in raised.value.__notes__[0]
    simulate.tallied(setup, Store(broken, setup, resume=True))
    assert opened(broken).runs == 20


@pytest.fixture
def undrawn(monkeypatch):
    """Pictures cost seconds and are not what these tests are about."""
    monkeypatch.setattr("allegiance.cli.run._drawn", lambda out, case: out)


@pytest.fixture
def tiny(tmp_path, undrawn):
    """A disk of 1600 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or subprocess.run(asked, capture_output=True, check=False).returncode
    ):
        pytest.skip("this machine does not let us mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_one_clear_error(tiny, template, capsys, monkeypatch):
    # It had room enough when the run began.
    monkeypatch.setattr("allegiance.engine.estimate._free", lambda folder: None)
    order = ["run", str(template.files.folder), "--runs", "160", "--out", str(tiny / "out")]
    assert code(order) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "No space left on device" in told
    assert "of 160 futures are kept" in told
    assert "--resume" in told
    kept = int(told.split(" of 160")[0].split()[-1])
    subprocess.run(["mount", "-o", "remount,size=4m", str(tiny)], check=True)
    assert kept == 8 * len([*(tiny / "out" / "parts").glob("*.json")])
    assert kept >= 8
    assert code([*order, "--resume"]) == 0
    assert opened(tiny / "out").runs == 160


def test_a_folder_that_cannot_be_written_is_one_clear_error(tiny, template, capsys):
    order = ["run", str(template.files.folder), "--runs", "8", "--out", str(tiny / "out")]
    subprocess.run(["mount", "-o", "remount,size=4m", str(tiny)], check=True)
    assert code(order) == 0
    capsys.readouterr()
    subprocess.run(["mount", "-o", "remount,ro", str(tiny)], check=True)
    for folder in ("out", "other"):
        again = [*order[:-1], str(tiny / folder), *(["--resume"] if folder == "out" else [])]
        assert code(again) == 2
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert "cannot be written (Read-only file system)" in told
    assert json.loads((tiny / "out" / "summary.json").read_text())["runs"] == 8
    assert opened(tiny / "out").runs == 8

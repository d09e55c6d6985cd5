"""One run writes to a folder at a time, and a claim ends with its process."""

import errno
import fcntl
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from allegiance.cases.errors import CaseError
from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.engine import interrupts
from allegiance.engine.claims import Claim
from allegiance.engine.futures import opened
from allegiance.engine.setup import prepare
from allegiance.engine.store import Store
from allegiance.infer.calibrate import Kept

from .conftest import content

pytestmark = pytest.mark.usefixtures("fake_engine")
HERE = Path(__file__).parent


@pytest.fixture
def order(monkeypatch, tmp_path):
    """The arguments of the run that `claiming.py` makes too."""
    monkeypatch.setattr("allegiance.cli.run._drawn", lambda out, case: out)
    folder = str(tmp_path / "out")
    return ["run", str(TEMPLATE), "--runs", "20", "--json", "--out", folder]


@pytest.fixture
def other():
    """Start another process that claims a folder and stands still; return it."""
    started = []

    def start(*arguments):
        asked = [sys.executable, "-W", "ignore", str(HERE / "claiming.py"), *map(str, arguments)]
        process = subprocess.Popen(asked, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "claimed\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("resumed", [False, True], ids=["two that start", "two that resume"])
def test_a_second_run_is_refused_until_the_first_is_dead(resumed, order, other, tmp_path, capsys):
    folder = tmp_path / "out"
    if resumed:
        assert code(order) == 0
        capsys.readouterr()
    before = content(folder)
    first = other(folder, *["--resume"] * resumed)
    for more in ([], ["--resume"]):
        assert code([*order, *more]) == 2
        told = capsys.readouterr().err
        assert told.startswith(f"allegiance: {folder}: another run is writing to this folder; all")
        assert told.count("\n") == 1
    assert content(folder) == before
    first.kill()
    first.wait()
    assert content(folder) == before  # nothing is left that a reader or a resumption would find
    assert code([*order, *["--resume"] * resumed]) == 0
    assert opened(folder).runs == 20


def test_a_resumption_is_refused_while_pictures_are_drawn(order, monkeypatch, tmp_path, capsys):
    found = []

    def drawn(out, case):
        monkeypatch.setattr("allegiance.cli.run._drawn", lambda out, case: out)
        found.append(code([*order, "--resume"]))
        return out

    monkeypatch.setattr("allegiance.cli.run._drawn", drawn)
    assert code(order) == 0
    assert found == [2]
    assert "another run is writing to this folder" in capsys.readouterr().err
    Claim(tmp_path / "out").release()


def test_an_interruption_among_the_pictures_says_what_is_kept(order, monkeypatch, capsys):
    def drawn(out, case):
        signal.raise_signal(signal.SIGINT)
        interrupts.check()

    monkeypatch.setattr("allegiance.cli.run._drawn", drawn)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    assert code(order) == 130
    signal.signal(signal.SIGINT, before)
    assert "interrupted; 20 of 20 futures are kept" in capsys.readouterr().err


def stopped(kept):
    """A run that is interrupted; the outermost `with` holds the claim."""
    with kept:
        with kept:
            pass
        with pytest.raises(CaseError, match="another run is writing"):
            Claim(kept.folder)
        raise KeyboardInterrupt


def test_a_claim_is_given_back_when_a_run_ends_or_is_refused(template, tmp_path):
    setup = prepare(template, runs=20, logged=True)
    kept = Store(tmp_path, setup)
    with pytest.raises(CaseError, match="another run is writing"):
        Store(tmp_path, setup)
    with pytest.raises(KeyboardInterrupt) as raised:
        stopped(kept)
    assert "0 of 20 futures are kept" in raised.value.__notes__[0]
    (tmp_path / "mine.txt").touch()
    with pytest.raises(CaseError, match="not empty") as refused:
        Store(tmp_path, setup)
    Claim(tmp_path).release()
    assert refused.value.key == "--out"


def test_a_calibration_claims_its_folder_too(tmp_path):
    with (
        Kept(tmp_path, {}, False),
        pytest.raises(CaseError, match="another run is writing to this folder"),
    ):
        Kept(tmp_path, {}, True)
    with pytest.raises(OSError, match="full") as raised, Kept(tmp_path, {}, True) as kept:
        raise OSError("the disk is full")
    assert raised.value.__notes__ == [kept.kept]
    with Kept(tmp_path, {}, True):
        pass


def test_without_locks_a_run_goes_on_and_says_so(order, monkeypatch, capsys):
    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    assert code(order) == 0
    assert "has no locks; let no other run write there" in capsys.readouterr().err

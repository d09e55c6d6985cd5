"""An interruption is heard wherever it falls, and a second one is not waited for."""

import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.engine import interrupts, program, simulate
from allegiance.engine.chunks import Runner

CASE = str(TEMPLATE)


class Finalised:
    """Is interrupted while it is taken away: Python drops an exception that is raised there."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def waited(pressed):
    """A loop that waits; it looks up often enough."""
    for _ in range(3):
        pressed.check()
        Finalised()
    raise AssertionError("the interruption was lost")


@pytest.fixture(autouse=True)
def heard():
    """A shell that begins the tests in the background has Ctrl-C ignored for all of them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interruption_inside_a_finaliser_is_not_lost():
    with pytest.raises(KeyboardInterrupt), interrupts.noted() as pressed:
        waited(pressed)


@pytest.fixture
def polite():
    """SIGTERM is an interruption, as in the program."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield signal.SIGTERM
    signal.signal(signal.SIGTERM, before)


def test_who_does_not_look_is_stopped_at_the_end(polite):
    done = []

    def deaf():
        with interrupts.noted():
            signal.raise_signal(polite)
            done.append("what was begun")

    with pytest.raises(KeyboardInterrupt):
        deaf()
    assert done
    for number in (polite, signal.SIGINT):
        assert signal.getsignal(number) is signal.default_int_handler


TWICE = """
import multiprocessing, signal, sys, time
from allegiance.engine import interrupts

signal.signal(signal.SIGINT, signal.default_int_handler)
with interrupts.noted():
    with interrupts.unheard():
        pass
    lock = multiprocessing.get_context("spawn").Lock()
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)  # a sender that signals the process and its group
    print("an echo is none", flush=True)
    time.sleep(1.5 * interrupts.SAME)
    signal.raise_signal(signal.SIGINT)
"""


def test_asked_again_the_process_ends_at_once_and_says_so_but_not_for_an_echo():
    """Nor does Python's own count of semaphores have the last word, as it had with workers."""
    found = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, check=False)
    assert (found.returncode, found.stdout) == (130, b"an echo is none\n")
    assert found.stderr == interrupts.FAREWELL


LATE = """
import os, signal
class Late:
    def __del__(self, kill=os.kill, me=os.getpid(), number=signal.SIGINT):
        kill(me, number)
late = Late()
from allegiance.cli.main import main
main(["--help"])
"""


def test_a_signal_while_python_leaves_changes_no_exit_code():
    """By then Python has taken the handlers back, and the signal would end finished work as -2."""
    found = subprocess.run([sys.executable, "-c", LATE], capture_output=True, check=False)
    assert found.returncode == 0
    assert b"Traceback" not in found.stderr


def test_signals_that_are_handled_otherwise_stay_so(polite):
    signal.signal(polite, signal.SIG_IGN)
    with interrupts.noted() as pressed:
        assert signal.getsignal(polite) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGINT) == pressed.note
    found = []

    def elsewhere():
        with interrupts.noted():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]


def test_what_fails_on_the_way_out_is_an_interruption():
    def failing():
        with interrupts.noted():
            signal.raise_signal(signal.SIGINT)
            raise RuntimeError("a worker has died of it")

    with pytest.raises(KeyboardInterrupt):
        failing()


def test_a_process_that_has_just_begun_does_not_get_it():
    """As from a terminal, which sends it to head and workers alike."""
    asked = "import os, signal; os.kill(os.getpid(), signal.SIGINT); print('lives')"
    heard = []

    def started():
        with interrupts.unheard():
            signal.raise_signal(signal.SIGINT)
            heard.append(subprocess.check_output([sys.executable, "-c", asked], text=True))
        heard.append("too late")

    with pytest.raises(KeyboardInterrupt):
        started()
    assert heard == ["lives\n"]


class Slow(Runner):
    """The loop of the engine around segments that take their time; `begun` counts them."""

    def __init__(self, press_at: int) -> None:
        self.plan: Any = SimpleNamespace(runs=4 * program.LANE)
        self.devices, self.width = 1, program.LANE
        self.world = self.first = self.switches = None
        self.inputs = [SimpleNamespace(case=SimpleNamespace(_replace=dict), _replace=dict)] * 500
        self.begun, self.press_at = 0, press_at
        first = SimpleNamespace(first=0)
        self.program = SimpleNamespace(begin=lambda *_: first, segment=self._step)

    def _step(self, carry, *rest):
        self.begun += 1
        if self.begun == self.press_at:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        return carry, np.zeros(1), np.zeros(1)

    def _numbers(self, start: int) -> np.ndarray:
        return np.array([start])

    _values = _motive = _numbers


def test_the_engine_stops_in_the_middle_of_a_chunk_and_leaves_no_thread():
    before, runner = threading.active_count(), Slow(press_at=3)
    with pytest.raises(KeyboardInterrupt), interrupts.noted():
        next(runner.chunks())
    assert 3 <= runner.begun < 100
    assert threading.active_count() == before


COMMANDS = [
    f"run {CASE} --runs 400",
    f"contrast {CASE} --without volunteers --runs 400",
    f"confront {CASE} --runs 400",
    f"forecast {CASE} --from 2002-01-01 --until 2002-12-31 --runs 400",
    f"compare {CASE} --theories unable,unwilling --runs 400",
    f"calibrate {CASE} --until 2002-12-31 --runs-per 400 --budget 3600",
    f"explain {CASE} --outcome government_falls --over margin --runs 8000",
    f"mechanisms --case {CASE} --ablate --runs 400",
    "cases --score --runs 400",
    "crises --no-ablate --variants 1",
]


@pytest.mark.parametrize("line", COMMANDS, ids=lambda line: line.split()[0])
def test_no_command_loses_an_interruption_that_falls_into_a_finaliser(
    line, fake_engine, monkeypatch, capsys, tmp_path
):
    made = []

    class Pressed(fake_engine):
        def _chunk(self, low):
            made.append(low)
            if len(made) == 1:
                Finalised()
            return super()._chunk(low)

    monkeypatch.setattr(simulate, "Runner", Pressed)
    monkeypatch.chdir(tmp_path)
    assert code(line.split()) == 130
    assert capsys.readouterr().err.startswith("allegiance: interrupted")
    assert len(made) < 50  # of chunks of 8
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

"""An interruption is heard wherever it falls, and a second one is not waited for."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from allegiance.engine import interrupts


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


def test_asked_again_the_process_ends_at_once_but_not_for_an_echo(polite, monkeypatch):
    killed = []
    monkeypatch.setattr(os, "kill", lambda pid, number: killed.append((pid, number)))
    pressed = interrupts.Pressed()
    pressed.note(polite, None)
    pressed.note(polite, None)  # a sender that signals the process and its group
    assert not killed
    later = interrupts.monotonic() + 2 * interrupts.SAME
    monkeypatch.setattr(interrupts, "monotonic", lambda: later)
    pressed.note(polite, None)
    assert killed == [(os.getpid(), polite)]
    assert signal.getsignal(polite) is signal.SIG_DFL


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

"""An interruption that cannot be lost: a handler notes it, and loops that wait look for the note.

By default Python raises `KeyboardInterrupt` between any two instructions of the main thread. Where
that is inside a finaliser or a callback, of which a library for other processes has many, the
exception is printed or dropped, and the program goes on.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from time import monotonic

SAME = 0.5
"""Seconds in which a further signal is the same wish: some senders signal a process and its group,
which holds it too."""


class Pressed:
    """Whether somebody has asked to stop."""

    def __init__(self) -> None:
        self._since: float | None = None

    def check(self) -> None:
        """Stop here if that was asked.

        Raises:
            KeyboardInterrupt: it was.
        """
        if self._since is not None:
            raise KeyboardInterrupt

    def note(self, number: int, frame: object) -> None:
        """The signal handler: the first time it takes a note; asked again, it ends the process."""
        if self._since is None:
            self._since = monotonic()
        elif monotonic() - self._since > SAME:
            if sys.stderr.isatty():
                os.write(sys.stderr.fileno(), b"\x1b[?25h\n")  # a progress bar hides the cursor
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)


@contextmanager
def noted() -> Iterator[Pressed]:
    """Inside, Ctrl-C (and SIGTERM, where it is an interruption too) is noted, not raised.

    What is inside must look for it by `check` wherever it waits; at the end it is raised at the
    latest. Outside the main thread, and for signals that are handled otherwise, nothing changes.

    Raises:
        KeyboardInterrupt: it was asked to stop.
    """
    pressed, replaced = Pressed(), []
    if threading.current_thread() is threading.main_thread():
        both = (signal.SIGINT, signal.SIGTERM)
        replaced = [n for n in both if signal.getsignal(n) is signal.default_int_handler]
    for number in replaced:
        signal.signal(number, pressed.note)
    try:
        yield pressed
    except Exception:
        pressed.check()  # what fails on the way out is not what the user wants to hear of
        raise
    finally:
        for number in replaced:
            signal.signal(number, signal.default_int_handler)
    pressed.check()


@contextmanager
def unheard() -> Iterator[None]:
    """Threads and processes started inside never get Ctrl-C; this thread gets it at the end.

    A terminal sends it to all of them, and one that has just begun would die of it noisily.
    """
    resource_tracker.ensure_running()  # started later, it would let the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

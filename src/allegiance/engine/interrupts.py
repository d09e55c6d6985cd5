"""An interruption that cannot be lost: a handler notes it, and loops that wait look for the note.

By default Python raises `KeyboardInterrupt` between any two instructions of the main thread. Where
that is inside a finaliser or a callback, of which a library for other processes has many, the
exception is printed or dropped, and the program goes on; inside a library's own bookkeeping it
leaves that half done. One note serves a process: whoever waits or loops for long asks `check`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

LISTEN = 0.2
"""Seconds between two looks whether the user wants to stop."""

CODE = 130
"""What an interrupted process leaves with."""

FAREWELL = (
    b"allegiance: asked twice to stop, and ended at once; "
    b"finished work in an --out folder, if there is one, is kept for --resume\n"
)

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
            with suppress(OSError, ValueError):  # whoever read it may be gone
                shown = b"\x1b[?25h\n" if sys.stderr.isatty() else b""  # a bar hides the cursor
                os.write(sys.stderr.fileno(), shown + FAREWELL)
            os._exit(CODE)


_taken: list[Pressed] = []
"""The note of this process, while one is taken."""


def check() -> None:
    """Stop here if the user has asked for it; any thread may ask.

    Raises:
        KeyboardInterrupt: he has.
    """
    for pressed in _taken:
        pressed.check()


def waited(future: Future[T]) -> T:
    """What a thread gives, unless the user wants to stop before that.

    Raises:
        KeyboardInterrupt: he does; the thread goes on until it looks itself.
    """
    while not future.done():
        check()
        wait((future,), LISTEN)
    check()
    return future.result()


def aside(work: Callable[[], T]) -> T:
    """`work` done by another thread, so that this one hears a second wish to stop meanwhile.

    The first one waits until the work is done: it is of a kind that cannot be left half done.

    Raises:
        KeyboardInterrupt: it was asked to stop.
    """
    with ThreadPoolExecutor(1) as pool:
        return waited(pool.submit(work))


def listen() -> Sequence[int]:
    """From now on note Ctrl-C, and SIGTERM where it is an interruption too; return which of them.

    A program calls it once, for good, so that nothing is raised while it leaves either.
    """
    if threading.current_thread() is not threading.main_thread():
        return []
    both = (signal.SIGINT, signal.SIGTERM)
    replaced = [n for n in both if signal.getsignal(n) is signal.default_int_handler]
    pressed = Pressed()
    _taken.append(pressed)
    for number in replaced:
        signal.signal(number, pressed.note)
    return replaced


@contextmanager
def noted() -> Iterator[Pressed]:
    """Inside, Ctrl-C (and SIGTERM, where it is an interruption too) is noted, not raised.

    What is inside must look for it by `check` wherever it waits; at the end it is raised at the
    latest. Inside another one, or after `listen`, that one's note is used. Outside the main thread,
    and for signals that are handled otherwise, nothing changes.

    Raises:
        KeyboardInterrupt: it was asked to stop.
    """
    outer = bool(_taken)
    replaced = [] if outer else listen()
    pressed = _taken[0] if _taken else Pressed()
    try:
        yield pressed
    except Exception:
        pressed.check()  # what fails on the way out is not what the user wants to hear of
        raise
    finally:
        if not outer and pressed in _taken:
            _taken.remove(pressed)
        for number in replaced:
            signal.signal(number, signal.default_int_handler)
    pressed.check()


@contextmanager
def unheard() -> Iterator[None]:
    """Threads and processes started inside never get Ctrl-C; this thread gets it at the end.

    A terminal sends it to all of them, and one that has just begun would die of it noisily. Where
    the head ends at once, what counts the semaphores of processes removes them without a warning.
    """
    quiet = f"ignore:{resource_tracker.__name__.rpartition('.')[2]}"
    sys.warnoptions.append(quiet)
    try:
        resource_tracker.ensure_running()  # started later, it would let the signal through again
    finally:
        sys.warnoptions.remove(quiet)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

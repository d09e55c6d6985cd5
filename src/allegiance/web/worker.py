"""The worker process: it computes, so that the server only answers.

It is spawned, not forked (JAX does not survive a fork), and stays: what it has compiled is still
there for the next job. It dies with its parent, however that ends.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from time import monotonic
from typing import Any

from allegiance.cases.errors import CaseError
from allegiance.web.invalid import keyed

Progress = Callable[[float, str], None]
"""Called with the share that is done, 0 to 1, and what is being done."""

OFTEN = 0.1
"""Seconds between two reports of progress."""


class Cancelled(Exception):
    """The job is no longer wanted."""


def main(pipe: Any, wishes: Any, tasks: str, drafts: str) -> None:
    """Work off orders from `pipe` until it closes.

    `tasks` names a module with `TASKS`, functions `(order, progress, cancelled) -> parts` by name,
    and `warm()`; `wishes` brings the ids of jobs that are no longer wanted; temporary files lie in
    `drafts`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Libraries make locks when they are imported. Those of `fork` have no name that would outlive a
    # killed process, and be complained of; a daemon starts no process, so nothing is ever forked.
    with suppress(ValueError):
        multiprocessing.set_start_method("fork", force=True)
    unwanted: set[str] = set()
    threading.Thread(target=_listen, args=(wishes, unwanted, drafts), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(5)  # answering comes before computing
    tempfile.tempdir = drafts
    module = import_module(tasks)
    module.warm()
    while True:
        try:
            id, name, order = pipe.recv()
        except (EOFError, OSError):
            return
        stop = partial(unwanted.__contains__, id)
        pipe.send(_done(module.TASKS[name], order, _Reporter(pipe), stop))
        _give_back()


def _done(
    task: Callable[..., Any], order: Any, report: _Reporter, stop: Callable[[], bool]
) -> tuple[str, Any]:
    try:
        return "done", task(order, report, stop)
    except Cancelled:
        return "cancelled", None
    except CaseError as error:
        return "refused", keyed(error)
    except MemoryError:
        return "failed", "out of memory: fewer runs take less"
    except Exception as error:
        traceback.print_exc()
        return "failed", f"an error in the program ({type(error).__name__}); see its log"


class _Reporter:
    """Sends progress, not too often; several threads may call it."""

    def __init__(self, pipe: Any) -> None:
        self.pipe = pipe
        self.lock = threading.Lock()
        self.last, self.phase = 0.0, ""

    def __call__(self, share: float, phase: str) -> None:
        with self.lock:
            now = monotonic()
            if now - self.last < OFTEN and phase == self.phase:
                return
            self.last, self.phase = now, phase
            self.pipe.send(("progress", (share, phase)))


def _give_back() -> None:
    """Return freed memory to the system: glibc keeps gigabytes of finished chunks otherwise."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _listen(wishes: Any, unwanted: set[str], drafts: str) -> None:
    """Note what is no longer wanted; end the process when its parent has ended."""
    while True:
        try:
            unwanted.add(wishes.recv())
        except (EOFError, OSError):
            shutil.rmtree(drafts, ignore_errors=True)
            os._exit(1)

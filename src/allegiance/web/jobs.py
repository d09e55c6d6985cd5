"""Jobs: a short queue before one worker process, with progress, cancelling and stored results.

One worker at a time: a simulation takes every core, and what it has compiled serves the next job. A
worker that dies fails its own job only; the next job finds a new one.
"""

from __future__ import annotations

import multiprocessing
import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict, deque
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection
from time import monotonic
from typing import Any

from allegiance.web import worker
from allegiance.web.store import Store

MOST_QUEUED = 8
MOST_REMEMBERED = 200

GRACE = 1.5
"""Seconds in which a worker may stop by itself; it cannot while it compiles, and is killed."""

OVER = ("done", "failed", "refused", "cancelled")


class Full(Exception):
    """Too many jobs wait."""


@dataclass(eq=False)
class Job:
    """One order and what became of it; `share` is what is done of it, 0 to 1."""

    id: str
    kind: str
    case: str
    key: str
    order: Any
    state: str = "queued"
    share: float = 0.0
    phase: str = "waiting"
    error: str | None = None
    stored: bool = False
    asked: float = field(default_factory=monotonic)
    began: float | None = None
    ended: float | None = None
    unwanted: bool = False
    keep: bool = True
    askers: int = 0
    tickets: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        """Seconds of work so far, waiting left out."""
        if self.began is None:
            return 0.0
        return (self.ended or monotonic()) - self.began


class Jobs:
    """The queue. `tasks` names the module whose `TASKS` the worker does."""

    def __init__(
        self, store: Store, tasks: str = "allegiance.web.tasks", queued: int = MOST_QUEUED
    ) -> None:
        self.store, self.tasks, self.queued = store, tasks, queued
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._left: OrderedDict[str, None] = OrderedDict()
        self._waiting: deque[Job] = deque()
        self._change = threading.Condition()
        self._closing = False
        self._worker: _Worker | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Start the worker; it makes itself ready while nobody waits."""
        self._thread.start()

    def close(self) -> None:
        """End the worker and everything that waits."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        if self._thread.is_alive():
            self._thread.join(5.0)
        if self._worker:
            self._worker.kill()

    def submit(
        self,
        kind: str,
        case: str,
        key: str,
        order: Any,
        keep: bool = True,
        ticket: str | None = None,
    ) -> Job:
        """A job for an order: done at once where its result is stored, the same while it runs.

        Without `keep` the result is of no interest: it is neither looked for nor kept. A `ticket`
        is the asker's own name for the order, with which `leave` takes it back.

        Raises:
            Full: too many jobs wait.
        """
        parts = self.store.get(key) if keep else None
        with self._change:
            left = ticket in self._left
            for job in self._jobs.values():
                if job.key == key and job.state not in OVER and not job.unwanted:
                    if not left:
                        _asked(job, ticket)
                    return job
            job = Job(secrets.token_hex(8), kind, case, key, order, keep=keep)
            _asked(job, ticket)
            if parts is not None:
                job.state, job.stored, job.share, job.phase = "done", True, 1.0, "stored"
            elif left:
                self._end(job, "cancelled")
            elif len(self._waiting) >= self.queued:
                raise Full(f"{self.queued} jobs wait already: cancel one or try again later")
            else:
                self._waiting.append(job)
                self._change.notify_all()
            self._jobs[job.id] = job
            self._forget()
            return job

    def get(self, id: str) -> Job | None:
        """The job of this id, or None."""
        return self._jobs.get(id)

    def listed(self) -> list[Job]:
        """All remembered jobs, oldest first."""
        with self._change:
            return list(self._jobs.values())

    def position(self, job: Job) -> int:
        """How many jobs come before this one, 0 for one that is not waiting."""
        with self._change:
            if job not in self._waiting:
                return 0
            running = any(other.state == "running" for other in self._jobs.values())
            return self._waiting.index(job) + running

    def cancel(self, job: Job) -> None:
        """Stop a job, whatever it is at; a job that is over stays as it is."""
        with self._change:
            job.unwanted = True
            if job in self._waiting:
                self._waiting.remove(job)
                self._end(job, "cancelled")
            elif self._worker and job.state == "running":
                self._worker.tell(job.id)
            self._change.notify_all()

    def leave(self, ticket: str) -> None:
        """Take back the order of a ticket; a job that nobody else has asked for is cancelled.

        The order may still be on its way: it then comes too late. Taking it back again is nothing.
        """
        with self._change:
            self._left[ticket] = None
            while len(self._left) > MOST_REMEMBERED:
                self._left.popitem(last=False)
            held = [job for job in self._jobs.values() if ticket in job.tickets]
            for job in held:
                job.tickets.remove(ticket)
                job.askers -= 1
                if job.askers == 0:
                    self.cancel(job)

    def _forget(self) -> None:
        over = [job.id for job in self._jobs.values() if job.state in OVER]
        for id in over[: max(0, len(self._jobs) - MOST_REMEMBERED)]:
            del self._jobs[id]

    def _end(self, job: Job, state: str, error: str | None = None) -> None:
        job.state, job.error, job.ended = state, error, monotonic()
        job.phase = state

    def _work(self) -> None:
        """The thread that hands jobs to the worker, one after the other."""
        while not self._closing:
            if self._worker is None or not self._worker.alive:
                if self._worker:
                    self._worker.kill()  # it is dead: this clears up after it
                self._worker = _Worker(self.tasks)
            with self._change:
                if not self._waiting:
                    self._change.wait(1.0)
                if not self._waiting or self._closing:
                    continue
                job = self._waiting.popleft()
                job.state, job.began, job.phase = "running", monotonic(), "preparing"
            state, told = self._worked(job, self._worker)
            if state == "done":
                job.share = 1.0
                if job.keep:
                    self.store.put(job.key, told)
            with self._change:
                self._end(job, state, None if state in ("done", "cancelled") else told)

    def _worked(self, job: Job, worker: _Worker) -> tuple[str, Any]:
        """What became of a job; afterwards the worker may be dead."""
        try:
            worker.pipe.send((job.id, job.kind, job.order))
            limit: float | None = None
            while True:
                connection.wait([worker.pipe, worker.process.sentinel], 0.1)
                if job.unwanted or self._closing:
                    limit = limit or monotonic() + GRACE
                    if monotonic() > limit or self._closing:
                        worker.kill()
                        return "cancelled", None
                while worker.pipe.poll():
                    what, told = worker.pipe.recv()
                    if what != "progress":
                        return what, told
                    job.share, job.phase = told
                if not worker.alive:
                    raise EOFError
        except (EOFError, OSError):
            if job.unwanted:
                return "cancelled", None
            worker.process.join(1.0)
            return "failed", (
                f"the worker process ended before it was done (exit code "
                f"{worker.process.exitcode}): out of memory, or killed. Try again, with fewer runs"
            )


def _asked(job: Job, ticket: str | None) -> None:
    """One more has asked for a job, or the same once more."""
    if ticket is None:
        job.askers += 1
    elif ticket not in job.tickets:
        job.tickets.add(ticket)
        job.askers += 1


class _Worker:
    """A process, the two ways to reach it, and a folder for its drafts that goes with it."""

    def __init__(self, tasks: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.wishes, heard = context.Pipe()
        self.drafts = tempfile.mkdtemp(prefix="allegiance-serve-")
        arguments = (theirs, heard, tasks, self.drafts)
        self.process = context.Process(target=worker.main, args=arguments, daemon=True)
        self.process.start()
        theirs.close()
        heard.close()

    @property
    def alive(self) -> bool:
        return self.process.is_alive()

    def tell(self, id: str) -> None:
        """A job is no longer wanted."""
        with suppress(OSError):  # whoever is dead need not hear it
            self.wishes.send(id)

    def kill(self) -> None:
        self.process.kill()
        self.process.join(2.0)
        self.pipe.close()
        self.wishes.close()
        shutil.rmtree(self.drafts, ignore_errors=True)

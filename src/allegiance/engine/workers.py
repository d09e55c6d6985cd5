"""Workers: the same chunks made by other processes, on this machine or on several.

A task is one chunk on one core. It is a function of the order and the chunk's number alone, so that
it can be made again wherever a worker was lost, and made twice without harm. With a store, workers
write their chunks themselves, into a folder that all of them see; the head only lays it out, reads
the chunks in order, and finishes it. Dask carries orders and results; it is imported only here.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import pickle
import re
import signal
import time
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from allegiance.cases.arguments import whole
from allegiance.cases.errors import CaseError, short
from allegiance.engine import interrupts

if TYPE_CHECKING:
    from allegiance.engine.chunks import Chunk
    from allegiance.engine.setup import Setup
    from allegiance.engine.store import Store

MOST_WORKERS = 4 * (os.cpu_count() or 1)
AHEAD = 3
"""Chunks asked for ahead of the one that is waited for, per thread: they bound the memory."""

PATIENCE = 60.0
"""Seconds to wait for a first worker, for another one where all were lost, and for a file that
another machine has written."""

ANSWER = 15.0
"""Seconds that a scheduler has to answer."""

LOOK = 5.0
"""Seconds between two looks whether there are still workers."""

_LOCAL: dict[str, Any] = {
    "threads_per_worker": 1,
    "processes": True,
    "host": "127.0.0.1",
    "dashboard_address": None,
    # Without a dashboard the scheduler listens all the same; a fixed port is for one run a machine.
    "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"},
    "memory_limit": 0,  # `AHEAD` bounds the memory, and a worker killed for it is a chunk lost
    "silence_logs": 50,
}

_ADDRESS = re.compile(
    r"(?:(?:tcp|tls)://)?(?:\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):[0-9]{1,5}"
)
_CURRENT: ContextVar[Pool | None] = ContextVar("workers", default=None)


@dataclass(frozen=True)
class Job:
    """What a worker must know: the order, the folder to write to, and who it must agree with."""

    setup: Setup
    folder: Path | None
    width: int
    run: str


def current() -> Pool | None:
    """The workers in use here, or None."""
    return _CURRENT.get()


@contextmanager
def working(workers: int | None = None, cluster: str | None = None) -> Iterator[None]:
    """Inside, chunks are made by `workers` processes of this machine, or by those of a scheduler.

    With neither nothing changes. Nothing of the bits depends on it.

    Raises:
        CaseError: a number or an address is wrong, nobody answers there, or Dask is not installed.
        KeyboardInterrupt: the user wants to stop; all workers of this machine have ended.
    """
    if workers is not None and cluster is not None:
        raise CaseError("not both", key="--workers", allowed="--workers or --cluster")
    if workers is None and cluster is None:
        yield
        return
    if workers is not None:
        whole("--workers", workers, 1, MOST_WORKERS)
    elif not _ADDRESS.fullmatch(cluster or "") or int((cluster or "").rpartition(":")[2]) > 65535:
        raise CaseError("no address", key="--cluster", found=cluster, allowed="tcp://HOST:PORT")
    with interrupts.noted() as pressed, ExitStack() as stack:
        token = _CURRENT.set(Pool(_client(stack, workers, cluster, pressed), pressed))
        try:
            yield
        finally:
            _CURRENT.reset(token)


def _client(
    stack: ExitStack, workers: int | None, cluster: str | None, pressed: interrupts.Pressed
) -> Any:
    try:
        import distributed
        from dask import config
    except ImportError:
        allowed = "pip install 'allegiance[cluster]'"
        key = "--cluster" if cluster else "--workers"
        raise CaseError("Dask is not installed", key=key, allowed=allowed) from None
    preload = [*config.get("distributed.worker.preload", []), __name__]
    stack.enter_context(
        config.set(
            {
                "distributed.worker.preload": preload,
                "distributed.worker.multiprocessing-method": "spawn",
                "distributed.logging.distributed": "error",
                "distributed.comm.timeouts.connect": PATIENCE,
            }
        )
    )
    where: Any = cluster
    if workers is not None:
        with interrupts.unheard():
            where = distributed.LocalCluster(**_LOCAL, n_workers=workers)
        stack.enter_context(where)
    try:
        client = distributed.Client(where, timeout=ANSWER, set_as_default=False)
        stack.enter_context(client)
        until = time.monotonic() + PATIENCE
        while not client.nthreads():
            pressed.check()
            if time.monotonic() > until:
                raise TimeoutError("there are none")
            time.sleep(interrupts.LISTEN)
    except (OSError, TimeoutError) as error:
        allowed = "a scheduler with at least one worker: dask scheduler; dask worker ADDRESS"
        problem = f"no workers answer ({short(str(error) or type(error).__name__)})"
        raise CaseError(problem, key="--cluster", found=cluster, allowed=allowed) from None
    return client


def dask_setup(worker: Any) -> None:
    """In a worker of ours: leave Ctrl-C to the head, which then ends its workers.

    A worker that is busy is killed. Locks that libraries make when they are imported have no name
    that would outlive it, and be complained of, if they are those of `fork`; a worker starts no
    process, so nothing is ever forked.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ValueError):
        multiprocessing.set_start_method("fork", force=True)


class Pool:
    """Chunks by Dask workers."""

    def __init__(self, client: Any, pressed: interrupts.Pressed) -> None:
        self.client, self.pressed = client, pressed

    def chunks(self, setup: Setup, store: Store | None) -> Iterator[Chunk]:
        """Finished chunks of an order, in order; with a store, each is kept before it is given.

        Raises:
            OSError: workers are lost, or cannot write; what was finished is kept.
        """
        from allegiance.engine import program
        from allegiance.engine.store import digest

        width = (store.width if store else None) or program.LANE * program.prepare()
        if store is not None:
            store.lay_out(width)
        folder = store.folder.resolve() if store else None
        order = replace(setup, logged=setup.logged and store is not None)
        packed = pack(Job(order, folder, width, digest(order)))
        name = hashlib.sha256(packed + repr(time.time_ns()).encode()).hexdigest()[:16]
        job = self.client.submit(unpack, packed, key=f"order-{name}")
        waiting: deque[tuple[int, Any]] = deque()
        done = store.finished if store else frozenset[int]()
        try:
            for index in range(-(-setup.runs // width)):
                sent = None
                if index not in done:
                    key = f"chunk-{name}-{index}"
                    sent = self.client.submit(make, job, index, key=key, priority=-index)
                waiting.append((index, sent))
                while len(waiting) > self._ahead():
                    yield self._taken(*waiting.popleft(), store)
            while waiting:
                yield self._taken(*waiting.popleft(), store)
        finally:
            self.client.cancel([sent for _, sent in waiting if sent is not None])

    @property
    def threads(self) -> int:
        """How many chunks can be made at once; at least one, while all workers are away."""
        return max(1, sum(self.client.nthreads().values()))

    def _ahead(self) -> int:
        return AHEAD * self.threads

    def _result(self, sent: Any) -> Any:
        """What a task gives; while there are workers it may take as long as it wants."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        seen = looked = time.monotonic()
        while True:
            self.pressed.check()
            # What has been made may take longer to arrive than a look takes.
            pause = interrupts.LISTEN if sent.status == "pending" else LOOK
            try:
                return sent.result(timeout=pause)
            except KilledWorker as error:
                problem = f"workers were lost, {error.allowed_failures + 1} at the same chunk"
                raise OSError(problem) from None
            except CancelledError:
                raise OSError("the scheduler was lost") from None
            except TimeoutError:
                now = time.monotonic()
                if now < looked + LOOK:
                    continue
                looked = now
                if self.client.nthreads():
                    seen = now
                elif now > seen + PATIENCE:
                    raise OSError("all workers were lost") from None

    def _taken(self, index: int, sent: Any, store: Store | None) -> Chunk:
        """A chunk that was asked for, once it is finished; `sent` is None where it was before."""
        if sent is not None:
            found = self._result(sent)
            sent.release()
            if store is None:
                return found
            self._seen(store, index)
        assert store is not None
        return store.read(index)

    def _seen(self, store: Store, index: int) -> None:
        """Wait until the record that a worker has written shows up here."""
        until = time.monotonic() + PATIENCE
        while index not in store.records:
            self.pressed.check()
            store.refresh()
            if index not in store.records:
                if time.monotonic() > until:
                    problem = f"workers write to a {store.folder} that is not the one seen here"
                    raise OSError(f"{problem}: --out must name a folder that all machines share")
                time.sleep(0.1)


def pack(job: Job) -> bytes:
    """A job as bytes; most of it are schedules full of zeros."""
    return zlib.compress(pickle.dumps(job), 1)


_RUNNERS: dict[str, Any] = {}
_LOCK = Lock()


def unpack(packed: bytes) -> Job:
    """On a worker: the job, if this installation is the one that sent it.

    Raises:
        CaseError: the versions differ.
    """
    from allegiance.engine.store import digest, identity

    job: Job = pickle.loads(zlib.decompress(packed))
    if digest(job.setup) != job.run:
        versions = ", ".join(f"{k} {v}" for k, v in identity(job.setup)["versions"].items())
        allowed = "the head's versions on every worker"
        raise CaseError(
            "a worker has other versions", key="--cluster", found=versions, allowed=allowed
        )
    return job


def make(job: Job, index: int) -> Chunk | None:
    """On a worker: make a chunk, unless it lies in the folder whole; return it without a folder.

    Raises:
        OSError: it cannot be written.
    """
    from allegiance.engine import store

    if job.folder is not None and store.has(job.folder, index, job.run, job.width):
        return None
    _, chunk = next(iter(_runner(job).some([index])))
    if job.folder is None:
        return chunk
    store.written(job.folder, job.setup, index, chunk, job.width, job.run)
    return None


def _runner(job: Job) -> Any:
    """The runner of a job; a process keeps one, since orders come one after the other."""
    from allegiance.engine import simulate

    with _LOCK:
        key = f"{job.run} {job.width} {id(job)}"
        if key not in _RUNNERS:
            _RUNNERS.clear()
            _RUNNERS[key] = (simulate.made(job.setup, job.width, 1), job)
        return _RUNNERS[key][0]

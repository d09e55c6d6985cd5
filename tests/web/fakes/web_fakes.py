"""Work for a worker process without a compiler: the order's seed says how it behaves."""

import json
import multiprocessing
import os
import signal
import time

from allegiance.cases.errors import CaseError
from allegiance.web.worker import Cancelled

QUICK, LONG, STUBBORN, DIES, BREAKS, REFUSED, LOCKS = 1, 2, 3, 4, 5, 6, 7


kept = []


def warm() -> None:
    pass


def work(order, progress, cancelled):
    seed = order["order"]["seed"]
    if seed == LOCKS:
        kept.append(multiprocessing.Lock())  # as libraries do when they are imported
    progress(0.25, "working")
    if seed == LONG:
        while not cancelled():
            time.sleep(0.01)
        raise Cancelled
    if seed in (STUBBORN, LOCKS):
        time.sleep(600)
    if seed == DIES:
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == BREAKS:
        raise RuntimeError("a secret of the inside")
    if seed == REFUSED:
        raise CaseError("no such thing", found="this")
    found = {"pid": os.getpid(), "seed": seed, "parent": os.getppid()}
    return {"result.json": json.dumps(found).encode(), "runs.csv": b"run\r\n0\r\n"}


TASKS = dict.fromkeys(("run", "contrast", "ready", "report", "story"), work)

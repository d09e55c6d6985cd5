"""What a test's Dask worker loads first: the engine's stand-in, and where it is to die, once.

With KILLS_ENGINE=real it keeps the real engine.
"""

import os
import time
from pathlib import Path


def dask_setup(worker):
    import kills

    if os.environ.get("KILLS_ENGINE") != "real":
        _stand_in()
    if pids := os.environ.get("KILLS_PIDS"):
        (Path(pids) / str(os.getpid())).touch()
    marker = os.environ.get("KILLS_MARKER")
    if marker and not Path(marker).exists():
        kills.arm(os.environ["KILLS_POINT"])


def _stand_in():
    import kills

    from allegiance.engine import program, simulate

    class Slow(kills.stand_in()):
        def some(self, wanted):
            time.sleep(0.02)
            return super().some(wanted)

    simulate.Runner = Slow
    program.prepare = lambda: 1

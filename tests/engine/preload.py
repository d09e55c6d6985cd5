"""What a test's Dask worker loads first: the engine's stand-in, and where it is to die, once.

With KILLS_ENGINE=real it keeps the real engine; with KILLS_STUCK=n runs from n on take for ever.
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

    stuck = float(os.environ.get("KILLS_STUCK", "inf"))

    class Slow(kills.stand_in()):
        def some(self, wanted):
            time.sleep(0.02)
            return super().some(wanted)

        def _chunk(self, low):
            if low >= stuck:
                time.sleep(3600)
            return super()._chunk(low)

    simulate.Runner = Slow
    program.prepare = lambda: 1

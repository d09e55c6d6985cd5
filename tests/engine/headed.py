"""A head with two workers: `headed.py FOLDER RUNS [POINT]`; at POINT it kills itself."""

import os
import signal
import sys

if __name__ == "__main__":
    import kills
    from dask import config

    from allegiance.cases.new import TEMPLATE
    from allegiance.cli import main, run
    from allegiance.engine import program, simulate

    # A shell that starts the tests in the background has it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    simulate.Runner = kills.stand_in()
    program.prepare, program.LANE = (lambda: 1), 8
    config.set({"distributed.worker.preload": ["preload"]})
    run._drawn = lambda out, case: out
    if sys.argv[3:] == ["die"]:
        seen = simulate.Tally.add

        def dying(self, chunk):
            seen(self, chunk)
            if self.runs >= 24:
                os.kill(os.getpid(), signal.SIGKILL)

        simulate.Tally.add = dying
    folder, runs = sys.argv[1:3]
    main.main(["run", str(TEMPLATE), "--runs", runs, "--workers", "2", "--out", folder, "--json"])

"""A run that stands still once it has its folder: `claiming.py FOLDER [--resume]`."""

import sys
import time

if __name__ == "__main__":
    import kills

    from allegiance.cases.new import TEMPLATE
    from allegiance.cli import main
    from allegiance.engine import program, simulate

    simulate.Runner = kills.stand_in()
    program.prepare = lambda: 1

    def still(setup, store, tick):
        print("claimed", flush=True)
        time.sleep(600)

    simulate.tallied = still
    main.main(["run", str(TEMPLATE), "--runs", "20", "--json", "--out", *sys.argv[1:]])

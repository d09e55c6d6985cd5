"""`make bench`: measure, print, keep in results.json, README.md and a picture of the docs."""

from __future__ import annotations

import argparse
import json
import os
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

# One process means one thread for the oracle; JAX is not ruled by these.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench.growth import by_workers, scaling
from bench.picture import drawn
from bench.report import printed, readme
from bench.shares import shares

from bench import measure

HERE = Path(__file__).parent
RESULTS, README = HERE / "results.json", HERE / "README.md"
PICTURE = HERE.parent / "docs" / "pictures" / "speed.png"
LONG = 100_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--quick", action="store_true", help="tiny sizes; keeps nothing")
    text = f"{LONG:,} futures of Syria only, added to the last results"
    one.add_argument("--long", action="store_true", help=text)
    asked = parser.parse_args()
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    if asked.long:
        if "workers" not in kept:
            parser.error("the last results are of an older kind: run `make bench` first")
        kept["long"] = measure.machine() | {
            "on": date.today().isoformat(),
            "measured": measure.ensemble([LONG]),
        }
        _keep(kept)
        return
    results = _measured(asked.quick)
    print()
    print(printed(results))
    if not asked.quick:
        _keep(results | {key: kept[key] for key in ("long",) if key in kept})


def _measured(quick: bool) -> dict[str, Any]:
    began = perf_counter()
    results: dict[str, Any] = {"machine": measure.machine()}
    say = lambda text: print(f"{perf_counter() - began:6.0f} s  {text}", flush=True)  # noqa: E731

    say("start-up of whole processes")
    sizes = (1, 1, 2) if quick else (2, 3, 5)
    results["start_up_seconds"] = measure.start_up(*sizes)
    say("compiling")
    jobs = {
        "engine template": measure.engine_rate("template", 2 if quick else 8),
        "oracle template": measure.oracle_rate("template", 1024, 2 if quick else 20),
        "mesa template": measure.peer_rate("mesa", 1 if quick else 4),
        "agentpy template": measure.peer_rate("agentpy", 1 if quick else 4),
        "engine syria": measure.engine_rate("syria", 1 if quick else 2),
        "oracle syria": measure.oracle_rate("syria", 512, 2 if quick else 10),
    }
    say("run-weeks per second, engines and peers in turn")
    results["run_weeks_per_second"] = measure.interleaved(jobs, 2 if quick else 5)
    say("scaling with runs, weeks, clients and regions")
    grown = ([1, 2], [52, 104], [4, 8], [4, 8])
    if not quick:
        grown = ([2, 4, 8], [104, 208, 416], [8, 32, 128], [8, 32, 128])
    results["scaling"] = scaling(*grown, 1 if quick else 3)
    say("scaling with workers")
    cores = results["machine"]["cores"]
    counts = [n for n in (1, 2, 4, 8, 16) if n <= max(cores, 2)]
    runs = 128 * counts[-1] * (1 if quick else 4)
    results["workers"] = by_workers(counts, runs, 52 if quick else 104, 1 if quick else 3)
    say("many futures of Syria in processes of their own")
    results["ensemble"] = measure.ensemble([64, 256] if quick else [1000, 10_000])
    say("where the time goes")
    results["microseconds_per_run_week"] = {
        case: shares(case, 3 if quick else 9)
        for case in (["template"] if quick else ["template", "syria"])
    }
    results["minutes"] = round((perf_counter() - began) / 60.0, 1)
    return results


def _keep(results: dict[str, Any]) -> None:
    measure.save(RESULTS, results)
    readme(README, results)
    drawn(PICTURE, results)


if __name__ == "__main__":
    main()

"""`make bench`: measure, print, keep in results.json and README.md."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from time import perf_counter
from typing import Any

# One process means one thread for the oracle; JAX is not ruled by these.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench.report import printed, readme
from bench.shares import shares

from bench import measure

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny sizes; keeps nothing")
    quick = parser.parse_args().quick
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
    say("scaling with runs and weeks")
    chunks, weeks = ([1, 2], [52, 104]) if quick else ([2, 4, 8], [104, 208, 416])
    results["scaling"] = measure.scaling(chunks, weeks, 1 if quick else 3)
    say("many futures of Syria in a process of their own")
    from allegiance.engine.program import cache_folder

    folder = cache_folder()
    cache = str(folder.parent) if folder else ""
    results["ensemble"] = measure.ensemble(64, 128 if quick else 512, cache)
    say("where the time goes")
    results["microseconds_per_run_week"] = {
        case: shares(case, 3 if quick else 9)
        for case in (["template"] if quick else ["template", "syria"])
    }
    results["minutes"] = round((perf_counter() - began) / 60.0, 1)
    print()
    print(printed(results))
    if not quick:
        measure.save(HERE / "results.json", results)
        readme(HERE / "README.md", results)


if __name__ == "__main__":
    main()

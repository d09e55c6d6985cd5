"""How time and memory grow: with runs, weeks, actors, regions and workers.

Actors and regions are copies within the template, in numbers to which axes are padded anyway, so
that no figure holds idle rows. A case of two years and one chunk a core is timed.
"""

from __future__ import annotations

import copy
import math
import statistics
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from time import perf_counter
from typing import Any

from bench.measure import interleaved, order, ordered, seconds

from allegiance.cases.loading import CaseFiles, build, load
from allegiance.cases.new import TEMPLATE
from allegiance.engine import workers
from allegiance.engine.chunks import Runner
from allegiance.engine.scenario import Scenario
from allegiance.engine.setup import prepare
from allegiance.engine.simulate import plan


def exponent(sizes: list[int], times: list[float]) -> float:
    """Slope of log time on log size."""
    line = statistics.linear_regression([math.log(s) for s in sizes], [math.log(t) for t in times])
    return round(line.slope, 3)


def with_clients(count: int) -> CaseFiles:
    """The template with so many clients, all but three of them like Valley."""

    def change(case: dict[str, Any]) -> None:
        for number in range(count - len(case["clients"])):
            case["clients"][f"c{number}"] = copy.deepcopy(case["clients"]["valley"])

    return _changed(change)


def with_regions(count: int) -> CaseFiles:
    """The template with so many regions, all but three of them like the hills, in a row."""

    def change(case: dict[str, Any]) -> None:
        regions = case["theatres"]["harbour"]["regions"]
        before = "hills"
        for number in range(count - len(regions)):
            name, added = f"r{number}", copy.deepcopy(regions["hills"])
            added["neighbours"] = [before]
            regions[before]["neighbours"] = [*regions[before]["neighbours"], name]
            regions[name] = added
            before = name

    return _changed(change)


def _changed(change: Callable[[dict[str, Any]], None]) -> CaseFiles:
    files = load(TEMPLATE)
    first, second = files.documents
    data = copy.deepcopy(first.data)
    change(data)
    return build(files.folder, (first._replace(data=data), second))


def _grown(files: CaseFiles) -> Runner:
    runner = Runner(plan(prepare(Scenario(files), runs=1)))
    return Runner(replace(runner.plan, runs=runner.width))


def scaling(
    chunks: list[int], weeks: list[int], clients: list[int], regions: list[int], rounds: int
) -> dict[str, Any]:
    """Seconds on Syria against runs and weeks, on the template against clients and regions."""
    width = Runner(order("syria", 1)).width
    runs = [count * width for count in chunks]
    sizes = {"runs": runs, "weeks": weeks, "clients": clients, "regions": regions}
    runners = {
        "runs": [Runner(order("syria", n, weeks[0])) for n in runs],
        "weeks": [Runner(order("syria", runs[0], n)) for n in weeks],
        "clients": [_grown(with_clients(n)) for n in clients],
        "regions": [_grown(with_regions(n)) for n in regions],
    }
    jobs = {
        f"{kind} {n}": lambda r=runner: seconds(r)
        for kind, found in runners.items()
        for n, runner in zip(sizes[kind], found, strict=True)
    }
    for job in jobs.values():
        job()
    timed = interleaved(jobs, rounds)
    return {"seconds": timed} | {
        f"exponent_{kind}": exponent(asked, [timed[f"{kind} {n}"]["median"] for n in asked])
        for kind, asked in sizes.items()
    }


def by_workers(counts: list[int], runs: int, weeks: int, rounds: int) -> dict[str, Any]:
    """Seconds of the same futures of Syria by so many Dask workers, and by this process.

    Workers are started, and have their program, before the clock runs. The exponent is that of the
    rate: 1 where twice the workers take half the time, which needs as many idle cores.
    """
    setup, jobs = ordered("syria", runs, weeks), dict[str, Callable[[], float]]()
    with ExitStack() as stack:
        for count in counts:
            stack.enter_context(workers.working(count))
            pool = workers.current()
            assert pool
            jobs[f"workers {count}"] = lambda p=pool: _spent(p.chunks(setup, None))
        whole = Runner(plan(setup))
        jobs["one process"] = lambda: seconds(whole)
        for job in jobs.values():
            job()
        timed = interleaved(jobs, rounds)
    rates = [1.0 / timed[f"workers {count}"]["median"] for count in counts]
    return {"runs": runs, "weeks": weeks, "seconds": timed, "exponent": exponent(counts, rates)}


def _spent(chunks: Iterable[Any]) -> float:
    began = perf_counter()
    for _ in chunks:
        pass
    return perf_counter() - began

"""What is measured: run-weeks per second of engines and peers, start-up, memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.peer_week import Inputs

from allegiance.cases.new import TEMPLATE
from allegiance.engine import oracle
from allegiance.engine.chunks import Plan, Runner
from allegiance.engine.program import cache_folder
from allegiance.engine.scenario import load
from allegiance.engine.setup import Setup, prepare
from allegiance.engine.simulate import plan

CASES = {"template": TEMPLATE, "syria": "syria"}
LIBRARIES = ("allegiance", "jax", "jaxlib", "numpy", "mesa", "agentpy")
ALLEGIANCE = str(Path(sys.executable).with_name("allegiance"))


def spread(samples: list[float]) -> dict[str, Any]:
    """Median and spread over the rounds."""
    found = {"median": statistics.median(samples), "min": min(samples), "max": max(samples)}
    return {key: float(f"{value:.4g}") for key, value in found.items()} | {"rounds": len(samples)}


def interleaved(jobs: dict[str, Callable[[], float]], rounds: int) -> dict[str, dict[str, Any]]:
    """Every job once a round, in turn, so that a slow minute slows all of them."""
    samples: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            samples[name].append(job())
    return {name: spread(found) for name, found in samples.items()}


def ordered(case: str, runs: int, weeks: int | None = None) -> Setup:
    """An order with what the case's own outcomes record; the whole span, or its first weeks."""
    scenario = load(CASES[case])
    until = scenario.files.case.start + timedelta(days=7 * weeks - 1) if weeks else None
    return prepare(scenario, runs=runs, until=until)


def order(case: str, runs: int, weeks: int | None = None) -> Plan:
    """The engine's plan of `ordered`."""
    return plan(ordered(case, runs, weeks))


def seconds(runner: Runner) -> float:
    """Time of all chunks of a compiled plan."""
    began = perf_counter()
    for _ in runner.chunks():
        pass
    return perf_counter() - began


def engine_rate(case: str, chunks: int) -> Callable[[], float]:
    """Run-weeks per second of the compiled engine on all cores."""
    runner = Runner(order(case, 1))
    whole = Runner(replace(runner.plan, runs=chunks * runner.width))
    seconds(runner)
    return lambda: whole.plan.runs * whole.plan.built.steps / seconds(whole)


def oracle_rate(case: str, runs: int, weeks: int) -> Callable[[], float]:
    """Run-weeks per second of the NumPy oracle in one process, recording nothing."""
    asked = order(case, runs)

    def rate() -> float:
        state = oracle.step(asked, oracle.opening(asked), 0)
        began = perf_counter()
        for week in range(1, weeks + 1):
            state = oracle.step(asked, state, week)
        return runs * weeks / (perf_counter() - began)

    return rate


def peer_rate(peer: str, runs: int) -> Callable[[], float]:
    """Run-weeks per second of a peer, `mesa` or `agentpy`, the making of its agents left out."""
    asked, peer_of = order("template", 1), import_module(f"bench.peer_{peer}")
    inputs = Inputs(asked.built, asked.values)

    def rate() -> float:
        models = [peer_of.Small(inputs, seed=run) for run in range(runs)]
        began = perf_counter()
        for model in models:
            for _ in range(inputs.weeks):
                peer_of.advance(model)
        return runs * inputs.weeks / (perf_counter() - began)

    return rate


def command(arguments: list[str], cache: str) -> tuple[float, float]:
    """Wall seconds and peak memory in GB of a whole `allegiance` process."""
    began = perf_counter()
    process = subprocess.Popen(
        [ALLEGIANCE, *arguments],
        stdout=subprocess.DEVNULL,
        env=os.environ | {"ALLEGIANCE_CACHE": cache},
    )
    _, status, usage = os.wait4(process.pid, 0)
    took = perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"allegiance {' '.join(arguments)} failed with {process.returncode}")
    unit = 1e9 if sys.platform == "darwin" else 1e6
    return took, usage.ru_maxrss / unit


def start_up(cold: int, warm: int, small: int) -> dict[str, Any]:
    """Whole-process wall seconds, cold (empty program cache) and warm."""
    run = ["run", "syria", "--runs", "64", "--json"]
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        caches = [str(Path(folder) / str(n)) for n in range(cold)]
        found["run_64_cold"] = spread([command(run, cache)[0] for cache in caches])
        found["run_64_warm"] = spread([command(run, caches[0])[0] for _ in range(warm)])
        jobs = {"help": ["--help"], "cases": ["cases"], "check_syria": ["check", "syria"]}
        timed = {n: lambda a=arguments: command(a, caches[0])[0] for n, arguments in jobs.items()}
        return found | interleaved(timed, small)


def ensemble(sizes: list[int]) -> dict[str, Any]:
    """Whole-process seconds and peak memory of so many futures of Syria, by their number.

    Records are added up as they come: what is measured is the engine's memory, not that of a store.
    """
    folder, found = cache_folder(), {}
    cache = str(folder.parent) if folder else ""
    for runs in sizes:
        took, memory = command(["run", "syria", "--runs", str(runs), "--json"], cache)
        found[str(runs)] = {"seconds": round(took, 2), "peak_gb": round(memory, 3)}
    return found


def machine() -> dict[str, Any]:
    """Kind of machine and versions; nothing that names this one."""
    from importlib.metadata import version
    from platform import machine as isa
    from platform import python_version, system

    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), isa())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "system": system(),
        "isa": isa(),
        "cpu": model,
        "cores": cores,
        "load_before": round(os.getloadavg()[0], 1),
        "python": python_version(),
        **libraries,
    }


def save(path: Path, results: dict[str, Any]) -> None:
    path.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")

"""Simulating: chunks from the engine or from a store, in order, into a tally."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any, cast

from allegiance.engine import interrupts, selection, workers
from allegiance.engine import motives as drawn
from allegiance.engine.chunks import Chunk, Plan, Runner, lanes
from allegiance.engine.futures import Futures, labelled
from allegiance.engine.outcomes import Tally
from allegiance.engine.scenario import Scenario, load
from allegiance.engine.setup import Setup, prepare
from allegiance.engine.store import Store

Tick = Callable[[int], None]
"""Called with the number of futures that have been finished."""


def plan(setup: Setup, **options: Any) -> Plan:
    """The engine's plan for a checked order; `options` are further fields of `Plan`."""
    theory = setup.scenario.theory
    given = setup.draws.of(setup.scenario, setup.built, setup.runs) if setup.draws else {}
    return Plan(
        cast(Any, setup.built),
        given.pop("values", theory.values),
        theory.switches,
        runs=setup.runs,
        seed=setup.seed,
        record=setup.addresses,
        watch=setup.events,
        log=setup.logged,
        **({"motive": drawn.motives(setup)} | given),
        **options,
    )


def made(setup: Setup, width: int | None, devices: int) -> Runner:
    """The engine for an order, in chunks of `width` runs (None: its own) on at most `devices`."""
    return Runner(plan(setup, **lanes(width, devices)))


def chunks(setup: Setup, store: Store | None = None) -> Iterator[Chunk]:
    """Finished chunks of an order, in order; with a store, each is kept before it is given.

    Inside `workers.working` the chunks are made by workers.

    Raises:
        OSError: a chunk cannot be kept, or workers are lost; those before it are.
        KeyboardInterrupt: the user wants to stop (`interrupts`).
    """
    for chunk in _chunks(setup, store):
        interrupts.check()
        yield chunk


def _chunks(setup: Setup, store: Store | None) -> Iterator[Chunk]:
    if store is not None and store.complete:
        yield from (store.read(index) for index in sorted(store.finished))
        return
    if (pool := workers.current()) is not None:
        yield from pool.chunks(setup, store)
        return
    if store is None:
        for _, chunk in Runner(plan(setup)).chunks():
            yield chunk
        return
    from allegiance.engine import program

    runner = made(setup, store.width, program.prepare())
    waiting = 0
    for index, chunk in runner.chunks(skip=store.finished):
        yield from (store.read(before) for before in range(waiting, index))
        waiting = index + 1
        store.write(index, chunk, runner.width)
        yield chunk
    yield from (store.read(after) for after in range(waiting, -(-setup.runs // runner.width)))


def tallied(
    setup: Setup, store: Store | None = None, tick: Tick | None = None
) -> tuple[Tally, dict[str, Any]]:
    """Simulate and keep only the tally; return it with the report.

    Raises:
        OSError: the store's disk is full or fails; finished chunks are kept.
    """
    began = monotonic()
    tally = Tally(setup)
    with store or nullcontext():
        for chunk in chunks(setup, store):
            tally.add(chunk)
            if tick:
                tick(tally.runs)
        found = report(setup, tally, monotonic() - began)
        if store is not None:
            store.finish(tally.values, found)
    return tally, found


def simulate(
    case: Scenario | str | Path,
    runs: int = 1000,
    seed: int = 1,
    *,
    theory: str | None = None,
    until: str | date | None = None,
    by: Iterable[str] = (),
    record: Iterable[str] = (),
    tick: Tick | None = None,
) -> Futures:
    """Simulate futures of a case and keep them in memory, trajectories included.

    Beside what the outcomes need and `record` asks for, some fifty addresses that tell the story
    are recorded: 4 bytes each per week and run.

    Raises:
        CaseError: the case, a number, a date or an address is wrong.
    """
    scenario = case if isinstance(case, Scenario) else load(case)
    if theory is not None:
        scenario = scenario.under(theory)
    extra = selection.headline(scenario.files.case)
    setup = prepare(scenario, runs=runs, seed=seed, until=until, by=by, record=record, extra=extra)
    began = monotonic()
    tally, kept = Tally(setup), []
    for chunk in chunks(setup):
        tally.add(chunk)
        kept.append(chunk)
        if tick:
            tick(tally.runs)
    found = report(setup, tally, monotonic() - began)
    return labelled(setup, kept, tally.values, found)


def report(setup: Setup, tally: Tally, seconds: float) -> dict[str, Any]:
    """What `allegiance run --json` prints."""
    return {
        "case": setup.scenario.name,
        "theory": setup.scenario.theory.name,
        "levers": list(setup.scenario.levers),
        **({"posterior": setup.draws.name} if setup.draws else {}),
        "runs": tally.runs,
        "seed": setup.seed,
        "from": setup.built.start.isoformat(),
        "until": setup.until.isoformat(),
        "outcomes": tally.outcomes(),
        "series": tally.series(),
        "seconds": round(seconds, 3),
    }

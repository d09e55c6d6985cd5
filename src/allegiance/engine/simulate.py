"""Simulating: chunks from the engine or from a store, in order, into a tally."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

from allegiance.engine.chunks import Chunk, Plan, Runner
from allegiance.engine.outcomes import Tally
from allegiance.engine.setup import Setup

Tick = Callable[[int], None]
"""Called with the number of futures that have been finished."""


def plan(setup: Setup, **options: Any) -> Plan:
    """The engine's plan for a checked order; `options` are further fields of `Plan`."""
    theory = setup.scenario.theory
    return Plan(
        setup.built,
        theory.values,
        theory.switches,
        runs=setup.runs,
        seed=setup.seed,
        record=setup.addresses,
        watch=setup.events,
        log=setup.logged,
        **options,
    )


def chunks(setup: Setup) -> Iterator[tuple[int, Chunk]]:
    """Finished chunks of an order, in order."""
    return Runner(plan(setup)).chunks()


def tallied(setup: Setup, tick: Tick | None = None) -> tuple[Tally, float]:
    """Simulate and keep only the tally; return it and the seconds that it took."""
    began = monotonic()
    tally = Tally(setup)
    for _, chunk in chunks(setup):
        tally.add(chunk)
        if tick:
            tick(tally.runs)
    return tally, monotonic() - began


def report(setup: Setup, tally: Tally, seconds: float) -> dict[str, Any]:
    """What `allegiance run --json` prints."""
    return {
        "case": setup.scenario.name,
        "theory": setup.scenario.theory.name,
        "levers": list(setup.scenario.levers),
        "runs": tally.runs,
        "seed": setup.seed,
        "from": setup.built.start.isoformat(),
        "until": setup.until.isoformat(),
        "outcomes": tally.outcomes(),
        "series": tally.series(),
        "seconds": round(seconds, 3),
    }

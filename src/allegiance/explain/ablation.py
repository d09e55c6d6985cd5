"""Ablation: what each mechanism, or entry, does to the outcomes, by taking it away; same noise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from allegiance.cases.compile import compile_case
from allegiance.engine.outcomes import values
from allegiance.engine.setup import Setup
from allegiance.engine.simulate import chunks
from allegiance.explain.contrast import difference

Effects = dict[str, dict[str, Any]]
"""By outcome: mean with the row (a) and without it (b), difference, paired 5-95% interval."""

AFFORDABLE = 3.5e6
"""Weeks of a future that a ten-year case simulates in a minute or so on two cores."""

FEWEST, MOST = 64, 512

S = TypeVar("S")
T = TypeVar("T")


def affordable(steps: int, rows: int) -> int:
    """Futures for each of `rows` ablations over `steps` that take some two minutes at most."""
    fits = AFFORDABLE / (steps * (rows + 1))
    return int(min(max(fits // FEWEST, 1) * FEWEST, MOST))


def effects(
    setup: Setup, ids: Iterable[str], base: np.ndarray | None = None
) -> Iterator[tuple[str, Effects]]:
    """The effect of taking away each row or entry in turn, of one compiled program.

    `base` are the outcomes of the order as it stands, where they are known: `numbers`.
    """
    base = numbers(setup) if base is None else base
    rows = list(ids)
    # A world is made when its turn comes, and forgotten: a long case has a hundred of them.
    others = each(lambda id: numbers(_without(setup, id)), rows, setup.runs)
    for id, other in zip(rows, others, strict=True):
        yield (
            id,
            {
                name: difference("event" if outcome.event else "quantity", *pair)
                for (name, outcome), *pair in zip(setup.outcomes.items(), base, other, strict=True)
            },
        )


def ablated(setup: Setup, ids: Iterable[str]) -> list[Setup]:
    """The order without each of the rows, or timeline entries."""
    return [_without(setup, id) for id in ids]


def _without(setup: Setup, id: str) -> Setup:
    scenario = setup.scenario.without(id)
    if scenario.files is setup.scenario.files:
        return replace(setup, scenario=scenario)
    return replace(setup, scenario=scenario, built=compile_case(scenario.files, setup.until))


def each(work: Callable[[S], T], orders: Iterable[S], runs: int) -> Iterator[T]:
    """`work` on every order, or on what makes one, in their order.

    Where `runs` leave cores idle, several orders are worked on side by side.
    """
    from allegiance.engine import program, workers

    lanes, others = -(-runs // program.LANE), workers.current()
    cores = others.threads if others else program.prepare()
    pool = ThreadPoolExecutor(max(cores // lanes, 1))
    # A thread begins with an empty context: it would not know of the workers.
    here = copy_context()
    try:
        yield from pool.map(lambda order: here.copy().run(work, order), orders)
    finally:
        pool.shutdown(cancel_futures=True)


def numbers(setup: Setup) -> np.ndarray:
    """One number per outcome and run [outcome, run], as `outcomes.values` gives them."""
    return np.concatenate([values(setup, chunk) for chunk in chunks(setup)], axis=1)

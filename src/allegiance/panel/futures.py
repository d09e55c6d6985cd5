"""How often a thin case's government falls: the model's probability, by days from the start."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import numpy as np

from allegiance.cases.thin import Record, built
from allegiance.cases.thin.record import FIGURES, assumed, completed
from allegiance.engine import simulate
from allegiance.engine.program import LANE
from allegiance.engine.scenario import Scenario
from allegiance.engine.setup import prepare
from allegiance.engine.theories import Settings
from allegiance.infer.space import space

YEAR = 364
"""Days in which a fall counts as one within a year: 52 steps, one compiled segment."""

MEN = ("army", "rebels", "sponsored")
"""Figures that are doubted even where no range is given."""

DOUBT = 0.25
"""Standard deviation of the log of MEN where a record gives them without a range; assumed."""

RULED = 0.7
"""The same where the rule of thin cases says how many; assumed: a factor of two either way."""

INSIDE = 3.29
"""Standard deviations between the ends of a central 90% range, as which a record's is read."""


def falls(
    record: Record,
    *,
    years: int = 1,
    seed: int = 1,
    theory: Settings | None = None,
    without: Sequence[str] = (),
    priors: bool = False,
) -> np.ndarray:
    """Days from the start to the fall in each of LANE futures, infinite for none [future].

    To its enemies or from within: a panel of regimes counts both.

    With `priors` each future draws its free parameters from their priors.
    """
    scenario = Scenario(built(record))
    if theory is not None:
        scenario = scenario.under(theory)
    for row in without:
        scenario = scenario.without(row)
    until = record.start + timedelta(days=YEAR * years - 1)
    draws = None
    if priors:
        free = space(scenario)
        draws = free.draws(np.random.default_rng(seed).normal(size=(free.size, LANE)))
    setup = prepare(scenario, runs=LANE, seed=seed, until=until, draws=draws)
    tally, _ = simulate.tallied(setup)
    return np.min(tally.values, axis=0)


def doubted(name: str, record: Record, variants: int, seed: int = 1) -> Iterator[Record]:
    """The record `variants` times, its figures drawn anew within what is doubtful about them.

    A figure with a range is lognormal, the range its central 90%; men without one have DOUBT, or
    RULED where the rule gives them. Draws depend on the seed, the record's name and the figure, and
    on nothing else.
    """
    known = completed(record)
    for variant in range(variants):
        figures = dict(record.figures)
        for figure in (*MEN, *(each for each in record.figures if each not in MEN)):
            given = record.figures.get(figure)
            value = known[figure].value
            if value <= 0.0:
                continue
            if given is not None and given.low is not None and given.high is not None:
                low = max(given.low, 0.1 * value)
                sd = float(np.log(max(given.high, value) / low)) / INSIDE
            elif figure in MEN:
                sd = RULED if given is None else DOUBT
            else:
                continue
            key = zlib.crc32(f"{name}/{figure}".encode())
            z = np.random.default_rng([seed, variant, key]).normal()
            rule = FIGURES[figure]
            drawn = float(np.clip(value * np.exp(sd * z), rule.low, rule.high))
            figures[figure] = assumed(drawn, f"drawn around {value:g}")
        yield record.model_copy(update={"figures": figures})


def pooled(
    name: str,
    record: Record,
    variants: int,
    seed: int,
    run: Callable[[Record, int], np.ndarray],
) -> np.ndarray:
    """What `run` tells of the futures of every draw of `doubted`, together [future].

    `run` takes a draw of the record and the seed of its futures.
    """
    drawn = doubted(name, record, variants, seed)
    some = [run(one, (seed * 1000 + number) % 2**32) for number, one in enumerate(drawn)]
    return np.concatenate(some)

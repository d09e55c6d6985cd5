"""The step converges: a week and half a week give the same distributions, time-to-fall included.

A small war in which about a quarter of the governments fall, each future under parameters of its
own from their priors. Both steps meet the same parameters and different noise. With LANES futures
the error of a probability near 0.25 is 0.014 for the difference of the two; a rate applied per step
instead of per year would be off by a factor of two. Means must agree within four errors plus what a
step may still cost: SLACK of their size or spread, more for flows, which take the level at the end
of the step for the whole of it.
"""

import math
from datetime import date

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.engine import observe
from allegiance.engine.chunks import Plan
from allegiance.engine.oracle import simulate
from allegiance.world.parameters import NAMES
from allegiance.world.rows import IDS

LANES = 2000
SLACK = {False: 0.012, True: 0.04}
WAR = {
    "harbour.discipline[opposition]": 3.0,
    "harbour/hills.force[opposition]": 40.0,
    "harbour.mobilised[opposition]": 40.0,
    "harbour.mobilised[government]": 12.0,
    "harbour.own_air[government]": 0.0,
}
UNTIL = date(2001, 6, 27)
FALL = "harbour.fell"
EVENTS = (
    *(FALL, "harbour.offensive[opposition]", "harbour->north.failed", "harbour->north.asked"),
    *("harbour.exiled[north]", "harbour.entered[south]", "harbour->south.recognised"),
)


@pytest.fixture(scope="module")
def runs(toy, lab):
    """Records by step length [step, address, lane], first days [event, lane], and addresses."""
    files = toy
    for address, value in WAR.items():
        files = files.set(address, value)
    values = lab.drawn(LANES, seed=5)
    values[NAMES.index("margin")] -= 0.8
    values[NAMES.index("coupling")] = np.clip(values[NAMES.index("coupling")], 5.0, 9.0)
    for name in ("offensive_rate", "decision_rate", "recognition_rate"):
        values[NAMES.index(name)] *= 4.0
    found = []
    for step_days in (7.0, 3.5):
        built = compile_case(files, until=UNTIL, step_days=step_days)
        places = observe.catalogue(built.labels, observe.axis_sizes(built.world))
        stocks = {a: place.flow for a, place in places.items() if "share" not in a}
        switches, seed = np.ones(len(IDS), np.float32), int(10 * step_days)
        plan = Plan(built, values, switches, LANES, seed, tuple(stocks), EVENTS)  # type: ignore[arg-type]
        found.append(simulate(plan))
    return *found, stocks


def test_time_to_fall(runs):
    week, half, _ = runs
    days = [np.minimum(chunk.first[0], 182.0) for chunk in (week, half)]
    share = [(d < 182.0).mean() for d in days]
    assert 0.1 < share[0] < 0.9, f"{share[0]} fall: nothing to compare"
    error = math.sqrt(2.0 * share[0] * (1.0 - share[0]) / LANES)
    assert abs(share[0] - share[1]) < 3.5 * error
    # The whole distribution: Kolmogorov and Smirnov at a level of one in a thousand, and a week.
    grid = np.arange(7.0, 182.0, 7.0)
    gap = max(abs((days[0] < day).mean() - (days[1] < day).mean()) for day in grid)
    assert gap < 1.95 * math.sqrt(2.0 / LANES)


@pytest.mark.parametrize("event", EVENTS)
def test_events_are_as_frequent(runs, event):
    week, half, _ = runs
    at = EVENTS.index(event)
    one, other = (np.isfinite(chunk.first[at]).mean() for chunk in (week, half))
    error = math.sqrt((one * (1.0 - one) + other * (1.0 - other)) / LANES) + 1.0 / LANES
    assert abs(one - other) < 3.5 * error + 0.01, f"{one} against {other}"


def test_every_quantity_is_as_large(runs):
    """Stocks after three and six months, flows over all of them."""
    week, half, flows = runs
    wrong = []
    for at, (address, flow) in enumerate(flows.items()):
        pairs = [(week.records[12, at], half.records[25, at])]
        pairs.append((week.records[-1, at], half.records[-1, at]))
        if flow:
            pairs = [(week.records[:, at].sum(axis=0), half.records[:, at].sum(axis=0))]
        for one, other in pairs:
            gap = abs(one.mean(dtype=float) - other.mean(dtype=float))
            error = math.sqrt((one.var(dtype=float) + other.var(dtype=float)) / LANES)
            size = max(abs(one.mean(dtype=float)), one.std(dtype=float))
            if gap > 4.0 * error + SLACK[flow] * size + 1e-6:
                wrong.append(
                    f"{address}: {one.mean():.4g} against {other.mean():.4g} +- {error:.2g}"
                )
    assert not wrong, "\n".join(wrong)

"""The compiled engine against the slow oracle: one step exactly, a trajectory in distribution."""

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.engine import oracle
from allegiance.world.case import Given, Today

RUNS = 32


def later(built, world, week):
    """The same case, from `week` on and from another state of the world, for one step."""
    cut = slice(week, week + 1)
    return built._replace(
        world=world,
        given=Given(*(array[cut] for array in built.given)),
        today=Today(*(array[cut] for array in built.today)),
        steps=1,
    )


def of_run(tree, run):
    if isinstance(tree, tuple):
        return type(tree)(*(of_run(part, run) for part in tree))
    return tree[..., run]


@pytest.fixture(scope="module")
def states(even, plan, drawn):
    """Worlds on the way: at the start, in the week of North's entry, and at the end of the year."""
    values = drawn(4, seed=8)
    plan = plan(even, 4, values=values)
    state, found = oracle.opening(plan), {}
    for week in range(55):
        if week in (0, 14, 54):
            found[week] = [of_run(state.world, run) for run in range(4)]
        state = oracle.step(plan, state, week)
    return found


@pytest.mark.parametrize("week", [0, 14, 54])
def test_one_step_from_a_shared_state(even, plan, joined, drawn, states, week):
    """All that can be recorded, and all first passages, to 1e-5."""
    for number, world in enumerate(states[week]):
        order = plan(later(even, world, week), RUNS, values=drawn(RUNS, seed=week), seed=number)
        slow = oracle.simulate(order)
        fast, first = joined(order)
        assert np.array_equal(first, slow.first)
        near = np.isclose(fast, slow.records, rtol=1e-5, atol=1e-5, equal_nan=True)
        wrong = [order.record[at] for at in np.flatnonzero(~near.all(axis=(0, 2)))]
        assert not wrong


def test_a_trajectory_in_distribution(template, even, plan, joined, drawn):
    """Half a year under drawn parameters; the noise is shared, so chance is small."""
    runs = 256
    values = drawn(runs, seed=3)
    order = plan(even._replace(steps=26), runs, values=values)
    slow = oracle.simulate(order)
    fast, first = joined(order)
    fell = np.isfinite(slow.first[0])
    assert 0.02 < fell.mean() < 0.98
    assert abs(np.isfinite(first[0]).mean() - fell.mean()) <= 0.01
    both = fell & np.isfinite(first[0])
    assert np.median(abs(first[0][both] - slow.first[0][both])) <= 1.0
    shares = [at for at, address in enumerate(order.record) if "share" not in address]
    one, other = fast[-1][shares].astype(float), slow.records[-1][shares].astype(float)
    spread = other.std(axis=1) + 1e-3 * abs(other).mean(axis=1) + 1e-4
    gap = abs(one.mean(axis=1) - other.mean(axis=1))
    wrong = [order.record[shares[at]] for at in np.flatnonzero(gap > 0.05 * spread)]
    assert not wrong
    # Rounding may tip a cascade in a few futures; the others are the same future.
    alike = np.isclose(one, other, rtol=1e-3, atol=1e-3).all(axis=0)
    assert alike.mean() > 0.9


def test_the_oracle_runs_a_plan_as_the_engine_does(template, plan, drawn):
    """Run numbers, parameters by run, the log."""
    built = compile_case(template.files)._replace(steps=6)
    values = drawn(5, seed=1)
    whole = oracle.simulate(plan(built, 5, values=values, log=True))
    alone = oracle.simulate(plan(built, 1, values=values[:, 3], first_run=3, log=True))
    assert whole.runs.tolist() == [0, 1, 2, 3, 4]
    # NumPy sums long and short arrays in another order: no bits here.
    near = np.isclose(whole.records[..., 3:4], alone.records, rtol=1e-5, atol=1e-6, equal_nan=True)
    assert near.all()
    assert whole.log is not None
    assert alone.log is not None
    assert np.array_equal(whole.log[..., 3:4], alone.log)

"""S46 sanctions and terms of trade: sanctions push trade to partners who name the price.

Income lost is `openness * tau (1 - substitution) * trade-weighted sanctions`, and the treasury
saves less by the budget's share of it; off, sanctions cost nothing.
"""

import numpy as np

from allegiance.verbs.earn import earn

LEVEL = np.array([0.0, 0.5, 1.0])
VALUES = {"terms_of_trade": 0.5, "substitution": 0.4, "budget_share": 0.2}


def year(toy, edit, theory):
    """North's share of income lost, and its savings in a month, by South's sanctions [run]."""
    north, south = toy["north"], toy["south"]
    world = edit(toy.world, rivalries={"sanctions": {(south, north): LEVEL}})
    call = toy.call(theory, world, dt=1.0 / 12.0)
    powers = earn(*call)[0].powers
    return powers.income_loss[north], (powers.treasury - call.world.powers.treasury)[north]


def test_sanctions_worsen_the_terms_of_trade(toy, edit) -> None:
    north, south = toy["north"], toy["south"]
    loss, saved = year(toy, edit, toy.theory(off=["S47"], **VALUES))
    case = toy.case
    expected = case.openness[north] * 0.5 * 0.6 * case.trade[north, south] * LEVEL
    assert expected[2] > 0.03
    np.testing.assert_allclose(loss, expected, rtol=1e-4)
    drain = 0.2 * expected * case.gdp[north] / 12.0
    np.testing.assert_allclose(saved[0] - saved, drain, atol=1e-4)


def test_sanctions_on_another_cost_nothing(toy, edit) -> None:
    north, south = toy["north"], toy["south"]
    world = edit(toy.world, rivalries={"sanctions": {(north, south): 1.0}})
    after, _ = earn(*toy.call(toy.theory(off=["S47"], **VALUES), world))
    assert after.powers.income_loss[north, 0] == 0.0
    assert after.powers.income_loss[south, 0] > 0.0


def test_off_sanctions_cost_nothing(toy, edit) -> None:
    loss, saved = year(toy, edit, toy.theory(off=["S46", "S47"], **VALUES))
    assert np.all(loss == 0.0)
    assert np.all(saved == saved[0])

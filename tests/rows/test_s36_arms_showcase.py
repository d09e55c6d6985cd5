"""S36 arms showcase: a war advertises weapons and exports rise.

Exports relax to `exp(showcase * tanh(success))`, and a share of what they bring beyond the start is
income; off, they stay where they were.
"""

import numpy as np

from allegiance.verbs.earn import earn
from allegiance.verbs.rule import rule

VALUES = {"showcase": 0.5, "arms_rate": 0.4, "budget_share": 0.2, "memory_of_success": 1.0}


def after_a_year(toy, edit, theory, success):
    """North's exports after a year, and its treasury, by the success that it can show [run]."""
    north = toy["north"]
    case = edit(toy.case, arms_exports={north: 10.0}, surplus=0.0, rents=0.0)
    world = edit(toy.world, powers={"success": {north: success}, "treasury": 10.0})
    after, _ = earn(*toy.call(theory, world, case=case, dt=1.0))
    return after.powers.exports[north], after.powers.treasury[north]


def test_success_sells_and_failure_does_not(toy, edit) -> None:
    success = np.array([-1.0, 0.0, 1.0])
    exports, treasury = after_a_year(toy, edit, toy.theory(**VALUES), success)
    target = np.exp(0.5 * np.tanh(success))
    expected = target + (1.0 - target) * np.exp(-0.4)
    np.testing.assert_allclose(exports, expected, rtol=1e-5)
    np.testing.assert_allclose(treasury, 10.0 + 0.2 * 10.0 * (expected - 1.0), rtol=1e-5)
    assert exports[0] < 0.9 < 1.0 == exports[1] < 1.1 < exports[2]


def test_a_campaign_that_keeps_the_client_safe_is_shown(toy, edit) -> None:
    """From the war to the order book: a season of a safe client, with the patron in and out."""
    north, harbour = toy["north"], toy["harbour"]
    world = edit(
        toy.world,
        theatres={"commitment": {(0, north): np.array([0.0, 1.0])}},
        clients={"alarm": {harbour: 0.1}},
    )
    theory = toy.theory(**VALUES)
    after, _ = rule(*toy.call(theory, world, dt=0.25))
    out, inside = earn(*toy.call(theory, after, dt=0.25))[0].powers.exports[north]
    assert out == 1.0
    assert inside > 1.005


def test_off_exports_stay(toy, edit) -> None:
    success = np.array([-1.0, 0.0, 1.0])
    exports, treasury = after_a_year(toy, edit, toy.theory(off=["S36"], **VALUES), success)
    assert np.all(exports == 1.0)
    assert np.all(treasury == 10.0)

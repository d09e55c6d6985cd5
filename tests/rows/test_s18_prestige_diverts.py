"""S18 prestige diverts: foreign success offsets misrule at home.

A power whose side stands safe where it went in gains `rally * tanh(success)` of support; the fall
of its client turns success, and with it support, the other way.
"""

import numpy as np

from allegiance.verbs.rule import rule

COMMITMENT = np.array([0.0, 1.0])


def support(toy, edit, theory, dt: float = 100.0, success: float = 0.0, **last):
    """North's support at home and success abroad, without and with a safe client [run]."""
    north = toy["north"]
    world = edit(
        toy.world,
        theatres={"commitment": {(0, north): COMMITMENT}},
        clients={"alarm": 0.0},
        powers={"success": success, "support": toy.case.resting_support},
    )
    call = toy.call(theory, world, dt=dt)
    after, _ = rule(*call._replace(last=edit(call.last, **last)))
    return after.powers.support[north], after.powers.success[north]


def test_success_abroad_lifts_support(toy, edit) -> None:
    found, success = support(toy, edit, toy.theory(rally=0.06, opinion_noise=0.0))
    np.testing.assert_allclose(success, COMMITMENT, atol=1e-5)
    np.testing.assert_allclose(found[1] - found[0], 0.06 * np.tanh(1.0), atol=1e-5)


def test_the_fall_of_the_client_costs_support(toy, edit) -> None:
    theory = toy.theory(rally=0.06, blow_of_a_fall=2.0, opinion_noise=0.0, opinion_rate=50.0)
    fell = {"fell": 1.0, "revealed": {toy["north"]: 1.0}}
    before, _ = support(toy, edit, theory, dt=0.02, success=1.0)
    after, success = support(toy, edit, theory, dt=0.02, success=1.0, **fell)
    assert np.all(success < -0.9)
    assert np.all(after < before - 0.03)


def test_off_success_buys_no_support(toy, edit) -> None:
    found, success = support(toy, edit, toy.theory(off=["S18"], opinion_noise=0.0))
    assert success[1] > success[0] + 0.9
    assert found[0] == found[1]

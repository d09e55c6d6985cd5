"""S19 diversion decays: economic pain wears the effect down.

The support that success abroad buys shrinks by `exp(-wear * income lost)`; with the row off it is
worth the same however much home loses.
"""

import numpy as np

from allegiance.verbs.rule import rule

PAIN = np.array([0.0, 0.05, 0.1])


def premium(toy, edit, theory) -> np.ndarray:
    """Support that a standing success adds, by share of income lost [run]."""
    north = toy["north"]
    world = edit(
        toy.world,
        powers={"income_loss": {north: PAIN}},
        clients={"alarm": 0.0},
        theatres={"commitment": 1.0},
    )
    alone = edit(world, theatres={"commitment": 0.0})
    safe, absent = (rule(*toy.call(theory, here, dt=100.0))[0] for here in (world, alone))
    return safe.powers.support[north] - absent.powers.support[north]


def test_pain_wears_the_rally_down(toy, edit) -> None:
    theory = toy.theory(rally=0.1, diversion_wear=10.0, pain_weight=1.5, opinion_noise=0.0)
    expected = 0.1 * np.tanh(1.0) * np.exp(-10.0 * PAIN)
    np.testing.assert_allclose(premium(toy, edit, theory), expected, atol=1e-5)
    assert expected[2] < 0.4 * expected[0]


def test_off_the_rally_lasts_through_pain(toy, edit) -> None:
    theory = toy.theory(off=["S19"], rally=0.1, pain_weight=1.5, opinion_noise=0.0)
    np.testing.assert_allclose(premium(toy, edit, theory), 0.1 * np.tanh(1.0), atol=1e-6)

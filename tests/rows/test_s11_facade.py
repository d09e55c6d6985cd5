"""S11 façade: claimed strength hides real strength until it is tested.

Believed minus real strength grows towards the façade that the power puts up, by the Kalman gain of
its claims; with nothing claimed beyond the truth, belief stays true.
"""

import numpy as np

from allegiance.verbs.claim import claim

FACADE = np.array([0.0, 0.3, 0.6])


def gap(toy, edit, theory) -> np.ndarray:
    """Believed minus real strength of North after a year of claims to true believers [o, run]."""
    north = toy["north"]
    case = edit(toy.case, facade={north: FACADE})
    true = toy.case.strength_start[None]
    world = edit(
        toy.world,
        beliefs={"mean": true, "variance": 0.5, "believed": 3.0, "doubted": 1.0},
    )
    after, _ = claim(*toy.call(theory, world, case=case, dt=1.0))
    return after.beliefs.mean[:, north] - true[:, north]


def test_claims_lift_belief_above_real_strength(toy, edit) -> None:
    theory = toy.theory(claim_rate=0.6, belief_variance=0.5, belief_drift=0.0)
    found = gap(toy, edit, theory)
    precision = 0.6 * 3.0
    gain = precision * 0.5 / (1.0 + precision * 0.5)
    assert gain > 0.4
    np.testing.assert_allclose(found, np.broadcast_to(gain * FACADE, found.shape), atol=1e-5)


def test_off_belief_stays_true(toy, edit) -> None:
    found = gap(toy, edit, toy.theory(off=["S11"]))
    np.testing.assert_allclose(found, 0.0, atol=1e-6)

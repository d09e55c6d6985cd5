"""S11 façade: claimed strength hides real strength until it is tested.

Believed minus real strength grows towards the façade that the power puts up, by the Kalman gain of
its claims; with nothing claimed beyond the truth, belief stays true. An army's paper hides its
worth in the same way: battle follows `quality * e^(hidden_worth * z)`, and nobody's count of men.
"""

import numpy as np

from allegiance.engine.week import standing
from allegiance.verbs.claim import claim
from allegiance.verbs.decide import decide
from allegiance.verbs.fight import strength_here
from allegiance.verbs.hold import hold
from allegiance.world import measures

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


WORTH = np.array([-1.0, 0.0, 1.0])


def unproved(toy, edit):
    """Worlds whose government's army is worth less than its paper, as much, and more."""
    return edit(toy.world, theatres={"worth": {(0, toy["government"]): WORTH}})


def in_battle(toy, edit, theory, unproven: float = 1.0) -> np.ndarray:
    """Strength of the government's own men in its seat, as battle finds it [run]."""
    call = toy.call(theory, unproved(toy, edit), case=edit(toy.case, unproven=unproven))
    count = measures.muster(call.world, call.case)
    found = strength_here(count, call.world, call.case, call.theory)
    return found[toy["harbour/capital"], toy["government"]]


def test_battle_finds_what_an_army_is_worth(toy, edit) -> None:
    found = in_battle(toy, edit, toy.theory(hidden_worth=0.7))
    # Nobody helps it and it has no planes: all of its strength is its own men's.
    np.testing.assert_allclose(found / found[1], np.exp(0.7 * WORTH), rtol=1e-4)
    for theory in (toy.theory(off=["S11"], hidden_worth=0.7), toy.theory(hidden_worth=0.0)):
        same = in_battle(toy, edit, theory)
        np.testing.assert_array_equal(same, found[1] + 0.0 * same)
    # A case may say that some of it is known: half of the spread is left, or none.
    for unproven in (0.5, 0.0):
        rest = in_battle(toy, edit, toy.theory(hidden_worth=0.7), unproven)
        np.testing.assert_allclose(rest / found[1], np.exp(unproven * 0.7 * WORTH), rtol=1e-4)


def test_before_it_fights_nobody_knows(toy, edit) -> None:
    """Who decides and who holds the line count men: odds, attacks and nerve are those on paper."""
    theory = toy.theory(hidden_worth=0.7)
    call = toy.call(theory, unproved(toy, edit))
    count = measures.muster(call.world, call.case)
    odds = measures.log_ratio(count, call.world, call.case, call.theory)
    fixed = call.case._replace(standing=standing(call.world, call.case, call.theory))
    nerve = hold(*call._replace(case=fixed, dt=toy.dt / 7.0))[0].theatres.cohesion
    attack = decide(*call)[0].theatres.campaign
    for known in (odds, nerve, attack):
        np.testing.assert_array_equal(known, known[..., 1:2] + 0.0 * known)

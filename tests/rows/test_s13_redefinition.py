"""S13 redefinition: failure is announced as success, or as never having mattered.

When a test has shown the gap between claim and truth, every watcher's evidence of falsehood grows
by `redefinition * gap`, so the speaker's credibility falls; an honest power loses none.
"""

import numpy as np

from allegiance.verbs.claim import claim

FACADE = np.array([0.0, 0.3, 0.6])


def doubt(toy, edit, theory, revealed: float) -> np.ndarray:
    """Evidence of North's falsehood gained in the week after [watcher, run]."""
    north = toy["north"]
    case = edit(toy.case, facade={north: FACADE})
    call = toy.call(theory, case=case)
    call = call._replace(last=edit(call.last, revealed={north: revealed}))
    after, _ = claim(*call)
    return (after.beliefs.doubted - call.world.beliefs.doubted)[:, north]


def test_a_tested_claim_costs_credibility(toy, edit) -> None:
    theory = toy.theory(redefinition=2.0)
    found = doubt(toy, edit, theory, revealed=1.0)
    np.testing.assert_allclose(found, np.broadcast_to(2.0 * FACADE, found.shape), atol=1e-5)
    # Evidence 3 : 1 to begin with.
    assert 3.0 / (4.0 + found[0, 2]) < 0.75 - 0.1


def test_an_untested_claim_costs_nothing(toy, edit) -> None:
    assert np.all(doubt(toy, edit, toy.theory(redefinition=2.0), revealed=0.0) == 0.0)


def test_off_failure_costs_no_credibility(toy, edit) -> None:
    theory = toy.theory(off=["S13"], redefinition=2.0)
    assert np.all(doubt(toy, edit, theory, revealed=1.0) == 0.0)


def test_the_winner_of_a_fall_is_not_doubted(toy, edit) -> None:
    """South backs the opposition and is still committed in the week after the government fell."""
    south = toy["south"]
    world = edit(toy.world, theatres={"commitment": {(0, south): 1.0}})
    call = toy.call(toy.theory(redefinition=2.0), world)
    call = call._replace(last=edit(call.last, fell=1.0, revealed={toy["north"]: 1.0}))
    after, _ = claim(*call)
    gained = after.beliefs.doubted - world.beliefs.doubted
    assert np.all(gained[:, south] == 0.0)
    assert np.all(gained[:, toy["north"]] > 0.0)

"""S16 suspected sale: an exit is read as a secret trade of one theatre for another.

Leaving while another war could gain by it adds `suspicion * linked` of evidence against the power,
`linked` being the share of its force that the other war binds; without such a gain it adds none.
"""

import numpy as np

from allegiance.verbs.trust import trust

BURDEN = np.array([0.0, 30.0, 60.0])


def evidence(toy, edit, theory, left: float = 1.0) -> np.ndarray:
    """Evidence against North that Harbour gains in the week of an exit [run]."""
    harbour, north = toy["harbour"], toy["north"]
    case = edit(toy.case, given={"burden_force": {(0, north): BURDEN}})
    call = toy.call(theory, edit(toy.world, powers={"force": {north: 60.0}}), case=case)
    call = call._replace(now=edit(call.now, left={(0, north): left}))
    after, _ = trust(*call)
    return (after.ties.beta - call.world.ties.beta)[harbour, north]


def test_a_linked_gain_elsewhere_looks_like_a_sale(toy, edit) -> None:
    found = evidence(toy, edit, toy.theory(suspicion=1.5, leaving_cost=1.0, forgetting=0.0))
    np.testing.assert_allclose(found - found[0], 1.5 * BURDEN / 60.0, atol=1e-5)


def test_who_stays_sells_nothing(toy, edit) -> None:
    assert np.all(evidence(toy, edit, toy.theory(suspicion=1.5), left=0.0) == 0.0)


def test_off_a_gain_elsewhere_raises_no_suspicion(toy, edit) -> None:
    found = evidence(toy, edit, toy.theory(off=["S16"], leaving_cost=1.0))
    assert np.all(found == found[0])

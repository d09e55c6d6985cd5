"""S10 reach: bases multiply what can be sent far away; they are the stop on the way.

Deployable force in a far theatre is `distance + (1 - distance) * access` of what is sent: a power
that brings a fifth to bear without its base brings all of it with the base open.
"""

import numpy as np

from allegiance.verbs.allocate import allocate

ACCESS = np.array([0.0, 0.5, 1.0])


def deployed(toy, edit, theory) -> np.ndarray:
    """North's settled deployment of 5 thousand men and 10 thousand sorties [man or sortie, run]."""
    north = toy["north"]
    case = edit(
        toy.case,
        distance={(0, north): 0.2},
        given={"ground": {(0, north): 5.0}, "air": {(0, north): 10.0}},
    )
    world = edit(
        toy.world,
        sites={"access": {toy["naval_base"]: ACCESS}},
        theatres={"commitment": {(0, north): 1.0}},
        clients={"alarm": 1.0},
        powers={"treasury": 1e4},
    )
    after, _ = allocate(*toy.call(theory, world, case=case, dt=10.0))
    return np.stack([after.theatres.deployed[0, north], after.theatres.air[0, north]])


def test_a_base_multiplies_what_arrives(toy, edit) -> None:
    found = deployed(toy, edit, toy.theory())
    brought = 0.2 + 0.8 * ACCESS
    np.testing.assert_allclose(found, [5.0 * brought, 10.0 * brought], rtol=1e-4)


def test_off_a_base_makes_no_difference(toy, edit) -> None:
    found = deployed(toy, edit, toy.theory(off=["S10"]))
    np.testing.assert_allclose(found[:, 0], [1.0, 2.0], rtol=1e-4)
    assert np.all(found == found[:, :1])

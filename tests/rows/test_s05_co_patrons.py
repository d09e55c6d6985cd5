"""S05 co-patrons: two patrons of one client get in each other's way.

The joint effect of their forces is below the sum, by `friction * 4 a b` with a and b their shares:
by the whole of the friction for equal partners, by nothing for one alone.
"""

import numpy as np

from allegiance.world import measures

NORTH, SOUTH = np.array([6.0, 5.0, 3.0]), np.array([0.0, 1.0, 3.0])


def joint(toy, edit, theory) -> np.ndarray:
    """Foreign force that fights for the government when both powers back it [run]."""
    north, south, government = toy["north"], toy["south"], toy["government"]
    case = edit(toy.case, backs={(0, south, government): 1.0, (0, south, 1 - government): 0.0})
    sent = {(0, north): NORTH, (0, south): SOUTH}
    world = edit(toy.world, theatres={"deployed": sent})
    return measures.ground_help(world, case, theory)[0, government]


def test_the_joint_effect_is_below_the_sum(toy, edit) -> None:
    found = joint(toy, edit, toy.theory(copatron_friction=0.3))
    overlap = 4.0 * NORTH * SOUTH / 36.0
    np.testing.assert_allclose(found, 6.0 * (1.0 - 0.3 * overlap), rtol=1e-5)
    assert found[0] > found[1] + 0.5 > found[2] + 0.5


def test_off_forces_add_up(toy, edit) -> None:
    found = joint(toy, edit, toy.theory(off=["S05"], copatron_friction=0.3))
    np.testing.assert_array_equal(found, np.full(3, 6.0, np.float32))

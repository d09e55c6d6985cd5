"""S22 stated against pursued aim: strikes follow the pursued aim, not the announced one.

A patron that wants its client alive strikes whoever presses the client, so the share of its strikes
off the named enemy is the share of pressure that others exert; off, all fall on the named enemy.
"""

import numpy as np

from allegiance.verbs.strike import strike

OPPOSITION = np.array([2.0, 10.0, 18.0])
"""Fighters of the opposition in the hills, of 20 with the radicals, whom North names."""


def off_target(crowded, edit, theory, motive: int) -> np.ndarray:
    """Share of North's strikes that do not fall on the enemy it names [run]."""
    north, hills = crowded["north"], crowded["harbour/hills"]
    named, other = crowded["radicals"], crowded["opposition"]
    case = edit(edit(crowded.case, motive=0.0), motive={(north, motive): 1.0})
    world = edit(crowded.world, regions={"force": 0.0}, theatres={"air": {(0, north): 12.0}})
    fighters = {(hills, other): OPPOSITION, (hills, named): 20.0 - OPPOSITION}
    world = edit(world, regions={"force": fighters})
    _, news = strike(*crowded.call(theory, world, case=case))
    fallen = news.strikes[0, north]
    np.testing.assert_allclose(fallen.sum(axis=0), 12.0, rtol=1e-5)
    return 1.0 - fallen[named] / fallen.sum(axis=0)


def test_strikes_follow_who_presses_the_client(crowded, edit) -> None:
    theory = crowded.theory(moderates_first=0.0, bystanders=0.0)
    found = off_target(crowded, edit, theory, motive=0)
    np.testing.assert_allclose(found, OPPOSITION / 20.0, atol=1e-5)


def test_a_power_that_pursues_its_stated_aim_strikes_the_named_enemy(crowded, edit) -> None:
    assert np.all(off_target(crowded, edit, crowded.theory(bystanders=0.0), motive=4) < 1e-5)


def test_off_strikes_fall_where_they_are_announced(crowded, edit) -> None:
    for motive in range(5):
        found = off_target(crowded, edit, crowded.theory(off=["S22"]), motive)
        assert np.all(found < 1e-5)

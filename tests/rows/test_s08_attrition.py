"""S08 attrition: a long war takes tens of thousands of soldiers and billions of dollars a month.

The stocks of force and treasury run down: armies in contact wear each other down, and a war
elsewhere takes what it costs, men through `fight` and money through `allocate`.
"""

import numpy as np

from allegiance.verbs.allocate import allocate
from allegiance.verbs.fight import fight


def outside_war(toy, edit):
    """North pays for a war elsewhere: 365 thousand men and 36.5 billion dollars a year."""
    here = {(0, toy["north"]): 365.0}
    return edit(toy.case, given={"burden_losses": here, "burden_money": {(0, toy["north"]): 36.5}})


def test_armies_in_contact_wear_each_other_down(toy, edit) -> None:
    world = edit(toy.world, theatres={"posture": 1.0})
    theory = toy.theory(attrition=0.5, exposure=1.0, posture_intensity=1.0, idle_intensity=0.0)
    start = world.regions.force.sum(axis=0)
    after, news = fight(*toy.call(theory, world, dt=1.0 / 365.0))
    lost = start - after.regions.force.sum(axis=0)
    assert np.all(lost > 0.005)
    np.testing.assert_allclose(news.losses[0], lost, rtol=1e-3)
    np.testing.assert_allclose(after.theatres.spent[0], lost, rtol=1e-3)


def test_a_war_elsewhere_runs_down_force_and_treasury(toy, edit) -> None:
    north, case = toy["north"], outside_war(toy, edit)
    call = toy.call(toy.theory(), case=case, dt=1.0 / 365.0)
    fought, _ = fight(*call)
    paid, _ = allocate(*call)
    assert abs(toy.world.powers.force[north, 0] - fought.powers.force[north, 0] - 1.0) < 1e-3
    assert abs(toy.world.powers.treasury[north, 0] - paid.powers.treasury[north, 0] - 0.1) < 1e-3


def test_off_no_stock_runs_down(toy, edit) -> None:
    case = outside_war(toy, edit)
    world = edit(toy.world, theatres={"posture": 1.0, "deployed": {(0, 0): 6.0}, "commitment": 1.0})
    call = toy.call(toy.theory(off=["S08"]), world, case=case)
    fought, news = fight(*call)
    paid, _ = allocate(*call)
    np.testing.assert_array_equal(fought.regions.force, world.regions.force)
    np.testing.assert_array_equal(fought.powers.force, world.powers.force)
    np.testing.assert_array_equal(paid.powers.treasury, world.powers.treasury)
    assert np.all(news.losses == 0.0)
    assert np.all(news.lost == 0.0)

"""S34 bases: the client hosts the patron's port and air base.

After a fall the base is asked back, then kept or lost with the log-odds of what both sides have to
offer; with the row off nothing is asked and the base stays as it was.
"""

import numpy as np

from allegiance.verbs.bargain import bargain
from allegiance.verbs.succeed import succeed

VALUES = {"base_rate": 1.0, "base_value": 2.0, "shelter_cost": 0.0, "estranged": 0.1}


def settled(toy, edit, grid, theory, access: float, grievance: float = 0.0, base: float = 0.0):
    """Access to the naval base after a week, and whether it was lost [run]."""
    harbour, north, site = toy["harbour"], toy["north"], toy["naval_base"]
    world = edit(
        toy.world,
        sites={"access": {site: access}},
        ties={"grievance": {(harbour, north): grievance}, "alignment": {(harbour, north): 0.5}},
    )
    noise = toy.noise(base=base, terms=grid(1000))
    after, news = bargain(*toy.call(theory, world, noise=noise))
    return after.sites.access[site], news.base_lost[site], after.sites.holder[site, north]


def test_a_base_asked_back_is_kept_or_lost(toy, edit, grid) -> None:
    value = toy.case.site_value[toy["naval_base"], toy["north"], 0]
    for grievance in (0.0, 3.0):
        access, lost, holder = settled(toy, edit, grid, toy.theory(**VALUES), 0.5, grievance)
        expected = 1.0 / (1.0 + np.exp(-2.0 * value + grievance))
        assert abs((access == 1.0).mean() - expected) < 2e-3
        np.testing.assert_array_equal(lost, (access == 0.0).astype(np.float32))
        np.testing.assert_array_equal(holder, 1.0 - lost)


def test_a_base_nobody_asks_for_is_held(toy, edit, grid) -> None:
    access, lost, _ = settled(toy, edit, grid, toy.theory(**VALUES), access=1.0)
    assert np.all(access == 1.0)
    assert np.all(lost == 0.0)


def test_the_question_waits_for_its_hour(toy, edit, grid) -> None:
    access, _, _ = settled(toy, edit, grid, toy.theory(**VALUES), access=0.5, base=0.5)
    assert np.all(access == 0.5)


def test_a_new_regime_asks_for_the_base(toy, edit) -> None:
    call = toy.call(toy.theory())
    after, _ = succeed(*call._replace(now=edit(call.now, fell=1.0)))
    assert after.sites.access[toy["naval_base"], 0] == 0.5


def test_off_the_base_stays_as_it_was(toy, edit, grid) -> None:
    theory = toy.theory(off=["S34"], **VALUES)
    access, lost, holder = settled(toy, edit, grid, theory, 0.5, grievance=3.0)
    assert np.all(access == 0.5)
    assert np.all(lost == 0.0)
    assert np.all(holder == 1.0)
    call = toy.call(theory)
    after, _ = succeed(*call._replace(now=edit(call.now, fell=1.0)))
    np.testing.assert_array_equal(after.sites.access, toy.world.sites.access)

"""S07 overstretch: one war eats the force and money promised to another client.

The delivered share of a pledge falls as demand elsewhere rises: to `min(supply / demand,
pressure^-e)`, `pressure` being all that was promised over all there is, and with an empty treasury.
"""

import numpy as np

from allegiance.verbs.allocate import allocate
from allegiance.verbs.decide import decide

BURDEN = np.array([0.0, 30.0, 57.0, 75.0])
"""Force that a war elsewhere claims, of 60 thousand."""


def delivered_share(toy, edit, theory, treasury: float = 1e4, **burden) -> np.ndarray:
    """Share of what Harbour asked for that reaches it, once deployments have settled [run]."""
    harbour, north = toy["harbour"], toy["north"]
    given = {"ground": {(0, north): 6.0}, "air": 0.0}
    given |= {noun: {(0, north): level} for noun, level in burden.items()}
    case = edit(toy.case, distance=1.0, given=given)
    world = edit(
        toy.world,
        theatres={"commitment": {(0, north): 1.0}},
        clients={"alarm": 1.0},
        powers={"force": {north: 60.0}, "treasury": {north: treasury}},
    )
    after, _ = allocate(*toy.call(theory, world, case=case, dt=10.0))
    return after.ties.delivered[harbour, north] / after.ties.asked[harbour, north]


def test_a_war_elsewhere_eats_the_promised_force(toy, edit) -> None:
    found = delivered_share(toy, edit, toy.theory(overstretch=2.0), burden_force=BURDEN)
    supply = np.maximum(60.0 - BURDEN, 0.0)
    pressure = np.maximum((6.0 + BURDEN) / 60.0, 1.0)
    expected = np.minimum(supply / 6.0, pressure**-2.0).clip(0.0, 1.0)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert found[0] == 1.0 > found[2] > found[3]


def test_a_war_elsewhere_eats_the_promised_money(toy, edit) -> None:
    theory = toy.theory(cost_of_force=0.1)
    found = delivered_share(toy, edit, theory, treasury=2.0, burden_money=np.array([0.0, 19.4]))
    np.testing.assert_allclose(found, [1.0, 2.0 / (0.5 * (0.6 + 19.4))], atol=1e-4)


def test_off_other_wars_take_nothing(toy, edit) -> None:
    for values in ({"overstretch": 2.0}, {"overstretch": 9.0}):
        theory = toy.theory(off=["S07"], **values)
        assert np.all(delivered_share(toy, edit, theory, burden_force=BURDEN) == 1.0)
    theory = toy.theory(off=["S07"], cost_of_force=0.1)
    money = np.array([0.0, 19.4])
    assert np.all(delivered_share(toy, edit, theory, treasury=2.0, burden_money=money) == 1.0)


def test_off_the_choice_to_go_in_does_not_count_other_wars(toy, edit, grid) -> None:
    north = toy["north"]
    share = {}
    for off in ((), ("S07",)):
        for burden in (0.0, 60.0):
            theory = toy.theory(off=off, stretch_cost=0.6, choice_sharpness=4.0, entry_cost=0.3)
            case = edit(toy.case, given={"burden_force": {(0, north): burden}})
            noise = toy.noise(opportunity=0.0, choice=grid(500))
            _, news = decide(*toy.call(theory, case=case, noise=noise))
            share[off, burden] = news.entered[0, north].mean()
    assert share[(), 60.0] < share[(), 0.0] - 0.1
    assert share[("S07",), 60.0] == share[("S07",), 0.0]


def test_the_promise_is_kept_until_the_other_war_begins(toy, edit) -> None:
    """Ten whole weeks; Valley is in danger throughout, a war elsewhere begins in the sixth."""
    valley, north = toy["valley"], toy["north"]
    share = {}
    for off in ((), ("S07",)):
        theory = toy.theory(off=off, overstretch=2.0, cost_of_force=0.1, cost_of_sorties=0.05)
        case = edit(toy.case, contender=0.0, given={"danger": {valley: 0.8}})
        at_war = edit(case, given={"burden_force": {(0, north): 90.0}})
        history = toy.weeks(10, theory, case=lambda w, a=case, b=at_war: b if w >= 5 else a, runs=8)
        ties = [world.ties for world, _ in history]
        share[off] = np.array([t.delivered[valley, north] / t.asked[valley, north] for t in ties])
    assert np.all(share[()][:5] == 1.0)
    assert np.all(share[()][5:] < 0.05)
    assert np.all(share[("S07",)] == 1.0)


def test_far_beyond_its_means_a_power_still_has_odds(toy, edit, grid) -> None:
    """What it does not hold it cannot trade away, however well that would pay."""
    case = edit(toy.case, given={"burden_force": {(0, toy["north"]): 1e5}})
    noise = toy.noise(opportunity=0.0, choice=grid(10))
    after, _ = decide(*toy.call(toy.theory(trade_gain=0.5), case=case, noise=noise))
    assert np.all(after.theatres.commitment[0, toy["north"]] == 0.0)


def test_promises_beyond_its_means_stretch_a_power_even_before_they_fall_due(toy, edit) -> None:
    """North has promised 6 thousand men and has 5; little is called for while all is quiet."""
    north, government = toy["north"], toy["government"]
    quiet = {(..., government, 0): 0.998, (..., 1 - government, 0): 0.002}
    world = edit(
        toy.world,
        regions={"control": quiet},
        theatres={"commitment": {(0, north): 1.0}},
        clients={"alarm": 0.0},
        powers={"force": {north: 5.0}, "treasury": 1e4},
    )
    case = edit(toy.case, distance=1.0, given={"ground": {(0, north): 6.0}, "air": 0.0})
    sent = {}
    for off in ((), ("S07",)):
        theory = toy.theory(off=off, overstretch=np.array([1.0, 2.0]))
        after, _ = allocate(*toy.call(theory, world, case=case, dt=10.0))
        sent[off] = after.theatres.deployed[0, north]
    stretched = (6.0 / 5.0) ** -np.array([1.0, 2.0])
    np.testing.assert_allclose(sent[()], stretched * sent["S07",], rtol=1e-4)
    assert sent["S07",][0] == sent["S07",][1] > 0.0

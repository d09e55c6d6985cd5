"""S21 nationalist audience: embracing yesterday's enemy angers the loyalists.

Anger follows when a power recognises, or bargains over a base with, a regime of those whom it
struck for the fallen one. The larger the audience, the more it costs and the milder each of its
members is; at most the share `anger_weight` turns away.
"""

import numpy as np

from allegiance.verbs.rule import rule

AUDIENCE = np.array([0.0, 0.1, 0.3, 0.6])
EMBRACE, RESTRAINT, TURNED = 1.0, 1.5, 0.16
VALUES = {
    "embrace": EMBRACE,
    "audience_restraint": RESTRAINT,
    "anger_weight": TURNED,
    "anger_fade": 1.0,
    "rally": 0.0,
    "opinion_rate": 2.0,
    "casualty_weight": 0.0,
}


def new_regime(toy, edit, access: float = 0.0, struck: float = 1.0):
    """Harbour fell to the opposition, which North had struck; its base is closed or under talks."""
    case = edit(toy.case, audience={toy["north"]: AUDIENCE})
    case = edit(case, pursues={(0, toy["north"], toy["opposition"]): struck})
    rules = {(0, toy["government"]): 0.0, (0, toy["opposition"]): 1.0}
    world = edit(toy.world, theatres={"fallen": 1.0, "rules": rules, "commitment": 0.0})
    return case, edit(world, sites={"access": access}, clients={"alarm": 0.0})


def anger(toy, edit, theory, recognised: float = 1.0, dt=None, by: str = "north", **how):
    """Anger of each power's loyalists [power, run] after one step."""
    case, world = new_regime(toy, edit, **how)
    call = toy.call(theory, world, case=case, dt=dt or toy.dt)
    last = edit(call.last, recognised={(toy["harbour"], toy[by]): recognised})
    return rule(*call._replace(last=last))[0].powers.anger


def test_a_handshake_angers_the_loyalists_the_larger_the_less_each(toy, edit) -> None:
    found = anger(toy, edit, toy.theory(**VALUES))
    expected = EMBRACE * np.exp(-RESTRAINT * AUDIENCE)
    np.testing.assert_allclose(found[toy["north"]], expected, rtol=1e-5)
    assert np.all(np.diff(found[toy["north"]]) < 0.0)
    assert np.all(found[toy["south"]] == 0.0)


def test_talks_over_a_base_do_so_as_they_drag_on(toy, edit) -> None:
    found = anger(toy, edit, toy.theory(**VALUES), recognised=0.0, dt=0.5, access=0.5)
    expected = 0.5 * EMBRACE * np.exp(-RESTRAINT * AUDIENCE)
    np.testing.assert_allclose(found[toy["north"]], expected, rtol=1e-5)
    calm = anger(toy, edit, toy.theory(**VALUES), recognised=0.0, access=1.0)
    assert np.all(calm == 0.0)


def test_only_yesterdays_enemy_does(toy, edit) -> None:
    theory = toy.theory(**VALUES)
    assert np.all(anger(toy, edit, theory, struck=0.0) == 0.0)
    assert np.all(anger(toy, edit, theory, by="south") == 0.0)


def support_lost(toy, edit, theory) -> np.ndarray:
    """Support that North's ruler lost at home a year after the handshake [run]."""
    case, world = new_regime(toy, edit)
    for week in range(52):
        call = toy.call(theory, world, case=case)
        shaken = edit(call.last, recognised={(toy["harbour"], toy["north"]): float(week == 0)})
        world, _ = rule(*call._replace(last=shaken))
    north = toy["north"]
    return toy.case.resting_support[north] - world.powers.support[north]


def test_support_falls_with_the_audience_and_most_stay(toy, edit) -> None:
    lost = support_lost(toy, edit, toy.theory(**VALUES))
    assert np.all(np.diff(lost) > 1e-3)
    furious = support_lost(toy, edit, toy.theory(**VALUES | {"embrace": 50.0}))
    assert np.all(furious <= TURNED * AUDIENCE + 1e-5)
    assert np.all(furious[1:] > lost[1:])
    assert abs(lost[0]) < 1e-5


def test_off_the_loyalists_forgive(toy, edit) -> None:
    theory = toy.theory(off=["S21"], **VALUES)
    assert np.all(anger(toy, edit, theory, access=0.5) == 0.0)
    lost = support_lost(toy, edit, theory)
    assert np.all(lost == lost[0])

"""S58 solidarity: publics abroad should constrain their states, an appeal rather than a finding.

Demonstrations raise protest, and protest makes impunity fade at `solidarity * protest` more, so
that the next venture is less likely; at the prior's value next to nothing comes of it. Off, nothing
at all.
"""

import numpy as np

from allegiance.verbs.decide import decide
from allegiance.verbs.press import press
from allegiance.world.parameters import PARAMETERS

MARCHES = np.array([0.0, 1.0])
VALUES = {"protest_rate": 4.0, "impunity_fade": 0.2, "punishment_bite": 2.0}


def felt(toy, edit, theory):
    """North's protest and its impunity, of 1, after a year with and without marches [run]."""
    north = toy["north"]
    case = edit(toy.case, given={"demonstrations": {north: MARCHES}})
    world = edit(toy.world, powers={"impunity": {north: 1.0}}, rivalries={"sanctions": 0.0})
    after, _ = press(*toy.call(theory, world, case=case, dt=1.0))
    return after.powers.protest[north], after.powers.impunity[north]


def entries(toy, edit, grid, impunity: float) -> float:
    """Probability that North goes in when the question comes up, with `impunity`."""
    north = toy["north"]
    theory = toy.theory(emboldenment=0.3, choice_sharpness=6.0, entry_cost=0.5)
    case = edit(toy.case, motive=0.0, rival=0.0)
    noise = toy.noise(opportunity=0.0, choice=grid(2000))
    world = edit(toy.world, powers={"impunity": {north: impunity}})
    _, news = decide(*toy.call(theory, world, case=case, noise=noise))
    return news.entered[0, north].mean()


def test_protest_restrains_as_far_as_solidarity_goes(toy, edit, grid) -> None:
    protest, impunity = felt(toy, edit, toy.theory(solidarity=1.5, **VALUES))
    marched = 1.0 - np.exp(-4.0)
    np.testing.assert_allclose(protest, [0.0, marched], rtol=1e-5)
    np.testing.assert_allclose(impunity, np.exp([-0.2, -0.2 - 1.5 * marched]), rtol=1e-4)
    free, restrained = (entries(toy, edit, grid, left) for left in impunity)
    assert restrained < free - 0.05


def test_the_prior_effect_is_near_zero(toy, edit, grid) -> None:
    prior = next(p.prior for p in PARAMETERS if p.name == "solidarity")
    assert abs(prior.first) < prior.second < 0.2
    _, impunity = felt(toy, edit, toy.theory(**VALUES))
    assert impunity[1] < impunity[0]
    free, restrained = (entries(toy, edit, grid, left) for left in impunity)
    assert abs(restrained - free) < 0.01


def test_off_marches_do_nothing(toy, edit) -> None:
    protest, impunity = felt(toy, edit, toy.theory(off=["S58"], solidarity=1.5, **VALUES))
    assert np.all(protest == 0.0)
    assert impunity[0] == impunity[1]

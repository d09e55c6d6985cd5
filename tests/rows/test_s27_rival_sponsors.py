"""S27 rival sponsors fragment: each backs its own faction and infighting follows.

The same paid men are worth less when two sponsors share them than when one pays them all: the
effective strength of the opposition falls below its sum. Off, who pays makes no difference.
"""

import numpy as np

from allegiance.verbs.fight import strength_here
from allegiance.world import measures

SHARE = np.array([1.0, 0.8, 0.5])
"""Share of the opposition's ten thousand paid men whom the first of two sponsors pays."""


def strength(toy, edit, theory):
    """Own force, effective strength and nominal odds of the opposition [run]."""
    opposition = toy["opposition"]
    pay = {
        (0, toy["north"], opposition): 10.0 * SHARE,
        (0, toy["south"], opposition): 10.0 * (1.0 - SHARE),
    }
    case = edit(toy.case, given={"sponsor": pay})
    world = toy.call(theory, toy.world, case=case).world
    count = measures.muster(world, case)
    found = strength_here(count, world, case, theory)[toy["harbour/hills"], opposition]
    odds = measures.log_ratio(count, world, case, theory)[0, opposition]
    return found, odds


def test_two_sponsors_make_less_of_the_same_men(toy, edit) -> None:
    found, odds = strength(toy, edit, toy.theory(infighting=0.4))
    np.testing.assert_allclose(found / found[0], [1.0, 1.0 - 0.4 * 0.64, 0.6], rtol=1e-3)
    assert odds[0] > odds[1] > odds[2]


def test_off_it_does_not_matter_who_pays(toy, edit) -> None:
    found, odds = strength(toy, edit, toy.theory(off=["S27"], infighting=0.4))
    assert np.ptp(found) == 0.0
    assert np.ptp(odds) == 0.0

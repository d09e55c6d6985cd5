"""S47 bargaining inversion: the isolated patron needs its suppliers more than they need it.

A partner extracts `inversion * need / (need + its own need)` of the trade that was diverted to it:
the more, the less of its own trade is with the patron. What one pays the other gets; off, nothing
is extracted.
"""

import numpy as np

from allegiance.verbs.earn import earn

VALUES = {"inversion": 0.5, "ordinary_need": 0.2, "substitution": 0.5, "budget_share": 0.2}
MONTH = 1.0 / 12.0


def trade(toy, edit, theory, level, dependence: float | np.ndarray = 0.05):
    """Price that South extracts, and what each treasury gains in a month [power, run].

    `level` are South's sanctions on North, `dependence` the share of South's trade with it.
    """
    north, south = toy["north"], toy["south"]
    case = edit(
        toy.case,
        trade={(north, south): 0.8, (south, north): dependence},
        openness={north: 0.5},
        surplus=0.0,
        rents=0.0,
    )
    world = edit(toy.world, rivalries={"sanctions": {(south, north): level}})
    call = toy.call(theory, world, case=case, dt=MONTH)
    after, _ = earn(*call)
    gained = after.powers.treasury - call.world.powers.treasury
    return after.rivalries.price[north, south], gained, after.powers.income_loss[north]


def test_isolation_has_its_price(toy, edit) -> None:
    level = np.array([0.0, 0.25])
    price, _, loss = trade(toy, edit, toy.theory(off=["S46"], **VALUES), level)
    need = 0.8 * level
    expected = 0.5 * need / (need + 0.05 + 0.2) * (1.0 - level)
    assert expected[1] > 0.15
    np.testing.assert_allclose(price, expected, rtol=1e-5)
    np.testing.assert_allclose(loss, 0.5 * 0.5 * need * expected, rtol=1e-5)


def test_who_needs_the_patron_less_extracts_more(toy, edit) -> None:
    dependence = np.array([0.0, 0.2, 0.8])
    price, _, _ = trade(toy, edit, toy.theory(**VALUES), 0.25, dependence)
    assert price[0] > 1.3 * price[1] > 1.3 * 1.3 * price[2] > 0.0


def test_what_one_pays_the_other_gets(toy, edit) -> None:
    north, south = toy["north"], toy["south"]
    _, gained, loss = trade(toy, edit, toy.theory(off=["S46"], **VALUES), np.array([0.25]))
    paid = 0.2 * loss * toy.case.gdp[north] * MONTH
    assert paid[0] > 0.1
    np.testing.assert_allclose(gained[north], -paid, atol=1e-4)
    np.testing.assert_allclose(gained[south], paid, atol=1e-4)


def test_off_nothing_is_extracted(toy, edit) -> None:
    theory = toy.theory(off=["S46", "S47"], **VALUES)
    price, gained, loss = trade(toy, edit, theory, np.array([0.0, 0.25]))
    assert np.all(price == 0.0)
    assert np.all(gained == 0.0)
    assert np.all(loss == 0.0)

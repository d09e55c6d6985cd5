"""S29 sponsor defection: a sponsor leaves for a priority of its own.

The fighters whom it paid go home until the faction is as large as with that much less pay from the
start, and a sponsor that went in itself is likelier to leave, by the logit of the added cost.
"""

from typing import Any

import numpy as np

from allegiance.verbs.allocate import allocate
from allegiance.verbs.decide import decide

PAID, DEFECTION = 8.0, 0.75
PRIORITY = np.array([0.0, 0.5, 1.0])
VALUES = {"defection": DEFECTION, "recruiting_rate": 2.0, "campaign_days": 1.0}


def faction(toy, edit, theory, years: float = 0.0, paid: Any = PAID) -> np.ndarray:
    """Fighters of the opposition some years after South's priorities shifted, thousand [run].

    Only recruiting moves them: nobody fights. Zero years means until they have settled.
    """
    south, opposition = toy["south"], toy["opposition"]
    given = {
        "sponsor": {(0, south, opposition): paid},
        "priority_elsewhere": {(0, south): PRIORITY},
    }
    case = edit(toy.case, given=given, contender=0.0)
    world, steps = toy.world, round((years or 7.0) / toy.dt)
    for _ in range(steps):
        call = toy.call(theory, world, case=case)
        world, _ = decide(*call)
        world, _ = allocate(*call._replace(world=world))
    return world.regions.force[:, opposition].sum(axis=0)


def test_the_faction_shrinks_to_what_the_pay_that_is_left_would_raise(toy, edit) -> None:
    found = faction(toy, edit, toy.theory(**VALUES))
    less_pay = PAID * (1.0 - DEFECTION * PRIORITY)
    expected = faction(toy, edit, toy.theory(off=["S29"], **VALUES), paid=less_pay)
    np.testing.assert_allclose(found, expected, rtol=2e-3)
    assert found[0] > found[1] + 2.0 > found[2] + 4.0


def test_the_men_go_home_over_months(toy, edit) -> None:
    theory = toy.theory(**VALUES)
    start, end = faction(toy, edit, theory, 0.02), faction(toy, edit, theory)
    half = faction(toy, edit, theory, 0.5)
    assert start[0] - 0.3 < start[2] < start[0]
    assert end[2] + 0.5 < half[2] < half[0] - 2.0


def stays(toy, edit, grid, theory) -> np.ndarray:
    """Probability that South, already in, stays when the question comes up, by priority."""
    south = toy["south"]
    world = edit(toy.world, theatres={"commitment": {(0, south): 1.0}})
    case = edit(toy.case, motive=0.0, stake=0.0, rival=0.0)
    case = edit(case, motive={(south, 4): 1.0})
    found = []
    for priority in PRIORITY:
        here = edit(case, given={"priority_elsewhere": {(0, south): priority}})
        noise = toy.noise(opportunity=0.0, choice=grid(1000))
        _, news = decide(*toy.call(theory, world, case=here, noise=noise))
        found.append(1.0 - news.left[0, south].mean())
    return np.array(found)


CHOICE = {
    "entry_cost": 0.2,
    "priority_cost": 0.5,
    "choice_sharpness": 4.0,
    "home_brake": 0.0,
    "vacuum_gain": 0.0,
}


def test_a_sponsor_that_went_in_leaves(toy, edit, grid) -> None:
    found = stays(toy, edit, grid, toy.theory(**CHOICE))
    cost = 0.2 + 0.5 * PRIORITY
    # Out or traded away against in or drawn down.
    stay = np.exp(-4.0 * cost) + np.exp(-2.0 * cost)
    np.testing.assert_allclose(found, stay / (stay + 2.0), atol=2e-3)
    assert found[0] > found[1] > found[2]


def test_off_a_sponsors_other_priorities_do_not_count(toy, edit, grid) -> None:
    theory = toy.theory(off=["S29"], **VALUES | CHOICE)
    force = faction(toy, edit, theory, 1.0)
    assert np.all(force == force[0])
    found = stays(toy, edit, grid, theory)
    assert np.all(found == found[0])

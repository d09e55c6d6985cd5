"""S20 status: a seat at the top table is worth more than the stated aim.

A power whose stated aim finds nothing in a theatre goes in for status alone, where its rivals leave
it room: with the probability that the logit of gain less cost gives.
"""

import numpy as np

from allegiance.verbs.decide import decide

ENTRY_COST, SHARP = 0.5, 6.0


def entry(toy, edit, grid, theory, stated: float = 0.0) -> float:
    """Probability that North goes in when the question comes up; its rivals hold back."""
    north = toy["north"]
    case = edit(toy.case, motive=0.0, stake={(0, north): 0.0}, given={"restraint": 1.0})
    case = edit(case, motive={(north, 2): 0.7, (north, 4): 0.3})
    case = edit(case, stake={(0, north, 2): 0.9, (0, north, 4): stated})
    noise = toy.noise(opportunity=0.0, choice=grid(1000))
    _, news = decide(*toy.call(theory, case=case, noise=noise))
    return news.entered[0, north].mean()


def test_status_alone_brings_a_power_in(toy, edit, grid) -> None:
    theory = toy.theory(entry_cost=ENTRY_COST, choice_sharpness=SHARP, home_brake=0.0)
    expected = 1.0 / (1.0 + np.exp(-SHARP * (0.7 * 0.9 - ENTRY_COST)))
    assert expected > 0.6
    assert abs(entry(toy, edit, grid, theory) - expected) < 2e-3


def test_off_no_seat_is_worth_a_war(toy, edit, grid) -> None:
    values = {"entry_cost": ENTRY_COST, "choice_sharpness": SHARP, "home_brake": 0.0}
    theory = toy.theory(off=["S20"], **values)
    found = entry(toy, edit, grid, theory)
    assert abs(found - 1.0 / (1.0 + np.exp(SHARP * ENTRY_COST))) < 2e-3
    # The stated aim still counts: only the seat has lost its worth.
    assert entry(toy, edit, grid, theory, stated=1.0) > found + 0.02

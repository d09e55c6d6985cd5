"""S30 rival restraint: one power's reluctance opens the space for another.

The probability of going in rises with the rival's restraint: its threat to counter costs less, and
the prestige of acting alone counts more.
"""

import numpy as np

from allegiance.verbs.decide import decide

RESTRAINT = (0.0, 0.5, 1.0)
VALUES = {
    "entry_cost": 0.5,
    "choice_sharpness": 6.0,
    "rival_deterrence": 0.4,
    "home_brake": 0.0,
}


def entry(toy, edit, grid, theory, status: float) -> np.ndarray:
    """Probability that North goes in, by South's restraint; its worth is `status` and reach."""
    north, south = toy["north"], toy["south"]
    case = edit(toy.case, motive=0.0, stake=0.0)
    case = edit(case, motive={(north, 2): status, (north, 4): 1.0 - status})
    case = edit(case, stake={(0, north, 2): 1.0, (0, north, 4): 0.5})
    case = edit(case, area={...: 0.0}, given={"restraint": 0.0})
    found = []
    for restraint in RESTRAINT:
        here = edit(case, given={"restraint": {(0, south): restraint}})
        noise = toy.noise(opportunity=0.0, choice=grid(1000))
        _, news = decide(*toy.call(theory, case=here, noise=noise))
        found.append(news.entered[0, north].mean())
    return np.array(found)


def test_a_reluctant_rival_opens_the_space(toy, edit, grid) -> None:
    theory = toy.theory(**VALUES)
    for status in (0.0, 0.6):
        gain = status * np.array(RESTRAINT)
        odds = 6.0 * (gain - 0.5 - 0.4 * (1.0 - np.array(RESTRAINT)))
        found = entry(toy, edit, grid, theory, status)
        np.testing.assert_allclose(found, 1.0 / (1.0 + np.exp(-odds)), atol=2e-3)
        assert found[0] < found[1] < found[2]


def test_off_a_rivals_restraint_does_not_count(toy, edit, grid) -> None:
    for status in (0.0, 0.6):
        found = entry(toy, edit, grid, toy.theory(off=["S30"], **VALUES), status)
        assert np.all(found == found[0])

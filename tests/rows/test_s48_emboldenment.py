"""S48 emboldenment: unpunished success raises the odds of the next venture; relief lowers them.

A venture adds to impunity what sanctions do not answer, and impunity adds to the gain of the next
entry. Relief is tied to roll-back: sanctions ease only once the power has nothing left abroad.
"""

import numpy as np

from allegiance.verbs.decide import decide
from allegiance.verbs.press import press

SANCTIONS = np.array([0.0, 1.0])


def impunity(toy, edit, theory) -> np.ndarray:
    """North's impunity after a venture, unanswered and under full sanctions [run]."""
    north, south = toy["north"], toy["south"]
    case = edit(toy.case, trade={(north, south): 0.8})
    world = edit(toy.world, rivalries={"sanctions": {(south, north): SANCTIONS}})
    call = toy.call(theory, edit(world, theatres={"commitment": {(0, north): 1.0}}), case=case)
    after, _ = press(*call._replace(now=edit(call.now, entered={(0, north): 1.0})))
    return after.powers.impunity[north]


def next_entry(toy, edit, grid, theory, felt: float) -> float:
    """Probability that North goes in when the question comes up, with `felt` impunity."""
    north = toy["north"]
    case = edit(toy.case, motive=0.0, rival=0.0)
    noise = toy.noise(opportunity=0.0, choice=grid(1000))
    world = edit(toy.world, powers={"impunity": {north: felt}})
    _, news = decide(*toy.call(theory, world, case=case, noise=noise))
    return news.entered[0, north].mean()


VALUES = {
    "emboldenment": 0.2,
    "choice_sharpness": 6.0,
    "entry_cost": 0.5,
    "home_brake": 0.0,
    "relief_rate": 0.2,
}


def test_unpunished_success_raises_the_odds_of_the_next_venture(toy, edit, grid) -> None:
    theory = toy.theory(**VALUES)
    free, punished = impunity(toy, edit, theory)
    assert abs(free - 1.0) < 1e-5
    assert abs(punished - 0.2) < 1e-4
    found = [next_entry(toy, edit, grid, theory, felt) for felt in (0.0, punished, free)]
    odds = 6.0 * (0.2 * np.array([0.0, punished, free]) - 0.5)
    np.testing.assert_allclose(found, 1.0 / (1.0 + np.exp(-odds)), atol=2e-3)
    assert found[0] < found[1] < found[2]


def test_relief_is_tied_to_roll_back(toy, edit) -> None:
    north, south = toy["north"], toy["south"]
    abroad = np.array([0.0, 1.0])
    world = edit(
        toy.world,
        theatres={"commitment": {(0, north): abroad}},
        rivalries={"sanctions": {(south, north): 0.5}},
    )
    after, _ = press(*toy.call(toy.theory(**VALUES), world, dt=1.0))
    eased = after.rivalries.sanctions[south, north]
    np.testing.assert_allclose(eased, [0.5 * np.exp(-0.2), 0.5], rtol=1e-5)


def test_a_rival_answers_a_venture_with_sanctions(toy, edit, grid) -> None:
    north, south = toy["north"], toy["south"]
    theory = toy.theory(sanction_rate=2.0, sanction_level=0.3)
    case = edit(toy.case, given={"restraint": {(0, south): 0.5}})
    world = edit(toy.world, theatres={"commitment": {(0, north): 1.0}})
    noise = toy.noise(sanction=grid(1000))
    after, news = press(*toy.call(theory, world, case=case, noise=noise, dt=0.5))
    imposed = news.sanctioned[south, north]
    assert abs(imposed.mean() - (1.0 - np.exp(-2.0 * 0.5 * 0.5))) < 2e-3
    np.testing.assert_allclose(after.rivalries.sanctions[south, north], 0.3 * imposed, rtol=1e-5)


def test_off_a_venture_teaches_nothing(toy, edit, grid) -> None:
    theory = toy.theory(off=["S48"], **VALUES)
    assert np.all(impunity(toy, edit, theory) == 0.0)
    found = [next_entry(toy, edit, grid, theory, felt) for felt in (0.0, 3.0)]
    assert found[0] == found[1]

"""S03 rescue: intervention near collapse reverses it.

A patron that values its client's survival goes in as danger rises, with the logit of danger times
stake less cost, and the client survives that would have fallen. Off, danger moves no patron: the
client's fate is that of one whose patron may never come.
"""

import numpy as np

from allegiance.verbs.decide import decide

RUNS = 200
CHOICE = {
    "decision_rate": 10.0,
    "crisis_attention": 6.0,
    "choice_sharpness": 40.0,
    "entry_cost": 0.4,
    "home_brake": 0.0,
    "rival_deterrence": 0.0,
    "emboldenment": 0.0,
}
"""A patron that decides soon and surely."""


def losing_war(toy, edit):
    """A government with a fifth of its army; North wants nothing but its survival."""
    north = toy["north"]
    case = edit(toy.case, motive=0.0, own_air=0.0, distance=1.0, rival=0.0)
    case = edit(case, contender={(0, toy["south"]): 0.0}, motive={(north, 0): 1.0})
    case = edit(case, stake={(0, north, 0): 1.0}, given={"air": {(0, north): 12.0}})
    army = toy.world.regions.force[:, toy["government"]]
    here = {(region, toy["government"]): 0.2 * men for region, men in enumerate(army)}
    here[toy["harbour/hills"], toy["opposition"]] = 26.0
    return case, edit(toy.world, regions={"force": here})


def survives(toy, edit, theory, blocked: float = 0.0) -> np.ndarray:
    """1 where the government stands after twelve weeks [run]."""
    case, world = losing_war(toy, edit)
    case = edit(case, given={"blocked": {(0, toy["north"]): blocked}})
    *_, (after, _) = toy.weeks(12, theory, world, case, runs=RUNS)
    return 1.0 - after.theatres.fallen[0]


def test_a_patron_goes_in_as_danger_rises(toy, edit, grid) -> None:
    case, _ = losing_war(toy, edit)
    north, share = toy["north"], {}
    for off in ((), ("S03",)):
        theory = toy.theory(off=off, **CHOICE | {"choice_sharpness": 6.0})
        for danger in (0.0, 0.5, 1.0):
            world = edit(toy.world, clients={"alarm": danger})
            noise = toy.noise(opportunity=0.0, choice=grid(1000))
            _, news = decide(*toy.call(theory, world, case=case, noise=noise))
            share[off, danger] = news.entered[0, north].mean()
            gain = danger if not off else 0.0
            expected = 1.0 / (1.0 + np.exp(-6.0 * (gain - 0.4)))
            assert abs(share[off, danger] - expected) < 2e-3
    assert share[(), 1.0] > share[(), 0.0] + 0.5
    assert share[("S03",), 1.0] == share[("S03",), 0.0]


def test_the_client_survives_with_a_rescue(toy, edit, war) -> None:
    with_rescue = survives(toy, edit, toy.theory(**war | CHOICE))
    without = survives(toy, edit, toy.theory(**war | CHOICE), blocked=1.0)
    saved = with_rescue - without
    error = saved.std() / np.sqrt(RUNS)
    assert error < 0.04
    assert saved.mean() > 0.25 > 6.0 * error
    assert np.all(saved >= 0.0)


def test_off_the_client_shares_the_fate_of_the_deserted(toy, edit, war) -> None:
    off = survives(toy, edit, toy.theory(off=["S03"], **war | CHOICE))
    without = survives(toy, edit, toy.theory(off=["S03"], **war | CHOICE), blocked=1.0)
    np.testing.assert_array_equal(off, without)
    assert off.mean() < 0.5

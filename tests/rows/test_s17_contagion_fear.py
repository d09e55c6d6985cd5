"""S17 contagion fear: revolts abroad against a fellow autocrat feel like a threat at home.

Fear settles at the sum of kinship times uprising over clients, and with it readiness to intervene
for a power that fears contagion.
"""

import numpy as np

from allegiance.verbs.decide import decide
from allegiance.verbs.rule import rule

UPRISING = np.array([0.0, 0.4, 0.8])


def feared(toy, edit, theory):
    """The world once North's fear of a revolt in Valley has settled."""
    case = edit(toy.case, given={"uprising": {toy["valley"]: UPRISING}})
    world = edit(toy.world, clients={"alarm": 0.0})
    return rule(*toy.call(theory, world, case=case, dt=100.0))[0]


def readiness(toy, edit, theory, world, grid) -> np.ndarray:
    """Probability that North goes in when the question comes up, by uprising [run]."""
    north = toy["north"]
    case = edit(toy.case, motive=0.0, rival=0.0, stake=1.0)
    case = edit(case, motive={(north, 3): 1.0})
    share = []
    for run in range(len(UPRISING)):
        fear = world.powers.fear[:, run : run + 1]
        now = edit(toy.world, powers={"fear": fear})
        noise = toy.noise(opportunity=0.0, choice=grid(500))
        _, news = decide(*toy.call(theory, now, case=case, noise=noise))
        share.append(news.entered[0, north].mean())
    return np.array(share)


VALUES = {"fear_rate": 2.0, "choice_sharpness": 6.0, "entry_cost": 0.5, "home_brake": 0.0}


def test_revolts_elsewhere_raise_fear_and_readiness(toy, edit, grid) -> None:
    theory = toy.theory(**VALUES)
    world = feared(toy, edit, theory)
    kinship = toy.case.kinship[toy["north"], toy["valley"], 0]
    np.testing.assert_allclose(world.powers.fear[toy["north"]], kinship * UPRISING, atol=1e-5)
    found = readiness(toy, edit, theory, world, grid)
    odds = 6.0 * (np.tanh(kinship * UPRISING) - 0.5)
    np.testing.assert_allclose(found, 1.0 / (1.0 + np.exp(-odds)), atol=4e-3)
    assert found[2] > found[0] + 0.2


def test_off_revolts_elsewhere_frighten_nobody(toy, edit, grid) -> None:
    theory = toy.theory(off=["S17"], **VALUES)
    world = feared(toy, edit, theory)
    assert np.all(world.powers.fear == 0.0)
    found = readiness(toy, edit, theory, world, grid)
    assert np.all(found == found[0])
    # Nor does a fear of old move it.
    afraid = edit(toy.world, powers={"fear": UPRISING})
    found = readiness(toy, edit, theory, afraid, grid)
    assert np.all(found == found[0])

"""S14 confusion: propaganda aims to blur, not to convince.

With propaganda the variance of every watcher's belief about the speaker and its rivals settles at
`1 + confusion * effort` times its level, and the mean stays where it was, whatever was believed.
"""

import numpy as np

from allegiance.verbs.claim import claim

EFFORT = np.array([0.0, 0.5, 1.0])
CONFUSION = 2.0
BLUR = 1.0 + CONFUSION * EFFORT
VALUES = {"confusion": CONFUSION, "claim_rate": 0.6, "belief_variance": 0.5, "belief_drift": 0.08}


def told(toy, edit, theory, years: float, mean: float = 0.0, variance=None):
    """Beliefs after some years of North's propaganda; all watchers start `mean` off its claims."""
    north = toy["north"]
    case = edit(toy.case, given={"propaganda": {north: EFFORT}}, rival=0.0)
    world = edit(toy.world, beliefs={"mean": toy.world.beliefs.mean + mean})
    if variance is not None:
        world = edit(world, beliefs={"variance": variance})
    for _ in range(round(years / toy.dt)):
        world, _ = claim(*toy.call(theory, world, case=case))
    return world.beliefs


def test_doubt_grows_and_the_mean_stays(toy, edit) -> None:
    north, south = toy["north"], toy["south"]
    beliefs = told(toy, edit, toy.theory(**VALUES), 40.0)
    settled = beliefs.variance[:, north]
    np.testing.assert_allclose(settled / settled[:, :1], BLUR + 0.0 * settled, rtol=5e-3)
    np.testing.assert_allclose(beliefs.mean[:, north], beliefs.mean[:, north, :1] + 0.0 * EFFORT)
    # Nobody is confused about who neither speaks nor is a rival of the speaker.
    assert np.all(beliefs.variance[:, south] == beliefs.variance[:, south, :1])


def test_nor_does_it_convince_those_who_thought_otherwise(toy, edit) -> None:
    """Blurred watchers come round to what is claimed at the pace of the others, to the second
    order of a step."""
    north = toy["north"]
    theory = toy.theory(**VALUES)
    beliefs = told(toy, edit, theory, 2.0, mean=-0.5, variance=0.2 * BLUR)
    gap = beliefs.mean[:, north] - toy.world.beliefs.mean[:, north]
    assert np.all(gap < -0.1)
    assert np.all(gap > -0.45)
    np.testing.assert_allclose(gap, gap[:, :1] + 0.0 * gap, rtol=1e-3)
    np.testing.assert_allclose(
        beliefs.variance[:, north], beliefs.variance[:, north, :1] * BLUR, rtol=1e-3
    )


def test_it_blurs_what_is_believed_of_rivals_too(toy, edit) -> None:
    north, south = toy["north"], toy["south"]
    case = edit(toy.case, given={"propaganda": {north: EFFORT}}, rival=0.0)
    case = edit(case, rival={(north, south): 1.0})
    after, _ = claim(*toy.call(toy.theory(**VALUES), case=case, dt=0.5))
    doubt = after.beliefs.variance[:, south]
    assert np.all(np.diff(doubt, axis=1) > 0.01)


def test_off_words_blur_nothing(toy, edit) -> None:
    beliefs = told(toy, edit, toy.theory(off=["S14"], **VALUES), 1.0, mean=-0.5)
    for belief in (beliefs.mean, beliefs.variance):
        assert np.all(belief == belief[..., :1])

"""S12 revelation: a visible defeat corrects beliefs at once, everywhere.

In the week of a test every watcher's belief jumps by the Kalman gain towards real strength, up to
the error that all of them share; without a test, or with the row off, it does not.
"""

import numpy as np

from allegiance.verbs.succeed import succeed
from allegiance.verbs.witness import witness
from allegiance.world import measures

RUNS = 200
PRECISION = 12.0


def test_a_test_moves_every_belief_at_once(toy, edit) -> None:
    """Whole weeks: North claims twice its strength; a war elsewhere tests it in the third."""
    north, south = toy["north"], toy["south"]
    tested = edit(toy.case, facade=0.0, given={"revealed": {north: 1.0}})
    quiet = edit(toy.case, facade=0.0)
    real = toy.case.strength_start[:, 0]
    world = edit(toy.world, beliefs={"mean": real[None, :, None] + 0.7, "variance": 0.25})
    theory = toy.theory(revelation=PRECISION, claim_rate=0.0, belief_drift=0.0)
    history = toy.weeks(3, theory, world, lambda w: tested if w == 2 else quiet, runs=RUNS)
    _, before, after = [world.beliefs.mean for world, _ in history]

    gain = PRECISION * 0.25 / (1.0 + PRECISION * 0.25)
    jump = after[:, north] - before[:, north]
    # What all see has an error, the same for all watchers of a run: its mean is known to 0.02.
    error = gain / np.sqrt(PRECISION * RUNS)
    np.testing.assert_allclose(jump.mean(axis=-1), -0.7 * gain, atol=5.0 * error)
    assert 0.7 * gain > 20.0 * error
    np.testing.assert_allclose(jump.std(axis=-1), gain / np.sqrt(PRECISION), rtol=0.3)
    np.testing.assert_array_equal(before, before[..., :1].repeat(RUNS, -1))
    np.testing.assert_array_equal(after[:, south], before[:, south])


def test_the_fall_of_a_client_tests_its_patron(toy, edit) -> None:
    north, south = toy["north"], toy["south"]
    theory = toy.theory(revelation=PRECISION)
    call = toy.call(theory)
    world, news = succeed(*call._replace(now=edit(call.now, fell=1.0)))
    world, news = witness(*toy.call(theory, world, now=news))
    assert news.revealed[north, 0] == 1.0
    assert news.revealed[south, 0] == 0.0
    real = measures.strength(world, toy.case)
    before = call.world.beliefs.mean[:, north] - real[north]
    after = world.beliefs.mean[:, north] - real[north]
    assert np.all(before > 0.2)
    assert np.all(np.abs(after) < 0.5 * np.abs(before))
    np.testing.assert_array_equal(world.beliefs.mean[:, south], call.world.beliefs.mean[:, south])


def test_off_beliefs_stay(toy, edit) -> None:
    case = edit(toy.case, given={"revealed": 1.0})
    call = toy.call(toy.theory(off=["S12"]), case=case, noise=toy.noise(signal=1.0))
    after, _ = witness(*call)
    np.testing.assert_array_equal(after.beliefs.mean, call.world.beliefs.mean)
    np.testing.assert_array_equal(after.beliefs.variance, call.world.beliefs.variance)

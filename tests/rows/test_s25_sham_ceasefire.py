"""S25 sham ceasefire: truces precede escalation.

Fighting before, in and after a truce of two months: with the row on the weeks after it are bloodier
than those before, for a side that means to attack has used it; off, they are as those before.
"""

import numpy as np

from allegiance.verbs.fight import contact, fight

VALUES = {"regroup_rate": 12.0, "escalation": 1.0, "idle_intensity": 0.0, "posture_intensity": 1.0}


def intensities(toy, edit, theory, posture=0.5):
    """Intensity of fighting between government and opposition before, in and after a truce."""
    government, opposition = toy["government"], toy["opposition"]
    pair = {(0, government, opposition): 1.0, (0, opposition, government): 1.0}
    truce = edit(toy.case, today={"truce": pair})
    world = edit(toy.world, theatres={"posture": posture})
    harbour = (0, government, opposition, 0)
    before = contact(world, toy.case, theory)[harbour]
    for _ in range(60):
        world, _ = fight(*toy.call(theory, world, case=truce, dt=toy.dt / 7.0))
    during = contact(world, truce, theory)[harbour]
    after = contact(world, toy.case, theory)[harbour]
    return before, during, after, world.theatres.regrouped


def test_a_truce_that_was_used_precedes_escalation(toy, edit) -> None:
    before, during, after, _ = intensities(toy, edit, toy.theory(**VALUES))
    assert during < 0.05 * before
    # Two months at twelve a year gather 0.86 of the posture of a half.
    np.testing.assert_allclose(after - before, 0.5 * (1.0 - np.exp(-12.0 * 60 / 365.25)), rtol=1e-3)


def test_who_does_not_mean_to_attack_gathers_nothing(toy, edit) -> None:
    *_, regrouped = intensities(toy, edit, toy.theory(**VALUES), posture=0.0)
    assert np.all(regrouped == 0.0)


def test_the_gain_is_spent(toy, edit) -> None:
    theory = toy.theory(**VALUES)
    *_, regrouped = intensities(toy, edit, theory)
    world = edit(toy.world, theatres={"posture": 0.5, "regrouped": float(regrouped.max())})
    for _ in range(60):
        world, _ = fight(*toy.call(theory, world, dt=toy.dt / 7.0))
    assert np.all(world.theatres.regrouped < 0.2 * regrouped.max())


def test_off_the_weeks_after_are_as_those_before(toy, edit) -> None:
    before, during, after, regrouped = intensities(toy, edit, toy.theory(off=["S25"], **VALUES))
    assert during < 0.05 * before
    assert after == before
    assert np.all(regrouped == 0.0)

"""S24 siege and exile: starvation forces local surrender and lasting displacement.

Where an attacking government holds most of a region it besieges the rest; the besieged give up at a
rate and a share of the people leaves for good: `siege_displaces` of those who change hands.
"""

import numpy as np

from allegiance.verbs.strike import strike

WEEKS = 52


def besieged(toy, edit, theory, posture: float = 1.0, weeks: int = WEEKS):
    """The world at the start and after a year in which the government presses in the capital."""
    region = toy["harbour/capital"]
    control = {(region, toy["government"]): 0.8, (region, toy["opposition"]): 0.2}
    world = start = edit(toy.world, theatres={"posture": posture}, regions={"control": control})
    for _ in range(weeks):
        world, _ = strike(*toy.call(theory, world, case=edit(toy.case, own_air=0.0)))
    return start, world


def test_the_besieged_surrender_and_leave(toy, edit) -> None:
    theory = toy.theory(siege_rate=4.0, surrender_rate=0.5, siege_displaces=0.3, crossfire=0.0)
    start, after = besieged(toy, edit, theory)
    region, opposition = toy["harbour/capital"], toy["opposition"]
    before, left = (w.regions.control[region, opposition, 0] for w in (start, after))
    # A siege of strength near a half for most of a year, at half a surrender a year.
    assert 0.05 < 1.0 - left / before < 1.0 - np.exp(-0.5)
    people = toy.case.population[region, 0] * 1000.0
    driven = after.regions.displaced[region, 0]
    np.testing.assert_allclose(driven, 0.3 * (before - left) * people, rtol=1e-3)
    np.testing.assert_allclose(after.regions.control.sum(axis=1), 1.0, atol=1e-5)


def test_without_an_attacking_government_nobody_surrenders(toy, edit) -> None:
    start, after = besieged(toy, edit, toy.theory(), posture=0.0)
    np.testing.assert_allclose(after.regions.control, start.regions.control, atol=1e-6)


def test_off_nobody_surrenders_or_leaves(toy, edit) -> None:
    start, after = besieged(toy, edit, toy.theory(off=["S24"]))
    np.testing.assert_array_equal(after.regions.control, start.regions.control)
    np.testing.assert_array_equal(after.regions.displaced, start.regions.displaced)
    np.testing.assert_array_equal(after.regions.siege, start.regions.siege)

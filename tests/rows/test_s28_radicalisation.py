"""S28 radicalisation: repression breeds extremists.

Moderates whose people are bombed go over to the radicals: a share `1 - exp(-radicalisation * dead
per head)` of the region's moderates; no man is lost by it, and off, none changes sides.
"""

import numpy as np

from allegiance.verbs.strike import strike


def fighters(crowded, edit, theory, air: float = 200.0):
    """Fighters of each side in the hills before and after a week of bombing, and the dead there."""
    hills = crowded["harbour/hills"]
    case = edit(crowded.case, own_air=0.0)
    world = edit(crowded.world, theatres={"air": {(0, crowded["north"]): air}})
    after, news = strike(*crowded.call(theory, world, case=case))
    return world.regions.force[hills, :, 0], after.regions.force[hills, :, 0], news.killed[hills, 0]


def test_the_bombed_go_over_to_the_radicals(crowded, edit) -> None:
    theory = crowded.theory(off=["S24"], radicalisation=50.0, sortie_kills=0.0, sortie_harm=0.5)
    before, after, killed = fighters(crowded, edit, theory)
    moderate, radical, hills = (crowded[n] for n in ("opposition", "radicals", "harbour/hills"))
    population = crowded.case.population[hills, 0]
    outside = 1.0 - crowded.world.regions.control[hills, 0, 0]
    per_head = killed / 1000.0 / (population * outside + 0.01)
    moved = before[moderate] * (1.0 - np.exp(-50.0 * per_head))
    assert moved > 0.01
    np.testing.assert_allclose(before[moderate] - after[moderate], moved, rtol=1e-3)
    np.testing.assert_allclose(after[radical] - before[radical], moved, rtol=1e-3)


def test_who_is_not_bombed_stays(crowded, edit) -> None:
    before, after, _ = fighters(crowded, edit, crowded.theory(), air=0.0)
    np.testing.assert_array_equal(before, after)


def test_off_nobody_changes_sides(crowded, edit) -> None:
    before, after, killed = fighters(crowded, edit, crowded.theory(off=["S28"], sortie_kills=0.0))
    assert killed > 0.0
    np.testing.assert_array_equal(before, after)

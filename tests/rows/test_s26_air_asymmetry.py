"""S26 air asymmetry: a sponsor's veto on air defence fixes the balance.

Air defence keeps its share of the enemy's air effort off, so the government gains less ground than
where a sponsor vetoes it; with the row off the grant makes no difference.
"""

import numpy as np

from allegiance.verbs.fight import fight
from allegiance.world import measures

DEFENCE = np.array([0.0, 0.8])
"""Share of air effort that the opposition keeps off: under the veto, and without it."""


def air_war(toy, edit, theory):
    """Air effort for the government, and its control of the hills after four weeks [run]."""
    government, opposition = toy["government"], toy["opposition"]
    case = edit(toy.case, given={"air_defence": {(0, opposition): DEFENCE}})
    world = edit(toy.world, theatres={"air": {(0, toy["north"]): 12.0}, "posture": 1.0})
    world = toy.call(theory, world, case=case).world
    effort = measures.air_effort(measures.muster(world, case), world, case, theory)[0, government]
    for _ in range(28):
        world, _ = fight(*toy.call(theory, world, case=case, dt=toy.dt / 7.0))
    return effort, world.regions.control[toy["harbour/hills"], government]


VALUES = {"air_multiplier": 6.0, "air_half": 0.25, "conquest": 5.0, "stretch": 0.6}


def test_a_veto_on_air_defence_gives_ground_to_the_side_with_planes(toy, edit) -> None:
    effort, control = air_war(toy, edit, toy.theory(**VALUES))
    np.testing.assert_allclose(effort[1] / effort[0], 0.2, rtol=1e-5)
    assert control[0] > control[1] + 0.02


def test_off_air_defence_makes_no_difference(toy, edit) -> None:
    effort, control = air_war(toy, edit, toy.theory(off=["S26"], **VALUES))
    assert effort[0] == effort[1] > 0.0
    assert control[0] == control[1]

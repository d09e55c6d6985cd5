"""S09 spoiler, not builder: the power to break is cheaper than the power to order.

Of a patron's planes the share `spoiling` of what they add wears the enemy down and takes no ground:
with the row on the same effort does the same harm and gains less control; off, harm and control
rise together.
"""

import numpy as np

from allegiance.verbs.fight import fight, spoils
from allegiance.world import measures

AIR = np.array([0.0, 12.0])
"""Thousand sorties a year for the government: none, and a campaign."""

VALUES = {"spoiling": 0.5, "air_multiplier": 6.0, "air_half": 0.25, "conquest": 5.0}


def effect(toy, edit, theory) -> tuple[float, float]:
    """What the planes do in four weeks: enemies lost, thousand persons, and hills gained."""
    government, opposition = toy["government"], toy["opposition"]
    world = edit(toy.world, theatres={"air": {(0, toy["north"]): AIR}, "posture": 1.0})
    world = toy.call(theory, world).world
    harm = np.zeros(len(AIR))
    for _ in range(28):
        world, news = fight(*toy.call(theory, world, dt=toy.dt / 7.0))
        harm = harm + news.losses[0, opposition]
    ground = world.regions.control[toy["harbour/hills"], government]
    return harm[1] - harm[0], ground[1] - ground[0]


def test_planes_break_more_than_they_hold(toy, edit) -> None:
    harm, ground = effect(toy, edit, toy.theory(**VALUES))
    same_harm, more_ground = effect(toy, edit, toy.theory(off=["S09"], **VALUES))
    assert harm > 0.01
    assert ground > 0.02
    # Within a tenth the same harm: the line runs elsewhere.
    assert abs(harm / same_harm - 1.0) < 0.1
    assert ground / harm < 0.9 * more_ground / same_harm


def test_without_foreign_strength_all_of_it_holds(toy, edit) -> None:
    government = toy["government"]
    theory = toy.theory(**VALUES)
    for air, least, most in ((0.0, 0.0, 0.0), (12.0, 0.1, 0.5)):
        world = edit(toy.world, theatres={"air": {(0, toy["north"]): air}, "deployed": 0.0})
        case = edit(toy.case, own_air=0.0)
        count = measures.muster(world, case)
        share = spoils(count, world, case, theory)[0, government]
        assert np.all((share >= least - 1e-6) & (share <= most + 1e-6))


def test_off_every_strength_holds(toy, edit) -> None:
    world = edit(toy.world, theatres={"air": {(0, toy["north"]): 12.0}})
    count = measures.muster(world, toy.case)
    share = spoils(count, world, toy.case, toy.theory(off=["S09"], **VALUES))
    assert np.all(share == 0.0)

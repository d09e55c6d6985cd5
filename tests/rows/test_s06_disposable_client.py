"""S06 disposable client: where the man cannot be saved, carnage that deters is the next best.

Of a patron that values its client's survival and fears imitators, the civilian share of the strikes
rises as the client's chance falls: what was meant to save it goes over to the crowd in the share
`f (1 - q) / (f (1 - q) + s q)`. A patron without fear of contagion does not change its aim.
"""

import numpy as np

from allegiance.verbs.decide import decide
from allegiance.verbs.strike import strike

CHANCE = np.array([1.0, 0.75, 0.5, 0.25, 0.05])
SAVING, FEARING = 0.6, 0.2
VALUES = {"deterrent": 1.0, "bystanders": 0.0, "moderates_first": 0.0, "crowd_half": 0.3}


def patron(toy, edit, fearing: float):
    """North wants its client alive and fears imitators; it flies twelve thousand sorties a year."""
    north = toy["north"]
    case = edit(toy.case, motive={north: 0.0}, own_air=0.0)
    return edit(case, motive={(north, 0): SAVING, (north, 3): fearing})


def civilian_share(toy, edit, theory, fearing: float = FEARING) -> np.ndarray:
    """Share of North's strikes that falls on civilians, by the client's chance [run]."""
    north = toy["north"]
    world = edit(toy.world, theatres={"air": {(0, north): 12.0}})
    world = edit(world, clients={"alarm": {toy["harbour"]: 1.0 - CHANCE}})
    call = toy.call(theory, world, case=patron(toy, edit, fearing))
    world, now = decide(*call)
    _, news = strike(*call._replace(world=world, now=now))
    strikes = news.strikes[0, north]
    return strikes[-1] / strikes.sum(axis=0)


def test_the_fewer_the_clients_chances_the_more_falls_on_civilians(toy, edit) -> None:
    found = civilian_share(toy, edit, toy.theory(**VALUES))
    given_up = FEARING * (1.0 - CHANCE) / (FEARING * (1.0 - CHANCE) + SAVING * CHANCE)
    held = toy.case.in_theatre[0, :, 0] * toy.case.people[:, 0]
    hostile = held @ toy.world.regions.control[:, toy["opposition"], 0]
    crowd = hostile / (hostile + 0.3) * (FEARING + SAVING * given_up)
    expected = crowd / (crowd + FEARING + SAVING * (1.0 - given_up))
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert np.all(np.diff(found) > 0.01)
    assert found[-1] > found[0] + 0.2


def test_a_patron_without_fear_goes_on_saving(toy, edit) -> None:
    found = civilian_share(toy, edit, toy.theory(**VALUES), fearing=0.0)
    assert np.all(found == found[0])


def test_off_the_clients_chances_do_not_change_the_aim(toy, edit) -> None:
    found = civilian_share(toy, edit, toy.theory(off=["S06"], **VALUES))
    assert np.all(found == found[0])
    # With the row on and all chances left the aim is the same: only despair moves it.
    assert abs(found[0] - civilian_share(toy, edit, toy.theory(**VALUES))[0]) < 1e-6

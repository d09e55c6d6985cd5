"""S37 shield at the Security Council: the patron blocks resolutions against the client.

Of the sanctions that are tabled, a veto keeps off `veto_shield (1 - exp(-veto_ease * pledge))`;
off, or without a seat, they come in full, and the client's income falls by them.
"""

import numpy as np

from allegiance.verbs.bargain import bargain
from allegiance.verbs.earn import earn

PLEDGE = np.array([0.0, 0.3, 0.9])
VALUES = {"veto_shield": 0.8, "veto_ease": 4.0, "council_rate": 2.0}


def sanctions(toy, edit, theory, seat: float = 1.0, dt: float = 1000.0) -> np.ndarray:
    """Sanctions on Harbour by North's pledge, half of its income being tabled [run]."""
    harbour, north = toy["harbour"], toy["north"]
    case = edit(toy.case, veto={north: seat}, given={"resolution": {harbour: 0.5}})
    world = edit(toy.world, ties={"pledge": {(harbour, north): PLEDGE}})
    after, _ = bargain(*toy.call(theory, world, case=case, dt=dt))
    return after.clients.sanctions[harbour]


def test_a_veto_keeps_sanctions_off(toy, edit) -> None:
    found = sanctions(toy, edit, toy.theory(**VALUES))
    blocked = 0.8 * (1.0 - np.exp(-4.0 * PLEDGE))
    np.testing.assert_allclose(found, 0.5 * (1.0 - blocked), rtol=1e-5)
    assert found[0] > 2.0 * found[2]


def test_they_come_within_months(toy, edit) -> None:
    found = sanctions(toy, edit, toy.theory(**VALUES), dt=0.25)
    np.testing.assert_allclose(found[0], 0.5 * (1.0 - np.exp(-0.5)), rtol=1e-5)


def test_without_a_seat_there_is_no_shield(toy, edit) -> None:
    np.testing.assert_allclose(sanctions(toy, edit, toy.theory(**VALUES), seat=0.0), 0.5)


def test_they_cost_the_client_income(toy, edit) -> None:
    harbour = toy["harbour"]
    world = edit(toy.world, clients={"sanctions": {harbour: np.array([0.0, 0.4])}})
    after, _ = earn(*toy.call(toy.theory(), world, dt=1000.0))
    free, struck = after.clients.treasury[harbour]
    np.testing.assert_allclose(struck, 0.6 * free, rtol=1e-4)


def test_off_they_come_in_full(toy, edit) -> None:
    np.testing.assert_allclose(sanctions(toy, edit, toy.theory(off=["S37"], **VALUES)), 0.5)


def test_where_nothing_is_tabled_nothing_comes(toy) -> None:
    after, _ = bargain(*toy.call(toy.theory(), dt=10.0))
    assert np.all(after.clients.sanctions == 0.0)

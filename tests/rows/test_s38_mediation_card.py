"""S38 mediation card: own negotiation tracks give leverage over rivals.

Leverage follows a track while it lives and fades with it; the hazard of rivals' new sanctions falls
by `exp(-bite * leverage)`. Off, a track gives none.
"""

import numpy as np

from allegiance.verbs.bargain import bargain
from allegiance.verbs.press import press

VALUES = {
    "leverage_rate": 2.0,
    "leverage_bite": 1.5,
    "sanction_rate": 2.0,
    "sanction_level": 0.3,
}


def leverage(toy, edit, theory, alive, held=0.0):
    """North's leverage after half a year of a track that is `alive` [run]."""
    north = toy["north"]
    case = edit(toy.case, given={"mediation": {north: alive}})
    world = edit(toy.world, powers={"leverage": {north: held}})
    after, _ = bargain(*toy.call(theory, world, case=case, dt=0.5))
    return after.powers.leverage[north]


def sanctioned(toy, edit, grid, theory, held: float) -> float:
    """Probability that South answers North's venture within half a year."""
    north, south = toy["north"], toy["south"]
    case = edit(toy.case, given={"restraint": 0.0})
    world = edit(
        toy.world, powers={"leverage": {north: held}}, theatres={"commitment": {(0, north): 1.0}}
    )
    noise = toy.noise(sanction=grid(2000))
    _, news = press(*toy.call(theory, world, case=case, noise=noise, dt=0.5))
    return news.sanctioned[south, north].mean()


def test_a_live_track_gives_leverage(toy, edit) -> None:
    found = leverage(toy, edit, toy.theory(**VALUES), np.array([0.0, 0.5, 1.0]))
    np.testing.assert_allclose(found, np.array([0.0, 0.5, 1.0]) * (1.0 - np.exp(-1.0)), rtol=1e-5)


def test_it_fades_with_the_track(toy, edit) -> None:
    found = leverage(toy, edit, toy.theory(**VALUES), alive=0.0, held=0.8)
    np.testing.assert_allclose(found, 0.8 * np.exp(-1.0), rtol=1e-5)


def test_leverage_wards_off_sanctions(toy, edit, grid) -> None:
    found = [sanctioned(toy, edit, grid, toy.theory(**VALUES), held) for held in (0.0, 1.0)]
    expected = 1.0 - np.exp(-2.0 * 0.5 * np.exp(-1.5 * np.array([0.0, 1.0])))
    np.testing.assert_allclose(found, expected, atol=1e-3)
    assert found[0] > 2.5 * found[1]


def test_off_a_track_gives_none(toy, edit, grid) -> None:
    theory = toy.theory(off=["S38"], **VALUES)
    assert np.all(leverage(toy, edit, theory, np.array([0.0, 0.5, 1.0])) == 0.0)
    found = [sanctioned(toy, edit, grid, theory, held) for held in (0.0, 1.0)]
    assert found[0] == found[1]

"""S33 harm and flight: bombardment kills and displaces.

Civilians killed in a week are lethality times sorties, twice that where civilians are the target,
and each death drives a number from their homes; off, nobody is killed or displaced by it.
"""

import numpy as np

from allegiance.verbs.strike import strike

SORTIES = np.array([0.0, 6.0, 12.0])


def bombed(toy, edit, theory):
    """News of a week, and the world after it, by North's sorties a year."""
    case = edit(toy.case, own_air=0.0)
    world = edit(toy.world, theatres={"air": {(0, toy["north"]): SORTIES}})
    return strike(*toy.call(theory, world, case=case))


def test_bombardment_kills_and_displaces(toy, edit) -> None:
    theory = toy.theory(
        off=["S24"], sortie_harm=0.2, terror_factor=2.0, displaced_per_killed=40.0, bystanders=0.5
    )
    after, news = bombed(toy, edit, theory)
    on_sides = news.strikes[0, :, :-1].sum(axis=(0, 1))
    on_crowd = news.strikes[0, :, -1].sum(axis=0)
    assert np.all(on_crowd[1:] > 0.1)
    expected = 0.2 * (on_sides + 2.0 * on_crowd) * toy.dt
    np.testing.assert_allclose(news.killed.sum(axis=0), expected, rtol=1e-3, atol=1e-7)
    np.testing.assert_allclose(after.regions.killed, news.killed, rtol=1e-5)
    np.testing.assert_allclose(after.regions.displaced, 40.0 * news.killed, rtol=1e-5)
    assert expected[2] > 1.9 * expected[1] > 0.0


def test_battle_kills_civilians_at_the_front(toy, edit) -> None:
    call = toy.call(toy.theory(off=["S24"], crossfire=1.5), case=edit(toy.case, own_air=0.0))
    call = call._replace(last=edit(call.last, toll={toy["harbour/hills"]: 0.2}))
    _, news = strike(*call)
    np.testing.assert_allclose(news.killed.sum(), 1.5 * 0.2, rtol=1e-4)


def test_off_nobody_is_harmed(toy, edit) -> None:
    after, news = bombed(toy, edit, toy.theory(off=["S33", "S24"]))
    assert np.all(news.strikes[0, toy["north"], :, 1:].sum(axis=0) > 1.0)
    assert np.all(news.killed == 0.0)
    assert np.all(after.regions.displaced == 0.0)

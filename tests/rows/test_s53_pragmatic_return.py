"""S53 pragmatic return: yesterday's target re-engages on terms.

A power whose strikes the new regime remembers comes back at a hazard cut by `exp(-grievance)`, and
a share of the grievance is settled by it; off, it never comes back.
"""

import numpy as np

from allegiance.verbs.bargain import bargain

GRIEVANCE = 1.5


def returned(toy, edit, grid, theory):
    """Whether North is recognised within half a year, and the grievance that is left [run]."""
    harbour, north = toy["harbour"], toy["north"]
    world = edit(
        toy.world, theatres={"fallen": 1.0}, ties={"grievance": {(harbour, north): GRIEVANCE}}
    )
    noise = toy.noise(recognition=grid(2000))
    after, news = bargain(*toy.call(theory, world, noise=noise, dt=0.5))
    south = news.recognised[harbour, toy["south"]].mean()
    return news.recognised[harbour, north], after.ties.grievance[harbour, north], south


def test_yesterdays_target_comes_back_on_terms(toy, edit, grid) -> None:
    theory = toy.theory(recognition_rate=2.0, settlement=0.4)
    came, left, south = returned(toy, edit, grid, theory)
    expected = 1.0 - np.exp(-2.0 * np.exp(-GRIEVANCE) * 0.5)
    assert abs(came.mean() - expected) < 1e-3
    assert expected < south - 0.2
    np.testing.assert_allclose(left, GRIEVANCE * np.where(came > 0, 0.6, 1.0), rtol=1e-5)


def test_off_the_past_stands(toy, edit, grid) -> None:
    theory = toy.theory(off=["S53"], recognition_rate=2.0, settlement=0.4)
    came, left, south = returned(toy, edit, grid, theory)
    assert np.all(came == 0.0)
    assert np.all(left == np.float32(GRIEVANCE))
    assert south > 0.5

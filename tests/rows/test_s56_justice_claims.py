"""S56 justice claims: extradition of the exile enters the bargain and is unlikely to be granted.

Shelter given to the fallen ruler costs the patron `shelter_cost` in the log-odds of keeping its
base; he is handed over at a small rate, after which the shelter costs nothing. Off, he is no stake.
"""

import numpy as np

from allegiance.verbs.bargain import bargain
from allegiance.world.parameters import PARAMETERS

VALUES = {
    "base_rate": 1.0,
    "base_value": 1.0,
    "shelter_cost": 1.5,
    "backlash": 0.0,
    "extradition": 0.1,
}


def after_the_fall(toy, edit, theory, exile: float, dt: float = 1.0, **noise):
    """Harbour has a new ruler, and North may shelter the old one."""
    north = toy["north"]
    world = edit(
        toy.world,
        theatres={"fallen": 1.0, "exile": {(0, north): exile}},
        sites={"access": 0.5},
    )
    return bargain(*toy.call(theory, world, noise=toy.noise(**noise), dt=dt))


def kept(toy, edit, grid, theory, exile: float) -> float:
    """Probability that North keeps its base when the question is settled."""
    noise = {"base": 0.0, "terms": grid(2000)}
    after, _ = after_the_fall(toy, edit, theory, exile, **noise)
    return (after.sites.access[toy["naval_base"]] == 1.0).mean()


def test_shelter_costs_the_patron_its_base(toy, edit, grid) -> None:
    worth = toy.case.site_value[toy["naval_base"], toy["north"], 0]
    found = [kept(toy, edit, grid, toy.theory(**VALUES), exile) for exile in (0.0, 1.0)]
    expected = 1.0 / (1.0 + np.exp(-worth + 1.5 * np.array([0.0, 1.0])))
    np.testing.assert_allclose(found, expected, atol=1e-3)
    assert found[0] > found[1] + 0.3


def test_he_is_hardly_ever_handed_over(toy, edit, grid) -> None:
    north = toy["north"]
    after, news = after_the_fall(toy, edit, toy.theory(**VALUES), 1.0, asylum=grid(2000))
    given = news.extradited[0, north]
    assert abs(given.mean() - (1.0 - np.exp(-0.1))) < 1e-3
    np.testing.assert_array_equal(after.theatres.exile[0, north], 1.0 - given)
    assert np.all(news.extradited[0, toy["south"]] == 0.0)
    default = next(p.value for p in PARAMETERS if p.name == "extradition")
    assert 1.0 - np.exp(-10.0 * default) < 0.05


def test_off_he_is_no_stake(toy, edit, grid) -> None:
    theory = toy.theory(off=["S56"], **VALUES)
    found = [kept(toy, edit, grid, theory, exile) for exile in (0.0, 1.0)]
    assert found[0] == found[1]
    after, news = after_the_fall(toy, edit, theory, 1.0, asylum=grid(2000))
    assert np.all(news.extradited == 0.0)
    assert np.all(after.theatres.exile[0, toy["north"]] == 1.0)

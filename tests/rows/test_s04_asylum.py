"""S04 asylum: the patron shelters a fallen ruler when it can no longer save him.

The ruler goes to one of the powers that stood by him, and sheltering him costs in later bargaining:
the log-odds of keeping the base fall by the cost of shelter.
"""

import numpy as np

from allegiance.verbs.bargain import bargain
from allegiance.verbs.succeed import succeed


def fallen(toy, edit, theory, grid=None, case=None):
    """The world after Harbour's government fell, with the draw of asylum spread over the runs."""
    call = toy.call(theory, noise=toy.noise(asylum=grid if grid is not None else 0.5))
    call = call._replace(now=edit(call.now, fell=1.0), case=case or toy.case)
    return succeed(*call)


def test_the_patron_shelters_the_ruler(toy, edit) -> None:
    world, news = fallen(toy, edit, toy.theory())
    north, south = toy["north"], toy["south"]
    assert world.theatres.exile[0, north, 0] == 1.0
    assert world.theatres.exile[0, south, 0] == 0.0
    np.testing.assert_array_equal(news.exiled, world.theatres.exile)


def test_of_two_patrons_the_closer_one_is_likelier(toy, edit, grid) -> None:
    harbour, north, south = toy["harbour"], toy["north"], toy["south"]
    government = toy["government"]
    case = edit(toy.case, backs={(0, south, government): 1.0})
    world = edit(toy.world, ties={"pledge": {(harbour, north): 0.8, (harbour, south): 0.3}})
    world = edit(world, ties={"alpha": 1.0, "beta": 1.0}, theatres={"commitment": 0.0})
    # A draw of its own for each power, so that their order means nothing.
    draws = np.stack(np.meshgrid(grid(200), grid(200))).reshape(1, 2, -1)
    call = toy.call(toy.theory(), world, case=case, noise=toy.noise(asylum=draws))
    after, _ = succeed(*call._replace(now=edit(call.now, fell=1.0)))
    to_north, to_south = after.theatres.exile[0].mean(axis=-1)
    assert abs(to_north + to_south - 1.0) < 1e-6
    assert abs(np.log(to_north / to_south) - 2.0 * (0.8 - 0.3)) < 0.01


def test_shelter_costs_in_later_bargaining(toy, edit, grid) -> None:
    kept = {}
    for off in ((), ("S04",)):
        theory = toy.theory(off=off, base_value=0.0, shelter_cost=1.5, record=0.0)
        world, _ = fallen(toy, edit, theory)
        noise = toy.noise(base=0.0, terms=grid(1000))
        after, _ = bargain(*toy.call(theory, world, noise=noise))
        kept[off] = (after.sites.access[toy["naval_base"]] == 1.0).mean()
    assert abs(kept[()] - 1.0 / (1.0 + np.exp(1.5))) < 2e-3
    assert abs(kept["S04",] - 0.5) < 2e-3


def test_off_nobody_shelters_him(toy, edit, grid) -> None:
    world, news = fallen(toy, edit, toy.theory(off=["S04"]), grid(100))
    assert np.all(world.theatres.exile == 0.0)
    assert np.all(news.exiled == 0.0)

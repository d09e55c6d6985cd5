"""S55 insecure control: unheld territory deters investment.

Investment relaxes to `exp(-insecurity * land that the ruler does not hold)`, and comes back with
the land; off, it stays as it was.
"""

import numpy as np

from allegiance.verbs.bargain import bargain

HELD = np.array([1.0, 0.8, 0.5])


def investment(toy, edit, theory, ruler: int = 0, start: float = 1.0, dt: float = 1000.0):
    """Investment in each client, by the land that Harbour's ruler holds [client, run]."""
    sides = toy.world.theatres.rules.shape[1]
    control = np.array([[HELD if side == ruler else 1.0 - HELD for side in range(sides)]])
    rules = {(0, side): float(side == ruler) for side in range(sides)}
    world = edit(
        toy.world,
        regions={"control": control},
        theatres={"rules": rules},
        clients={"investment": start},
    )
    return bargain(*toy.call(theory, world, dt=dt))[0].clients.investment


def test_investment_follows_control(toy, edit) -> None:
    harbour = toy["harbour"]
    theory = toy.theory(insecurity=4.0, investment_rate=2.0)
    for ruler in (0, 1):  # whoever rules
        found = investment(toy, edit, theory, ruler)
        np.testing.assert_allclose(found[harbour], np.exp(-4.0 * (1.0 - HELD)), rtol=1e-4)
        assert np.all(found[[toy["valley"], toy["coast"]]] == 1.0)


def test_it_comes_back_with_the_land(toy, edit) -> None:
    theory = toy.theory(insecurity=4.0, investment_rate=2.0)
    found = investment(toy, edit, theory, start=0.2, dt=0.5)[toy["harbour"]]
    assert abs(found[0] - (1.0 - 0.8 * np.exp(-1.0))) < 1e-4


def test_off_investors_do_not_look(toy, edit) -> None:
    theory = toy.theory(off=["S55"], insecurity=4.0, investment_rate=2.0)
    assert np.all(investment(toy, edit, theory) == 1.0)

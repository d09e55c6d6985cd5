"""S35 rents: energy and other contracts go to the patron.

Contracts pay in the share of its people that the regime holds, in full from a certain alignment on
and until the regime falls; off, they pay nothing.
"""

import numpy as np

from allegiance.verbs.earn import earn

ALIGNED = np.array([0.0, 0.1, 0.2, 0.7])
MONTH = 1.0 / 12.0


def income(toy, edit, theory, fallen: float = 0.0, control: float | None = None) -> np.ndarray:
    """What Harbour's contracts add to North's treasury in a year, bn USD, by alignment [run]."""
    harbour, north = toy["harbour"], toy["north"]
    world = edit(
        toy.world,
        ties={"alignment": {(harbour, north): ALIGNED}},
        theatres={"fallen": fallen},
        powers={"treasury": 1.0},
    )
    if control is not None:
        world = edit(world, regions={"control": np.array([[[control], [1.0 - control]]])})
    saved = []
    for rents in (0.4, 0.0):
        case = edit(toy.case, rents={(harbour, north): rents}, surplus=0.0)
        after, _ = earn(*toy.call(theory, world, case=case, dt=MONTH))
        saved.append(after.powers.treasury[north])
    return (saved[0] - saved[1]) / MONTH


def test_contracts_pay_by_alignment_and_control(toy, edit) -> None:
    theory = toy.theory(contract_alignment=0.2)
    for held in (1.0, 0.5):
        found = income(toy, edit, theory, control=held)
        np.testing.assert_allclose(found, 0.4 * held * np.array([0, 0.5, 1, 1]), atol=1e-5)


def test_contracts_end_with_the_regime(toy, edit) -> None:
    assert np.all(income(toy, edit, toy.theory(contract_alignment=0.2), fallen=1.0) == 0.0)


def test_off_nothing_is_paid(toy, edit) -> None:
    assert np.all(income(toy, edit, toy.theory(off=["S35"], contract_alignment=0.2)) == 0.0)

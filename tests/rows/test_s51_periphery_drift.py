"""S51 periphery drift: revealed weakness sends neighbours elsewhere.

The neighbours of a power believed weaker than it was lose `drift * proximity * weakness` of pull to
it; off, near and far turn away alike.
"""

import numpy as np

from allegiance.verbs.align import align

WEAKNESS = np.array([0.0, 0.5, 1.0])


def pull(toy, edit, theory) -> np.ndarray:
    """Log-odds of North against autonomy for a neighbour and for a far client [client, run]."""
    north, near, far = toy["north"], toy["valley"], toy["coast"]
    believed = toy.case.strength_start[north] - WEAKNESS
    case = edit(toy.case, proximity={(near, north): 1.0, (far, north): 0.0})
    world = edit(toy.world, beliefs={"mean": believed})
    after, _ = align(*toy.call(theory, world, case=case, dt=1000.0))
    shares = after.ties.alignment[[near, far]]
    odds = np.log(shares[:, north] / shares[:, -1])
    return odds - odds[:, :1]


VALUES = {"alignment_sharpness": 1.0, "alignment_rate": 1.0, "weight_of_strength": 0.0}


def test_neighbours_of_a_weakened_power_drift_away(toy, edit) -> None:
    near, far = pull(toy, edit, toy.theory(off=["S02"], drift=0.6, **VALUES))
    np.testing.assert_allclose(near, -0.6 * WEAKNESS, atol=1e-4)
    np.testing.assert_allclose(far, 0.0, atol=1e-6)


def test_off_nearness_does_not_matter(toy, edit) -> None:
    near, far = pull(toy, edit, toy.theory(off=["S02", "S51"], drift=0.6, **VALUES))
    assert np.all(near == 0.0)
    assert np.all(far == 0.0)


def test_believed_strength_pulls_near_and_far_alike(toy, edit) -> None:
    north, clients = toy["north"], [toy["valley"], toy["coast"]]
    weak = {(client, north): toy.case.strength_start[north] - WEAKNESS for client in clients}
    world = edit(toy.world, beliefs={"mean": weak})
    values = VALUES | {"weight_of_strength": 0.5, "drift": 0.0}
    for off, expected in ((("S02",), -0.5 * 0.5 * WEAKNESS), (("S02", "S51"), 0.0 * WEAKNESS)):
        after, _ = align(*toy.call(toy.theory(off=off, **values), world, dt=1000.0))
        shares = after.ties.alignment[clients]
        odds = np.log(shares[:, north] / shares[:, -1])
        # Of two powers, one that is believed weaker lowers their mean by half as much.
        found = odds - odds[:, :1]
        np.testing.assert_allclose(found, np.broadcast_to(expected, found.shape), atol=1e-4)

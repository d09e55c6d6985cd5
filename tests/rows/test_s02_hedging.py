"""S02 hedging: a client with a second suitor plays the two off and loosens the first tie.

Concentration of the client's alignment (the sum of squared shares) falls as the second suitor's
pull nears the first's; without a second suitor nothing is loosened.
"""

import numpy as np

from allegiance.verbs.align import align

SUITOR = np.array([-20.0, 0.0, 1.0])
"""Affinity to South; North's is 1, so the last is an equal suitor."""


def alignment(toy, edit, theory) -> np.ndarray:
    """Settled shares of Harbour over North, South and autonomy, by South's suit [share, run]."""
    harbour, north, south = toy["harbour"], toy["north"], toy["south"]
    equal = {"alpha": 8.0, "beta": 2.0, "delivered": 0.0}
    world = edit(toy.world, ties=equal, beliefs={"mean": 0.0})
    case = edit(
        edit(toy.case, affinity={(harbour, south): SUITOR}), affinity={(harbour, north): 1.0}
    )
    after, _ = align(*toy.call(theory, world, case=case, dt=1000.0))
    return after.ties.alignment[harbour]


def concentration(shares: np.ndarray) -> np.ndarray:
    return np.sum(shares**2, axis=0)


def test_a_second_suitor_loosens_the_first_tie(toy, edit) -> None:
    values = {"hedging": 0.4, "alignment_sharpness": 1.0, "alignment_rate": 1.0, "drift": 0.0}
    on = alignment(toy, edit, toy.theory(**values))
    off = alignment(toy, edit, toy.theory(off=["S02"], **values))
    lost = concentration(off) - concentration(on)
    assert abs(lost[0]) < 1e-6
    assert lost[1] > 0.01
    assert lost[2] > 0.01
    assert on[toy["north"], 2] < off[toy["north"], 2] - 0.01
    # An equal suitor takes the whole of `hedging` from the sharpness of the choice.
    pull = 0.6 * np.array([1.0 + np.log(0.8), 1.0 + np.log(0.8), 0.0])
    np.testing.assert_allclose(on[:, 2], np.exp(pull) / np.exp(pull).sum(), rtol=1e-4)


def test_off_the_strength_of_hedging_does_not_matter(toy, edit) -> None:
    found = [alignment(toy, edit, toy.theory(off=["S02"], hedging=h)) for h in (0.1, 0.9)]
    np.testing.assert_array_equal(found[0], found[1])

"""Granovetter (1978), Threshold models of collective behavior: each joins once enough others have.

With thresholds of a hundred people spread normally about 25, the crowd that gathers from nobody is
some 6 up to a spread of about 12.2, and nearly everybody just beyond it. `hold` lets an army fall
by the same law: nobody decides to break, each leans on the others.
"""

from math import erf, sqrt

import numpy as np
import pytest

from allegiance.verbs.hold import upper_fold
from allegiance.world.arrays import logistic


def joining(count: float, spread: float, mean: float = 25.0) -> float:
    """People of a hundred whose threshold is at most `count`."""
    return 50.0 * (1.0 + erf((count - mean) / (spread * sqrt(2.0))))


def crowd(spread: float) -> float:
    """The crowd that gathers when those with no threshold begin: least fixed point from nobody."""
    count = 0.0
    for _ in range(100_000):
        after = joining(count, spread)
        if abs(after - count) < 1e-12:
            break
        count = after
    return count


def test_the_crowd_jumps_near_a_spread_of_twelve() -> None:
    assert crowd(12.2) == pytest.approx(6.0, abs=1.0)
    assert crowd(12.3) > 99.0
    spreads = np.arange(11.5, 13.0, 0.02)
    gathered = np.array([crowd(spread) for spread in spreads])
    jump = int(np.argmax(np.diff(gathered)))
    assert spreads[jump] == pytest.approx(12.2, abs=0.1)
    assert gathered[jump] == pytest.approx(6.0, abs=1.0)
    assert gathered[jump + 1] > 99.0


def test_on_either_side_of_the_jump_the_crowd_changes_little() -> None:
    """Below it the crowd grows slowly with the spread; beyond it all shrinks towards a half."""
    below = [crowd(spread) for spread in (5.0, 8.0, 10.0, 12.0)]
    beyond = [crowd(spread) for spread in (13.0, 20.0, 40.0)]
    assert np.all(np.diff(below) > 0.0)
    assert np.all(np.diff(beyond) < 0.0)


def test_an_armys_thresholds_are_a_crowds() -> None:
    """The same jump with logistic thresholds: `x = F(h + kappa (x - 1/2))` at the fold of `hold`.

    A soldier with threshold `1/2 - (h + u) / kappa`, `u` logistic, fights when more than that share
    does; the spread of thresholds is the inverse of the coupling.
    """
    draws = (np.arange(20_000) + 0.5) / 20_000
    spread = np.log(draws / (1.0 - draws))
    for coupling in (5.0, 8.0):
        fold = float(upper_fold(np.array(coupling)))
        for nerve, fights in ((fold + 0.02, True), (fold - 0.02, False)):
            thresholds = np.sort(0.5 - (nerve + spread) / coupling)
            share = 1.0
            for _ in range(5_000):
                share = np.searchsorted(thresholds, share, side="right") / len(thresholds)
            assert (share > 0.5) == fights
            expected = float(logistic(np.array(nerve + coupling * (share - 0.5))))
            assert share == pytest.approx(expected, abs=1e-3)

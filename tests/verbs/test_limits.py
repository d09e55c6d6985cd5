"""Known results that `fight` and `hold` must reproduce in the limit.

Lanchester's square law (1916) where exposure is infinite; the log-ratio law of ground without
stretch, the resting line with it, and evenness of equal sides; symmetry of the contest; the two
states and the fold of threshold crowds (Granovetter 1978).
"""

import numpy as np
import pytest

from allegiance.verbs.fight import move, wear
from allegiance.verbs.hold import upper_fold
from allegiance.world.arrays import logistic
from allegiance.world.parameters import PARAMETERS
from allegiance.world.rows import IDS
from allegiance.world.theory import Theory


def theory(**values: float) -> Theory:
    """All rows on, default parameters but `values`, double precision."""
    table = [[values.get(parameter.name, parameter.value)] for parameter in PARAMETERS]
    return Theory(np.array(table, np.float64), np.ones((len(IDS), 1)))


ONE = np.zeros((1, 1), np.int32)
"""Theatre of the one region [r, 1]."""


def contested(*strengths: float) -> tuple[np.ndarray, np.ndarray]:
    """Strength of each side in one region [r, s, run], and its contact with all [k, s, s, run]."""
    sides = len(strengths)
    contact = (1.0 - np.eye(sides))[None, :, :, None]
    return np.array(strengths)[None, :, None], contact


def shares(*control: float) -> np.ndarray:
    return np.array(control)[None, :, None]


# Attrition.


def last_stand(first: float, second: float, exposure: float = 1e9, step: float = 1e-3) -> float:
    """What is left of the first army when the second is gone, by Lanchester's aimed fire."""
    strength, contact = contested(first, second)
    with_limit = theory(exposure=exposure)
    control = shares(0.5, 0.5)
    while strength[0, 1, 0] > 1e-3:
        lost = step * wear(strength, control, contact, ONE, with_limit)
        strength = np.maximum(strength - lost, 0.0)
    return float(strength[0, 0, 0])


def test_five_against_three_leaves_four() -> None:
    assert last_stand(5.0, 3.0) == pytest.approx(4.0, abs=5e-3)
    assert last_stand(13.0, 5.0) == pytest.approx(12.0, abs=1e-2)


def test_the_square_law_converges_with_the_step() -> None:
    errors = [abs(last_stand(5.0, 3.0, step=step) - 4.0) for step in (0.1, 0.01)]
    assert errors[1] < 0.2 * errors[0]


def test_exposure_caps_losses() -> None:
    """Whoever shoots, no side loses more than `exposure` of its strength a year."""
    strength, contact = contested(1.0, 100.0)
    loss = wear(strength, shares(0.5, 0.5), contact, ONE, theory(exposure=0.7))
    assert loss[0, 0, 0] == pytest.approx(0.7)
    assert loss[0, 1, 0] == pytest.approx(1.0)


def test_fire_is_split_over_the_enemies() -> None:
    """One against two equal halves: what it shoots at them adds up to its own strength."""
    strength, contact = contested(2.0, 1.0, 1.0)
    contact[:, 1, 2] = contact[:, 2, 1] = 0.0
    loss = wear(strength, shares(0.5, 0.25, 0.25), contact, ONE, theory(exposure=1e9))
    assert loss[0, 1, 0] + loss[0, 2, 0] == pytest.approx(2.0)
    assert loss[0, 1, 0] == pytest.approx(loss[0, 2, 0])
    assert loss[0, 0, 0] == pytest.approx(2.0)


def test_without_contact_nobody_falls() -> None:
    strength, contact = contested(5.0, 3.0)
    assert np.all(wear(strength, shares(0.5, 0.5), 0.0 * contact, ONE, theory()) == 0.0)


# Ground.


def advance(
    control: np.ndarray, years: float, step: float, *strengths: float, **values: float
) -> np.ndarray:
    strength, contact = contested(*strengths)
    here = theory(**values)
    for _ in range(round(years / step)):
        control = move(control, strength, contact, ONE, here, np.array(step))
    return control[0, :, 0]


def test_without_stretch_ground_follows_the_log_ratio() -> None:
    """`d log(c_s / c_u) / dt = rho log(X_s / X_u)`, whatever is held."""
    for start in (0.2, 0.5, 0.7):
        end = advance(shares(start, 1.0 - start), 1.0, 1e-3, 3.0, 2.0, stretch=0.0, conquest=2.0)
        moved = np.log(end[0] / end[1]) - np.log(start / (1.0 - start))
        assert moved == pytest.approx(2.0 * np.log(1.5), rel=1e-6)


@pytest.mark.parametrize("stretch", [0.3, 0.6, 1.2])
@pytest.mark.parametrize("ratio", [0.7, 1.5, 3.0])
def test_with_stretch_the_line_rests_where_it_should(stretch: float, ratio: float) -> None:
    """At `(X_s / X_u)^(1 / stretch)`, from either side."""
    for start in (0.05, 0.95):
        end = advance(
            shares(start, 1.0 - start), 3.0, 1e-2, ratio, 1.0, stretch=stretch, conquest=20.0
        )
        expected = np.log(ratio) / stretch
        assert np.log(end[0] / end[1]) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("sides", [2, 3, 4])
def test_equal_sides_rest_even(sides: int) -> None:
    start = np.linspace(1.0, 2.0, sides)
    end = advance(
        shares(*(start / start.sum())), 5.0, 1e-2, *[2.0] * sides, stretch=0.6, conquest=20.0
    )
    np.testing.assert_allclose(end, 1.0 / sides, atol=1e-6)


def test_the_contest_is_symmetric() -> None:
    """Names carry no meaning, only ratios of strength count, and an even change costs nobody."""
    ahead = advance(shares(0.4, 0.6), 0.1, 1e-2, 3.0, 2.0, stretch=0.6)
    behind = advance(shares(0.6, 0.4), 0.1, 1e-2, 2.0, 3.0, stretch=0.6)
    np.testing.assert_allclose(ahead, behind[::-1], rtol=1e-12)
    scaled = advance(shares(0.4, 0.6), 0.1, 1e-2, 30.0, 20.0, stretch=0.6)
    np.testing.assert_allclose(ahead, scaled, rtol=1e-12)
    strength, contact = contested(3.0, 2.0)
    loss = wear(strength, shares(0.4, 0.6), contact, ONE, theory())
    turned = wear(strength[:, ::-1], shares(0.6, 0.4), contact, ONE, theory())
    np.testing.assert_allclose(loss, turned[:, ::-1], rtol=1e-12)


# Cohesion.


def crosses(coupling: float, nerve: float) -> np.ndarray:
    """Stable states of an army: where `F(h + kappa (x - 1/2))` comes down through x, rising."""
    x = np.linspace(0.0, 1.0, 20_001)
    gap = logistic(nerve + coupling * (x - 0.5)) - x
    return x[:-1][(gap[:-1] > 0.0) & (gap[1:] <= 0.0)]


@pytest.mark.parametrize("coupling", [1.0, 3.0, 3.9, 4.1, 5.0, 8.0, 11.0])
def test_two_stable_states_exactly_above_a_coupling_of_four(coupling: float) -> None:
    states = [len(crosses(coupling, nerve)) for nerve in np.linspace(-2.0, 2.0, 41)]
    assert max(states) == (2 if coupling > 4.0 else 1)


@pytest.mark.parametrize("coupling", [4.5, 5.0, 8.0, 11.0])
def test_the_army_falls_at_the_upper_fold(coupling: float) -> None:
    fold = float(upper_fold(np.array(coupling)))
    rest = 0.5 * (1.0 + np.sqrt(1.0 - 4.0 / coupling))
    assert fold == pytest.approx(np.log(rest / (1.0 - rest)) - coupling * (rest - 0.5))
    assert crosses(coupling, fold + 1e-3)[-1] > rest
    assert len(crosses(coupling, fold - 1e-3)) == 1
    assert crosses(coupling, fold - 1e-3)[0] < 0.5


def settle(coupling: float, nerve: float, start: float) -> float:
    x = start
    for _ in range(20_000):
        x = x + 0.1 * (float(logistic(np.array(nerve + coupling * (x - 0.5)))) - x)
    return x


def test_it_does_not_come_back_by_the_same_way() -> None:
    """Down at `h*`, up only at `-h*`: the way back is longer by the distance of the folds."""
    coupling = 8.0
    fold = float(upper_fold(np.array(coupling)))
    assert settle(coupling, fold + 0.02, 0.99) > 0.8
    broken = settle(coupling, fold - 0.02, 0.99)
    assert broken < 0.1
    assert settle(coupling, fold + 0.02, broken) < 0.1
    assert settle(coupling, -fold - 0.02, broken) < 0.2
    assert settle(coupling, -fold + 0.02, broken) > 0.8

"""Scores against hand calculations."""

import numpy as np
import pytest

from allegiance.evidence import grades, scales, scores
from allegiance.evidence.scores import Mixture


def test_crps_of_three_members_by_hand():
    # E|X - y| = (1 + 0 + 2) / 3 = 1; E|X - X'| = 2 (1 + 3 + 2) / 9 = 4/3; 1 - 2/3.
    assert scores.crps_draws(np.array([1.0, 2.0, 4.0]), 2.0) == pytest.approx(1.0 / 3.0)


def test_crps_of_a_standard_normal_at_its_centre():
    # Gneiting & Raftery (2007), eq. 21: 2 phi(0) - 1 / sqrt(pi).
    normal = Mixture(np.array([0.0]), np.array([1.0]))
    exact = 2.0 / np.sqrt(2.0 * np.pi) - 1.0 / np.sqrt(np.pi)
    assert scores.crps(normal, 0.0) == pytest.approx(exact, abs=1e-3)
    assert scores.crps(normal, 3.0) > scores.crps(normal, 1.0) > scores.crps(normal, 0.0)


def test_brier_by_hand():
    assert scores.brier(0.7, 1.0) == pytest.approx(0.09)
    assert scores.brier(0.7, 0.0) == pytest.approx(0.49)


def test_log_score_of_a_normal_by_hand():
    normal = Mixture(np.array([0.0]), np.array([2.0]))
    density = 1.0 / (2.0 * np.sqrt(2.0 * np.pi))
    sure = scores.log_value(normal, 0.0, truth=1.0, broad=0.1)
    assert sure == pytest.approx(np.log(0.99 * density + 0.01 * 0.1))
    half = scores.log_value(normal, 0.0, truth=0.5, broad=0.1)
    assert half == pytest.approx(np.log(0.5 * (0.99 * density + 0.001) + 0.05))


def test_a_miss_by_miles_costs_no_more_than_the_floor():
    normal = Mixture(np.array([0.0]), np.array([1.0]))
    assert scores.log_value(normal, 1e6, 1.0, 0.1) == pytest.approx(np.log(0.001))
    # What may be false cannot hurt as much.
    assert scores.log_value(normal, 1e6, 0.5, 0.1) == pytest.approx(np.log(0.0005 + 0.05))
    assert scores.log_event(0.0, 1.0) == pytest.approx(np.log(0.005))
    assert scores.log_event(0.0, 0.5) == pytest.approx(np.log(0.0025 + 0.25))


def test_log_score_of_an_event_by_hand():
    assert scores.log_event(0.8, 0.9) == pytest.approx(
        np.log(0.9 * (0.99 * 0.8 + 0.005) + 0.1 * 0.5)
    )


def test_quantiles_of_one_normal():
    normal = Mixture(np.array([1.0]), np.array([2.0]))
    low, middle, high = normal.quantiles(np.array([0.05, 0.5, 0.95]))
    assert (low, middle, high) == pytest.approx((1 - 3.28971, 1.0, 1 + 3.28971), abs=1e-4)
    assert normal.below(1.0) == pytest.approx(0.5)


def test_bandwidth_by_hand():
    members = np.array([0.0, 1.0, 2.0, 9.0])
    near = 1.0 / 0.6745  # distances 1.5, 0.5, 0.5, 7.5 from the median 1.5
    assert scores.kernel(members) == pytest.approx(0.9 * near * 4**-0.2)
    assert scores.kernel(np.ones(5)) == 0.0


def test_futures_far_away_do_not_widen_the_bandwidth_of_the_others():
    members = np.random.default_rng(0).normal(size=1000)
    alone = scores.kernel(members)
    gone = np.where(np.arange(1000) < 400, members - 14.0, members)
    assert scores.kernel(gone) < 3.0 * alone
    assert scores.kernel(gone, np.ones(1000)) == pytest.approx(scores.kernel(gone), rel=0.02)


def test_probabilities_are_never_certain():
    assert scores.share_of(0, 99) == pytest.approx(0.005)
    assert scores.share_of(99, 99) == pytest.approx(0.995)


def test_reliability_by_hand():
    rows = scores.reliability(np.array([0.1, 0.15, 0.9, 1.0]), np.array([0, 1, 1, 1]), bins=2)
    assert [(r["n"], r["forecast"], r["observed"]) for r in rows] == [
        (2, pytest.approx(0.125), 0.5),
        (2, pytest.approx(0.95), 1.0),
    ]


def test_grades_fall_in_order():
    for one, other in zip("ABCD", "BCDE", strict=True):
        assert grades.probability(f"{one}2") > grades.probability(f"{other}2")
    for one, other in zip("1234", "2345", strict=True):
        assert grades.probability(f"B{one}") > grades.probability(f"B{other}")
    assert grades.probability("F6") == pytest.approx(0.5)
    assert 0.0 < grades.probability("E5") < grades.probability("A1") < 1.0


@pytest.mark.parametrize(("scale", "x"), [("linear", -3.0), ("log", 12.5), ("logit", 0.2)])
def test_scales_go_there_and_back(scale, x):
    assert float(scales.back(scale, scales.onto(scale, x))) == pytest.approx(x)


@pytest.mark.parametrize(("scale", "x"), [("log", 5.0), ("logit", 0.3), ("linear", 7.0)])
def test_a_relative_error_is_carried_onto_the_scale(scale, x):
    step = 1e-5
    moved = scales.onto(scale, x * (1.0 + step)) - scales.onto(scale, x)
    assert scales.share_error(scale, np.array([x]), step)[0] == pytest.approx(moved, rel=1e-3)


def test_what_a_false_report_says_is_a_density():
    shares = np.linspace(0.002, 0.998, 2001)
    g = scales.onto("logit", shares)
    density = np.array([scales.broad("logit", float(s), 0.1) for s in shares])
    assert np.trapezoid(density, g) == pytest.approx(0.996, abs=1e-3)

"""Scores and verdicts on forecasts whose worth is known."""

import numpy as np
import pytest

from allegiance.panel import scoring

GROUPS = [f"client {i // 4}" for i in range(200)]
FELL = (np.arange(200) % 4 == 0).astype(float)


def verdict(model: np.ndarray, rival: np.ndarray) -> str:
    one, two = scoring.logs(model, FELL), scoring.logs(rival, FELL)
    return scoring.compared(one, two, GROUPS).word


def test_who_knows_wins_and_who_errs_loses() -> None:
    knows, base = np.where(FELL > 0, 0.8, 0.1), np.full(200, 0.25)
    assert verdict(knows, base) == "win"
    assert verdict(1.0 - knows, base) == "lose"
    assert verdict(base + 0.001, base) == "tie"


def test_few_items_leave_it_undecided() -> None:
    fell = np.array([1.0, 0.0, 1.0, 0.0])
    model, base = np.array([0.9, 0.1, 0.1, 0.2]), np.full(4, 0.5)
    found = scoring.compared(scoring.logs(model, fell), scoring.logs(base, fell), list("abcd"))
    assert found.word == "undecided"
    assert found.low < 0.0 < found.high
    assert found.inferior == "undecided"


def test_items_of_one_client_count_as_one_draw() -> None:
    """The same differences in fewer clients give a wider interval."""
    gap = np.random.default_rng(1).normal(size=40).repeat(5)
    zero = np.zeros(200)
    alone = scoring.compared(gap, zero, [str(i) for i in range(200)])
    joined = scoring.compared(gap, zero, [str(i // 5) for i in range(200)])
    assert joined.high - joined.low > 1.8 * (alone.high - alone.low)


def test_no_item_learns_from_its_own_client() -> None:
    """One client falls always, the others never: its base rate is then nearly none."""
    names = ["a"] * 10 + ["b"] * 10 + ["c"] * 10
    fell = np.array([1.0] * 10 + [0.0] * 20)
    x = np.column_stack([fell, np.zeros(30)])
    base, logit = scoring.left_out(x, fell, names)
    assert base[:10] == pytest.approx(0.5 / 21)
    assert logit[:10].max() < 0.1
    assert base[10:] == pytest.approx(10.5 / 21)


def test_certainty_is_floored_for_all_alike() -> None:
    sure = scoring.logs(np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    assert sure == pytest.approx(np.log(0.005))


def test_the_margin_shrinks_where_falls_are_rare() -> None:
    """Half a nat in a hundred is nothing at even odds and much where one item in fifty falls."""
    fell = (np.arange(2000) % 50 == 0).astype(float)
    groups = [str(i) for i in range(2000)]
    rare = {"model": np.full(2000, 0.05), "base_rate": np.full(2000, 0.02)}
    found = scoring.judged(rare, fell, groups, "a split")
    assert found["intervals"]["base_rate"]["margin"] < 0.01
    assert found["intervals"]["base_rate"]["verdict"] == "lose"
    even = scoring.judged(
        {"model": np.full(200, 0.3), "base_rate": np.full(200, 0.25)}, FELL, GROUPS, ""
    )
    assert even["intervals"]["base_rate"]["verdict"] == "tie"


def test_the_sentence_says_the_numbers() -> None:
    found = scoring.judged(
        {"model": np.where(FELL > 0, 0.8, 0.1), "base_rate": np.full(200, 0.25)},
        FELL,
        GROUPS,
        "a split",
    )
    assert found["verdict"].startswith("The model beats the base rate (+")
    assert found["n"] == 200
    assert found["falls"] == 50
    assert sum(row["n"] for row in found["calibration"]) == 200


def test_order_is_the_chance_to_rank_a_pair_right() -> None:
    fell = np.array([1.0, 1.0, 0.0, 0.0])
    assert scoring.order(np.array([0.9, 0.8, 0.2, 0.1]), fell) == 1.0
    assert scoring.order(np.array([0.1, 0.2, 0.8, 0.9]), fell) == 0.0
    assert scoring.order(np.array([0.5, 0.9, 0.5, 0.1]), fell) == pytest.approx(0.875)
    assert scoring.order(np.full(4, 0.3), fell) == 0.5
    assert scoring.order(np.full(2, 0.3), np.ones(2)) is None


def test_a_logit_of_rare_falls_stays_finite() -> None:
    """A full Newton step overshoots here, and the next one meets a singular matrix."""
    x = np.full((1500, 1), -5.0)
    x[:12] = 5.0
    fell = np.zeros(1500)
    fell[:9] = 1.0
    told = scoring.regressed(x, fell, x)
    assert told[:12] == pytest.approx(np.full(12, 0.7), abs=0.1)
    assert told[12:].max() < 0.01

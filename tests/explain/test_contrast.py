from datetime import date, timedelta

import numpy as np
import pytest

import allegiance as al
from allegiance.engine import selection, simulate
from allegiance.engine.setup import prepare
from allegiance.explain.contrast import difference, streamed
from allegiance.explain.departures import Departures
from allegiance.show import tables

DRAW = np.random.default_rng(1)
DATES = [date(2001, 1, 1) + timedelta(weeks=week) for week in range(60)]


def _chain(addresses, a, b):
    found = Departures(addresses, DATES, 7.0)
    found.add(a, b)
    return found.chain()


def test_the_interval_of_a_quantity_covers_the_true_difference():
    draw = np.random.default_rng(7)
    covered = 0
    for _ in range(400):
        a = draw.normal(size=100)
        b = a + 0.3 + 0.5 * draw.normal(size=100)
        row = difference("quantity", a, b)
        covered += row["q05"] <= 0.3 <= row["q95"]
    assert 0.86 <= covered / 400 <= 0.94


def test_the_interval_of_an_event_covers_the_true_difference():
    draw = np.random.default_rng(7)
    covered = 0
    for _ in range(400):
        shared, own = draw.random(100), draw.random(100)
        a = np.where(shared < 0.3, 1.0, np.inf)
        b = np.where((shared < 0.3) & (own < 0.9), 1.0, np.inf)
        row = difference("event", a, b)
        covered += row["q05"] <= -0.03 <= row["q95"]
    assert 0.86 <= covered / 400 <= 0.97


def test_no_discordant_pair_is_no_proof_of_no_difference():
    row = difference("event", np.full(50, np.inf), np.full(50, np.inf))
    assert row["difference"] == 0.0
    assert row["q05"] < 0.0 < row["q95"]


def test_an_event_on_the_same_day_in_every_pair_has_no_interval():
    days = np.where(np.arange(50) < 30, 1660.5, np.inf)
    row = difference("event", days, days.copy())
    assert (row["difference"], row["q05"], row["q95"]) == (0.0, 0.0, 0.0)
    assert row["a"] == row["b"] == 0.6
    # As often, but a day later in one pair: touched, so chance has its say.
    other = days.copy()
    other[3] += 1.0
    row = difference("event", days, other)
    assert row["q05"] < row["difference"] == 0.0 < row["q95"]


def test_the_table_says_identical_and_which_numbers_are_means(capsys):
    days = np.full(8, 5.0)
    about = {"kind": "event", "label": "it comes", "unit": ""}
    outcomes = {"it": {**about, **difference("event", days, days.copy())}}
    tables.printed(tables.contrast(outcomes))
    told = capsys.readouterr().out
    assert ["it", "comes", "probability", "1", "1", "0", "identical", "it"] in [
        line.split() for line in told.splitlines()
    ]
    assert "means of quantities" in " ".join(told.split())


def test_an_interval_of_probabilities_stays_between_them():
    row = difference("event", np.zeros(64), np.full(64, np.inf))
    assert row["difference"] == row["q05"] == -1.0
    assert -1.0 < row["q95"] < -0.9


def test_pairs_without_a_number_are_left_out():
    row = difference("quantity", np.array([1.0, np.nan, 3.0]), np.array([2.0, 5.0, 4.0]))
    assert (row["a"], row["b"], row["difference"]) == (2.0, 3.0, 1.0)
    assert row["defined_a"] == pytest.approx(2 / 3, abs=1e-6)
    assert row["defined_b"] == 1.0


@pytest.mark.parametrize(
    ("a", "b", "means"),
    [
        ([np.nan, np.nan], [1.0, 2.0], (None, 1.5)),
        ([1.0, 2.0], [np.nan, np.nan], (1.5, None)),
        ([1.0, np.nan], [np.nan, 5.0], (1.0, 5.0)),
        ([np.nan, np.nan], [np.nan, np.nan], (None, None)),
    ],
)
def test_a_side_without_a_number_leaves_the_other_standing(a, b, means):
    row = difference("quantity", np.array(a), np.array(b))
    assert (row["a"], row["b"]) == means
    assert {row[key] for key in ("difference", "q05", "q95")} == {None}


def test_what_is_undefined_on_one_side_is_shown_and_said(capsys):
    row = difference("quantity", np.array([0.25, 0.25]), np.array([np.nan, np.nan]))
    outcomes = {"late": {"kind": "quantity", "label": "late ground", "unit": "share", **row}}
    tables.printed(tables.contrast(outcomes), tables.undefined(outcomes))
    told = capsys.readouterr().out
    assert ["late", "ground", "share", "0.25", "–", "–", "–", "–", "late"] in [
        line.split() for line in told.splitlines()
    ]
    assert "late (a 100%, b 0%)" in " ".join(told.split())


def test_the_chain_is_in_the_order_of_departure():
    a = DRAW.normal(10.0, 1.0, (60, 3, 50))
    b = a.copy()
    b[30:, 0] += 1.0  # clear, later
    b[10:, 1] -= 2.0  # clear, first
    b[5:, 2] += 1e-4  # too small to matter
    chain = _chain(("w.late", "x.treasury", "y.small"), a, b)
    assert [entry["address"] for entry in chain] == ["x.treasury", "w.late"]
    assert chain[0] == {
        "address": "x.treasury",
        "first": DATES[10].isoformat(),
        "effect": -2.0,
        "q05": -2.0,
        "q95": -2.0,
        "sense": "down",
        "share": 1.0,
        "against": 0.0,
        "unit": "bn USD",
    }


def test_what_comes_and_goes_has_not_departed():
    """A week up and a week down leave a year without a difference: no effect to report."""
    a = np.full((60, 2, 20), 10.0)
    b = a.copy()
    b[20, 0] += 0.2
    b[21, 0] -= 0.2
    b[20:24, 1] += 5.0
    chain = _chain(("x.back", "x.stays"), a, b)
    assert [entry["address"] for entry in chain] == ["x.stays"]
    assert chain[0]["effect"] > 0.0


def test_noise_departs_nowhere():
    """Worlds that have parted differ by noise in every week, in each of 400 quantities."""
    a = DRAW.normal(10.0, 1.0, (60, 400, 30))
    b = a + DRAW.normal(0.0, 3.0, a.shape)
    assert _chain(tuple(f"x{i}.noise" for i in range(400)), a, b) == []


def test_the_chain_says_in_how_many_futures_and_in_which_sense():
    a = np.full((60, 1, 50), 10.0)
    b = a.copy()
    b[10:, :, :40] += 3.0
    b[10:, :, 40:45] -= 1.0
    b[10:, :, 45:] += 0.05  # beneath a hundredth of the quantity
    (entry,) = _chain(("x.mixed",), a, b)
    assert (entry["sense"], entry["share"], entry["against"]) == ("up", 0.8, 0.1)
    assert entry["effect"] == pytest.approx(2.305, abs=1e-3)
    assert entry["q05"] < entry["effect"] < entry["q95"]
    error = np.array([3.0] * 40 + [-1.0] * 5 + [0.05] * 5).std(ddof=1) / 50**0.5
    assert entry["q95"] - entry["effect"] == pytest.approx(1.645 * error, rel=0.01)


def test_the_table_of_the_chain_keeps_what_the_outcomes_read(capsys):
    entry = {"first": "2001-01-01", "effect": 1.0, "q05": 1.0, "q95": 1.0, "share": 1.0, "unit": ""}
    entries = [{**entry, "address": f"x{i}.noun", "asked": i == 35} for i in range(40)]
    tables.printed(tables.chain(entries))
    told = capsys.readouterr().out
    assert "x24.noun" in told
    assert "x25.noun" not in told
    assert "x35.noun" in told


def test_rows_of_a_chain_are_the_same_wherever_they_are_shown():
    entry = {"effect": 1.0, "q05": 1.0, "q95": 1.0, "share": 1.0, "unit": ""}
    entries = [
        {**entry, "first": f"2001-01-{day + 1:02}", "address": f"{who}->z.trust"}
        for day in range(9)
        for who in ("x", "y")
    ]
    read = [{**each, "asked": each["address"] == "y->z.trust"} for each in entries]
    rows = tables.gathered(read, 3)
    assert [first["first"][-2:] for first, _ in rows] == [f"{n:02}" for n in range(1, 10)]
    assert {more for _, more in rows} == {", and 1 more such ties"}
    assert len(tables.gathered(entries, 3)) == 3


def test_sums_do_not_depend_on_how_runs_are_cut():
    draw = np.random.default_rng(2)
    a, b = draw.normal(size=(2, 60, 3, 20))
    whole, parts = (Departures(("a.b", "c.d", "e.f"), DATES, 7.0) for _ in range(2))
    whole.add(a, b)
    for cut in (slice(0, 8), slice(8, 20)):
        parts.add(a[..., cut], b[..., cut])
    assert whole.chain() == parts.chain()


def test_alike_worlds_have_no_chain(template, fake_engine):
    futures = al.simulate(template, runs=16)
    found = al.contrast(futures, futures)
    assert found.chain == []
    assert found.outcomes["ground_held"]["difference"] == 0.0


def test_both_ways_to_contrast_agree(template, fake_engine):
    other = template.without("S07").without("S08").set("parameter.stretch", 0.9)
    apart = al.contrast(*(al.simulate(world, runs=20) for world in (template, other)))
    extra = selection.headline(template.files.case)
    a, b = (prepare(world, runs=20, extra=extra) for world in (template, other))
    seen = []
    together = streamed(a, b, simulate.chunks, seen.append)
    assert seen == [8, 16, 20]
    assert together.chain == apart.chain
    for name, row in together.outcomes.items():
        assert {k: row[k] for k in ("difference", "q05")} == {
            k: apart.outcomes[name][k] for k in ("difference", "q05")
        }


def test_worlds_without_shared_noise_are_refused(template, fake_engine):
    one, two = (al.simulate(template, runs=8, seed=seed) for seed in (1, 2))
    with pytest.raises(al.CaseError, match="seed differs"):
        al.contrast(one, two)

from datetime import date, timedelta

import numpy as np
import pytest

import allegiance as al
from allegiance.engine import selection, simulate
from allegiance.engine.setup import prepare
from allegiance.explain.contrast import Departures, difference, streamed

DATES = [date(2001, 1, 1) + timedelta(weeks=week) for week in range(60)]


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


def test_pairs_without_a_number_are_left_out():
    row = difference("quantity", np.array([1.0, np.nan, 3.0]), np.array([2.0, 5.0, 4.0]))
    assert (row["a"], row["b"], row["difference"]) == (2.0, 3.0, 1.0)
    assert set(difference("quantity", np.array([np.nan]), np.array([1.0])).values()) == {None}


def test_the_chain_is_in_the_order_of_departure():
    draw = np.random.default_rng(1)
    a = draw.normal(10.0, 1.0, (60, 4, 50))
    b = a.copy()
    b[30:, 0] += 1.0  # clear, later
    b[10:, 1] -= 2.0  # clear, first
    b[5:, 2] += 1e-4  # too small to matter
    b[5:, 3] += 3.0 * draw.normal(size=(55, 50))  # noise without a mean
    found = Departures(("w.late", "x.treasury", "y.small", "z.noise"), DATES, 7.0)
    found.add(a, b)
    chain = [entry for entry in found.chain() if entry["address"] != "z.noise"]
    assert [entry["address"] for entry in chain] == ["x.treasury", "w.late"]
    assert chain[0] == {
        "address": "x.treasury",
        "first": DATES[10].isoformat(),
        "effect": -2.0,
        "unit": "bn USD",
    }


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

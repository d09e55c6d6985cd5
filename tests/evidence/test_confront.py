"""A planted ensemble: its coverage, its scores, and the baselines beside it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

import allegiance as al
from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.evidence import baselines
from allegiance.evidence.confront import confronted
from allegiance.evidence.record import Readings
from allegiance.evidence.target import in_worlds, target

RUNS = 400
EVENT = {"what": "harbour.fallen", "when": None, "value": None, "spread": None}


def planted(item, truth, width=0.2, use="hold"):
    """Items a week apart whose figures are `truth` on the log scale."""
    return {
        f"item_{i}": item(
            what="harbour.government.force",
            when=(date(2001, 2, 1) + timedelta(days=7 * i)).isoformat(),
            value=float(np.exp(y)),
            spread={"sd": width, "scale": "log", "assumed": "planted"},
            grade="A1",
            use=use,
        )
        for i, y in enumerate(truth)
    }


@pytest.fixture
def ensemble():
    """Futures whose log readings are independent standard normals [item, run], and one more."""
    random = np.random.default_rng(3)
    members = random.normal(size=(60, RUNS))
    truth = random.normal(size=60) + 0.2 * random.normal(size=60)
    return members, truth


def held(template, items, members) -> Any:
    readings = Readings(np.exp(members), np.exp(members[:, 0]), np.full(members.shape, np.inf))
    return confronted(template, items, readings, seed=1)


def test_a_truth_from_the_ensemble_is_covered(template, item, ensemble):
    members, truth = ensemble
    found = held(template, planted(item, truth), members)
    low, high = found.expected["hold"]
    assert low <= found.coverage("hold") <= high
    # Binomial: 60 independent items at 90%.
    assert (low, high) == pytest.approx((0.82, 0.97), abs=0.035)
    pit = np.array([row.pit for row in found.rows])
    assert pit.mean() == pytest.approx(0.5, abs=0.12)
    assert pit.std() == pytest.approx(np.sqrt(1 / 12), abs=0.06)


def test_futures_that_move_together_are_expected_to_miss_together(template, item, ensemble):
    members, truth = ensemble
    together = np.repeat(members[:1], 60, axis=0)
    low, high = held(template, planted(item, truth), together).expected["hold"]
    assert low < 0.6
    assert high == 1.0


def test_a_shifted_ensemble_scores_worse_and_covers_less(template, item, ensemble):
    members, truth = ensemble
    items = planted(item, truth)
    found = [held(template, items, members + shift) for shift in (0.0, 1.5, 3.0)]
    scores = [f.scores()["model"] for f in found]
    assert scores[0] > scores[1] > scores[2]
    losses = [f.losses()["model"] for f in found]
    assert losses[0] < losses[1] < losses[2]
    assert found[2].coverage("hold") < found[2].expected["hold"][0]


def test_a_wider_error_forgives(template, item):
    members = np.random.default_rng(0).normal(size=(1, RUNS))
    narrow, wide = (
        held(template, planted(item, [3.0], width), members).rows[0] for width in (0.1, 2.0)
    )
    assert wide.score > narrow.score
    assert wide.inside
    assert not narrow.inside


def test_the_reporting_model_moves_and_widens(item):
    reporting = {"share": 0.5, "spread": 0.3, "assumed": "half is seen"}
    keys = {"spread": {"sd": 0.4, "scale": "log", "assumed": "x"}, "value": 2.0}
    forecast: Any = target(item(**keys, reporting=reporting)).forecast(np.full(9, 8.0))
    assert forecast.centres == pytest.approx(np.log(4.0))
    assert forecast.widths == pytest.approx(0.5)


def test_futures_that_read_nothing_are_left_out(item):
    t = target(item())
    assert t.forecast(np.full(4, np.nan)) is None
    forecast: Any = t.forecast(np.array([np.nan, 0.5, 0.5]))
    assert len(forecast.centres) == 2


def test_a_bound_is_a_probability(item):
    keys = {"value": None, "spread": {"sd": 0.5, "scale": "logit", "assumed": "x"}}
    t = target(item(**keys, bound={"at_least": 0.5}))
    assert t.holds(np.full(5, 0.5)) == pytest.approx(0.5)
    assert t.holds(np.full(5, 0.9)) > 0.99
    both = target(item(**keys, bound={"at_least": 0.4, "at_most": 0.6}))
    assert both.holds(np.full(5, 0.5)) == pytest.approx(0.5826, abs=1e-3)
    hard = target(item(value=None, spread=None, bound={"at_most": 0.3}))
    assert hard.holds(np.array([0.1, 0.2, 0.29, 0.4])) == pytest.approx(0.7)


def test_event_worlds_count_rare_ones_outside(item):
    t = target(item(**EVENT, event={"by": "2001-06-01"}))
    worlds = in_worlds(t, None, np.array([1.0, 0.0]), 0.95, np.zeros(2))
    assert worlds.tolist() == [1.0, 0.0]
    # Neither answer is rare at 70%: both stay inside.
    worlds = in_worlds(t, None, np.array([1.0, 0.0]), 0.7, np.zeros(2))
    assert worlds.tolist() == [1.0, 1.0]


def test_one_future_is_enough_to_be_confronted(fake_engine):
    found = al.confront(TEMPLATE, runs=1, seed=3)
    assert all(np.isfinite(row.score) for row in found.rows)


KNOWN = baselines.Known(
    date(2001, 1, 1), (date(2001, 6, 1), date(2002, 3, 1)), {}, date(2001, 12, 31)
)


def rivals(targets, name, known=KNOWN) -> dict[str, Any]:
    return baselines.forecasts(targets[name], name, targets, known)


def test_base_rate_pools_the_other_figures(item):
    targets = {n: target(i) for n, i in planted(item, [1.0, 3.0, 9.0], use="fit").items()}
    targets["item_2"] = target(planted(item, [0, 0, 9.0])["item_2"])
    forecast = rivals(targets, "item_2")["base_rate"]
    assert forecast.centres[0] == pytest.approx(2.0)
    assert forecast.widths[0] == pytest.approx(np.hypot(np.sqrt(2.0 * 1.5), 0.2))


def test_persistence_takes_the_last_record_and_widens(item):
    fit = planted(item, [1.0, 1.5, 2.0], use="fit")
    targets = {n: target(i) for n, i in fit.items()}
    for weeks in (4, 60):
        late = planted(item, [5.0] * (weeks + 1))[f"item_{weeks}"]
        targets[f"late_{weeks}"] = target(late)
    near, far = (rivals(targets, f"late_{weeks}")["persistence"] for weeks in (4, 60))
    assert near.centres[0] == pytest.approx(2.0) == far.centres[0]
    assert far.widths[0] > near.widths[0]
    # Two steps of 0.5 a week: 0.5 sqrt(365.25 / 7) a year, over two weeks.
    assert near.widths[0] == pytest.approx(np.sqrt(0.25 * 2 + 0.2**2 + 0.2**2))


def test_persistence_begins_where_the_case_starts(item):
    t = target(planted(item, [0.0])["item_0"])
    known = replace(KNOWN, start={t.subject: float(np.exp(2.5))})
    forecast = rivals({"item_0": t}, "item_0", known)["persistence"]
    assert forecast.centres[0] == pytest.approx(2.5)


def test_held_items_teach_nothing(item):
    hold = {n: target(i) for n, i in planted(item, [1.0, 3.0, 9.0]).items()}
    alone = {"item_2": hold["item_2"]}
    for name in baselines.NAMES:
        a, b = rivals(hold, "item_2")[name], rivals(alone, "item_2")[name]
        assert a.centres == pytest.approx(b.centres)
        assert a.widths == pytest.approx(b.widths)


def test_the_logit_follows_an_entry(item):
    # 60 weeks; the entry of 2002-03-01 (in force from week 57 on) lifts the figure.
    truth = np.where(np.arange(70) < 57, 0.0, 2.0)
    targets = {n: target(i) for n, i in planted(item, truth, use="fit").items()}
    late = rivals(targets, "item_69")["logit"]
    early = rivals(targets, "item_10")["logit"]
    assert late.centres[0] > 1.0
    assert abs(early.centres[0]) < 0.3


def test_hazards_of_events(item):
    stood = {"stood": target(item(**EVENT, event={"not_by": "2001-12-31"}, use="fit"))}
    asked = target(item(**EVENT, event={"between": ["2002-01-01", "2002-12-31"]}, use="hold"))
    found = rivals({**stood, "asked": asked}, "asked")
    hazard = 0.5 / 1.0
    exact = 1.0 - np.exp(-hazard * 365 / 365.25)  # it stood at the start of the window
    assert found["base_rate"] == pytest.approx(exact, abs=1e-3)
    assert found["persistence"] == baselines.CHANGE
    assert 0.0 < found["logit"] < 0.5
    still = target(item(**EVENT, event={"not_by": "2002-12-31"}, use="hold"))
    kept = rivals({**stood, "still": still}, "still")
    assert kept["persistence"] == pytest.approx(1.0 - baselines.CHANGE)
    assert kept["base_rate"] == pytest.approx(np.exp(-hazard * 365 / 365.25), abs=1e-3)
    # Nothing is told of this one: none in the year that the items cover.
    unknown = target(item(**{**EVENT, "what": "harbour.seat_lost"}, event={"by": "2001-12-31"}))
    told = rivals({"unknown": unknown}, "unknown")
    assert told["base_rate"] == pytest.approx(1.0 - np.exp(-hazard * 365 / 365.25), abs=1e-2)


def test_logistic_regression_finds_what_was_planted():
    random = np.random.default_rng(1)
    x = random.normal(size=(4000, 2))
    p = 1.0 / (1.0 + np.exp(-(-1.0 + 0.8 * x[:, 0])))
    y = (random.uniform(size=4000) < p).astype(float)
    beta = baselines.logistic(x, y)
    assert beta == pytest.approx([-1.0, 0.8, 0.0], abs=0.12)
    never = baselines.logistic(x[:50], np.zeros(50))
    assert np.isfinite(never).all()
    assert -6.0 < never[0] < -3.0


def test_json_has_exactly_its_keys(fake_engine, capsys):
    assert code(["confront", str(TEMPLATE), "--runs", "24", "--seed", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"items", "coverage", "scores", "losses", "pit", "reliability"}
    assert set(found["losses"]) == {"crps", "brier"}
    assert set(found["losses"]["crps"]) == set(found["scores"])
    figures = sum(isinstance(item["observed"], float) for item in found["items"])
    assert len(found["pit"]) == 10
    assert sum(found["pit"]) == figures > 0
    assert set(found["coverage"]) == {"fit", "hold", "expected_range"}
    assert set(found["scores"]) == {"model", "base_rate", "persistence", "logit"}
    keys = {"id", "use", "observed", "q05", "q50", "q95", "inside", "score"}
    assert all(set(item) == keys for item in found["items"])
    assert len(found["items"]) == 6
    mean = np.mean([item["score"] for item in found["items"]])
    assert found["scores"]["model"] == pytest.approx(mean, abs=1e-4)
    low, high = found["coverage"]["expected_range"]
    assert 0.0 <= low <= high <= 1.0
    by_use = [item["inside"] for item in found["items"] if item["use"] == "hold"]
    assert found["coverage"]["hold"] == pytest.approx(np.mean(by_use), abs=1e-4)


def test_people_get_the_worst_first(fake_engine, capsys):
    assert code(["confront", str(TEMPLATE), "--runs", "24"]) == 0
    told = capsys.readouterr().out
    assert "On held items the model" in told
    found = al.confront(TEMPLATE, runs=24, seed=1)
    worst = min(found.rows, key=lambda row: row.score)
    best = max(found.rows, key=lambda row: row.score)
    assert told.index(worst.id) < told.index(best.id)


def test_the_same_seed_gives_the_same_scores(fake_engine):
    one, two = (al.confront(TEMPLATE, runs=24, seed=5) for _ in range(2))
    assert one.summary() == two.summary()


def test_a_case_without_a_dossier_says_so(template, tmp_path):
    import shutil

    folder = tmp_path / "template"
    shutil.copytree(TEMPLATE, folder)
    (folder / "dossier.yaml").unlink()
    with pytest.raises(al.CaseError, match="no dossier"):
        al.confront(folder, runs=4)

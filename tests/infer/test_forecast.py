"""Conditioning: what came later never enters, what came before weighs."""

import json
from datetime import date, timedelta

import numpy as np
import pytest

import allegiance as al
from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.engine import simulate
from allegiance.evidence import record
from allegiance.infer import ensemble

from .conftest import SOURCE, level

START, UNTIL = "2002-01-01", "2002-12-31"
ASK = {"start": START, "until": UNTIL, "runs": 64, "seed": 5}
LATER = {"after": level("2002-06-01", 0.5, use="hold")}
EVENT = {"what": "harbour.fallen", "source": SOURCE, "grade": "A1", "use": "hold"}


def weekly(values, first=date(2001, 3, 1), sd=0.2):
    days = [(first + timedelta(days=14 * i)).isoformat() for i in range(len(values))]
    return {
        f"before_{i}": level(d, v, sd) for i, (d, v) in enumerate(zip(days, values, strict=True))
    }


def readings(folder, runs, seed):
    scenario = al.load(folder)
    items = ensemble.dated(scenario)
    return record.readings(record.order(scenario, items.values(), runs, seed), items).values


def forecasts(found):
    """All of a forecast that does not score it."""
    kept = ("id", "q05", "q50", "q95")
    return [{key: item[key] for key in kept} for item in found.summary()["items"]]


@pytest.mark.usefixtures("fake_engine")
def test_without_evidence_the_weights_are_uniform(planted):
    found = al.forecast(planted(LATER), **ASK)
    assert np.array_equal(found.weights, np.full(64, 1.0 / 64))
    assert found.ess == pytest.approx(64.0)
    assert found.warnings == []
    assert found.evidence == 0


@pytest.mark.usefixtures("fake_engine")
def test_evidence_after_the_start_changes_no_bit(planted):
    before = weekly([0.4, 0.6])
    found = al.forecast(planted({**before, **LATER}), **ASK)
    assert found.ess < 60.0
    told = {
        "another figure": {"after": level("2002-06-01", 0.9)},
        "another use": {"after": level("2002-06-01", 0.5, use="fit")},
        "one more": {**LATER, "more": level("2002-09-01", 0.1)},
        "on the day": {**LATER, "first": level(START, 0.1)},
    }
    for what, later in told.items():
        other = al.forecast(planted({**before, **later}), **ASK)
        assert np.array_equal(other.weights, found.weights), what
        mine = [item for item in forecasts(other) if item["id"] == "after"]
        assert mine == forecasts(found), what
    moved = al.forecast(planted({**weekly([0.4, 0.7]), **LATER}), **ASK)
    assert not np.array_equal(moved.weights, found.weights)


@pytest.mark.usefixtures("fake_engine")
def test_the_baselines_learn_nothing_from_later(planted):
    before = weekly([0.4, 0.5, 0.6])
    scores = []
    for more in (0.1, 0.9):
        later = {**LATER, "more": level("2002-09-01", more, use="fit")}
        found = al.forecast(planted({**before, **later}), **ASK)
        scores.append(next(row.log for row in found.held.rows if row.id == "after"))
    assert scores[0] == scores[1]
    assert (
        al.forecast(planted(LATER), **ASK).held.rows[0].log["base_rate"] != scores[0]["base_rate"]
    )


@pytest.mark.usefixtures("fake_engine")
def test_a_planted_future_is_found_again(planted):
    blind = planted({**weekly([0.5] * 6), **LATER})
    true, read = 17, readings(blind, 64, 5)
    figures = {
        id: level(item["when"], float(value), 0.05, scale="linear")
        for (id, item), value in zip(weekly([0.5] * 6).items(), read[:6, true], strict=True)
    }
    later = {"after": level("2002-06-01", 0.5, 0.01, use="hold", scale="linear")}
    found = al.forecast(planted({**figures, **later}), **ASK)
    assert found.weights.argmax() == true
    assert found.weights[true] > 0.9
    # The forecast is that future's own reading.
    item = next(row for row in found.held.rows if row.id == "after")
    assert item.quantiles[1] == pytest.approx(read[6, true], abs=0.2)


@pytest.mark.usefixtures("fake_engine")
def test_a_record_told_twice_weighs_no_more(planted):
    """Beyond twelve items more of the same adds nothing."""
    once = weekly([0.4, 0.5, 0.6, 0.7] * 3)
    twice = once | {f"again_{id}": item for id, item in once.items()}
    weights = [al.forecast(planted({**told, **LATER}), **ASK).weights for told in (once, twice)]
    assert weights[1] == pytest.approx(weights[0], rel=1e-9)
    assert weights[0].max() > 2.0 / 64


@pytest.mark.usefixtures("fake_engine")
def test_collapse_warns(planted, capsys):
    folder = planted({**weekly([0.5, 0.9, 0.1, 0.8, 0.3], sd=0.05), **LATER})
    found = al.forecast(folder, **{**ASK, "runs": 400})
    assert found.ess < 20
    assert "collapsed" in found.warnings[0]
    arguments = ["forecast", str(folder), "--from", START, "--until", UNTIL, "--runs", "400"]
    assert code([*arguments, "--seed", "5"]) == 0
    assert "Warning: the weights have collapsed" in capsys.readouterr().out


@pytest.mark.usefixtures("fake_engine")
def test_json_has_its_keys_and_the_table_its_label(capsys):
    arguments = ["forecast", str(TEMPLATE), "--from", START, "--until", UNTIL, "--runs", "32"]
    assert code([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"items", "scores", "ess"} <= found.keys()
    assert found["given_later"] is False
    assert [item["id"] for item in found["items"]] == [
        *("ground_2002_12", "more_ground_2002", "stands_2002")
    ]
    keys = {"id", "use", "observed", "q05", "q50", "q95", "inside", "score"}
    assert all(set(item) == keys for item in found["items"])
    assert code(arguments) == 0
    assert "GIVEN LATER" not in capsys.readouterr().out
    assert code([*arguments, "--given-later"]) == 0
    assert "GIVEN LATER" in capsys.readouterr().out


def test_later_entries_are_told_only_on_demand(planted, monkeypatch, fake_engine):
    told = []

    class Noted(fake_engine):
        def __init__(self, plan):
            told.append((plan.built.today.truce.any(), bool(plan.built.given.released.any())))
            super().__init__(plan)

    monkeypatch.setattr(simulate, "Runner", Noted)
    features = [
        len(al.forecast(planted(LATER), **ASK, given_later=later).held.rows)
        for later in (False, True)
    ]
    assert told == [(False, True), (True, False)]
    assert features == [1, 1]


@pytest.mark.usefixtures("fake_engine")
def test_weights_count_in_every_kind_of_item(planted):
    """A statement's probability is the weight of the futures in which it holds."""
    items = {
        **weekly([0.3, 0.6, 0.4]),
        **LATER,
        "bound": {**level("2002-06-01", 0.5), "bound": {"at_least": 0.5}},
        "fallen": {**EVENT, "event": {"by": UNTIL}},
    }
    del items["bound"]["value"], items["bound"]["spread"]
    folder = planted(items)
    found = al.forecast(folder, **ASK)
    rows = {row.id: row for row in found.held.rows}
    read = dict(zip(ensemble.dated(al.load(folder)), readings(folder, 64, 5), strict=True))
    share = (found.weights * (read["bound"] >= 0.5)).sum()
    assert rows["bound"].p == pytest.approx((share * found.ess + 0.5) / (found.ess + 1.0))
    share = (found.weights * read["fallen"]).sum()
    assert rows["fallen"].p == pytest.approx((share * found.ess + 0.5) / (found.ess + 1.0))


@pytest.mark.usefixtures("fake_engine")
def test_what_cannot_be_forecast_is_said(planted, capsys):
    folder = str(planted(LATER))
    for start, until, told in (
        ("2002-07-01", UNTIL, "no item to forecast"),
        ("2000-01-01", UNTIL, "span"),
        ("2002-03-01", "2002-02-01", "no span"),
        ("soon", UNTIL, "no date"),
    ):
        assert code(["forecast", folder, "--from", start, "--until", until]) == 2
        assert told in capsys.readouterr().err

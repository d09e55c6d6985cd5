"""A rolling origin: each item once, from the last origin before it, on what came before."""

import json
from datetime import date

import pytest

import allegiance as al
from allegiance.cases.errors import CaseError
from allegiance.cli.main import code
from allegiance.infer.rolling import rolling, windows

from .conftest import level

ITEMS = {
    "first": level("2001-06-01", 0.6),
    "second": level("2001-12-31", 0.5),
    "third": level("2002-01-01", 0.5, use="hold"),
    "fourth": level("2002-11-01", 0.4, use="hold"),
}
RUNS, SEED = 32, 5


def test_windows_meet_and_end_where_they_should():
    assert windows("2001-07-01", "2002-12-31", 184) == [
        (date(2001, 7, 1), date(2001, 12, 31)),
        (date(2002, 1, 1), date(2002, 7, 3)),
        (date(2002, 7, 4), date(2002, 12, 31)),
    ]
    assert windows("2001-07-01", "2001-07-01", 30) == [(date(2001, 7, 1), date(2001, 7, 1))]


@pytest.mark.usefixtures("fake_engine")
def test_each_item_is_forecast_once_from_the_last_origin_before_it(planted):
    folder = planted(ITEMS)
    found = rolling(folder, "2001-07-01", "2002-12-31", 184, runs=RUNS, seed=SEED)
    ids = [[row.id for row in each.held.rows] for each in found.origins]
    assert ids == [["second"], ["third"], ["fourth"]]
    assert [each.evidence for each in found.origins] == [1, 2, 3]
    alone = al.forecast(folder, start="2002-01-01", until="2002-07-03", runs=RUNS, seed=SEED)
    assert found.origins[1].summary() == alone.summary()
    scores = [each.held.rows[0].log["logit"] for each in found.origins]
    assert found.scores["logit"] == pytest.approx(sum(scores) / 3)


@pytest.mark.usefixtures("fake_engine")
def test_windows_without_an_item_are_left_out(planted):
    found = rolling(planted(ITEMS), "2002-01-01", "2002-12-31", 61, runs=RUNS, seed=SEED)
    assert [each.start.month for each in found.origins] == [1, 9]
    with pytest.raises(CaseError, match="no item to forecast"):
        rolling(planted(ITEMS), "2001-08-01", "2001-09-30", 30, runs=RUNS, seed=SEED)


@pytest.mark.usefixtures("fake_engine")
def test_the_command_tells_machines_and_people(planted, capsys):
    order = ["forecast", str(planted(ITEMS)), "--from", "2001-07-01", "--until", "2002-12-31"]
    order += ["--every", "184", "--runs", "32"]
    assert code([*order, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["from"] for each in found["origins"]] == ["2001-07-01", "2002-01-01", "2002-07-04"]
    assert found["items"] == 3
    assert set(found["scores"]) == {"model", "base_rate", "persistence", "logit"}
    assert code(order) == 0
    told = capsys.readouterr().out
    assert "2002-07-04" in told
    assert "In all the model" in told
    assert code([*order[:-4], "--every", "0"]) == 2
    assert "--every" in capsys.readouterr().err

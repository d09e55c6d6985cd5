"""What the worker computes is what the command line prints."""

import csv
import io
import json
from collections import namedtuple

import numpy as np
import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.evidence.confront import confront
from allegiance.show.confrontation import standing
from allegiance.web import pairs, tasks
from allegiance.web.worker import Cancelled

Program = namedtuple("Program", "segment")


@pytest.fixture(autouse=True)
def engine(fake_engine, monkeypatch):
    """Results without a compiler, in a runner that advances its years one by one."""
    from allegiance.engine import simulate

    class Advancing(fake_engine):
        program = Program(lambda: None)

        def _chunk(self, low):
            self.program.segment()
            return super()._chunk(low)

    monkeypatch.setattr(simulate, "Runner", Advancing)
    monkeypatch.setattr(pairs, "Resumed", lambda plan, *past, **kept: Advancing(plan))
    monkeypatch.setattr(pairs, "alike", lambda *plans: 0)
    monkeypatch.setattr(pairs.Pair, "last", pairs.Kept())


def order(**fields):
    return {"order": {"case": "template", **fields}, "folder": TEMPLATE}


def quiet(share, phase):
    assert 0.0 <= share <= 1.0


def never():
    return False


def printed(capsys, *arguments):
    assert code([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def lines(part: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(part.decode())))


def test_a_run_is_that_of_the_command_line(capsys):
    given = {"by": ["2002-03-01"], "without": ["S07"], "record": ["north.treasury"]}
    parts = tasks.run(order(runs=20, seed=3, **given), quiet, never)
    flags = ["--by", "2002-03-01", "--without", "S07", "--record", "north.treasury"]
    told = printed(capsys, "run", str(TEMPLATE), "--runs", "20", "--seed", "3", *flags)
    del told["seconds"]
    found = json.loads(parts["result.json"])
    assert found == told
    table = lines(parts["runs.csv"])
    fallen = [line for line in table if line["government_falls"]]
    assert len(table) == 20
    assert len(fallen) / 20 == found["outcomes"]["government_falls"]["p"]
    series = [line for line in lines(parts["series.csv"]) if line["address"] == "north.treasury"]
    assert [float(line["mean"]) for line in series] == [*found["series"]["north.treasury"].values()]


def test_a_contrast_is_that_of_the_command_line(capsys):
    parts = tasks.contrast(order(runs=20, without=["S07", "volunteers"]), quiet, never)
    flags = ["--without", "S07", "--without", "volunteers"]
    told = printed(capsys, "contrast", str(TEMPLATE), "--runs", "20", *flags)
    assert json.loads(parts["result.json"]) == told
    assert len(told["chain"]) > 10
    table = lines(parts["contrast.csv"])
    assert len(table) == len(told["outcomes"]) + len(told["chain"])
    for line, entry in zip(table[len(told["outcomes"]) :], told["chain"], strict=True):
        assert line["name"] == entry["address"]
        keys = {"difference": "effect", "q05": "q05", "q95": "q95", "share": "share"}
        assert all(float(line[column]) == entry[key] for column, key in keys.items())
    asked = {entry["address"] for entry in told["chain"] if entry["asked"]}
    assert "harbour.control[government]" in asked
    assert "north.treasury" not in asked


def test_the_dossiers_fit_is_that_of_the_command_line(capsys):
    parts = tasks.tell(order(runs=20), quiet, never)
    told = printed(capsys, "confront", str(TEMPLATE), "--runs", "20", "--posterior", "none")
    found = json.loads(parts["result.json"])
    assert found["fit"] == told
    assert found["standing"] == standing(confront(TEMPLATE, 20, 1, posterior="none"))


def test_a_story_tells_all_that_the_page_shows():
    parts = tasks.tell(order(runs=20), quiet, never)
    found = json.loads(parts["result.json"])
    count = len(found["dates"])
    assert found["dates"][0] == "2001-01-01"
    assert count <= 200
    shares = found["maps"]["harbour"]["capital"]["government"]
    assert len(shares) == count
    assert {tie["client"] for tie in found["ties"]} == {"harbour", "valley", "coast"}
    assert all(len(tie["trust"]) == count for tie in found["ties"])
    share = found["first"]["government_falls"]
    assert share == sorted(share)
    assert share[-1] == found["outcomes"]["government_falls"]["p"]
    for fan in found["fans"]:
        for line in fan["lines"]:
            paths = np.array([line[q] for q in ("q05", "q25", "q50", "q75", "q95")])
            assert paths.shape == (5, count)
            assert (np.diff(paths, axis=0) >= 0).all()
    assert found["runs"] == 20


def test_progress_moves_and_a_cancelled_job_stops():
    seen = []
    tasks.run(order(runs=64), lambda share, phase: seen.append(share), never)
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    calls = iter([False, False, True])
    with pytest.raises(Cancelled):
        tasks.run(order(runs=64), quiet, lambda: next(calls))


def test_equal_orders_have_equal_bytes():
    one, two = (tasks.run(order(runs=8), quiet, never) for _ in range(2))
    assert one == two

"""The commands on many cases: keys for machines, sentences for people, refusals with code 2."""

import json
from pathlib import Path

import pytest

from allegiance.cases.loading import load
from allegiance.cli.main import code

KEYS = {"n", "split", "scores", "intervals", "calibration", "verdict"}

SPELLS = "sponsor,client,regime,regime_start,regime_end,spons_start,spons_end,tier,outcome,"
SPELLS += "how_regime_ended\n"
SPELLS += "".join(
    f"North,Land {i},L{i},1950-01-01,{1960 + i}-06-01,1950,{1960 + i},A,"
    "regime_ended_while_sponsored,military coup\n"
    for i in range(12)
)
INDICATORS = "sponsor_ccode,sponsor,client_ccode,client,year,indicators\n" + "".join(
    f"2,North,{10 + i},Land {i},{year},pact\n" for i in range(12) for year in range(1950, 1972)
)


@pytest.fixture
def panel(tmp_path: Path) -> list[str]:
    (tmp_path / "spells.csv").write_text(SPELLS)
    (tmp_path / "indicators.csv").write_text(INDICATORS)
    return [str(tmp_path / "spells.csv"), str(tmp_path / "indicators.csv")]


@pytest.fixture
def picture(tmp_path: Path):
    """The option for a picture; in the end it must be there."""
    path = tmp_path / "reliability.png"
    yield ["--picture", str(path)]
    assert path.read_bytes().startswith(b"\x89PNG")


def test_crises_for_machines_and_for_people(fake_engine, picture, capsys) -> None:
    del fake_engine
    assert code(["crises", "--variants", "1", "--json", *picture]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) >= KEYS
    assert set(found["scores"]) >= {"model", "base_rate", "logit"}
    assert set(found["ablations"]) == {"S32", "S07", "S41"}
    assert len(found["episodes"]) == found["n"]
    assert code(["crises", "--variants", "1", "--no-ablate", "--priors"]) == 0
    told = capsys.readouterr().out
    assert "saigon_1975" in told
    assert "interval" in told
    assert "with doubt" in told


def test_survival_for_machines_and_for_people(fake_engine, panel, picture, capsys) -> None:
    del fake_engine
    assert code(["survival", *panel, "--json", *picture]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) >= KEYS
    assert set(found["horizons"]) == {"1", "3", "5"}
    assert found["pledges"]["tests"] == 0
    assert found["regimes_fallen"] == 12
    assert found["by_armed_opponent"] == 0
    assert code(["survival", *panel]) == 0
    out = capsys.readouterr().out
    assert "Within 3 years" in out
    assert "Pledges kept" in out


def test_the_shipped_cases_are_scored(fake_engine, picture, capsys) -> None:
    del fake_engine
    assert code(["cases", "--score", "--runs", "8", "--json", *picture]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["name"] for row in found["cases"]} >= {"syria", "chad"}
    assert set(found["scores"]) == {"model", "base_rate", "persistence", "logit"}
    assert sum(row["n"] for row in found["calibration"]) == found["n"]
    assert sum(row["n"] for row in found["items"]["calibration"]) > found["n"]
    assert code(["cases", "--score", "--runs", "8"]) == 0
    out = capsys.readouterr().out
    assert "Who fell" in out
    assert "All dated items" in out


def test_a_thin_case_is_drafted_from_tables(panel, tmp_path: Path, capsys) -> None:
    order = ["new", "land", "--in", str(tmp_path), "--from-data", panel[1], "--client", "Land 1"]
    assert code([*order, "--sponsor", "North", "--year", "1955", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert load(Path(found["folder"])).case.clients["client"].label == "Land 1"


@pytest.mark.parametrize(
    ("order", "word"),
    [
        (["crises", "--variants", "0"], "--variants"),
        (["survival", "gone.csv", "gone.csv"], "gone.csv"),
        (["new", "land", "--from-data", "gone.csv"], "--client"),
        (["cases", "--score", "--runs", "0"], "--runs"),
    ],
)
def test_wrong_orders_are_refused(order: list[str], word: str, capsys) -> None:
    assert code(order) == 2
    assert word in capsys.readouterr().err

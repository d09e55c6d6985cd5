"""`allegiance explain` as a script meets it. The engine is a stand-in."""

import json

import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.show import driving, tables

CASE = str(TEMPLATE)
LEAST = "4928"


def test_explain_gives_the_keys_that_scripts_rely_on(fake_engine, monkeypatch, capsys):
    monkeypatch.setattr(fake_engine, "width", 512)
    asked = ("--outcome", "ground_held", "--runs", LEAST, "--without", "S07")
    assert code(["explain", CASE, *asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["outcome"]["id"] == "ground_held"
    assert found["levers"] == ["--without S07"]
    effect = {"id", "name", "a", "b", "difference", "q05", "q95"}
    assert all(effect <= row.keys() for row in (*found["rows"], *found["entries"]))
    kinds = [f"{kind}{end}" for kind in ("first", "total") for end in ("", "_q05", "_q95")]
    assert {row["name"] for row in found["sobol"]["indices"]} >= {"margin", "chance"}
    assert all({"name", *kinds} == row.keys() for row in found["sobol"]["indices"])
    assert isinstance(found["boxes"], list)
    assert {told["name"] for told in found["uncertainties"]} >= {"margin", "north.motive"}
    tables.printed(*driving.parts(found))
    told = capsys.readouterr().out
    assert "What drives “land that the government holds" in told
    assert "--without S07" in told
    assert "Whose uncertainty makes its spread?" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--outcome", "goverment_falls"), "nearest: government_falls"),
        ((), "which outcome?"),
        (("--outcome", "ground_held", "--runs", "100"), "--runs: too few"),
        (("--outcome", "ground_held", "--runs", "0"), "--runs: out of range"),
        (("--outcome", "ground_held", "--runs", "2000000000"), "--runs: more than it can use"),
        (("--outcome", "ground_held", "--over", "conqest"), "nearest: conquest"),
        (("--outcome", "ground_held", "--theory", "unabel"), "no such theory"),
        (("--outcome", "ground_held", "--until", "1999-01-01"), "until: no span"),
        (("--outcome", "ground_held", "--workers", "0"), "--workers: out of range"),
        (("--outcome", "ground_held", "--cluster", "here"), "--cluster: no address"),
    ],
)
def test_wrong_input_is_refused_with_2(fake_engine, capsys, arguments, said):
    assert code(["explain", CASE, *arguments]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out


def test_help_shows_an_example(capsys):
    assert code(["explain", "--help"]) == 0
    assert "allegiance explain syria --outcome assad_falls" in capsys.readouterr().out

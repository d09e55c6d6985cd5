"""Theories compared on a toy world: a planted one is found, and the command says so."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import allegiance as al
from allegiance.cases.errors import CaseError
from allegiance.cases.new import TEMPLATE, scaffold
from allegiance.cli.main import code
from allegiance.engine.scenario import load
from allegiance.engine.theories import WIDTHS, named
from allegiance.infer.bank import bank, evidence
from allegiance.infer.motives import infer
from allegiance.world.case import MOTIVES

RUNS = 128
ITEM = """  {name}:
    what: north.strikes[{on}]
    when: {{from: {start}, until: {end}, aggregate: sum}}
    value: {value}
    spread: {{sd: 0.1, scale: log, assumed: planted}}
    source: {{title: A test, by: a tester, date: 2003-01-01}}
    grade: A1
    use: fit
"""
UPKEEP = "    upkeep: "
PROVEN = """    unproven: {values: {government: 0, opposition: 0}, assumed: "worth their paper"}
"""
"""What two armies hide would be most of what a toy's few items tell."""

WINDOWS = (("2001-05-01", "2001-08-31"), ("2001-09-01", "2001-12-31"))


def written(folder: Path, values: list[float]) -> Path:
    """The template with a dossier of struck targets, in the order of the windows."""
    if not folder.exists():
        scaffold(folder.name, folder.parent)
        case = (folder / "case.yaml").read_text()
        assert case.count(UPKEEP) == 1
        (folder / "case.yaml").write_text(case.replace(UPKEEP, PROVEN + UPKEEP))
    text, at = "items:\n", iter(values)
    for on in ("civilians", "opposition"):
        for number, (start, end) in enumerate(WINDOWS):
            text += ITEM.format(name=f"{on}_{number}", on=on, start=start, end=end, value=next(at))
    (folder / "dossier.yaml").write_text(text)
    return folder


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Path:
    """A case whose dossier is what one future under `disposable` reads."""
    folder = tmp_path_factory.mktemp("planted") / "mine"
    case = load(written(folder, [1.0, 1.0, 1.0, 1.0]))
    found = bank(case, "disposable", evidence(case), 12, seed=77)
    assert found.readings.shape == (5, 12)
    return written(folder, [float(x) for x in found.readings[:4, 11]])


@pytest.fixture(scope="module")
def compared(planted) -> al.Comparison:
    twin = replace(named("unable"), name="unable_too")
    return al.compare(planted, [named("unable"), "disposable", twin], runs=RUNS, recover=20)


def test_a_planted_theory_is_found_and_its_twins_share_the_rest(compared):
    posterior = compared.posterior
    assert sum(posterior.values()) == pytest.approx(1.0)
    assert compared.verdict == "disposable"
    assert posterior["unable"] == pytest.approx(posterior["unable_too"], abs=0.02)
    assert all(0.0 <= error < 0.2 for error in compared.se.values())


def test_theories_with_the_same_numbers_are_not_told_apart(compared):
    """Traced back, worlds of twins get no verdict; the third theory is told from both."""
    table = compared.recovery.table(compared.recovery.picked)
    assert table["unable"]["not identifiable"] + table["unable"]["disposable"] == 20
    assert table["unable"]["not identifiable"] >= 15
    assert table["disposable"]["disposable"] >= 12


def test_half_and_double_width_are_reported(compared):
    found = compared.summary()["widths"]
    assert set(found) == set(WIDTHS)
    assert found["given"]["posterior"] == compared.posterior
    chosen = [found[width]["posterior"]["disposable"] for width in WIDTHS]
    assert len(set(chosen)) == 3
    assert found["double"]["posterior"]["unable"] > found["half"]["posterior"]["unable"]


def test_what_was_struck_is_what_tells(compared):
    first = compared.diagnostic()[0]
    assert first["item"].startswith("civilians")
    assert first["log_ratio"]["disposable"] > 1.0 > first["log_ratio"]["unable"]
    assert first["information"] > 0.05
    choice = next(row for row in compared.diagnostic() if row["item"] == "choice:north_enters")
    assert choice["range"] < first["range"]


def test_the_struck_targets_tell_of_fear(compared):
    """The planted future's patron was afraid; before the evidence all motives are alike."""
    (weights,) = (part.motives["north"] for part in compared.cases)
    told = weights.summary()
    assert set(told) == set(MOTIVES)
    assert told["fear"]["mean"] > told["fear"]["prior"] + 0.1
    assert told["fear"]["contraction"] > 0.1
    assert sum(row["mean"] for row in told.values()) == pytest.approx(1.0, abs=1e-6)
    assert sum(row["largest"] for row in told.values()) == pytest.approx(1.0)


def test_without_evidence_on_them_motives_stay_as_they_were(planted):
    """Records that are the same in all futures leave the prior."""
    case = load(planted)
    known = evidence(case)
    found = bank(case, "undecided", known, 256, seed=1)
    flat = replace(found, readings=np.ones_like(found.readings))
    for row in infer(flat, list(known.targets.values()), 1)["north"].summary().values():
        assert row["mean"] == pytest.approx(row["prior"], abs=0.06)
        assert row["contraction"] == pytest.approx(0.0, abs=0.15)


def test_the_command_prints_what_scripts_rely_on(fake_engine, capsys):
    arguments = ["compare", str(TEMPLATE), "--theories", "unable,unwilling", "--runs", "64"]
    assert code([*arguments, "--recover", "5", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["posterior"]) == set(found["se"]) == {"unable", "unwilling"}
    assert sum(found["posterior"].values()) == pytest.approx(1.0, abs=1e-5)
    assert found["verdict"] in ("unable", "unwilling", "not identifiable")
    assert [sum(row.values()) for row in found["recovery"].values()] == [5, 5]
    assert {row["item"] for row in found["diagnostic"]} >= {"ground_2001_09", "choice:north_enters"}
    assert found["traced"]["wrong"] >= 0
    assert any("unwilling also switches S07 off" in told for told in found["warnings"])
    assert set(found["widths"]) == {"half", "given", "double"}
    assert set(found["motives"]["template"]["north"]["fear"]) >= {"mean", "q05", "q95", "prior"}


def test_levers_are_pulled_in_the_compared_cases(fake_engine, capsys):
    levers = ["--free", "north_enters", "--without", "S07", "--set", "parameter.margin=3"]
    arguments = ["compare", str(TEMPLATE), "--theories", "unable,unwilling", "--runs", "64"]
    assert code([*arguments, *levers, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["levers"]["template"]) == {
        "--free north_enters",
        "--without S07",
        "--set parameter.margin=3",
    }
    # S07 is off under both, so that it sets neither apart.
    assert not any("S07" in told for told in found["warnings"])
    assert not any("stand as they were" in told for told in found["warnings"])
    assert code([*arguments, *levers]) == 0
    assert "--free north_enters" in capsys.readouterr().out
    assert code([*arguments, "--free", "north_enter"]) == 2
    assert "north_enters" in capsys.readouterr().err


def test_a_freed_choice_stays_evidence_and_is_read_where_it_is_made(planted):
    case = load(planted).set("parameter.entry_cost", 0.2)  # so that it comes at times
    freed = evidence(case.free("north_enters"))
    assert set(freed.items) == set(evidence(case).items)
    assert freed.choices == ()
    assert "choice:north_enters" not in evidence(case.without("north_enters")).items
    both = evidence(case.free("north_enters").without("north_enters"))
    assert "choice:north_enters" not in both.items
    readings = [
        bank(c, "unable", k, 64, seed=5).readings
        for c, k in ((case, evidence(case)), (case.free("north_enters"), freed))
    ]
    at = list(freed.items).index("choice:north_enters")
    pinned, left = readings
    np.testing.assert_array_equal(pinned[at], left[at])
    assert 0.0 < left[at].mean() < 1.0
    plain = [name for name in freed.items if not name.startswith("choice:")]
    assert not np.array_equal(pinned[: len(plain)], left[: len(plain)])


def test_people_get_a_table_of_all_cases(fake_engine, capsys, tmp_path):
    scaffold("other", tmp_path)
    arguments = ["compare", str(TEMPLATE), str(tmp_path / "other"), "--theories", "unable,stated"]
    assert code([*arguments, "--runs", "64", "--recover", "4"]) == 0
    told = capsys.readouterr().out
    for words in ("Verdict:", "half width", "guessing scores -0.69", "Motives of North", "traced"):
        assert words in told
    assert "template, other: 64 futures" in told


def test_evidence_counts_once(capsys):
    assert code(["compare", str(TEMPLATE), str(TEMPLATE)]) == 2
    assert "the same case twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--theories", "unable"], "nothing to compare"),
        (["--theories", "unable,unable"], "nothing to compare"),
        (["--theories", "unable,unwiling"], "unwilling"),
        (["--runs", "3"], "out of range"),
        (["--recover", "-1"], "out of range"),
    ],
)
def test_a_wrong_order_is_refused(arguments, message, capsys):
    assert code(["compare", str(TEMPLATE), *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_case_without_a_dossier_is_refused(tmp_path):
    scaffold("bare", tmp_path)
    (tmp_path / "bare" / "dossier.yaml").unlink()
    with pytest.raises(CaseError, match="no dossier"):
        al.compare(tmp_path / "bare", runs=64)

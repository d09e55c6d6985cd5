"""What a hostile or careless user gives: one paragraph that says what to change, no traceback."""

import shutil
import subprocess
import sys
from datetime import date

import pytest

from allegiance.cases.errors import CaseError, short, shown
from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.engine import executables
from allegiance.engine.estimate import affordable, estimate
from allegiance.engine.setup import prepare
from allegiance.engine.theories import DEFAULT
from allegiance.world.parameters import PARAMETERS

CASE = str(TEMPLATE)
DIGITS = "9" * 5001

WRONG = [
    (("--set", "parameter.margin=1e30"), "--set parameter.margin", "a number from -3.4 to 6.6"),
    (("--set", "parameter.margin=nan"), "--set parameter.margin", "prior normal(1.6, 0.5)"),
    (("--set", "parameter.coupling=99"), "--set parameter.coupling", "from 0 to 17"),
    (("--set", f"parameter.margin={DIGITS}"), "--set parameter.margin", "from -3.4 to 6.6"),
    (("--set", "parameter.nope=1"), "--set", "nearest: "),
    (("--set", f"north.gdp={DIGITS}"), "--set north.gdp", "a finite number"),
    (("--set", "north.gdp"), "--set", "ADDRESS=VALUE"),
    (("--set", "north.\x1b[31mgdp=1"), "--set", "actor.noun"),
    (("--set", "spring_truce.date=0000-01-01"), "--set spring_truce.date", "YYYY-MM-DD"),
    (("--set", "spring_truce.date=9999-12-31"), "--set", "a date of the case"),
    (("--without", "nothing"), "--without", "entries of the timeline"),
    (("--free", "volunteers"), "--free", "north_enters"),
    (("--theory", "stated_aim"), "--theory", "stated"),
    (("--until", "2000-01-01"), "--until", "after 2001-01-01"),
    (("--until", "9999-12-31"), "--until", "at most"),
    (("--until", "0000-01-01"), "--until", "YYYY-MM-DD"),
    (("--until", "٢٠٠١-٠٦-٠١"), "--until", "YYYY-MM-DD"),
    (("--runs", "2000000000"), "--runs", "at most 95238095 futures"),
    (("--runs", DIGITS), "--runs: too large", "a whole number, 1 or more"),
    (("--out", ""), "--out", "a folder for this run alone"),
    (("--out", "."), "--out", "a folder for this run alone"),
    (("--out", "x\0y"), "--out", "null byte"),
    (("--out", "x" * 5000), "--out", "cannot be written"),
    (("--out", "/proc/x"), "--out", "no folder can be made there"),
    (("--posterior", "/dev/null"), "/dev/null", "no plain file"),
    (("--workers", "0"), "--workers", "from 1 to"),
    (("--cluster", "file:///etc/passwd"), "--cluster", "tcp://HOST:PORT"),
]


@pytest.mark.parametrize(("given", "named", "allowed"), WRONG, ids=lambda x: " ".join(x)[:40])
def test_the_option_and_what_it_allows_are_named(
    given, named, allowed, capsys, fake_engine, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert code(["run", CASE, "--runs", "8", *given]) == 2
    told = capsys.readouterr().err
    assert named in told
    assert allowed in told
    assert told.count("\n") == 1
    assert len(told) < 1200
    assert "\x1b" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_resumption_says_what_a_folder_holds_instead_of_a_run(capsys, fake_engine, tmp_path):
    assert code(["new", "my_case", "--in", str(tmp_path)]) == 0
    folder = tmp_path / "my_case"
    for held in ("a case, not a run", "what is no run"):
        assert code(["run", CASE, "--runs", "8", "--out", str(folder), "--resume"]) == 2
        told = capsys.readouterr().err
        assert f"--resume: the folder is not empty: it holds {held}; found '{folder}'" in told
        assert "allowed: a new or empty folder, or --resume with the folder of" in told
        (folder / "case.yaml").unlink(missing_ok=True)


def test_an_output_that_is_a_link_is_followed_and_a_broken_one_refused(
    capsys, fake_engine, tmp_path, monkeypatch
):
    monkeypatch.setattr("allegiance.cli.run._drawn", lambda out, case: out)
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert code(["run", CASE, "--runs", "8", "--out", str(tmp_path / "link")]) == 0
    assert (tmp_path / "real" / "summary.json").is_file()
    capsys.readouterr()
    assert code(["run", CASE, "--runs", "8", "--out", str(tmp_path / "loop")]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["swordfish", "key: swordfish", "swordfish: 1", "a: [swordfish"])
@pytest.mark.parametrize("file", ["case.yaml", "timeline.yaml", "dossier.yaml"])
def test_what_lies_outside_a_case_is_not_repeated_by_its_errors(capsys, tmp_path, file, text):
    """A case of somebody else's may link to a file of one's own, and errors end in logs."""
    case = tmp_path / "template"
    shutil.copytree(CASE, case)
    (tmp_path / "secret").write_text(f"# mine\n{text}\n", encoding="utf-8")
    (case / file).unlink()
    (case / file).symlink_to(tmp_path / "secret")
    for command in (["check", str(case)], ["confront", str(case), "--runs", "8"]):
        assert code(command) == 2
        told = capsys.readouterr()
        assert "swordfish" not in told.out + told.err
        assert f"template/{file}" in told.err
        assert "a link out of its folder" in told.err


def test_a_file_of_a_case_may_be_a_link_to_another_folder(
    capsys, fake_engine, tmp_path, monkeypatch
):
    monkeypatch.setattr("allegiance.cli.run._drawn", lambda out, case: out)
    case = tmp_path / "template"
    shutil.copytree(CASE, case)
    (tmp_path / "kept.yaml").write_bytes((case / "timeline.yaml").read_bytes())
    (case / "timeline.yaml").unlink()
    (case / "timeline.yaml").symlink_to("../kept.yaml")
    (tmp_path / "secret").write_text("swordfish")
    (case / "posterior.yaml").symlink_to(tmp_path / "secret")
    out = tmp_path / "out"
    assert code(["run", str(case), "--runs", "8", "--posterior", "none", "--out", str(out)]) == 0
    kept = sorted(path.name for path in (out / "case" / "template").iterdir())
    assert kept == ["case.yaml", "dossier.yaml", "timeline.yaml"]  # not what was never read


def test_every_value_of_the_table_may_be_set_again():
    for parameter in PARAMETERS:
        again = DEFAULT.set(parameter.name, parameter.value)
        assert dict(again.changed)[parameter.name] == parameter.value
        low, high = parameter.range
        assert low < high


def test_an_estimate_grows_with_the_order_and_is_held_against_the_disk(
    template, tmp_path, monkeypatch
):
    small, large = (prepare(template, runs=n, record=["north.treasury"]) for n in (1000, 10_000))
    assert estimate(large, True, 2).seconds == pytest.approx(10 * estimate(small, True, 2).seconds)
    assert estimate(large, True, 2).bytes == pytest.approx(10 * estimate(small, True, 2).bytes)
    assert estimate(large, False, 2).bytes == 0
    assert affordable(large, tmp_path / "new" / "folder").bytes > 0
    monkeypatch.setattr("allegiance.engine.estimate._free", lambda folder: 1000.0)
    with pytest.raises(CaseError, match=r"would be written and 1\.0 kB are free"):
        affordable(small, tmp_path)
    affordable(small, None)


def test_a_long_run_says_how_long(template, capsys, fake_engine, monkeypatch):
    monkeypatch.setattr("allegiance.engine.estimate.TALKATIVE", 0.0)
    assert code(["run", CASE, "--runs", "8"]) == 0
    assert "this will take some 1 minutes" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["run", "contrast --without S07", "confront"])
def test_an_order_beyond_all_measure_is_refused_by_every_command(line, capsys, fake_engine):
    command, *levers = line.split()
    assert code([command, CASE, *levers, "--runs", "2000000000"]) == 2
    assert "--runs: too much for one run: some " in capsys.readouterr().err


@pytest.mark.parametrize("more", [(), ("--left-out",)])
def test_scoring_all_cases_is_estimated_before_it_begins(more, capsys, fake_engine, monkeypatch):
    assert code(["cases", "--score", "--runs", "2000000000", *more]) == 2
    told = capsys.readouterr().err
    assert "--runs: too much for one run: some " in told
    assert told.count("\n") == 1
    scored = []
    for name in ("scored", "left_out"):
        monkeypatch.setattr(f"allegiance.panel.shipped.{name}", lambda *a, **k: scored.append(a))
    assert code(["cases", "--score", "--json", "--runs", "400000", *more]) == 0
    assert scored == [(400000,)]
    assert "this will take some " in capsys.readouterr().err


def test_a_first_run_says_that_it_compiles(capsys):
    from allegiance.cli.options import progress

    with progress("Simulating", 8, True):
        assert executables.load(None, "a program that is not there", (), ()) is None
    assert "compiling, once" in capsys.readouterr().err
    executables.on_miss = None


def test_a_number_of_many_digits_is_told_in_words():
    assert shown(int("9" * 4000)) == "a whole number of more than 120 digits"
    assert shown(10**50) == "1" + "0" * 50
    assert shown(date(1, 1, 1)) == "0001-01-01"


def test_a_long_list_is_cut_between_two_words_and_a_long_word_where_it_is_full():
    names = ", ".join(["harbour", "valley"] * 40)
    assert short(names, 29) == "harbour, valley, harbour, …"
    assert short(names, 24) == "harbour, valley, …"
    assert short("x" * 200, 50) == "x" * 50 + "…"
    assert short("a " + "x" * 200, 50) == "a " + "x" * 48 + "…"
    assert short("harbour, valley", 15) == "harbour, valley"


def test_the_package_is_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "allegiance", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip()[0].isdigit()


def changed(folder, old, new, tmp_path, file):
    """The template with a piece of a file replaced; what `check` says of it."""
    import shutil

    shutil.copytree(TEMPLATE, tmp_path / "template")
    path = tmp_path / "template" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return code(["check", str(tmp_path / "template")])


FILES = [
    (
        "case.yaml",
        "facade: {value: 0.3",
        "facade: {value: 0.3, low: 0.5, high: 0.1",
        "low 0.5, high 0.1",
    ),
    ("case.yaml", "facade: {value: 0.3", f"facade: {{value: {DIGITS}", "facade"),
    ("case.yaml", "facade: {value: 0.3", "facade: {value: .nan", "a finite number"),
    ("timeline.yaml", "until: 2002-07-01", "until: 2002-01-01", "the truce ends before it begins"),
    ("timeline.yaml", "date: 2002-03-01", "date: 0000-03-01", "spring_truce.date"),
    ("timeline.yaml", "date: 2002-03-01", "date: 9999-12-31", "at most 2200-12-31"),
    ("timeline.yaml", "spring_truce:", "'spring\\x1btruce':", "entries"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), FILES, ids=lambda x: str(x)[-30:])
def test_a_wrong_file_is_told_with_line_and_key(file, old, new, told, tmp_path, capsys):
    assert changed(TEMPLATE, old, new, tmp_path, file) == 2
    said = capsys.readouterr().err
    assert told in said
    assert f"template/{file}, line " in said
    assert "Traceback" not in said
    assert len(said) < 4000

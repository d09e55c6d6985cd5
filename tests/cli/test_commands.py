"""The program as a script meets it: JSON, exit codes, messages. The engine is a stand-in."""

import errno
import json
import subprocess
import sys

import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.engine.store import Store

CASE = str(TEMPLATE)


@pytest.fixture
def ask(capsys):
    """Run a command; return its exit code, its JSON (or None) and what it said on stderr."""

    def asked(*arguments):
        number = code([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return number, json.loads(told.out) if told.out.startswith("{") else None, told.err

    return asked


def test_run_gives_the_keys_that_scripts_rely_on(ask, fake_engine):
    arguments = ("--runs", 12, "--seed", 4, "--by", "2001-06-30", "--record", "north.losses")
    number, found, _ = ask("run", CASE, *arguments, "--without", "S07", "--json")
    assert number == 0
    head = {key: found[key] for key in ("case", "theory", "runs", "seed", "from", "until")}
    assert head == {
        "case": "template",
        "theory": "default",
        "runs": 12,
        "seed": 4,
        "from": "2001-01-01",
        "until": "2002-12-31",
    }
    assert found["levers"] == ["--without S07"]
    assert found["seconds"] >= 0
    keys = {"kind", "p", "se", "by", "median_date", "q05", "q50", "q95"}
    assert all(keys <= outcome.keys() for outcome in found["outcomes"].values())
    event = found["outcomes"]["government_falls"]
    assert event["kind"] == "event"
    assert set(event["by"]) == {"2001-06-30"}
    assert event["by"]["2001-06-30"].keys() == {"p", "se"}
    assert event["q50"] is None
    held = found["outcomes"]["ground_held"]
    assert held["kind"] == "quantity"
    assert held["p"] is None
    assert held["q05"] <= held["q50"] <= held["q95"]
    assert set(found["series"]) == {
        *("harbour.control[government]", "north.strikes.off_target_share", "north.losses")
    }
    assert set(found["series"]["north.losses"]) == {"2001", "2002"}


def test_a_folder_gets_everything_and_gives_the_same_json(ask, fake_engine, tmp_path):
    _, plain, _ = ask("run", CASE, "--runs", 12, "--json")
    number, kept, _ = ask("run", CASE, "--runs", 12, "--out", tmp_path / "out", "--json")
    assert number == 0
    assert {k: kept[k] for k in ("outcomes", "series")} == {
        k: plain[k] for k in ("outcomes", "series")
    }
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == kept
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert made == {
        *("manifest.json", "summary.json", "events.parquet", "runs.parquet"),
        *("trajectories.zarr", "plots", "case"),
    }
    assert (tmp_path / "out" / "plots" / "overview.png").read_bytes()[:4] == b"\x89PNG"


def test_contrast_gives_differences_and_a_chain(ask, fake_engine):
    number, found, _ = ask("contrast", CASE, "--without", "S07", "--runs", 12, "--json")
    assert number == 0
    keys = {"a", "b", "difference", "q05", "q95"}
    assert all(keys <= outcome.keys() for outcome in found["outcomes"].values())
    assert found["chain"]
    assert {"address", "first", "effect"} <= found["chain"][0].keys()


def test_cases_lists_the_shipped_cases(ask):
    number, found, _ = ask("cases", "--json")
    assert number == 0
    for case in found["cases"]:
        assert case.keys() == {*("name", "title", "summary", "from", "until", "actors", "items")}


def test_show_check_and_new(ask, tmp_path):
    assert ask("show", CASE, "--json")[1]["name"] == "template"
    number, found, _ = ask("new", "mine", "--in", tmp_path, "--json")
    assert (number, found["folder"]) == (0, str(tmp_path / "mine"))
    number, found, _ = ask("check", tmp_path / "mine", "--json")
    assert number == 0
    assert found["ok"]
    assert found["errors"] == []


def test_check_lists_every_error(ask, tmp_path):
    ask("new", "mine", "--in", tmp_path)
    file = tmp_path / "mine" / "case.yaml"
    text = file.read_text().replace("treasury: {value: 40", "tresury: {value: 40")
    file.write_text(text.replace("facade: {value: 0.3", "facade: {value: x"))
    number, found, _ = ask("check", tmp_path / "mine", "--json")
    assert number == 2
    assert not found["ok"]
    assert {"file", "line", "key", "problem", "found", "allowed", "nearest"} == {
        *found["errors"][0]
    }
    assert len(found["errors"]) >= 3
    number, _, said = ask("check", tmp_path / "mine")
    assert number == 2
    assert len(said.splitlines()) == len(found["errors"])
    assert "tresury" in said
    assert "nearest: treasury" in said


def test_check_knows_what_can_be_recorded(ask, tmp_path):
    ask("new", "mine", "--in", tmp_path)
    file = tmp_path / "mine" / "case.yaml"
    file.write_text(file.read_text().replace("event: harbour.fallen", "event: harbour.fell_down"))
    number, _, said = ask("check", tmp_path / "mine")
    assert number == 2
    assert "outcomes.government_falls: unknown address" in said


def test_mechanisms_lists_all_rows(ask):
    rows = ask("mechanisms", "--json")[1]["rows"]
    assert [row["id"] for row in rows] == [f"S{number:02}" for number in range(1, 59)]
    assert all({"verb", "switch", "parameters", "test", "cases"} <= row.keys() for row in rows)


def test_ablation_gives_effects(ask, fake_engine):
    arguments = ("--row", "S07", "--row", "S32", "--case", CASE, "--ablate", "--runs", 8)
    number, found, _ = ask("mechanisms", *arguments, "--json")
    assert number == 0
    assert [row["id"] for row in found["rows"]] == ["S07", "S32"]
    assert (found["case"], found["runs"], found["seed"]) == ("template", 8, 1)
    effect = found["rows"][0]["effects"]["ground_held"]
    assert effect.keys() >= {"a", "b", "difference", "q05", "q95"}


def test_without_a_number_an_ablation_takes_what_time_allows(ask, fake_engine):
    found = ask("mechanisms", "--row", "S07", "--case", CASE, "--ablate", "--json")[1]
    assert found["runs"] == 512


@pytest.mark.parametrize("row", [f"S{number:02}" for number in range(1, 59)])
def test_any_row_can_be_contrasted(row, ask, fake_engine):
    number, found, _ = ask("contrast", CASE, "--without", row, "--runs", 8, "--json")
    assert number == 0
    assert found["levers"] == [f"--without {row}"]


def test_a_table_of_effects_leaves_out_what_is_unclear_or_tiny():
    from allegiance.show import cards, tables

    def row(id, a, b, low, high):
        effect = {"a": a, "b": b, "difference": b - a, "q05": low, "q95": high}
        return {"id": id, "name": f"named {id}", "effects": {"held": effect}}

    rows = [
        row("S01", 0.5, 0.4, -0.2, -0.05),
        row("S02", 0.5, 0.499, -0.002, -0.0005),
        row("S03", 0.5, 0.4, -0.3, 0.1),
        row("S04", 0.5, 0.5, 0.0, 0.0),
    ]
    about = {"case": "x", "runs": 8, "seed": 1, "outcomes": {"held": ("land held", "share")}}
    head, table, *words = cards.effects(rows, about)
    assert "8 futures a row" in str(head)
    console = tables.console()
    with console.capture() as told:
        console.print(table)
    assert "S01 named S01" in told.get()
    assert "land held" in told.get()
    assert not any(id in told.get() for id in ("S02", "S03", "S04"))
    assert [str(text).split(": ")[1] for text in words] == ["S02", "S03", "S04"]


def test_parameters_tell_their_provenance(ask):
    found = ask("parameters", "--case", CASE, "--json")[1]
    assert sum(found["shares"].values()) == pytest.approx(1.0, abs=1e-3)
    assert sum(found["case"]["shares"].values()) == pytest.approx(1.0)
    assert len(found["parameters"]) == found["n"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", CASE, "--runs", "8"),
        ("contrast", CASE, "--without", "S07", "--runs", "8"),
        ("run", CASE, "--runs", "8", "--theory", "unable"),
        ("contrast", CASE, "--theory", "unwilling", "--runs", "8"),
        ("cases",),
        ("show", CASE),
        ("check", CASE),
        ("mechanisms",),
        ("mechanisms", "--case", CASE, "--ablate", "--row", "S07", "--runs", "8"),
        ("parameters", "--case", CASE),
    ],
)
def test_people_get_tables(arguments, fake_engine, capsys):
    assert code(list(arguments)) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.strip()
    assert "nan" not in told.out.lower().split()


def test_probabilities_carry_words(fake_engine, capsys):
    code(["run", CASE, "--runs", "8"])
    told = capsys.readouterr().out
    assert any(words in told for words in ("likely", "even chance", "almost"))


WRONG = [
    (("run", "syri"), "no such case"),
    (("run", CASE, "--runs", "0"), "--runs"),
    (("run", CASE, "--runs", "-3"), "--runs"),
    (("run", CASE, "--runs", "many"), "--runs"),
    (("run", CASE, "--seed", "-1"), "--seed"),
    (("run", CASE, "--theory", "stated_aim"), "no such theory"),
    (("run", CASE, "--until", "2001-06-01", "--by", "2001-12-31"), "--by"),
    (("run", CASE, "--until", "2000-01-01"), "until"),
    (("run", CASE, "--by", "tomorrow"), "--by"),
    (("run", CASE, "--set", "north.gdp=nan"), "north.gdp"),
    (("run", CASE, "--set", "north.gdp"), "--set"),
    (("run", CASE, "--set", "north.strength=1"), "north.strength"),
    (("run", CASE, "--set", "parameter.strech=1"), "nearest: stretch"),
    (("run", CASE, "--set", "nroth.gdp=1"), "nroth.gdp"),
    (("run", CASE, "--without", "north_entrs"), "nearest: north_enters"),
    (("run", CASE, "--without", "S99"), "S99"),
    (("run", CASE, "--free", "volunteers"), "volunteers"),
    (("run", CASE, "--record", "harbour.controll[government]"), "harbour.control[government]"),
    (("run", CASE, "--record", "no address"), "no address"),
    (("run", CASE, "--resume"), "--resume"),
    (("run", CASE, "--out", "/proc/nowhere"), "--out"),
    (("run", CASE, "--frobnicate"), "--frobnicate"),
    (("run",), "CASE"),
    (("contrast", CASE), "nothing differs"),
    (("contrast", CASE, "--runs", "0", "--without", "S07"), "--runs"),
    (("mechanisms", "--row", "S77"), "S77"),
    (("mechanisms", "--ablate"), "--case"),
    (("mechanisms", "--case", "syria"), "--ablate"),
    (("mechanisms", "--runs", "8"), "--ablate"),
    (("mechanisms", "--until", "2015-01-01"), "--ablate"),
    (("new", "Not A Name"), "not a name"),
    (("check", "/nowhere"), "no such case"),
    (("frobnicate",), "frobnicate"),
]


@pytest.mark.parametrize(("arguments", "named"), WRONG, ids=lambda x: " ".join(x)[-40:])
def test_wrong_input_is_named_in_one_paragraph(arguments, named, ask, fake_engine):
    number, _, said = ask(*arguments)
    assert number == 2
    assert named in said
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_a_flood_of_input_is_not_echoed(ask):
    number, _, said = ask("run", CASE, "--set", f"north.gdp={'9' * 5000}x\n\x1b[31m")
    assert number == 2
    assert len(said) < 1000
    assert "\x1b" not in said


def test_a_full_disk_keeps_what_is_finished(ask, fake_engine, tmp_path, monkeypatch):
    write = Store.write

    def full(self, index, chunk, width):
        if index == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, index, chunk, width)

    monkeypatch.setattr(Store, "write", full)
    number, _, said = ask("run", CASE, "--runs", 20, "--out", tmp_path / "out")
    assert number == 1
    assert said.count("\n") == 1
    assert "No space left on device; 8 of 20 futures are kept" in said
    monkeypatch.setattr(Store, "write", write)
    number, kept, _ = ask(
        "run", CASE, "--runs", 20, "--out", tmp_path / "out", "--resume", "--json"
    )
    assert (number, kept["runs"]) == (0, 20)


def test_an_interruption_says_how_to_go_on(ask, fake_engine, tmp_path, monkeypatch):
    def stopped(self, index, chunk, width):
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "write", stopped)
    number, _, said = ask("run", CASE, "--runs", 20, "--out", tmp_path / "out")
    assert number == 130
    assert "--resume" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        *("run", "contrast", "confront", "compare", "cases", "show", "check", "new"),
        *("mechanisms", "parameters"),
    ],
)
def test_every_command_explains_itself(command, capsys):
    assert code([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert f"Example: allegiance {command}" in told
    assert "--json" in told


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from allegiance.cli.main import code; code(['--help']); code(['cases']);"
        "print('heavy:', *{'numpy', 'jax', 'xarray', 'matplotlib', 'rich.table'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy:"


def test_the_version_is_printed(capsys):
    assert code(["--version"]) == 0
    assert capsys.readouterr().out.strip()[0].isdigit()

"""A line that cannot be read is refused as everything else is: place, found, allowed, nearest."""

import os
from pathlib import Path

import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.cli import usage
from allegiance.cli.main import code

CASE = str(TEMPLATE)
WHOLE = "not a whole number; found 'x'; allowed: a whole number"

LINES = [
    ("serve --port abc", "--port: not a whole number; found 'abc'; allowed: a whole number from 0"),
    ("serve --port 70000", "--port: out of range; found 70000; allowed: a whole number from 0 to"),
    (f"run {CASE} --workers x", f"--workers: {WHOLE}, 1 or more"),
    (f"run {CASE} --runs x", f"--runs: {WHOLE}, 1 or more"),
    (f"run {CASE} --runs 1.5", "--runs: not a whole number; found '1.5'"),
    (f"run {CASE} --seed x", f"--seed: {WHOLE}, 0 or more"),
    (f"explain {CASE} --runs x", f"--runs: {WHOLE}"),
    (f"compare {CASE} --runs x", f"--runs: {WHOLE}"),
    (f"compare {CASE} --recover x", f"--recover: {WHOLE}, 0 or more"),
    (f"calibrate {CASE} --until 2004-01-01 --budget x", f"--budget: {WHOLE}"),
    (f"calibrate {CASE} --until 2004-01-01 --runs-per x", f"--runs-per: {WHOLE}"),
    ("mechanisms --runs x", f"--runs: {WHOLE}"),
    ("run", "CASE: missing; allowed: what `allegiance run --help` lists"),
    (f"forecast {CASE}", "--from: missing; allowed: what `allegiance forecast --help` lists"),
    ("runn", "no such command; found 'runn'; allowed: run, contrast"),
    (f"run {CASE} more", "one word too many; found 'more'; allowed: what `allegiance run --help`"),
    (f"run {CASE} --rnus 3", "no such option; found '--rnus'; allowed: what `allegiance run"),
    (f"run {CASE} --rnus 3", "nearest: --runs"),
    (f"run {CASE} --runs", "--runs: a value must follow"),
    (f"explain {CASE} --over nonsense", "--over: no such parameter or motive; found 'nonsense'"),
    (f"explain {CASE} --over nonsense", "allowed: free, all, north.motive, or a parameter"),
    (f"calibrate {CASE} --until 2004-01-01 --fit zzz", "--fit: no such parameter or motive"),
    ("new /path/x", "a path, not a name; found '/path/x'; allowed: a name alone"),
    ("new ../my_case", "--in says where: my_case --in .."),
    *(
        (f"cases {option}", f"{option.split()[0]}: nothing is scored; allowed: together with")
        for option in ("--left-out", "--runs 64", "--seed 2", "--picture x.png")
    ),
]


@pytest.mark.parametrize(("line", "said"), LINES, ids=[line[:50] for line, _ in LINES])
def test_a_line_is_refused_with_2_in_one_sentence(line, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert code(line.split(" ")) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out
    assert told.err.startswith("allegiance: ")
    assert told.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_nothing_far_off_is_offered_for_an_unknown_input(capsys):
    assert code(["explain", CASE, "--over", "nonsense"]) == 2
    assert "nearest" not in capsys.readouterr().err
    assert code(["explain", CASE, "--over", "al"]) == 2
    assert "nearest: all" in capsys.readouterr().err


@pytest.fixture
def places(tmp_path) -> Path:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    return tmp_path


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("file", "it is a file"),
        ("dangling", "it is a link that leads nowhere"),
        ("file/below", "file is a file"),
    ],
)
@pytest.mark.parametrize("line", ["run", "calibrate --until 2004-01-01"])
def test_an_output_that_can_be_no_folder_says_why(line, out, said, places, capsys):
    before = sorted(places.iterdir())
    assert code([*line.split(), CASE, "--out", str(places / out)]) == 2
    told = capsys.readouterr().err
    assert f"--out: cannot be written ({'' if 'below' not in out else str(places) + '/'}" in told
    assert said in told
    assert "allowed: a new folder" in told
    assert sorted(places.iterdir()) == before


def test_a_folder_that_may_be_made_or_filled_is_left_alone(places):
    read = usage.folder("--out")
    for name in ("new", "new/below", "."):
        assert read(str(places / name)) == places / name
    (places / "link").symlink_to(places)
    assert read(places / "link") == places / "link"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("picture.svg", "no picture"),
        ("folder.png", "cannot be written (it is a folder)"),
        ("missing/picture.png", "cannot be written (its folder does not exist)"),
        ("file/picture.png", "cannot be written (its folder does not exist)"),
        ("/proc/picture.png", "cannot be written ("),
        ("x" * 300 + ".png", "cannot be written (File name too long)"),
        ("a\0b.png", "cannot be written (it has no name"),
        ("nowhere.png", "cannot be written (it is a link that leads nowhere)"),
        ("pipe.png", "cannot be written (it is no file)"),
    ],
)
@pytest.mark.parametrize("line", ["cases --score", "crises", "survival a.csv b.csv"])
def test_a_place_for_a_picture_is_tried_before_the_work(line, file, said, places, capsys):
    (places / "folder.png").mkdir()
    (places / "nowhere.png").symlink_to(places / "target.png")
    os.mkfifo(places / "pipe.png")
    before = sorted(places.iterdir())
    assert code([*line.split(), "--picture", str(places / file)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"allegiance: --picture: {said}")
    assert told.count("\n") == 1
    assert sorted(places.iterdir()) == before


def test_a_picture_that_stands_there_stays_until_it_is_drawn_anew(places):
    read, kept = usage.picture("--picture"), places / "kept.png"
    kept.write_bytes(b"drawn before")
    assert read(str(kept)) == kept
    assert read(str(places / "new.png")) == places / "new.png"
    assert kept.read_bytes() == b"drawn before"
    assert not (places / "new.png").exists()

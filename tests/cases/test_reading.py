import os
import shutil
import time
import tracemalloc
from datetime import date

import pytest

from allegiance.cases import reading
from allegiance.cases.errors import CaseError
from allegiance.cases.reading import parse, read


def wrong(text: str) -> CaseError:
    with pytest.raises(CaseError) as caught:
        parse(text, "case.yaml")
    error = caught.value
    assert error.file == "case.yaml"
    assert len(str(error)) < 1000
    assert "\n" not in str(error)
    return error


def test_plain_scalars_follow_yaml_1_2():
    text = (
        "a: 1\nb: -2.5e1\nc: true\nd: null\ne: no\nf: 2011-03-15\ng: '1'\nh: 007\ni: 1_000\nj: 0x1"
    )
    assert parse(text, "f").data == {
        "a": 1,
        "b": -25.0,
        "c": True,
        "d": None,
        "e": "no",
        "f": date(2011, 3, 15),
        "g": "1",
        "h": "007",
        "i": "1_000",
        "j": "0x1",
    }


def test_every_key_and_item_has_its_line():
    document = parse("a:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n2011-01-01: 3\n", "f")
    assert document.lines == {
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 3,
        ("a", "c", 0): 4,
        ("a", "c", 1): 5,
        ("a", "c", 1, "d"): 5,
        ("2011-01-01",): 6,
    }
    assert document.line(("a", "c", 1, "absent")) == 5
    assert document.line(("absent",)) == 1


def test_yaml_bomb_is_refused_fast_in_little_memory():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{c}: &{c} [{', '.join([f'*{p}'] * 9)}]"
        for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    tracemalloc.start()
    start = time.perf_counter()
    error = wrong("\n".join(lines))
    assert time.perf_counter() - start < 0.5
    assert tracemalloc.get_traced_memory()[1] < 5e6
    tracemalloc.stop()
    assert error.line == 1
    assert "anchors" in str(error)


def test_alias_alone_is_refused():
    error = wrong("a: 1\nb: *a\n")
    assert (error.line, error.key) == (2, "b")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_fast(opening: str):
    start = time.perf_counter()
    error = wrong("a:\n  " + opening * 300_000)
    assert time.perf_counter() - start < 1.0
    assert error.line == 2


def test_nesting_up_to_the_limit_is_allowed():
    depth = reading.DEEPEST - 1
    parse("a: " + "[" * depth + "]" * depth, "f")
    assert "32" in (wrong("a: " + "[" * (depth + 1) + "]" * (depth + 1)).allowed or "")


def test_duplicate_key():
    error = wrong("a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert (error.line, error.key, error.found) == (4, "a", "'b'")
    assert "line 2" in error.problem
    assert error.allowed


@pytest.mark.parametrize("number", [".nan", ".NaN", ".inf", "-.inf", "1e999"])
def test_numbers_must_be_finite(number: str):
    error = wrong(f"a: 1\nb: {number}\n")
    assert (error.line, error.key, error.allowed) == (2, "b", "a finite number")


@pytest.mark.parametrize("day", ["0000-01-01", "2011-02-30", "2011-13-01", "2011-3-15"])
def test_dates_must_exist(day: str):
    error = wrong(f"a:\n  b: {day}\n")
    assert (error.line, error.key, error.allowed) == (2, "a.b", "a date YYYY-MM-DD")


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['true']",
        "!!python/name:os.system",
        "!!float 1",
        "!mine {b: 1}",
        "!<tag:yaml.org,2002:binary> aGk=",
    ],
)
def test_tags_are_refused(value: str):
    error = wrong(f"a: {value}\n")
    assert (error.line, error.key) == (1, "a")
    assert "tags" in error.problem


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2\nb: 3", 2),
        ("a: 1\n\tb: 2", 2),
        ("a: 'x", 1),
        ("a: b: c", 1),
        ("a: 1\n--- \nb: 2", 2),
        ("- 1", 1),
        ("word", 1),
        ("", 1),
        ("? [a, b]\n: 1", 1),
        ("a: 1\nb: \x07", 2),
        ("a: 1\n? " + "k" * 300 + "\n: 1", 2),
    ],
)
def test_broken_text_has_its_line(text: str, line: int):
    assert wrong(text).line == line


def test_files_are_bounded(tmp_path, monkeypatch):
    file = tmp_path / "case.yaml"
    file.write_bytes(b"a: " + b"x" * reading.MOST_BYTES)
    with pytest.raises(CaseError, match="too large"):
        read(file)
    file.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(CaseError, match="line 2: not text in UTF-8"):
        read(file)
    with pytest.raises(CaseError, match="no plain file"):
        read(tmp_path)
    with pytest.raises(CaseError, match="no such file"):
        read(tmp_path / "absent.yaml")
    monkeypatch.setattr(reading, "MOST_NODES", 5)
    file.write_text("a: [1, 2, 3, 4, 5]")
    with pytest.raises(CaseError, match="too many"):
        read(file)


def test_device_is_no_file():
    from pathlib import Path

    with pytest.raises(CaseError, match="no plain file"):
        read(Path("/dev/zero"))


def test_a_pipe_is_refused_wherever_a_file_may_be_absent(tmp_path):
    from allegiance.cases.listing import line
    from allegiance.cases.new import TEMPLATE
    from allegiance.engine.scenario import load
    from allegiance.evidence import dossier, posteriors

    folder = tmp_path / "template"
    shutil.copytree(TEMPLATE, folder)
    (folder / "dossier.yaml").unlink()
    assert line(folder)["items"] == 0
    for name in ("dossier.yaml", "posterior.yaml"):
        os.mkfifo(folder / name)
    with pytest.raises(CaseError, match="no plain file"):
        line(folder)
    scenario = load(folder)
    with pytest.raises(CaseError, match="no plain file"):
        dossier.items(scenario.files)
    with pytest.raises(CaseError, match="no plain file"):
        posteriors.chosen(scenario, None)


@pytest.mark.parametrize("text", ["powers: 5", "powers:", "clients: word", "title: [1]"])
def test_a_list_of_cases_survives_any_mapping(tmp_path, text):
    from allegiance.cases.listing import line

    (tmp_path / "case.yaml").write_text(text)
    (tmp_path / "dossier.yaml").write_text("items: 3")
    assert (line(tmp_path)["actors"], line(tmp_path)["items"]) == (0, 0)


def test_messages_repeat_little_and_escape_controls():
    error = wrong('a: 1\n"a": 2')
    assert error.found == "'a'"
    long = CaseError("problem", found="x" * 10_000, key="k\x1b[31m\n" + "y" * 10_000)
    assert len(str(long)) < 400
    assert "\x1b" not in str(long)
    assert "\\x1b" in str(long)

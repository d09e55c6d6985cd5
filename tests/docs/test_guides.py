"""The guides' examples are executed: a command, a name or a line that is gone fails here.

The engine is a stand-in, so that orders on the largest case cost nothing: everything else is real
(parsing, cases, levers, stores, tables, reports). The compiled engine runs the same commands on
the small case in `tests/cli/test_end_to_end.py`, and when the pages are built.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.engine.scenario import load
from allegiance.show.words import ICD_203

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from pages.guides import build, commands, examples, patched, played, told

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"
HANDS_ON = "mechanism"
LEAST = {"explain": "4992", "compare": "64"}
"""What these need for the small case."""

SMALL = {
    "syria": str(TEMPLATE),
    "ukraine_war_2022": "war_on_the_border",
    "assad_falls": "government_falls",
}
"""What stands for what where an order would store or draw a large case."""


DRAWS = "analyst"
"""The guide that tells to open a picture; drawing again for the others takes seconds each."""


def of(name: str) -> list:
    return list(examples((GUIDES / f"{name}.md").read_text(encoding="utf-8")))


def lighter(words: list[str]) -> list[str]:
    """The same order with as few futures as it takes."""
    if words[0] in ("run", "compare", "confront", "explain", "report"):
        words = [SMALL.get(word, word) for word in words]
    if words[0] in ("run", "contrast", "compare", "confront", "explain"):
        runs = LEAST.get(words[0], "4")
        if "--runs" in words:
            words[words.index("--runs") + 1] = runs
        else:
            words += ["--runs", runs]
    return words


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in GUIDES.glob("*.md") if path.stem != HANDS_ON)
)
def test_a_guide_does_as_it_says(quick, tmp_path, monkeypatch, name):
    if name != DRAWS:
        monkeypatch.setattr("allegiance.cli.run._drawn", lambda out, case: out / "plots")
    for example in of(name):
        if example.mark != "skip":
            played(example, tmp_path, lighter)


def test_an_outcome_that_a_guide_names_is_one():
    outcomes = load("syria").files.case.outcomes
    named = [
        word
        for path in GUIDES.glob("*.md")
        for word in re.findall(r"--outcome (\w+)", path.read_text(encoding="utf-8"))
    ]
    assert named
    assert set(named) <= outcomes.keys()


def test_a_mechanism_can_be_added_as_the_guide_says(tmp_path):
    """In a copy of the checkout; the tools are those of the guide's commands."""
    for part in ("src", "tests", "tools"):
        ignored = shutil.ignore_patterns("__pycache__", "shipped", "static", "web")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    here = os.environ | {"PYTHONPATH": str(tmp_path / "src")}
    ran = 0
    for example in of(HANDS_ON):
        if example.mark == "skip":
            continue
        if example.language != "sh":
            played(example, tmp_path)
            continue
        for words, _ in commands(example.text):
            assert words[0] == ".venv/bin/python"
            order = [sys.executable, *words[1:]]
            done = subprocess.run(
                order, check=False, capture_output=True, text=True, cwd=tmp_path, env=here
            )
            assert done.returncode == 0, done.stdout + done.stderr
            ran += 1
    assert ran == 2
    text = (tmp_path / "src/allegiance/verbs/rule.py").read_text(encoding="utf-8")
    assert "S59" not in (ROOT / "src/allegiance/verbs/rule.py").read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines()) <= 100


def test_files_that_a_skipped_example_names_exist():
    for path in GUIDES.glob("*.md"):
        page = path.read_text(encoding="utf-8")
        for name in re.findall(r"(?:src|tests|tools|docs)/[\w/.]+\w", page):
            if "s59" not in name:
                assert (ROOT / name).exists(), f"{path.name}: {name}"


def test_the_words_are_those_of_the_program():
    page = (GUIDES / "analyst.md").read_text(encoding="utf-8")
    low = 0
    for most, words in ICD_203:
        high = round(100 * most)
        span = {0: f"below {high}%", 95: f"{low}% and more"}.get(low, f"{low}-{high}%")
        assert f"| {words} | {span} |" in page
        low = high


def test_a_stale_example_is_noticed(quick, tmp_path):
    page = "```sh\nallegiance show syria\nallegiance contrast syria --without no_such_war\n```\n"
    (example,) = examples(page)
    with pytest.raises(ValueError, match=r"line 1: exit code 2[^$]*no_such_war"):
        played(example, tmp_path)
    sound = example._replace(text="allegiance show syria\n", mark="refused")
    with pytest.raises(ValueError, match="exit code 0"):
        played(sound, tmp_path)


def test_a_mark_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="line 2: not a mark: 'skip'"):
        list(examples("\n<!-- skip -->\n```sh\nallegiance\n```\n"))
    with pytest.raises(ValueError, match="not a mark"):
        list(examples("<!-- shown -->\n```sh\nallegiance\n```\n"))


def test_commands_are_split_as_a_shell_would():
    text = "allegiance a 'b c' \\\n  --d  # why\nx && y --json > out/z.json\n"
    assert list(commands(text)) == [
        (["allegiance", "a", "b c", "--d"], None),
        (["x"], None),
        (["y", "--json"], "out/z.json"),
    ]


def test_a_diff_changes_what_stands_there_once(tmp_path):
    file = tmp_path / "f.txt"
    file.write_text("one\ntwo\nthree\nfour\n")
    head = "--- a/f.txt\n+++ b/f.txt\n"
    patched(f"{head}@@\n one\n-two\n+2\n@@\n+3.5\n four\n", tmp_path)
    assert file.read_text() == "one\n2\nthree\n3.5\nfour\n"
    with pytest.raises(ValueError, match="holds this 0 times"):
        patched(f"{head}@@\n-two\n+2\n", tmp_path)


def test_output_is_set_beneath_what_is_shown(tmp_path):
    page = (
        "<!-- show -->\n```sh\nallegiance cases\n```\n\nafter\n\n```sh\nallegiance new mine\n```\n"
    )
    made = told(page, tmp_path)
    assert (
        made.index("allegiance cases\n```\n\n```text\n") < made.index("syria") < made.index("after")
    )
    assert made.count("```text") == 1
    assert (tmp_path / "mine" / "case.yaml").is_file()
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.md").write_text(page)
    (pages / "b.md").write_text("```sh\nallegiance nothing\n```\n")  # shows nothing: not run
    build(pages)
    assert "syria" in (pages / "a.md").read_text()

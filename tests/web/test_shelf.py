"""Which cases are offered: what lies in the folder may be anything, and may change at any time."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from allegiance.cases.errors import CaseError
from allegiance.cases.new import TEMPLATE
from allegiance.web import shelf
from allegiance.web.shelf import TWICE, Shelf, Unknown

SECRET = "a line of a file that is nobody's business"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one sound case."""
    made = tmp_path / "cases"
    shutil.copytree(TEMPLATE, made / "template")
    return made


def named(case: Path, name: str) -> Path:
    """A copy of the sound case under another name."""
    made = case / name
    shutil.copytree(TEMPLATE, made)
    path = made / "case.yaml"
    path.write_text(path.read_text().replace("name: template", f"name: {name}"))
    return made


def test_a_shipped_case_wins_over_one_that_comes_later(folder):
    own = Shelf(folder)
    before = own.folder("syria")
    named(folder, "syria")
    assert own.folder("syria") == before
    assert [line["name"] for line in own.read()[0]].count("syria") == 1
    assert {"name": "syria", "why": TWICE} in own.read()[1]
    with pytest.raises(CaseError, match=TWICE):
        Shelf(folder)  # and at the start it is refused


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"a: [", "not valid YAML"), (b"", "must be a mapping"), (b"\x00\xff\xfe", "UTF-8")],
)
def test_what_cannot_be_read_is_told_on_the_page_and_once_on_the_terminal(
    folder, capsys, content, why
):
    (named(folder, "broken") / "case.yaml").write_bytes(content)
    own = Shelf(folder)
    assert [line["name"] for line in own.read()[0]][-1] == "template"
    (told,) = own.read()[1]
    assert told["name"] == "broken"
    assert why in told["why"]
    (said,) = capsys.readouterr().err.splitlines()
    assert "broken" in said
    assert why in said


@pytest.mark.parametrize("name", ["case.yaml", "timeline.yaml", "dossier.yaml", "comparison.json"])
def test_links_out_of_a_cases_folder_are_not_followed(folder, tmp_path, name):
    outside = tmp_path / "secret"
    outside.write_text(SECRET)
    case = named(folder, "linked")
    (case / name).unlink(missing_ok=True)
    (case / name).symlink_to(outside)
    own = Shelf(folder)
    (told,) = own.read()[1]
    assert told["name"] == "linked"
    assert told["why"] == f"{name} is a link out of the case's folder"
    with pytest.raises(CaseError) as caught:
        own.folder("linked")
    assert SECRET not in str(caught.value)
    assert not isinstance(caught.value, Unknown)


def test_every_folder_is_looked_at_once_a_request(folder, monkeypatch):
    (named(folder, "broken") / "case.yaml").write_bytes(b"a: [")
    (named(folder, "Capital") / "case.yaml").touch()
    own, seen = Shelf(folder), []
    real = shelf._refusal
    monkeypatch.setattr(shelf, "_refusal", lambda path: seen.append(path.name) or real(path))
    everything = ["Capital", "broken", "template"]
    own.read()
    assert seen == everything
    for name in ("template", "Capital", "nothing"):
        seen.clear()
        with suppress(CaseError):
            own.folder(name)
        assert seen == everything


def test_links_inside_a_cases_folder_are(folder):
    case = named(folder, "linked")
    (case / "timeline.yaml").rename(case / "timeline_1.yaml")
    (case / "timeline.yaml").symlink_to("timeline_1.yaml")
    assert Shelf(folder).folder("linked") == case
    assert Shelf(folder).read()[1] == []


def test_pipes_names_and_folders_that_are_links_are_refused_with_the_reason(folder, tmp_path):
    pipe = named(folder, "piped") / "dossier.yaml"
    pipe.unlink()
    os.mkfifo(pipe)
    named(folder, "Capital")
    (folder / "elsewhere").symlink_to(named(tmp_path, "elsewhere"))
    (folder / "nothing").mkdir()
    own = Shelf(folder)
    why = {each["name"]: each["why"] for each in own.read()[1]}
    assert why["piped"] == "dossier.yaml is no plain file"
    assert why["Capital"].startswith("no name of a case")
    assert why["elsewhere"] == "the folder is a link to elsewhere"
    assert sorted(why) == ["Capital", "elsewhere", "piped"]
    assert set(why).isdisjoint(own.folders())

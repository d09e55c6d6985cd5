"""Every figure of every shipped case says where it comes from; one that does not is refused."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from allegiance.cases import loading
from allegiance.cases.errors import CaseError
from allegiance.cases.reading import Document, read
from allegiance.cases.validate import validated
from allegiance.cli.main import code
from allegiance.evidence.schema import DossierFile

TAGS = ("source", "assumed")
FIGURES = {"value", "values", "path", "pulse", "sd", "interval", "share", "bound", "event", "order"}
"""Keys under which the files have figures and what is told beside them."""

PLACES = {
    "a figure of a power": ("case.yaml", "powers"),
    "a figure of a client": ("case.yaml", "clients"),
    "a figure of a war": ("case.yaml", "theatres"),
    "a start level": ("case.yaml", "inputs"),
    "a likeness": ("case.yaml", "default_likeness"),
    "an entry": ("timeline.yaml", "entries"),
    "an item": ("dossier.yaml", "items"),
}

Place = tuple[str | int, ...]


def figures(tree: Any, place: Place = (), above: bool = False) -> Iterator[tuple[Place, bool]]:
    """Places of mappings with a figure, and whether they or the entry above say where from."""
    parts: Any = ()
    if place == ("outcomes",):  # what is asked of the model: no figures
        return
    if isinstance(tree, dict):
        tagged = any(tree.get(tag) for tag in TAGS)
        tables = {"value"} if isinstance(tree.get("value"), dict) else set()  # of a site: a table
        if FIGURES & set(tree) - tables:
            yield place, tagged or above
        # What a dated input or the spread of an item does not say, its entry or item does.
        above = (above or tagged) and place[:1] in (("entries",), ("items",))
        parts = tree.items()
    elif isinstance(tree, list):
        parts = enumerate(tree)
    for key, part in parts:
        yield from figures(part, (*place, key), above)


@pytest.mark.parametrize("name", loading.shipped())
def test_every_figure_of_a_shipped_case_says_where_from(name: str) -> None:
    for file in ("case.yaml", "timeline.yaml", "dossier.yaml"):
        found = list(figures(read(loading.SHIPPED / name / file).data))
        assert len(found) >= 7, file
        assert [place for place, tagged in found if not tagged] == [], file


def test_a_figure_without_one_would_be_seen() -> None:
    data = {"powers": {"a": {"gdp": {"value": 1}, "force": {"value": 1, "assumed": "x"}}}}
    assert list(figures(data)) == [
        (("powers", "a", "gdp"), False),
        (("powers", "a", "force"), True),
    ]


def bared(data: Any, top: str) -> Place | None:
    """Take the provenance of the first thing under `top` that has one; its place."""

    def go(tree: Any, place: Place) -> Place | None:
        if isinstance(tree, dict) and any(tree.pop(tag, None) is not None for tag in TAGS):
            return place
        parts = tree.items() if isinstance(tree, dict) else ()
        return next((hit for key, part in parts if (hit := go(part, (*place, key)))), None)

    return go(data.get(top), (top,))


def checked(folder: Path, files: dict[str, Document]) -> None:
    """What `allegiance check` does about provenance."""
    loading.build(folder, (files["case.yaml"], files["timeline.yaml"]))
    validated(files["dossier.yaml"], DossierFile)


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("name", loading.shipped())
def test_a_shipped_case_is_refused_without(name: str, where: str) -> None:
    file, top = PLACES[where]
    folder = loading.SHIPPED / name
    files = {each: read(folder / each) for each in ("case.yaml", "timeline.yaml", "dossier.yaml")}
    data = copy.deepcopy(files[file].data)
    place = bared(data, top)
    if place is None:
        assert not list(figures(data.get(top))), "figures, and none with a provenance"
        pytest.skip("this case has none")
    files[file] = files[file]._replace(data=data)
    with pytest.raises(CaseError) as caught:
        checked(folder, files)
    told = (caught.value, *caught.value.others)
    assert any((error.key or "").startswith(".".join(map(str, place))) for error in told)
    assert any("provenance" in error.problem or "missing" in error.problem for error in told)


@pytest.mark.parametrize("where", ["a start level", "an entry", "an item"])
def test_check_refuses_it(where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, top = PLACES[where]
    folder = tmp_path / "mine"
    shutil.copytree(loading.SHIPPED / "chad", folder)
    case = folder / "case.yaml"
    case.write_text(case.read_text(encoding="utf-8").replace("name: chad", "name: mine", 1))
    assert code(["check", str(folder)]) == 0
    data = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    place = bared(data, top)
    assert place
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    (folder / file).write_text(text, encoding="utf-8")
    assert code(["check", str(folder)]) == 2
    assert str(place[1]) in capsys.readouterr().err

"""The pages that are made from the code: nothing missing, nothing twice, no link into nowhere."""

import re
import sys
from os.path import normpath
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allegiance.cli.main import app
from allegiance.engine.observe import QUANTITIES
from allegiance.world.parameters import PARAMETERS
from allegiance.world.rows import IDS, ROWS

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from pages import addresses, cards, effects, verbs, world
from pages.__main__ import source


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, str]:
    """All pages by name, without the pictures."""
    folder = tmp_path_factory.mktemp("pages")
    return {
        str(file.relative_to(folder)): file.read_text(encoding="utf-8")
        for file in source(folder, pictures=False)
    }


def test_every_row_is_described_exactly_once(pages) -> None:
    found = [
        (id.upper(), Path(name).stem)
        for name, text in pages.items()
        for id in re.findall(r"^\((s\d\d)\)=$", text, re.MULTILINE)
    ]
    assert sorted(found) == [(row.id, row.verb) for row in ROWS]


def test_every_parameter_is_listed_exactly_once(pages) -> None:
    every = sorted((parameter.name, parameter.verb) for parameter in PARAMETERS)
    line = re.compile(r"^\| `(\w+)` \|.*\| (?:estimated|documented|assumed)", re.MULTILINE)
    told = pages["parameters.md"]
    assert sorted(line.findall(told)) == [name for name, _ in every]
    by_verb = [(n, v) for v in verbs.VERBS for n in line.findall(pages[f"verbs/{v}.md"])]
    assert sorted(by_verb) == every


def test_links_lead_somewhere(pages) -> None:
    targets = {
        target for text in pages.values() for target in re.findall(r"^\((.+)\)=$", text, re.M)
    }
    targets |= {"small-world"}  # made together with the pictures
    lost = []
    for name, text in pages.items():
        here = Path(name).parent
        listed = re.findall(r"```\{toctree\}\n(?::.*\n)*\n?((?:[^`\n].*\n)+)```", text)
        files = [f"{here / entry}.md" for block in listed for entry in block.split()]
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if link.startswith("#"):
                lost += [] if link[1:] in targets else [(name, link)]
            elif not link.startswith("http") and not link.endswith(".png"):
                files.append(normpath(here / link))
        lost += [(name, file) for file in files if file not in pages]
    assert lost == []


def test_every_page_can_be_reached(pages) -> None:
    entries = set()
    for name, text in pages.items():
        for block in re.findall(r"```\{toctree\}\n(?::.*\n)*\n?((?:[^`\n].*\n)+)```", text):
            entries |= {f"{Path(name).parent / entry}.md" for entry in block.split()}
    assert entries == pages.keys() - {"index.md"}


def test_every_command_and_option_is_told(pages) -> None:
    import typer

    program: Any = typer.main.get_command(app)
    for name, command in program.commands.items():
        part = pages["cli.md"].split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert "Example" not in part
        for parameter in command.params:
            named = parameter.opts[0].startswith("-")
            assert f"| `{parameter.opts[0] if named else parameter.metavar}" in part


def test_every_recordable_noun_has_a_meaning(pages) -> None:
    found = pages["addresses.md"].split("## What happens")[0].count("\n| `")
    assert found == len(QUANTITIES)
    with pytest.raises(KeyError, match=r"Powers\.nothing"):
        addresses.meaning("nothing", "p")


def test_what_is_no_card_is_refused(monkeypatch, tmp_path) -> None:
    text = (cards.FOLDER / "hold.py").read_text(encoding="utf-8")
    monkeypatch.setattr(cards, "FOLDER", tmp_path)
    file = tmp_path / "hold.py"
    file.write_text(text)
    assert cards.card("hold").rows == ("S32",)
    for old, new in (
        ("Left out:", "Leaves out:"),
        ("Rows: S32", "Rows: S99"),
        ("hold (", "holds ("),
    ):
        file.write_text(text.replace(old, new, 1))
        with pytest.raises(ValueError, match=r"hold\.py"):
            cards.card("hold")


def test_rows_outside_code_become_links() -> None:
    assert cards.linked("by [S06], not `S07`") == "by [[S06](#s06)], not `S07`"


def test_the_small_world_is_a_case_that_records_what_is_drawn(tmp_path) -> None:
    from allegiance.engine import observe
    from allegiance.engine.setup import prepare
    from allegiance.explain.rows import listed

    assert tuple(effects.OBSERVED) == IDS
    built = prepare(world.loaded(tmp_path), runs=1).built
    known = observe.catalogue(built.labels, observe.axis_sizes(built.world))
    works = [row["id"] for row in listed() if row["test"]]
    assert [row for row in works if effects.OBSERVED[row] not in {*known, ""}] == []


def test_an_effect_is_measured_and_drawn(fake_engine, tmp_path) -> None:
    """In the stand-in engine each row that is off lowers the second half of every path by 1."""
    (found,) = effects.measured(("S07",), runs=16)
    assert (found.acts, found.elsewhere) == (True, True)
    half = len(found.dates) // 2
    apart = found.on - found.off
    np.testing.assert_allclose(apart[:, :half], 0.0, atol=1e-6)
    np.testing.assert_allclose(apart[:, half:], 1.0, atol=1e-5)
    assert np.all(found.on[1] <= found.on[0])
    assert np.all(found.on[0] <= found.on[2])
    assert found.largest[0] == pytest.approx(1.0, abs=1e-5)
    effects.drawn(found, tmp_path / "s07.svg")
    assert "harbour.short[north]" in (tmp_path / "s07.svg").read_text()
    page = verbs.pages({"S07": found})["verbs/allocate.md"]
    assert "../effects/s07.svg" in page
    still = found._replace(on=found.off, acts=False, elsewhere=False)
    told = verbs.pages({"S07": still})["verbs/allocate.md"]
    assert "../effects/s07.svg" not in told
    assert "leaves `harbour.short[north]` as it is." in told

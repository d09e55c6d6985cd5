"""The notebooks run from top to bottom; the engine is a stand-in (see `conftest.quick`)."""

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from pages.notebooks import executed, page

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))


def written(path: Path, *sources: str) -> Path:
    cells = [{"cell_type": "code", "source": [text], "metadata": {}} for text in sources]
    path.write_text(json.dumps({"cells": cells}))
    return path


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(quick, tmp_path, path):
    text = path.read_text(encoding="utf-8")
    few, count = re.subn(r"(RUNS, SEED = .*?), 128, ", r"\1, 8, ", text)
    assert count == 1
    copy = tmp_path / path.name
    copy.write_text(few, encoding="utf-8")
    cells = list(executed(copy))
    assert sum(len(cell.figures) for cell in cells) == text.count("plt.show()")
    told = "".join(cell.told for cell in cells)
    assert "of 8 futures" in told
    assert "mean log scores" in told


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_stored(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_cells_share_a_namespace_and_tell_their_last_line(tmp_path):
    path = written(tmp_path / "n.ipynb", "a = 2\na", "print(a + 1)\na * 2", "a = 0")
    assert [cell.told for cell in executed(path)] == ["2\n", "3\n4\n", ""]


def test_an_error_names_its_cell(tmp_path):
    path = written(tmp_path / "n.ipynb", "a = 2", "b + a")
    with pytest.raises(NameError) as found:
        list(executed(path))
    assert found.value.__notes__ == ["in cell 1 of n.ipynb:\nb + a"]


def test_a_page_holds_output_and_figures(tmp_path):
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    path = written(tmp_path / "n.ipynb", draw, "print('told')")
    made = page(path, tmp_path / "pages")
    assert made.count("```text") == made.count("```text\ntold\n```") == 1
    assert "![What the cell above draws](n-0-0.svg)" in made
    assert (tmp_path / "pages" / "n-0-0.svg").read_bytes().startswith(b"<?xml")
    assert "told\n```\n\n" not in page(path, tmp_path / "pages", run=False)

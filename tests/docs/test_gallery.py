"""The gallery: every picture that the program draws, and none that is not there."""

import re
import sys
from pathlib import Path

import pytest

from allegiance.cases.new import TEMPLATE

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from pages import gallery


def test_pictures_for_paper_and_page_are_drawn(quick, tmp_path):
    made = gallery.page(tmp_path, case=str(TEMPLATE), runs=4)
    named = re.findall(r"!\[[^]]+\]\(([^)]+)\)", made)
    assert len(named) >= len(gallery.PAPER)
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in named)
    figures = re.findall(r"```\{raw\} html\n(<div.*?)\n```", made, re.DOTALL)
    assert len(figures) >= 6
    assert all("Plotly.newPlot" in figure and "```" not in figure for figure in figures)
    assert "http://" not in made.replace("http://www.w3.org", "")
    assert (tmp_path / gallery.SCRIPT).stat().st_size > 1_000_000


def test_without_pictures_nothing_is_simulated(tmp_path):
    assert "```{raw}" not in gallery.page(tmp_path, pictures=False)
    assert not any(tmp_path.iterdir())


def test_a_run_that_fails_is_told(quick, tmp_path):
    with pytest.raises(ValueError, match="the run for the gallery failed"):
        gallery.page(tmp_path, case="no_such_case", runs=4)

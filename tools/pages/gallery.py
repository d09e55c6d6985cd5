"""A page of pictures, all made by the code from one stored run: for paper and for the page."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from allegiance.show.figures.inputs import Inputs

CASE = "syria"
RUNS = 128
SCRIPT = "_static/plotly.min.js"
HEAD = (
    "# Gallery\n\n"
    "Pictures of one run, as the program draws them; none was touched up. Colours are those of "
    "Okabe and Ito, which colour-blind readers can tell apart; every picture names its unit and "
    "the number of futures. Probabilities are those of a model, not forecasts.\n\n"
    "```sh\nallegiance run {case} --runs {runs} --out out/{case}\n"
    "allegiance report out/{case}\n```\n"
)
PAPER = {
    "ground_": "Who holds the area: median and bands of the futures.",
    "pledges_": "What patrons were asked for, and what they delivered.",
    "patrons": "What each patron has to spare.",
    "date_": "In what share of the futures it has happened by each date.",
}
"""Starts of the names of `show.plots`, and what to say of each."""


def page(folder: Path, pictures: bool = True, case: str = CASE, runs: int = RUNS) -> str:
    """The page; its pictures are written into `folder`, the root of the pages' source.

    Raises:
        ValueError: the run or the report of the case fails.
    """
    text = HEAD.format(case=case, runs=runs)
    if not pictures:
        return text
    with tempfile.TemporaryDirectory() as place:
        stored = Path(place) / "run"
        _simulated(case, runs, stored)
        parts = [text, "## For paper", "`allegiance run --out` writes these as PNG (matplotlib)."]
        parts += _paper(stored / "plots", folder / "gallery")
        parts += ["## For the page"]
        parts += ["The report and the web application show these (Plotly); drag the slider."]
        parts += [f'```{{raw}} html\n<script src="{SCRIPT}"></script>\n```']
        parts += _page(stored)
    from plotly.offline import get_plotlyjs

    (folder / SCRIPT).parent.mkdir(parents=True, exist_ok=True)
    (folder / SCRIPT).write_text(get_plotlyjs(), encoding="utf-8")
    return "\n\n".join(parts) + "\n"


def _simulated(case: str, runs: int, folder: Path) -> None:
    from allegiance.cli.main import code

    with redirect_stdout(io.StringIO()) as said:
        failed = code(["run", case, "--runs", str(runs), "--out", str(folder)])
    if failed:
        raise ValueError(f"the run for the gallery failed:\n{said.getvalue()}")


def _paper(plots: Path, folder: Path) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for start, words in PAPER.items():
        for file in sorted(plots.glob(f"{start}*.png")):
            shutil.copy(file, folder / file.name)
            yield f"![{words}](gallery/{file.name})\n\n*{words}*"


def _page(folder: Path) -> Iterator[str]:
    from allegiance.engine.selection import patrons
    from allegiance.show.figures.inputs import Inputs
    from allegiance.show.report import stored
    from allegiance.show.report.pictures import Pictures

    run = stored.stored(folder)
    inputs = Inputs(run.futures, run.scenario.files.case)
    made = Pictures(run, inputs)
    first = patrons(inputs.case)[:1]
    found = chain(
        (made.outcomes(),),
        made.ground(),
        made.pledged(),
        (made.ties(),),
        (made.shifts(power) for power in first),
        (made.trust(power) for power in first),
    )
    drawn = [picture.wide for picture in found if picture is not None]
    for figure in (*_maps(inputs), *drawn):
        # Left to itself Plotly plays the frames on opening.
        html = figure.to_html(
            full_html=False, include_plotlyjs=False, auto_play=False, config={"responsive": True}
        )
        lines = "\n".join(line.strip() for line in html.splitlines() if line.strip())
        yield f"```{{raw}} html\n{lines}\n```"


def _maps(inputs: Inputs) -> Iterator[Figure]:
    """Maps with a slider of their own, which those of the report get from its page."""
    from allegiance.show import figures

    for name, war in inputs.wars().items():
        found = inputs.control(name)
        if found is not None:
            yield figures.control_map(
                found.places,
                found.dates,
                found.shares,
                found.sides,
                title=f"{war.label}: control by region",
                futures=inputs.futures.runs,
                colours=found.colours,
                at=len(found.dates) // 3,
            )

"""`allegiance report`: one HTML file about a stored run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder that `allegiance run --out` has finished.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where to write it; default: DIR/report.html."),
]
Against = Annotated[
    Path | None,
    typer.Option(
        "--against",
        metavar="DIR2",
        help="A second stored run with the same seed and number of futures: another world.",
    ),
]
Comparison = Annotated[
    Path | None,
    typer.Option("--comparison", metavar="FILE", help="What `compare --json` has printed."),
]
Explanation = Annotated[
    Path | None,
    typer.Option("--explanation", metavar="FILE", help="What `explain --json` has printed."),
]
Case = Annotated[
    str | None,
    typer.Option("--case", metavar="CASE", help="The case, where DIR keeps no copy of it."),
]


def report(
    folder: Folder,
    out: Out = None,
    against: Against = None,
    comparison: Comparison = None,
    explanation: Explanation = None,
    case: Case = None,
) -> None:
    """Write one self-contained HTML file about a stored run.

    Verdict, outcomes, fan charts over the record, a map of control, help promised and delivered,
    every client's trust, shared events, the dossier, provenance and how to reproduce it. Nothing is
    simulated, and the file needs no network.

    Example: allegiance report out/syria --against out/without_the_other_war
    """
    from allegiance.show import tables
    from allegiance.show.report import page

    path = page.write(
        folder,
        out,
        against=against,
        comparison=comparison,
        explanation=explanation,
        case=case,
    )
    tables.printed(f"{path} is written: {path.stat().st_size / 1e6:.1f} MB; open it in a browser")

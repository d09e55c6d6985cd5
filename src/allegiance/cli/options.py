"""Arguments and options that several commands share, and what turns them into a scenario."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli import usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from allegiance.engine.scenario import Scenario

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="A shipped case, or a folder with case.yaml.")
]
Runs = Annotated[
    int,
    typer.Option("--runs", metavar="N", parser=usage.whole("--runs", 1), help="Number of futures."),
]
Seed = Annotated[
    int,
    typer.Option("--seed", metavar="S", parser=usage.whole("--seed", 0), help="Seed of all noise."),
]
TheoryName = Annotated[str, typer.Option("--theory", metavar="T", help="Theory to run under.")]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Last week; default: the case's end.")
]
By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="DATE", help="Also the probability by DATE. Repeatable."),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="ADDRESS=VALUE",
        help="Set a start value, a constant, parameter.NAME or ENTRY.date. Repeatable.",
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without", metavar="ID", help="Without a timeline entry or a mechanism S07. Repeatable."
    ),
]
Free = Annotated[
    list[str] | None,
    typer.Option("--free", metavar="ID", help="Let the model decide a pinned entry. Repeatable."),
]
Record = Annotated[
    list[str] | None,
    typer.Option("--record", metavar="ADDRESS", help="Also report this quantity. Repeatable."),
]
Posterior = Annotated[
    str | None,
    typer.Option(
        "--posterior",
        metavar="DIR",
        help="Draw parameters from what calibrate wrote (folder or file), from the case's own "
        "(shipped), or take the theory's (none). What a lever sets stays.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        parser=usage.whole("--workers", 1),
        help="Simulate in N processes of this machine.",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster", metavar="ADDRESS", help="Simulate on the workers of a Dask scheduler."
    ),
]
Picture = Annotated[
    Path | None,
    typer.Option(
        "--picture",
        metavar="FILE",
        parser=usage.picture("--picture"),
        help="Also the reliability diagram, as a PNG file.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def pulled(
    case: str,
    theory: str,
    sets: Sequence[str] | None,
    without: Sequence[str] | None,
    free: Sequence[str] | None,
) -> Scenario:
    """The scenario that the levers make of a case: values first, then entries.

    Raises:
        CaseError: a lever or the case is wrong.
    """
    from allegiance.cases.errors import said
    from allegiance.engine.scenario import assignment, load

    scenario = load(case)
    with said("--theory"):
        scenario = scenario.under(theory)
    with said("--set"):
        for text in sets or ():
            scenario = scenario.set(*assignment(text))
    with said("--without"):
        for id in without or ():
            scenario = scenario.without(id)
    with said("--free"):
        for id in free or ():
            scenario = scenario.free(id)
    return scenario


def emit(data: Any) -> None:
    """Print JSON on standard output."""
    print(json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False))


@contextmanager
def progress(what: str, total: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error that leaves nothing behind; yields `tick(done)`.

    `tick` raises KeyboardInterrupt where the user wants to stop.
    """
    from rich.console import Console

    from allegiance.engine import executables, interrupts

    executables.on_miss = lambda: print(
        "allegiance: compiling, once for cases of this shape (some ten seconds)", file=sys.stderr
    )
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda done: interrupts.check()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Preparing (the first time takes longer)", total=total)

        def tick(done: int) -> None:
            interrupts.check()
            bar.update(task, completed=done, description=what)

        yield tick

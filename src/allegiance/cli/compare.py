"""`allegiance compare`: which of several rival explanations the dated evidence speaks for."""

from __future__ import annotations

from typing import Annotated

import typer

from allegiance.cli import options, usage

Cases = Annotated[
    list[str], typer.Argument(metavar="CASE...", help="Shipped cases, or folders with case.yaml.")
]
Theories = Annotated[
    str, typer.Option("--theories", metavar="A,B,C", help="Theories to compare, with commas.")
]
Bank = Annotated[
    int,
    typer.Option(
        "--runs",
        metavar="N",
        parser=usage.whole("--runs", 1),
        help="Futures per theory and prior width.",
    ),
]
Recover = Annotated[
    int,
    typer.Option(
        "--recover",
        metavar="N",
        parser=usage.whole("--recover", 0),
        help="Also trace N simulated worlds per theory back to it.",
    ),
]


def compare(
    case: Cases,
    theories: Theories = "unable,unwilling,disposable,stated",
    runs: Bank = 256,
    seed: options.Seed = 1,
    recover: Recover = 0,
    set: options.Set = None,
    without: options.Without = None,
    free: options.Free = None,
    json: options.Json = False,
) -> None:
    """Weigh rival explanations on the dossiers of one or several cases.

    The posterior of each theory under equal prior odds, with Monte Carlo error, at half and double
    the width of the motives' prior; a verdict from 0.9 on, else "not identifiable"; the items that
    tell most; whether any theory fits at all; and the patrons' motives as the evidence has them.
    Levers are pulled in every case and under every theory; a freed decision stays evidence.

    Example: allegiance compare syria --theories unable,unwilling,disposable,stated --recover 100
    """
    from allegiance.infer.compare import compare as compared
    from allegiance.infer.compare import futures

    names = [name.strip() for name in theories.split(",") if name.strip()]
    scenarios = [options.pulled(name, "default", set, without, free) for name in case]
    total = futures(len(case), len(names), runs, recover)
    with options.progress("Simulating", total, json) as tick:
        found = compared(scenarios, names, runs, seed, recover=recover, tick=tick)
    if json:
        options.emit(found.summary())
        return
    from allegiance.show import comparison, tables

    tables.printed(*comparison.parts(found))

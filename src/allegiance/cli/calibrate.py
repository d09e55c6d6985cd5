"""`allegiance calibrate`: the posterior of a case's parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegiance.cli import options, usage


def calibrate(
    case: options.CaseName,
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help="Last day of the evidence.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            parser=usage.folder("--out"),
            help="A new folder; default: out/CASE/posterior.",
        ),
    ] = None,
    fit: Annotated[
        list[str] | None,
        typer.Option(
            "--fit", metavar="NAME", help="Fit this parameter or POWER.motive only. Repeatable."
        ),
    ] = None,
    runs_per: Annotated[
        int,
        typer.Option(
            "--runs-per",
            metavar="N",
            parser=usage.whole("--runs-per", 1),
            help="Futures in one round: the particles.",
        ),
    ] = 2048,
    budget: Annotated[
        int,
        typer.Option(
            "--budget",
            metavar="N",
            parser=usage.whole("--budget", 1),
            help="Most futures in all.",
        ),
    ] = 700_000,
    worth: Annotated[
        int,
        typer.Option(
            "--worth",
            metavar="N",
            parser=usage.whole("--worth", 1, 100_000),
            help="Independent items that all records together are worth at most.",
        ),
    ] = 12,
    seed: options.Seed = 1,
    theory: options.TheoryName = "default",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted calibration in --out.")
    ] = False,
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    json: options.Json = False,
) -> None:
    """Fit the free parameters, and the motives of powers that the case marks, to its evidence.

    Only `fit` items dated up to --until count, all together as --worth independent ones: they share
    what the model gets wrong. Priors are written first; every generation is kept, so that an
    interrupted calibration goes on with the same bits.

    Example: allegiance calibrate syria --until 2018-12-31 --fit margin --fit conquest
    """
    from allegiance.engine import workers as pool
    from allegiance.engine.scenario import load
    from allegiance.infer.calibrate import calibrate as calibrated

    scenario = load(case).under(theory)
    folder = out or Path("out") / scenario.name / "posterior"
    with (
        pool.working(workers, cluster),
        options.progress("Calibrating (budget)", budget, json) as tick,
    ):
        found = calibrated(
            scenario,
            until,
            out=folder,
            fit=fit or (),
            runs_per=runs_per,
            budget=budget,
            worth=worth,
            seed=seed,
            resume=resume,
            tick=tick,
        )
    if json:
        options.emit(found.summary())
        return
    from allegiance.show import confrontation, tables

    tables.printed(*confrontation.calibration(found))
    tables.printed(
        f"{folder} holds posterior.yaml; allegiance confront {case} --posterior {folder}"
    )

"""`allegiance explain`: what drives an outcome."""

from __future__ import annotations

from typing import Annotated

import typer

from allegiance.cli import options, usage


def explain(
    case: options.CaseName,
    outcome: Annotated[
        str | None,
        typer.Option("--outcome", metavar="ID", help="An outcome that the case reports."),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="NAME",
            help="What is uncertain: free (default: the free parameters and marked motives), all "
            "(every parameter, by verb), or a parameter or POWER.motive. Names are repeatable.",
        ),
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option(
            "--runs",
            metavar="N",
            parser=usage.whole("--runs", 1),
            help="Futures in all, at least 64 an input, row and entry (thousands; fewer with "
            "--over NAME); default: what some four minutes on two cores allow, and at least that.",
        ),
    ] = None,
    seed: options.Seed = 1,
    theory: options.TheoryName = "default",
    until: options.Until = None,
    set_: options.Set = None,
    without: options.Without = None,
    free: options.Free = None,
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    json: options.Json = False,
) -> None:
    """Say what drives an outcome: mechanisms, given entries, uncertain assumptions, and chance.

    Each mechanism and each timeline entry is taken away in turn, at the given values and with the
    same noise. Then the uncertain parameters are drawn from their priors: Sobol' indices say whose
    spread makes the outcome's, with the noise of single futures as one more input (chance), and
    scenario discovery (PRIM) looks for the assumptions under which it happens. Levers that you pull
    (--set, --without, --free) hold throughout. Intervals are 5-95%.

    Example: allegiance explain syria --outcome assad_falls
    """
    from allegiance.engine import workers as pool
    from allegiance.explain import drivers

    scenario = options.pulled(case, theory, set_, without, free)
    asked = drivers.order(scenario, outcome, runs, seed, over=over or (), until=until)
    with (
        pool.working(workers, cluster),
        options.progress("Simulating", asked.size.futures, json) as tick,
    ):
        found = drivers.explained(asked, tick)
    if json:
        options.emit(found.summary())
        return
    from allegiance.show import driving, tables

    tables.printed(*driving.parts(found.report))

"""`allegiance forecast`: condition on what was known on a day, predict what came after."""

from __future__ import annotations

from typing import Annotated

import typer

from allegiance.cli import options


def forecast(
    case: options.CaseName,
    start: Annotated[
        str, typer.Option("--from", metavar="DATE", help="Nothing dated from this day on is told.")
    ],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The horizon.")],
    given_later: Annotated[
        bool, typer.Option("--given-later", help="Tell the timeline after --from all the same.")
    ] = False,
    every: Annotated[
        int | None,
        typer.Option(
            "--every", metavar="DAYS", help="Forecast anew every DAYS, up to the next time."
        ),
    ] = None,
    runs: options.Runs = 1000,
    seed: options.Seed = 1,
    theory: options.TheoryName = "default",
    posterior: options.Posterior = None,
    json: options.Json = False,
) -> None:
    """Condition on everything dated before --from, and predict the dossier's items after it.

    Futures are weighted by the evidence before --from; timeline entries from then on are dropped
    unless --given-later. With --posterior there are at most as many futures as it has draws. The
    baselines know what the model knows. With --every the origin rolls: each item is forecast from
    the last origin before it.

    Example: allegiance forecast syria --from 2019-01-01 --until 2024-12-31 --runs 2000
    """
    from allegiance.engine.scenario import load
    from allegiance.infer.forecast import forecast as made
    from allegiance.infer.rolling import rolling, windows
    from allegiance.show import confrontation, tables

    scenario = load(case).under(theory)
    total = runs if every is None else runs * len(windows(start, until, every))
    with options.progress("Simulating", total, json) as tick:
        if every is None:
            found = made(
                scenario,
                start,
                until,
                given_later=given_later,
                runs=runs,
                seed=seed,
                posterior=posterior,
                tick=tick,
            )
            shown = confrontation.forecast(found)
        else:
            found = rolling(
                scenario,
                start,
                until,
                every,
                given_later=given_later,
                runs=runs,
                seed=seed,
                posterior=posterior,
                tick=tick,
            )
            shown = confrontation.rolling(found)
    if json:
        options.emit(found.summary())
        return
    tables.printed(*shown)

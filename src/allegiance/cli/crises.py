"""`allegiance crises`: dated crises of clients against what became of them."""

from __future__ import annotations

from typing import Annotated

import typer

from allegiance.cli import options


def crises(
    seed: options.Seed = 1,
    variants: Annotated[
        int,
        typer.Option("--variants", metavar="N", help="Draws of each episode's doubtful inputs."),
    ] = 16,
    ablate: Annotated[
        bool,
        typer.Option(
            "--ablate/--no-ablate", help="Also without the cascade, overstretch and spillover."
        ),
    ] = True,
    priors: Annotated[
        bool,
        typer.Option("--priors", help="Also with free parameters drawn from their priors."),
    ] = False,
    picture: options.Picture = None,
    json: options.Json = False,
) -> None:
    """Score dated crises of clients: who falls within a year, against base rate and logit.

    Example: allegiance crises --no-ablate --variants 4
    """
    from allegiance.cases.arguments import whole
    from allegiance.panel import crises as panel

    whole("--variants", variants, 1, 1000)
    whole("--seed", seed, 0, 1_000_000)
    with options.progress("Crises", panel.steps(ablate, priors), json) as tick:
        found = panel.scored(seed, variants, ablate, priors, tick)
    if picture:
        from allegiance.show import reliability

        reliability.crises(found, picture)
    if json:
        options.emit(found)
        return
    from allegiance.show import tables
    from allegiance.show.judged import crises as shown

    tables.printed(*shown(found))

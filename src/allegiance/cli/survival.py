"""`allegiance survival`: a panel of client regimes, from the user's files, against baselines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegiance.cli import options


def survival(
    spells: Annotated[
        Path, typer.Argument(metavar="SPELLS", help="Client regimes as spells (CSV).")
    ],
    indicators: Annotated[
        Path, typer.Argument(metavar="INDICATORS", help="Sponsor, client and year (CSV).")
    ],
    capabilities: Annotated[
        Path | None,
        typer.Option("--capabilities", metavar="FILE", help="Men under arms and people (NMC)."),
    ] = None,
    deaths: Annotated[
        Path | None, typer.Option("--deaths", metavar="FILE", help="Battle deaths a year.")
    ] = None,
    tier: Annotated[
        str, typer.Option("--tier", metavar="T", help="Spells of this tier only.")
    ] = "A",
    seed: options.Seed = 1,
    picture: options.Picture = None,
    json: options.Json = False,
) -> None:
    """Score who falls within 1, 3 and 5 years, over all spell-years of sponsored regimes.

    Example: allegiance survival spells.csv indicators.csv --capabilities nmc.csv
    """
    from allegiance.cases.arguments import whole
    from allegiance.panel import pledges, years
    from allegiance.panel import survival as panel

    whole("--seed", seed, 0, 2**32 - 1)
    read = years.tables(spells, indicators, capabilities, deaths)
    found = list(years.origins(read, tier))
    with options.progress("Spell-years", len(found), json) as tick:
        p = panel.probabilities(found, seed, tick)
    told = panel.against(found, p, years.last_year(read), seed)
    told["pledges"] = pledges.by_era(found, seed)
    if picture:
        from allegiance.show import reliability

        reliability.survival(told, picture)
    if json:
        options.emit(told)
        return
    from allegiance.show import tables
    from allegiance.show.judged import survival as shown

    tables.printed(*shown(told))

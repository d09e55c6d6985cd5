"""`allegiance mechanisms` and `parameters`: what the model is made of."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from allegiance.cli import options

CaseOption = Annotated[
    str | None, typer.Option("--case", metavar="CASE", help="A shipped case or a folder.")
]


def mechanisms(
    row: Annotated[
        list[str] | None, typer.Option("--row", metavar="ID", help="Only this row. Repeatable.")
    ] = None,
    case: CaseOption = None,
    ablate: Annotated[
        bool, typer.Option("--ablate", help="Effect of each row on the outcomes of --case.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Try anew which shipped cases use a row (minutes).")
    ] = False,
    runs: options.Runs = 128,
    seed: options.Seed = 1,
    until: options.Until = None,
    json: options.Json = False,
) -> None:
    """List the mechanisms, each a row that can be switched off; or measure what each one does.

    An effect is the difference of an outcome without the row and with it (off less on), with a
    paired interval: both worlds share all noise.

    Example: allegiance mechanisms --case syria --ablate --row S07 --row S32
    """
    from allegiance.cases.errors import CaseError
    from allegiance.explain import rows as known

    if ablate and case is None:
        raise CaseError("which case?", key="--ablate", allowed="together with --case CASE")
    found = known.listed(row or ())
    labels: dict[str, str] = {}
    if deep:
        from allegiance.explain import uses

        with options.progress("Switching rows off", len(uses.shipped()) * 58, json) as tick:
            known.mark(found, uses.computed(tick))
    if ablate and case is not None:
        labels = _ablated(found, case, runs, seed, until, json)
    if json:
        options.emit({"rows": found})
        return
    from allegiance.show import cards, tables

    tables.printed(*(cards.effects(found, labels) if ablate else cards.mechanisms(found)))


def _ablated(
    rows: list[dict[str, Any]], case: str, runs: int, seed: int, until: str | None, quiet: bool
) -> dict[str, str]:
    """Add the effects to the rows; return the outcomes' labels."""
    from allegiance.engine.scenario import load
    from allegiance.engine.setup import prepare
    from allegiance.explain.ablation import effects

    setup = prepare(load(case), runs=runs, seed=seed, until=until)
    ids = [row["id"] for row in rows]
    with options.progress("Switching rows off", len(ids), quiet) as tick:
        for row, (_, found) in zip(rows, effects(setup, ids), strict=True):
            row["effects"] = found
            tick(ids.index(row["id"]) + 1)
    return {name: outcome.label for name, outcome in setup.outcomes.items()}


def parameters(case: CaseOption = None, json: options.Json = False) -> None:
    """List the parameters: value, prior, and whether estimated, documented or assumed.

    Example: allegiance parameters --case syria
    """
    from allegiance.explain.rows import parameter_table

    found = parameter_table()
    if case is not None:
        from allegiance.cases.loading import load
        from allegiance.cases.summary import describe

        told = describe(load(case))
        found["case"] = {key: told[key] for key in ("name", "figures", "shares")}
    if json:
        options.emit(found)
        return
    from allegiance.show import cards, tables

    tables.printed(*cards.parameters(found))

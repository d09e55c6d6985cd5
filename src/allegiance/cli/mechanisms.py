"""`allegiance mechanisms` and `parameters`: what the model is made of."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from allegiance.cli import options, usage

CaseOption = Annotated[
    str | None, typer.Option("--case", metavar="CASE", help="A shipped case or a folder.")
]

RunsOption = Annotated[
    int | None,
    typer.Option(
        "--runs",
        metavar="N",
        parser=usage.whole("--runs", 1),
        help="Futures a row; default: 64 to 512, what two minutes on two cores allow.",
    ),
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
    runs: RunsOption = None,
    seed: options.Seed = 1,
    until: options.Until = None,
    json: options.Json = False,
) -> None:
    """List the mechanisms, each a row that can be switched off; or measure what each one does.

    A case uses a row if switching it off changes anything recorded in it, as the case stands or
    with its powers' decisions left to the model.

    An effect is the difference of an outcome without the row and with it (off less on), with a
    paired 5-95% interval: both worlds share all noise. The table leaves out what is not clear or
    below 1% of its level; --json has it all.

    Example: allegiance mechanisms --case syria --ablate --row S07 --row S32
    """
    from allegiance.cases.errors import CaseError
    from allegiance.explain import rows as known

    if ablate and case is None:
        raise CaseError("which case?", key="--ablate", allowed="together with --case CASE")
    if not ablate:
        asked = {"--case": case, "--runs": runs, "--until": until}
        usage.only_with("--ablate", "nothing is switched off", asked)
    found = known.listed(row or ())
    about: dict[str, Any] = {}
    if deep:
        from allegiance.explain import uses

        with options.progress("Switching rows off", len(uses.shipped()) * 58, json) as tick:
            known.mark(found, uses.computed(tick))
    if ablate and case is not None:
        about = _ablated(found, case, runs, seed, until, json)
    if json:
        about.pop("outcomes", None)
        options.emit({**about, "rows": found})
        return
    from allegiance.show import cards, tables

    tables.printed(*(cards.effects(found, about) if ablate else cards.mechanisms(found)))


def _ablated(
    rows: list[dict[str, Any]],
    case: str,
    runs: int | None,
    seed: int,
    until: str | None,
    quiet: bool,
) -> dict[str, Any]:
    """Add the effects to the rows; return what was simulated, with the outcomes' labels, units."""
    from dataclasses import replace

    from allegiance.engine.scenario import load
    from allegiance.engine.setup import prepare
    from allegiance.engine.units import unit_of
    from allegiance.explain.ablation import affordable, effects

    setup = prepare(load(case), runs=1 if runs is None else runs, seed=seed, until=until)
    if runs is None:
        setup = replace(setup, runs=affordable(setup.built.steps, len(rows)))
    with options.progress("Switching rows off", len(rows), quiet) as tick:
        found = effects(setup, [row["id"] for row in rows])
        for done, (row, (_, effect)) in enumerate(zip(rows, found, strict=True), 1):
            row["effects"] = effect
            tick(done)
    outcomes = {
        name: (outcome.label, "probability" if outcome.event else unit_of(outcome.quantity or ""))
        for name, outcome in setup.outcomes.items()
    }
    head = {"case": setup.scenario.name, "runs": setup.runs, "seed": setup.seed}
    return {**head, "outcomes": outcomes}


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

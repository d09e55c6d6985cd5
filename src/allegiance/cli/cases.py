"""`allegiance cases`, `show`, `check` and `new`: what there is, and whether it is sound."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli import options, usage

if TYPE_CHECKING:
    from allegiance.cases.errors import CaseError


def cases(
    score: Annotated[
        bool, typer.Option("--score", help="Simulate all and score who fell and who stood.")
    ] = False,
    left_out: Annotated[
        bool,
        typer.Option(
            "--left-out",
            help="With --score: under free parameters that, for each case, all the others give.",
        ),
    ] = False,
    runs: Annotated[
        int | None,
        typer.Option(
            "--runs",
            metavar="N",
            parser=usage.whole("--runs", 1),
            help="With --score: futures of each case; default: 128, with --left-out 9216.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            metavar="S",
            parser=usage.whole("--seed", 0),
            help="With --score: seed of all noise; default: 1.",
        ),
    ] = None,
    picture: options.Picture = None,
    json: options.Json = False,
) -> None:
    """List the cases that come with the package; with --score, hold all against their outcomes.

    Example: allegiance cases --score --runs 64
    """
    from allegiance.cases.listing import line

    if score:
        _scored(runs, 1 if seed is None else seed, left_out, picture, json)
        return
    asked = {"--left-out": left_out or None, "--runs": runs, "--seed": seed, "--picture": picture}
    usage.only_with("--score", "nothing is scored", asked)
    shelf = Path(str(files("allegiance.cases"))) / "shipped"
    found = [line(folder.parent) for folder in sorted(shelf.glob("*/case.yaml"))]
    if json:
        options.emit({"cases": found})
        return
    for case in found:
        span = f"{case['from'][:4]}-{case['until'][:4]}"
        held = f"{case['actors']} actors, {case['items']} dossier items"
        print(f"{case['name']:<20} {span}  {case['title']}  ({held})")


def _scored(runs: int | None, seed: int, left_out: bool, picture: Path | None, json: bool) -> None:
    from allegiance.cases.arguments import whole
    from allegiance.cases.loading import shipped
    from allegiance.engine.estimate import TALKATIVE, together
    from allegiance.infer import pooled
    from allegiance.panel import shipped as panel

    score = panel.left_out if left_out else panel.scored
    least = pooled.FEWEST * pooled.FUTURES * pooled.ROUNDS if left_out else 1
    runs = (panel.LEFT_OUT_RUNS if left_out else panel.RUNS) if runs is None else runs
    whole("--runs", runs, least, 2**31)
    cost = together(runs, panel.steps())
    if cost.seconds > TALKATIVE:
        # Measured on the largest case; the others are up to eight times as fast.
        print(f"allegiance: this will take {cost} at most", file=sys.stderr)
    rounds = pooled.ROUNDS if left_out else 1
    with options.progress("Cases", rounds * len(shipped()), json) as tick:
        found = score(runs, seed=seed, tick=tick)
    if picture:
        from allegiance.show import reliability

        reliability.shipped(found, picture)
    if json:
        options.emit(found)
        return
    from allegiance.show import tables
    from allegiance.show.judged import shipped as shown

    tables.printed(*shown(found))


def show(case: options.CaseName, json: options.Json = False) -> None:
    """Describe a case: actors, wars, timeline, outcomes, and how its figures are known.

    Example: allegiance show syria
    """
    from allegiance.cases.loading import load
    from allegiance.cases.summary import describe

    found = describe(load(case))
    if json:
        options.emit(found)
        return
    from allegiance.show import cards, tables

    tables.printed(*cards.case(found))


def check(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A folder with case.yaml, or a shipped case.")
    ],
    json: options.Json = False,
) -> None:
    """Check a case, its dossier and its posterior: keys, names, addresses, dates and sums.

    Example: allegiance check my_case
    """
    from allegiance.cases.errors import CaseError

    try:
        from allegiance.engine.scenario import load
        from allegiance.engine.setup import prepare
        from allegiance.evidence import dossier, posteriors

        scenario = load(path)
        prepare(scenario, runs=1)
        posteriors.chosen(scenario, None)
        items = dossier.items(scenario.files)
    except CaseError as error:
        _refused(error, json)
        raise typer.Exit(2) from None
    case, entries = scenario.files.case, len(scenario.files.timeline.entries)
    counts = {"outcomes": len(case.outcomes), "entries": entries, "items": len(items)}
    if json:
        options.emit({"ok": True, "case": scenario.name, **counts, "errors": []})
        return
    held = f"{counts['outcomes']} outcomes, {counts['items']} dossier items"
    print(f"{scenario.name}: sound; {counts['entries']} entries, {held}")


def _refused(error: CaseError, json: bool) -> None:
    from allegiance.cli.main import say

    errors = [error, *error.others]
    fields = ("file", "line", "key", "problem", "found", "allowed", "nearest")
    if json:
        found = [{name: getattr(each, name) for name in fields} for each in errors]
        options.emit({"ok": False, "case": None, "errors": found})
        return
    for each in errors:
        each.others = ()
        say(str(each))


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the case and its folder.")],
    parent: Annotated[
        Path, typer.Option("--in", metavar="DIR", help="Where the folder is made.")
    ] = Path(),
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--from-data",
            metavar="FILE",
            help="Draft a thin case by rule: one YAML file of records, or published tables (CSV): "
            "indicators, capabilities, battle deaths, support (UCDP ESD). Repeatable.",
        ),
    ] = None,
    record: Annotated[
        str | None,
        typer.Option(
            "--record", metavar="ID", help="Which record of the YAML file; default: NAME."
        ),
    ] = None,
    client: Annotated[
        str | None, typer.Option("--client", metavar="C", help="With tables: the client.")
    ] = None,
    sponsor: Annotated[
        str | None, typer.Option("--sponsor", metavar="S", help="With tables: its sponsor.")
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="Y", help="With tables: starts on 1 January Y.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Start a case: a small complete one in a new folder, or a thin one drafted from data.

    Example: allegiance new my_case && allegiance check my_case
    """
    if data:
        from allegiance.panel.drafting import drafted

        folder = drafted(name, parent, data, record, client, sponsor, year)
    else:
        from allegiance.cases.new import scaffold

        folder = scaffold(name, parent, _schemas())
    if json:
        options.emit({"case": name, "folder": str(folder)})
        return
    print(f"{folder} holds a case that runs. Edit it, then: allegiance check {folder}")


def _schemas() -> dict[str, str]:
    """A JSON Schema beside each file of a new case, and the line that tells editors of it."""
    import json

    from allegiance.cases import schema as cases
    from allegiance.evidence import schema as evidence

    found = {file: cases.json_schema(file) for file in cases.FILES}
    found["dossier.yaml"] = evidence.json_schema()
    extra = {}
    for file, described in found.items():
        name = f"schema/{file.removesuffix('.yaml')}.json"
        extra[name] = json.dumps(described, indent=1) + "\n"
        extra[file] = f"# yaml-language-server: $schema={name}\n"
    return extra

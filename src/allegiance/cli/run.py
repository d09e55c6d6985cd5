"""`allegiance run`: simulate futures."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli import options, usage

if TYPE_CHECKING:
    from allegiance.cases.loading import CaseFiles
    from allegiance.cases.schema import CaseFile
    from allegiance.engine.setup import Setup
    from allegiance.engine.store import Store


def run(
    case: options.CaseName,
    runs: options.Runs = 1000,
    seed: options.Seed = 1,
    theory: options.TheoryName = "default",
    until: options.Until = None,
    by: options.By = None,
    set_: options.Set = None,
    without: options.Without = None,
    free: options.Free = None,
    record: options.Record = None,
    posterior: options.Posterior = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            parser=usage.folder("--out"),
            help="Keep everything in a new folder: some 0.2 MB a future.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run in --out.")
    ] = False,
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    json: options.Json = False,
) -> None:
    """Simulate futures of a case and report its outcomes.

    Example: allegiance run syria --runs 500 --by 2024-12-31 --without ukraine_war_2022
    """
    from allegiance.cases.errors import CaseError
    from allegiance.engine import setup

    if out is not None and not str(out).strip(". "):  # an empty name means this folder too
        allowed = "the name of a folder for this run alone"
        raise CaseError("not a folder of its own", key="--out", found=str(out), allowed=allowed)
    if resume and out is None:
        raise CaseError("nothing to resume", key="--resume", allowed="together with --out DIR")
    scenario = options.pulled(case, theory, set_, without, free)
    drawn = None
    if posterior is not None:
        from allegiance.evidence import posteriors

        found = posteriors.chosen(scenario, posterior)
        drawn = found.draws() if found else None
    extra, watch = _kept(scenario.files) if out else ((), ())
    order = setup.prepare(
        scenario,
        runs=runs,
        seed=seed,
        until=until,
        by=by or (),
        record=record or (),
        extra=extra,
        watch=watch,
        logged=out is not None,
        draws=drawn,
    )
    with _store(order, out, resume, workers) or nullcontext() as store:
        report = _simulated(order, store, json, workers, cluster)
        pictures = _drawn(out, scenario.files.case) if out else None
        if json:
            options.emit(report)
            return
        _show(report)
        if out and pictures:
            from allegiance.show import tables

            tables.printed(f"{out} holds trajectories, events, runs and a summary; open {pictures}")


def _kept(files: CaseFiles) -> tuple[list[str], list[str]]:
    from allegiance.evidence import dossier, record

    return record.reported(files.case, dossier.items(files).values())


def _drawn(out: Path, case: CaseFile) -> Path:
    from allegiance.engine.futures import opened
    from allegiance.show import plots

    return plots.draw(opened(out, check=False), case, out / "plots")[-1]


def _store(order: Setup, out: Path | None, resume: bool, workers: int | None) -> Store | None:
    """Where the run is kept, claimed; and, before that, what it will cost."""
    from allegiance.engine.estimate import TALKATIVE, affordable
    from allegiance.engine.store import Store

    cost = affordable(order, out, workers)
    if cost.seconds > TALKATIVE:
        print(f"allegiance: this will take {cost}", file=sys.stderr)
    store = Store(out, order, resume) if out else None
    if store and store.anew:
        print(f"allegiance: nothing was finished in {out}; beginning anew", file=sys.stderr)
    if store and not store.claim.held:
        told = "its file system has no locks; let no other run write there"
        print(f"allegiance: {out} cannot be claimed: {told}", file=sys.stderr)
    return store


def _simulated(
    order: Setup, store: Store | None, quiet: bool, workers: int | None, cluster: str | None
) -> dict[str, Any]:
    from allegiance.engine import simulate
    from allegiance.engine import workers as pool

    # The store is left after this: workers may still finish chunks while they are being stopped.
    with (
        pool.working(workers, cluster),
        options.progress("Simulating", order.runs, quiet) as tick,
    ):
        return simulate.tallied(order, store, tick)[1]


def _show(report: dict) -> None:
    from allegiance.show import tables

    span = f"{report['from']} to {report['until']}"
    tables.printed(f"{report['case']}: {report['runs']} futures, {span}, seed {report['seed']}")
    tables.printed(*(f"  {lever}" for lever in report["levers"]))
    tables.printed(
        f"  parameters from {report['posterior']}" if "posterior" in report else None, ""
    )
    tables.printed(tables.events(report), "", tables.quantities(report), "")
    tables.printed(f"{report['seconds']:.1f} seconds")

"""`allegiance contrast`: two worlds with the same noise."""

from __future__ import annotations

from allegiance.cli import options


def contrast(
    case: options.CaseName,
    runs: options.Runs = 500,
    seed: options.Seed = 1,
    theory: options.TheoryName = "default",
    until: options.Until = None,
    set_: options.Set = None,
    without: options.Without = None,
    free: options.Free = None,
    record: options.Record = None,
    json: options.Json = False,
) -> None:
    """Compare the case as it is (a) with the case under the given levers (b).

    Both worlds share all noise, so that small differences show. Reported are the outcomes of both
    with a paired interval of the difference, and the chain of what departed: from when on, by how
    much over the year that follows, and in what share of the futures.

    Example: allegiance contrast syria --without ukraine_war_2022 --runs 500
    """
    from allegiance.cases.errors import CaseError
    from allegiance.engine import selection, setup, simulate
    from allegiance.engine.scenario import load
    from allegiance.explain.contrast import streamed
    from allegiance.show import sentences, tables

    base, other = load(case), options.pulled(case, theory, set_, without, free)
    if other == base:
        allowed = "at least one of --set, --without, --free and --theory"
        raise CaseError("nothing differs between the two worlds", allowed=allowed)
    common = {"runs": runs, "seed": seed, "until": until, "record": record or ()}
    extra = selection.chain(base.files.case)
    a, b = (setup.prepare(world, extra=extra, **common) for world in (base, other))
    with options.progress("Simulating pairs", runs, json) as tick:
        found = streamed(a, b, simulate.chunks, tick)
    chain = sentences.named(found.chain, base.files.case)
    if json:
        head = {"case": base.name, "levers": list(other.levers), "theory": other.theory.name}
        report = {**head, "runs": runs, "seed": seed, **found.summary(), "chain": chain}
        options.emit(report)
        return
    tables.printed(f"{base.name}: {runs} pairs of futures, seed {seed}; in world b:")
    tables.printed(*(f"  {lever}" for lever in other.levers), "")
    tables.printed(tables.contrast(found.outcomes), tables.undefined(found.outcomes), "")
    tables.printed(tables.chain(chain))
    if found.chain:
        tables.printed("futures: the share in which that year differs by 1% or more, in this sense")

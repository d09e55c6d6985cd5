"""`allegiance confront`: a case's futures held against its dossier."""

from __future__ import annotations

from allegiance.cli import options


def confront(
    case: options.CaseName,
    runs: options.Runs = 500,
    seed: options.Seed = 1,
    theory: options.TheoryName = "default",
    posterior: options.Posterior = None,
    json: options.Json = False,
) -> None:
    """Hold the futures of a case against its dated evidence.

    Every item with what the model expects (5%, median, 95%) and its log score, worst first; the
    share of items inside their 90% intervals beside what chance allows; and the scores of the
    model beside a base rate, persistence and a small logit. Higher log scores are better.
    Parameters come from --posterior, else from the posterior that the case ships, else the theory.

    Example: allegiance confront syria --runs 500
    """
    from allegiance.engine.scenario import load
    from allegiance.evidence.confront import confront as confronted

    scenario = load(case).under(theory)
    with options.progress("Simulating", runs, json) as tick:
        found = confronted(scenario, runs, seed, posterior=posterior, tick=tick)
    if json:
        options.emit(found.summary())
        return
    from allegiance.show import confrontation, tables

    tables.printed(*confrontation.parts(found))

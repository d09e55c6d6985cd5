"""A case's futures against its dossier, as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.table import Table

from allegiance.show.tables import number, percent, table

if TYPE_CHECKING:
    from allegiance.evidence.confront import Confrontation, Row
    from allegiance.infer.calibrate import Calibration
    from allegiance.infer.forecast import Forecast
    from allegiance.infer.rolling import Rolling

NAMES = {
    "model": "model",
    "base_rate": "base rate",
    "persistence": "persistence",
    "logit": "logit",
}


def parts(found: Confrontation) -> Iterator[Table | str]:
    """Items, worst first; scores beside the baselines'; coverage; reliability; the verdict."""
    head = f"{found.case} under {found.theory}: {found.runs} futures, seed {found.seed}"
    yield f"{head}, against {len(found.rows)} items"
    yield f"Parameters from {found.posterior or 'the table: no posterior'}\n"
    yield items(found)
    yield ""
    yield _scores(found)
    yield ""
    yield from standing(found)
    yield from _reliability(found)
    yield from _verdict(found, "hold", "On held items")


def forecast(found: Forecast) -> Iterator[Table | str]:
    """Items, worst first; scores beside the baselines'; what a reader must know."""
    held = found.held
    head = f"{held.case} under {held.theory}: {held.runs} futures, seed {held.seed}"
    yield f"{head}, given {found.evidence} items before {found.start}, held against what came"
    yield f"until {found.until}; {found.ess:.1f} futures are effective"
    yield f"Parameters from {held.posterior or 'the table: no posterior'}"
    if found.given_later:
        yield (
            "GIVEN LATER: the timeline after the start was told to the model and to the "
            "baselines; this is no forecast that could have been made."
        )
    yield from (f"Warning: {warning}" for warning in found.warnings)
    yield ""
    yield items(held)
    yield ""
    yield from _verdict(held, None, "On what came")


def rolling(found: Rolling) -> Iterator[Table | str]:
    """Scores of each origin's forecast beside the baselines', and of all of them."""
    made = table(
        "Mean log score an item, forecast from each day (higher is better)",
        *("from", "items", "in effect", *NAMES.values()),
        right=1,
    )
    for made_on in found.origins:
        scores = made_on.held.scores()
        shown = [number(scores[name]) for name in NAMES]
        count = str(len(made_on.held.rows))
        made.add_row(str(made_on.start), count, f"{made_on.ess:.1f}", *shown)
    made.add_row("all", str(found.items), "", *(number(found.scores[name]) for name in NAMES))
    yield made
    for made_on in found.origins:
        yield from (f"Warning: from {made_on.start}: {told}." for told in made_on.warnings)
    for name, label in NAMES.items():
        difference = found.scores["model"] - found.scores[name]
        if name != "model":
            word = "beats" if difference > 0.0 else "loses to"
            yield f"In all the model {word} the {label} by {abs(difference):.2f} an item."


def items(found: Confrontation) -> Table:
    """Every item with what the model expected, worst first."""
    made = table(
        "What the record says, and what the model expected (worst first)",
        *("item", "use", "grade", "observed", "5%", "50%", "95%", "inside", "score"),
        right=4,
    )
    for row in sorted(found.rows, key=lambda row: row.score):
        item = row.target.item
        inside = "yes" if row.inside else "no"
        made.add_row(
            *(row.id, item.use, item.grade, _observed(row), *_quantiles(found, row), inside),
            f"{row.score:.2f}",
            style="" if row.inside else "bold",
        )
    return made


def _observed(row: Row) -> str:
    if not isinstance(row.observed, str):
        return number(row.observed)
    event = row.target.item.event
    return "{} to {}".format(*event.between) if event and event.between else row.observed


def _quantiles(found: Confrontation, row: Row) -> tuple[str, ...]:
    if row.target.item.happens:
        return tuple(found.date(days) or "never" for days in row.quantiles)
    return tuple(number(q) if q == q else "–" for q in row.quantiles)


def _scores(found: Confrontation) -> Table:
    made = table(
        "Mean scores an item", *("forecaster", "log score, fit", "hold", "all"),
        *("CRPS, hold", "Brier, hold"), right=1,
    )  # fmt: skip
    log = [found.scores(use) for use in ("fit", "hold", None)]
    losses = [found.losses("hold", valued) for valued in (True, False)]
    for name, label in NAMES.items():
        made.add_row(label, *(_fixed(scores[name]) for scores in (*log, *losses)))
    return made


def _fixed(score: float | None) -> str:
    return "–" if score is None or score != score else f"{score:.2f}"


USES = {"hold": "held out", "fit": "used for fitting"}


def standing(found: Confrontation) -> list[str]:
    """How far the futures can be believed, the same wherever people read it.

    A sentence on the coverage of the items held out and of those used for fitting, then one on the
    mean log scores an item of the held ones, or of all where none is held.
    """
    told = list(_coverage(found))
    use = "hold" if found.of("hold") else None
    scores = found.scores(use)
    if scores["model"] is not None:
        known = ((label, scores[name]) for name, label in NAMES.items())
        rivals = ", ".join(f"{label} {_fixed(score)}" for label, score in known)
        on = f"the {len(found.of(use))} items {USES['hold']}" if use else "all items"
        told.append(
            f"Mean log score an item on {on} (higher is better), over {_futures(found)}: {rivals}."
        )
    return told


def _futures(found: Confrontation) -> str:
    return f"{found.runs:,} futures"


def _coverage(found: Confrontation) -> Iterator[str]:
    for use, words in USES.items():
        share, expected = found.coverage(use), found.expected[use]
        if share is None:
            continue
        count = len(found.of(use))
        items = f"{count} dossier item{'s' if count != 1 else ''} {words}"
        one = f"Of {items}, {percent(share)} lie inside the 90% sets"
        one += f" of {_futures(found)}"
        if expected is not None:
            low, high = (percent(end) for end in expected)
            verdict = _verdict_on(share, expected, count)
            one += f"; were the model true, {low} to {high} would: {verdict}"
        yield f"{one}."


NOMINAL = 0.9
"""Share that 90% sets hold, were the model true and the items without end."""

SLACK = 0.03
"""Share by which the ends of the expected range move from sample to sample of futures."""


def _verdict_on(share: float, expected: tuple[float, float], count: int) -> str:
    """What coverage says of the model; one item more or less must not turn it around."""
    low, high = expected
    near = max(1.0 / count, SLACK) + 1e-9
    if share < low - near:
        return "fewer than chance allows, so the model is too sure of itself"
    if share <= low + near and share < NOMINAL:
        return "at the edge of what chance allows, so the model may be too sure of itself"
    if share > high + near:
        return "more than chance allows, so the model is less sure than it could be"
    return "the model is not shown to be wrong by this"


def _reliability(found: Confrontation) -> Iterator[str]:
    for row in found.reliability():
        shown = f"{percent(row['low'])}-{percent(row['high'])}"
        told = f"forecast {percent(row['forecast'])}, occurred {percent(row['observed'])}"
        yield f"Events forecast at {shown}: {told} of {row['n']:.0f}"
    counts = " ".join(str(n) for n in found.pits())
    yield f"Figures in each tenth of their forecast, lowest first: {counts} (even if spreads fit)"


def _verdict(found: Confrontation, use: str | None, where: str) -> Iterator[str]:
    held = found.scores(use)
    if held["model"] is None:
        return
    for name, label in NAMES.items():
        score = held[name]
        if name == "model" or score is None:
            continue
        difference = held["model"] - score
        word = "beats" if difference > 0.0 else "loses to"
        yield f"{where} the model {word} the {label} by {abs(difference):.2f} an item."


def calibration(found: Calibration) -> Iterator[Table | str]:
    """Posterior marginals, and what a reader must know."""
    kept = found.posterior.file
    yield f"{kept.case} under {kept.theory}: fitted to {kept.until}, seed {kept.seed}"
    yield (
        f"{kept.particles} particles, {kept.futures} futures, temperature {kept.temperature:.3g}, "
        f"{kept.ess:.0f} histories in effect, log evidence {kept.log_evidence:.1f}"
    )
    if kept.share < 1.0:
        yield f"Items share the model's errors, so their log likelihood counts for {kept.share:.2f}"
    yield from (f"Warning: {warning}" for warning in found.warnings)
    yield ""
    made = table("Posterior", "parameter", "mean", "5%", "95%", "contraction", right=1)
    for name, s in kept.parameters.items():
        made.add_row(name, number(s.mean), number(s.q05), number(s.q95), f"{s.contraction:.2f}")
    yield made
    yield "Contraction: 1 less the posterior's variance over the prior's; 0: nothing was learnt."
    yield f"{kept.seconds:.0f} seconds"

"""A case's futures against its dossier, as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.table import Table

from allegiance.show.tables import number, percent, table

if TYPE_CHECKING:
    from allegiance.evidence.confront import Confrontation, Row

NAMES = {
    "model": "model",
    "base_rate": "base rate",
    "persistence": "persistence",
    "logit": "logit",
}


def parts(found: Confrontation) -> Iterator[Table | str]:
    """Items, worst first; scores beside the baselines'; coverage; reliability; the verdict."""
    head = f"{found.case} under {found.theory}: {found.runs} futures, seed {found.seed}"
    yield f"{head}, against {len(found.rows)} items\n"
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
    yield made
    yield ""
    yield _scores(found)
    yield ""
    yield from _coverage(found)
    yield from _reliability(found)
    yield from _verdict(found)


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


def _coverage(found: Confrontation) -> Iterator[str]:
    for use in ("fit", "hold"):
        share, expected = found.coverage(use), found.expected[use]
        if share is None or expected is None:
            continue
        low, high = (percent(end) for end in expected)
        count = len(found.of(use))
        yield f"Inside their 90% sets, {use}: {percent(share)} of {count}; expected {low} to {high}"


def _reliability(found: Confrontation) -> Iterator[str]:
    for row in found.reliability():
        shown = f"{percent(row['low'])}-{percent(row['high'])}"
        told = f"forecast {percent(row['forecast'])}, occurred {percent(row['observed'])}"
        yield f"Events forecast at {shown}: {told} of {row['n']:.0f}"


def _verdict(found: Confrontation) -> Iterator[str]:
    held = found.scores("hold")
    if held["model"] is None:
        return
    for name, label in NAMES.items():
        score = held[name]
        if name == "model" or score is None:
            continue
        difference = held["model"] - score
        word = "beats" if difference > 0.0 else "loses to"
        yield f"On held items the model {word} the {label} by {abs(difference):.2f} an item."

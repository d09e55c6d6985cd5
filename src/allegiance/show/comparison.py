"""Rival theories weighed, as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table

from allegiance.engine.theories import THEORIES
from allegiance.show.tables import percent, table
from allegiance.show.words import words

if TYPE_CHECKING:
    from allegiance.infer.compare import Compared, Comparison

MOST = 12
"""Items shown; --json has them all."""


def parts(found: Comparison) -> Iterator[Table | str]:
    """Posterior, verdict, warnings; diagnostic items; the judge's record; motives; recovery."""
    cases = ", ".join(part.scenario.name for part in found.cases)
    yield f"{cases}: {found.runs} futures per theory and prior width, seed {found.seed}\n"
    for lever in dict.fromkeys(each for part in found.cases for each in part.scenario.levers):
        yield f"  {lever}"
    yield _posterior(found)
    yield f"\nVerdict: {found.verdict}"
    for warning in found.warnings:
        yield f"Warning: {warning}."
    yield ""
    yield _diagnostic(found)
    for part in found.cases:
        yield from _judge(found, part)
        yield from _motives(part)
    yield from _recovery(found)


def _posterior(found: Comparison) -> Table:
    made = table(
        "How likely is each explanation? (equal prior odds; prior of the motives as given)",
        *("theory", "says", "in words", "p ± 90%", "half width", "double width"),
        right=3,
    )
    for i, name in enumerate(found.theories):
        p = {width: percent(float(q[i]), float(se[i])) for width, (q, se) in found.widths.items()}
        says = THEORIES[name].summary if name in THEORIES else ""
        word = words(found.posterior[name])
        made.add_row(name, says, word, p["given"], p["half"], p["double"])
    return made


def _diagnostic(found: Comparison) -> Table:
    made = table(
        "What tells them apart: log likelihood of each item against the mean, in nats",
        *("item", *found.theories, "weight", "tells on average"),
        right=1,
    )
    for row in found.diagnostic()[:MOST]:
        ratios = [f"{row['log_ratio'][name]:+.2f}" for name in found.theories]
        made.add_row(row["item"], *ratios, f"{row['weight']:.2f}", f"{row['information']:.3f}")
    return made


def _judge(found: Comparison, part: Compared) -> Iterator[Table | str]:
    guess = -np.log(len(found.theories))
    score = part.trained.log_score
    yield f"\n{part.scenario.name}: on simulated worlds held out, the judge scores {score:.2f}"
    yield f"nats a world; guessing scores {guess:.2f}, knowing 0."
    for row in part.trained.calibration():
        shown = f"{percent(row['low'])}-{percent(row['high'])}"
        told = f"said {percent(row['forecast'])}, true {percent(row['observed'])}"
        yield f"  theories given {shown}: {told} of {row['n']:,.0f}"
    odd = list(part.support.items)
    if odd:
        more = f" and {len(odd) - MOST} more" if len(odd) > MOST else ""
        yield f"Said by hardly any future of any theory: {', '.join(odd[:MOST])}{more}"


def _motives(part: Compared) -> Iterator[Table | str]:
    for power, weights in part.motives.items():
        label = part.scenario.files.case.powers[power].label
        made = table(
            f"Motives of {label}, all alike before the evidence",
            *("motive", "mean", "5%", "95%", "spread gone", "weighs most"),
            right=1,
        )
        for motive, row in weights.summary().items():
            told = (row["mean"], row["q05"], row["q95"])
            gone = percent(max(row["contraction"], 0.0))
            made.add_row(motive, *(f"{x:.2f}" for x in told), gone, percent(row["largest"]))
        yield ""
        yield made


def _recovery(found: Comparison) -> Iterator[Table | str]:
    if not found.recovery:
        return
    made = table(
        "Simulated worlds traced back: verdicts",
        *("truth", *found.theories, "not identifiable"),
        right=1,
    )
    for name, row in found.recovery.table(found.recovery.picked).items():
        made.add_row(name, *(str(count) for count in row.values()))
    wrong, limit = found.recovery.wrong
    yield ""
    yield made
    total = int(found.recovery.picked.sum())
    yield (
        f"Wrong verdicts: {wrong} of {total} (at most {limit:.1%} with 95% confidence); "
        f"no verdict in {percent(found.recovery.abstained)}; log score "
        f"{found.recovery.log_score:.2f} nats, guessing {-np.log(len(found.theories)):.2f}"
    )

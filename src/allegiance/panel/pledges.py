"""Are pledges kept? The model's share, by era, beside what has been published of alliances in war.

A test of a pledge is the first year of a war of a client with which the patron has a defence pact,
as the records know it. The model keeps it in a future in which the patron, if it was not there,
goes in within a year while the government stands, or, if its troops were there, does not leave it
before the year or the government ends. Nobody says whether it comes: the model decides.

The published rates count alliances that a war between states called upon; a panel of clients has
mostly wars within states, which many pacts do not cover. So the two bear on one another and do not
measure the same thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np

from allegiance.cases.thin import Record, built
from allegiance.engine import simulate
from allegiance.engine.outcomes import plain
from allegiance.engine.scenario import Scenario
from allegiance.engine.setup import prepare
from allegiance.panel import futures, scoring, years
from allegiance.panel.survival import VARIANTS
from allegiance.panel.years import Origin

ENTERED, LEFT = "client.entered[patron]", "client.left[patron]"


class Rate(NamedTuple):
    """A published share of alliances that were honoured in war."""

    first: int
    last: int
    share: float
    source: str


PUBLISHED = (
    Rate(1816, 1944, 0.745, "Leeds, Long & Mitchell 2000, abstract (years: Leeds 2003)"),
    Rate(1816, 1944, 0.66, "Berkemeier & Fuhrmann 2018, abstract"),
    Rate(1945, 2003, 0.22, "Berkemeier & Fuhrmann 2018, abstract"),
)
"""Documented. Leeds, Long & Mitchell: Journal of Conflict Resolution 44(5), 686-699; Leeds:
International Organization 57(4), 801-827; Berkemeier & Fuhrmann: Research & Politics 5(2)."""

ERAS = ((1816, 1944), (1945, 2003), (2004, 2100))
"""First and last years: those of the published rates, and what came after."""


def kept(record: Record, seed: int = 1) -> np.ndarray:
    """Whether the pledge is kept in each of LANE futures [future]; see the module."""
    until = record.start + timedelta(days=futures.YEAR - 1)
    scenario = Scenario(built(record))
    setup = prepare(scenario, runs=futures.LANE, seed=seed, until=until, watch=[ENTERED, LEFT])
    first = np.concatenate([chunk.first for chunk in simulate.chunks(setup)], axis=1)
    fell, entered, left = (
        first[setup.events.index(event)] for event in (setup.outcomes["falls"].event, ENTERED, LEFT)
    )
    if there(record):
        return ~(left < np.minimum(fell, futures.YEAR))
    return entered < np.minimum(fell, futures.YEAR)


def there(record: Record) -> bool:
    """Whether the patron's troops are in the client on the first day, as the thin rule has it."""
    figure = record.figures.get("patron_there")
    return "troops" in record.support or (figure is not None and figure.value > 0)


def tests(found: Sequence[Origin]) -> list[Origin]:
    """The first year of each war of a client with a pact; the years after it are the same test."""
    wars = {(o.sponsor, o.client, o.year) for o in found if o.war}
    return [
        origin
        for origin in found
        if origin.war
        and "pact" in origin.record.support
        and (origin.sponsor, origin.client, origin.year - 1) not in wars
    ]


def by_era(
    found: Sequence[Origin], seed: int = 1, tick: years.Tick | None = None
) -> dict[str, Any]:
    """What `allegiance survival --json` prints under `pledges`.

    One row an era: number of tests, the model's mean share with a 90% interval by bootstrap over
    clients, and the published rates; intervals that hold a rate are `agrees`.
    """
    asked = tests(found)

    def share(key: str, record: Record) -> float:
        return float(futures.pooled(key, record, VARIANTS, seed, kept).mean())

    shares = years.told(asked, share, tick)
    rows = [_era(asked, np.array(shares), era, seed) for era in ERAS]
    return {"tests": len(asked), "eras": rows, "verdict": _verdict(rows)}


def _era(asked: Sequence[Origin], shares: np.ndarray, era: tuple[int, int], seed: int) -> Any:
    here = [at for at, origin in enumerate(asked) if era[0] <= origin.year <= era[1]]
    row: dict[str, Any] = {"from": era[0], "until": era[1], "n": len(here), "model": None}
    row |= {"low": None, "high": None, "outside": None, "inside": None}
    if here:
        ours = shares[here]
        span = scoring.compared(ours, np.zeros(len(here)), [asked[at].client for at in here], seed)
        inside = np.array([there(asked[at].record) for at in here])
        row |= {"model": plain(span.difference), "low": plain(span.low), "high": plain(span.high)}
        row["outside"] = plain(float(ours[~inside].mean())) if (~inside).any() else None
        row["inside"] = plain(float(ours[inside].mean())) if inside.any() else None
    row["published"] = [
        {
            "share": rate.share,
            "source": rate.source,
            "agrees": row["low"] <= rate.share <= row["high"] if here else None,
        }
        for rate in PUBLISHED
        if (rate.first, rate.last) == era
    ]
    return row


def _verdict(rows: Sequence[dict[str, Any]]) -> str:
    """In words, one sentence an era that can be compared."""
    told = []
    for row in rows:
        for rate in row["published"]:
            span, share = f"{row['from']}-{row['until']}", f"{100 * rate['share']:.3g}%"
            if not row["n"]:
                told.append(f"{span}: no test, so nothing to hold against {share}.")
                continue
            word = "agrees with" if rate["agrees"] else "does not agree with"
            if not rate["agrees"]:
                word += f" (it is {'more' if row['model'] > rate['share'] else 'less'} than)"
            told.append(
                f"{span}: the model keeps {100 * row['model']:.0f}% "
                f"[{100 * row['low']:.0f}%, {100 * row['high']:.0f}%] of {row['n']}, which {word} "
                f"the published {share} ({rate['source']})."
            )
    return " ".join(told)

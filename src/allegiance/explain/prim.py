"""Scenario discovery: the box of assumptions in which something happens.

The patient rule induction method (PRIM; Friedman & Fisher 1999, Statistics and Computing 9:123-143)
shaves, again and again, the twentieth of the points off one face of the box whose loss raises most
the share of hits among those left. Bryant & Lempert (2010, Technological Forecasting and Social
Change 77:34-49) read the boxes as scenarios: *density* is the share of hits in the box, *coverage*
the share of all hits that it holds, *mass* its share of all points; a limit's quasi-p-value is the
chance of so many hits in the box if the limit made no difference.

Departures: no pasting. Of the boxes on the way the one with most hits beyond its share is taken, by
mass x (density - share of hits over all), the weighted relative accuracy of subgroup discovery
(Lavrac, Flach & Zupan 1999); limits without a quasi-p-value below LEVEL are dropped, the weakest
first. The box is found in one half of the points and measured in the other, because a box is never
as dense as where it was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binom

from allegiance.engine import interrupts
from allegiance.engine.outcomes import plain
from allegiance.evidence.scores import wilson

PEEL = 0.05
"""Share of the points in the box that one step shaves off."""

LEAST = 0.05
"""Mass at which shaving stops."""

LEVEL = 0.05

FEWEST = 20
"""Hits, and misses, that either half must hold: with fewer, a box is an accident."""


@dataclass(frozen=True)
class Limit:
    """One face of a box: the column's values are at least, or at most, `value`."""

    column: int
    upper: bool
    value: float

    def holds(self, x: np.ndarray) -> np.ndarray:
        """Whether it holds at points x [column, point] -> [point]."""
        return x[self.column] <= self.value if self.upper else x[self.column] >= self.value


Box = tuple[Limit, ...]


def inside(box: Box, x: np.ndarray) -> np.ndarray:
    """Which points x [column, point] lie in the box [point]."""
    found = np.ones(x.shape[1], bool)
    for limit in box:
        found &= limit.holds(x)
    return found


def peeled(x: np.ndarray, hit: np.ndarray) -> list[Box]:
    """The boxes on the way, from the whole space on; x [column, point], hit [point]."""
    limits: dict[tuple[int, bool], Limit] = {}
    way: list[Box] = [()]
    left = np.ones(len(hit), bool)
    while left.sum() > max(LEAST * len(hit), 2.0) and not hit[left].all():
        interrupts.check()
        cut = max(1, int(PEEL * left.sum()))
        best: tuple[float, Limit, np.ndarray] | None = None
        for column in range(len(x)):
            order = np.sort(x[column, left])
            middles = (False, order[cut - 1 : cut + 1].mean()), (True, order[-cut - 1 :][:2].mean())
            for upper, value in middles:
                limit = Limit(column, upper, float(value))
                kept = left & limit.holds(x)
                if kept.any() and kept.sum() < left.sum():
                    density = float(hit[kept].mean())
                    if best is None or density > best[0]:
                        best = density, limit, kept
        if best is None:
            break
        _, limit, left = best
        limits[limit.column, limit.upper] = limit
        way.append(tuple(limits.values()))
    return way


def accuracy(box: Box, x: np.ndarray, hit: np.ndarray) -> float:
    """Hits in the box beyond its share of all, as a share of the points."""
    within = inside(box, x)
    return float((hit[within] - hit.mean()).sum() / len(hit))


def doubts(box: Box, x: np.ndarray, hit: np.ndarray) -> list[float]:
    """Quasi-p-value of each limit: a one-sided binomial test against the box without it."""
    within = inside(box, x)
    found = []
    for limit in box:
        wider = inside(tuple(other for other in box if other is not limit), x)
        share = hit[wider].mean() if wider.any() else 1.0
        found.append(float(binom.sf(hit[within].sum() - 1, within.sum(), share)))
    return found


def search(x: np.ndarray, hit: np.ndarray) -> Box:
    """The box with most hits beyond its share, with none but limits that matter."""
    box = max(peeled(x, hit), key=lambda some: accuracy(some, x, hit))
    while box:
        weak = doubts(box, x, hit)
        worst = int(np.argmax(weak))
        if weak[worst] < LEVEL:
            break
        box = (*box[:worst], *box[worst + 1 :])
    return box


def discover(
    find: tuple[Mapping[str, np.ndarray], np.ndarray],
    check: tuple[Mapping[str, np.ndarray], np.ndarray],
) -> dict[str, Any] | None:
    """A box found in one half of the futures and measured in the other.

    A half is the assumptions by name [point] and whether each point is a hit [point]. None where
    hits or misses are fewer than FEWEST in a half, or the other half confirms no limit of the box.
    """
    names = list(find[0])
    (x, hit), (other, seen) = ((np.array([h[0][n] for n in names]), h[1]) for h in (find, check))
    if min(some.sum() for half in (hit, seen) for some in (half, ~half)) < FEWEST:
        return None
    box = search(x, hit)
    p = doubts(box, other, seen)
    if not box or min(p) >= LEVEL:
        return None
    within = inside(box, other)
    both = np.concatenate([x, other], axis=1)
    return {
        **_share("density", int(seen[within].sum()), int(within.sum())),
        **_share("coverage", int(seen[within].sum()), int(seen.sum())),
        **_share("mass", int(within.sum()), len(seen)),
        **_share("base", int(seen.sum()), len(seen)),
        "limits": [
            {
                "name": names[limit.column],
                "sense": "at most" if limit.upper else "at least",
                "value": plain(limit.value, 3),
                "prior": plain(limit.holds(both).mean(), 3),
                "p": plain(doubt, 3),
            }
            for limit, doubt in sorted(zip(box, p, strict=True), key=lambda pair: pair[1])
        ],
    }


def _share(name: str, count: int, total: int) -> dict[str, Any]:
    low, high = wilson(count, total)
    share = count / total if total else float("nan")
    return {name: plain(share, 4), f"{name}_q05": plain(low, 4), f"{name}_q95": plain(high, 4)}

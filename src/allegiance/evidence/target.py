"""An item as its scores need it: on its scale, with its error, its grade and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import ndtri

from allegiance.cases.addresses import parse
from allegiance.evidence import grades, scales
from allegiance.evidence.schema import Bound, Item, Spread
from allegiance.evidence.scores import Mixture, average, effective, kernel, share_of

CENTRAL = 0.9
"""Intervals hold this much; so does a published `interval`."""

LEVELS = np.array([0.05, 0.5, 0.95])


@dataclass(frozen=True)
class Target:
    """What an item says, ready to be scored.

    `family` groups items whose figures are of one kind (noun, how many addresses add up, scale,
    ratio or not), `subject` those about the same address. `y`, `width` and the limits are on the
    scale; an unlimited side is infinite. A statement (bound, event, order) has no `y`.
    """

    item: Item
    family: tuple[str, ...]
    subject: str
    when: date | None
    scale: scales.Scale
    truth: float
    y: float
    width: float
    broad: float
    low: float
    high: float

    @property
    def valued(self) -> bool:
        """Whether it gives a figure; else it states something that holds or not."""
        return self.item.value is not None

    @property
    def exact(self) -> bool:
        """Whether it sets a bound without an error: futures obey it or do not."""
        return self.item.bound is not None and self.item.spread is None

    def record(self, members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Centre and variance of the record on its scale, were each future the truth [run]."""
        seen, extra = members, 0.0
        if reporting := self.item.reporting:
            seen = members * reporting.share
            extra = scales.share_error(self.scale, seen, reporting.spread)
        centres = scales.onto(self.scale, seen)
        return centres, np.broadcast_to(self.width**2 + extra**2, centres.shape)

    def forecast(self, members: np.ndarray, weights: np.ndarray | None = None) -> Mixture | None:
        """Forecast of the record from what the futures read [run]; None where all read nothing.

        `weights` [run] say how much each future counts; none: all the same.
        """
        seen = np.isfinite(members)
        if weights is not None:
            seen &= weights > 0.0
            weights = weights[seen]
        members = members[seen]
        if not len(members):
            return None
        centres, variances = self.record(members)
        smooth = 0.0 if self.exact else kernel(centres, weights)
        return Mixture(centres, np.maximum(np.sqrt(variances + smooth**2), 1e-9), weights)

    def chance(self, forecast: Mixture | None) -> float:
        """Probability that a record obeys the item's bound; even where there is no forecast."""
        if forecast is None:
            return 0.5
        above = 0.0 if self.low == -np.inf else float(forecast.below(self.low))
        below = 1.0 if self.high == np.inf else float(forecast.below(self.high))
        return max(0.0, below - above)

    def holds(self, members: np.ndarray, weights: np.ndarray | None = None) -> float:
        """Probability that the statement holds, from what the futures read [run].

        Under `weights` [run] the futures count as many as are effective.
        """
        if not (self.item.happens or self.exact):
            return self.chance(self.forecast(members, weights))
        if self.exact:
            seen = np.isfinite(members)
            weights = None if weights is None else weights[seen]
            centres = scales.onto(self.scale, members[seen])
            members = ((centres >= self.low) & (centres <= self.high)).astype(float)
        if weights is None:
            return share_of(float(members.sum()), len(members))
        count = effective(weights) if weights.any() else 0.0
        return share_of(float(average(members, weights)) * count if count else 0.0, count)


def target(item: Item) -> Target:
    """An item, put onto its scale."""
    address = parse(item.what)
    spread = item.spread
    scale = spread.scale if spread else _natural(item)
    width = _width(spread, scale) if spread else 0.0
    value = 0.0 if item.value is None else item.value
    low, high = _limits(item.bound, scale)
    aggregate = item.when.aggregate if item.when else "event"
    kind = "ratio" if item.against else "sum" if aggregate == "sum" else "level"
    return Target(
        item=item,
        family=(address.noun.split(".")[-1], str(len(item.plus)), scale, kind),
        subject=f"{address} {'+'.join(item.plus)} {kind}",
        when=item.date,
        scale=scale,
        truth=grades.probability(item.grade),
        y=float(scales.onto(scale, value)),
        width=width,
        broad=1.0 if item.value is None else scales.broad(scale, value, width),
        low=low,
        high=high,
    )


def _natural(item: Item) -> scales.Scale:
    """Scale of a bound without an error: log for ratios, else as it stands."""
    return "log" if item.against else "linear"


def _width(spread: Spread, scale: scales.Scale) -> float:
    if spread.sd is not None:
        return spread.sd
    assert spread.interval
    low, high = scales.onto(scale, np.array(spread.interval))
    return float(high - low) / (2.0 * float(ndtri(0.5 + CENTRAL / 2.0)))


def _limits(bound: Bound | None, scale: scales.Scale) -> tuple[float, float]:
    low = None if bound is None else bound.at_least
    high = None if bound is None else bound.at_most
    return (
        -np.inf if low is None else float(scales.onto(scale, low)),
        np.inf if high is None else float(scales.onto(scale, high)),
    )


def inside(target: Target, forecast: Mixture | None, p: float) -> bool:
    """Whether the record lies in the forecast's 90% set.

    A figure lies between the 5% and the 95% quantile; a statement has a probability above 10%: the
    smallest set of answers that holds 90% leaves out no other.
    """
    if not target.valued:
        return p > 1.0 - CENTRAL
    if forecast is None:
        return False
    return bool(LEVELS[0] <= forecast.below(target.y) <= LEVELS[2])


def in_worlds(
    target: Target, forecast: Mixture | None, readings: np.ndarray, p: float, error: np.ndarray
) -> np.ndarray:
    """Whether the item would lie inside, were each of some futures the truth [world].

    `readings` [world] is what those futures read, `error` [world] standard normal. NaN where a
    future reads nothing.
    """
    if target.item.happens:
        chance = np.where(readings > 0.5, p, 1.0 - p)
        return (chance > 1.0 - CENTRAL).astype(float)
    if forecast is None:
        return np.full(readings.shape, np.nan)
    one = [target.forecast(readings[i : i + 1]) for i in range(len(readings))]
    centres = np.array([np.nan if m is None else m.centres[0] for m in one])
    widths = np.array([0.0 if m is None else m.widths[0] for m in one])
    record = centres + widths * error
    if target.valued:
        low, _, high = forecast.quantiles(LEVELS)
        found = ((record >= low) & (record <= high)).astype(float)
    else:
        obeys = (record >= target.low) & (record <= target.high)
        found = (np.where(obeys, p, 1.0 - p) > 1.0 - CENTRAL).astype(float)
    return np.where(np.isfinite(record), found, np.nan)

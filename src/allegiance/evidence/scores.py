"""Proper scores of forecasts against dated records.

A forecast of a quantity is a mixture of normals on the record's scale, one for each future, as wide
as the record's own error, the reporting model's and the kernel's together. Log scores are of the
density on that scale, or of the probability of an event; higher is better. CRPS and Brier scores
are losses; lower is better. Sources: Gneiting & Raftery (2007) for scores, Silverman (1986, 3.31)
for the kernel, Broecker & Smith (2007) for reliability.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import logsumexp, ndtr

Z90 = 1.6448536269514722
"""Half width of a 5-95% interval, in standard errors."""

FLOOR = 0.01
"""Weight of the broad alternative in every forecast: no finite ensemble is certain; assumed."""

NORMAL_MAD = 0.6745
"""Median absolute deviation of a standard normal."""

POINTS = 801
"""Points at which a mixture's distribution is taken where it stands for itself as draws."""


class Mixture(NamedTuple):
    """A forecast on a record's scale: normals, equally likely where no weights are given."""

    centres: np.ndarray  # [member]
    widths: np.ndarray  # [member], above 0
    weights: np.ndarray | None = None  # [member], at least 0, sum above 0

    def density(self, y: float) -> float:
        """Probability density at `y`."""
        z = (y - self.centres) / self.widths
        logs = -0.5 * z * z - np.log(self.widths * np.sqrt(2.0 * np.pi))
        total = len(self.centres) if self.weights is None else float(self.weights.sum())
        return float(np.exp(logsumexp(logs, b=self.weights) - np.log(total)))

    def below(self, y: np.ndarray | float) -> np.ndarray:
        """Probability of a record below `y`, of any shape."""
        at = np.asarray(y, float)[..., None]
        return average(ndtr((at - self.centres) / self.widths), self.weights)

    def quantiles(self, levels: np.ndarray) -> np.ndarray:
        """Quantiles at `levels` [level], by bisection."""
        low = np.full(len(levels), (self.centres - 10.0 * self.widths).min())
        high = np.full(len(levels), (self.centres + 10.0 * self.widths).max())
        for _ in range(50):
            middle = 0.5 * (low + high)
            under = self.below(middle) < levels
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return 0.5 * (low + high)


def average(x: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Mean over the last axis, weighted where weights [member] are given."""
    return x.mean(axis=-1) if weights is None else x @ (weights / weights.sum())


def effective(weights: np.ndarray) -> float:
    """Effective number of members under weights [member] (Kong 1992): `(sum w)^2 / sum w^2`."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def kernel(members: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Bandwidth of a kernel over an ensemble [member]: Silverman's rule.

    The median absolute deviation stands for the distance of the quartiles. It is the same where the
    members lie evenly about one point, and is not widened by those of up to a half that lie far
    away, as futures do in which an army is no more. 0 where half of the members are equal.

    Under weights the number of members is their effective number.
    """
    if len(members) < 2:
        return 0.0
    count = float(len(members)) if weights is None else effective(weights)
    if weights is None:
        spread, middle = float(members.std(ddof=1)), float(np.median(members))
        near = float(np.median(np.abs(members - middle)))
    else:
        off = members - average(members, weights)
        spread = float(np.sqrt(average(off**2, weights)))
        middle = _median(members, weights)
        near = _median(np.abs(members - middle), weights)
    return 0.9 * min(spread, near / NORMAL_MAD) * count**-0.2


def _median(members: np.ndarray, weights: np.ndarray) -> float:
    return float(np.quantile(members, 0.5, weights=weights, method="inverted_cdf"))


def log_value(forecast: Mixture | None, y: float, truth: float, broad: float) -> float:
    """Log score of a value: the forecast's density with its floor, mixed by the item's grade.

    `truth` is the probability that the item is true, `broad` the density of what a false one says.
    """
    density = broad if forecast is None else (1.0 - FLOOR) * forecast.density(y) + FLOOR * broad
    return float(np.log(truth * density + (1.0 - truth) * broad))


def log_event(p: float, truth: float) -> float:
    """Log score of a statement that holds with probability `p`; a false one is even odds."""
    floored = (1.0 - FLOOR) * p + FLOOR * 0.5
    return float(np.log(truth * floored + (1.0 - truth) * 0.5))


def brier(p: float, outcome: float) -> float:
    """Squared error of a probability (Brier 1950)."""
    return (p - outcome) ** 2


def crps(forecast: Mixture, y: float) -> float:
    """Continuous ranked probability score, in units of the record's scale."""
    low = (forecast.centres - 6.0 * forecast.widths).min()
    high = (forecast.centres + 6.0 * forecast.widths).max()
    at = np.linspace(low, high, POINTS)
    below = forecast.below(at)
    return crps_draws(np.interp((np.arange(400) + 0.5) / 400.0, below, at), y)


def crps_draws(draws: np.ndarray, y: float) -> float:
    """CRPS of an ensemble [member] taken as it is: `E|X - y| - E|X - X'| / 2`."""
    import scoringrules

    return float(scoringrules.crps_ensemble(y, draws))  # type: ignore[arg-type]


def share_of(count: float, runs: float) -> float:
    """Probability of an event that occurs in `count` of `runs` futures, never 0 or 1 (Jeffreys)."""
    return (count + 0.5) / (runs + 1.0)


def wilson(count: float, total: float, errors: float = Z90) -> tuple[float, float]:
    """Interval of a share (Wilson 1927), `errors` standard errors either way: 5-95%."""
    if not total:
        return 0.0, 1.0
    p, z = count / total, errors**2 / total
    middle = (p + z / 2.0) / (1.0 + z)
    half = np.sqrt(z * (p * (1.0 - p) + z / 4.0)) / (1.0 + z)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def reliability(p: np.ndarray, outcome: np.ndarray, bins: int = 5) -> list[dict[str, float]]:
    """Forecast against observed frequency, for each bin that holds a forecast.

    `p` and `outcome` are [item]; each row has the bin's bounds, its number, the mean forecast and
    the observed share.
    """
    which = np.clip((np.asarray(p) * bins).astype(int), 0, bins - 1)
    rows = []
    for index in np.unique(which):
        here = which == index
        rows.append(
            {
                "low": index / bins,
                "high": (index + 1) / bins,
                "n": int(here.sum()),
                "forecast": float(np.asarray(p)[here].mean()),
                "observed": float(np.asarray(outcome)[here].mean()),
            }
        )
    return rows

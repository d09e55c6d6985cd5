"""Simulation-based calibration: is the truth where a posterior says that it is?

Parameters are drawn from the prior, data simulated from each, and a posterior fitted to each data
set; the posterior probability below the true value must then be uniform (Talts et al. 2018). The
check is simultaneous: a band that the whole empirical distribution stays in with a given
probability (Saeilynoja, Buerkner & Vehtari 2022), simulated. A posterior that is too narrow, too
wide or shifted leaves it.

A fit per data set must cost next to nothing, so posteriors here come from one table of simulations:
the nearest ones, their parameters moved along a local linear regression on the data (Beaumont,
Zhang & Balding 2002), the residuals scaled by a second one (Blum & Francois 2010).
"""

from __future__ import annotations

import numpy as np
from scipy.special import bdtr

KEPT = 0.1
"""Share of the table that is near enough to a data set."""


def adjusted(
    z: np.ndarray, data: np.ndarray, observed: np.ndarray, kept: float = KEPT
) -> tuple[np.ndarray, np.ndarray]:
    """Posterior draws [parameter, draw] and their weights [draw] for one data set.

    `z` [parameter, simulation] and `data` [statistic, simulation] are the table, `observed`
    [statistic] the data. Statistics that never vary are left out.
    """
    scale = data.std(axis=1)
    seen = scale > 1e-9
    off = (data[seen] - observed[seen, None]) / scale[seen, None]
    distance = np.sqrt((off**2).sum(axis=0))
    near = np.argsort(distance)[: max(32, int(kept * z.shape[1]))]
    weights = np.maximum(1.0 - (distance[near] / (distance[near[-1]] + 1e-9)) ** 2, 1e-6)
    x = np.vstack([np.ones(len(near)), off[:, near]])

    def at_data(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weighted regression of y [parameter, draw]: its value at the data and at each draw."""
        gram = (x * weights) @ x.T + 1e-6 * np.eye(len(x))
        beta = np.linalg.solve(gram, (x * weights) @ y.T)
        return beta[0][:, None], (x.T @ beta).T

    center, fitted = at_data(z[:, near])
    rest = z[:, near] - fitted
    there, spread = at_data(np.log(rest**2 + 1e-12))
    return center + rest * np.exp(0.5 * np.clip(there - spread, -2.0, 2.0)), weights


def probability_below(draws: np.ndarray, weights: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Posterior probability below the truth [parameter]."""
    return ((draws < truth[:, None]) * weights).sum(axis=1) / weights.sum()


def least(below: np.ndarray) -> float:
    """How odd an empirical distribution is: the least two-sided probability of a count.

    `below` [data set] lies in [0, 1]. At each of as many points as there are data sets, the count
    below the point is binomial if `below` is uniform.
    """
    n = len(below)
    points = np.arange(1, n) / n
    count = np.searchsorted(np.sort(below), points, side="right")
    under = bdtr(count, n, points)
    over = 1.0 - np.where(count > 0, bdtr(np.maximum(count - 1, 0), n, points), 0.0)
    return float(2.0 * np.minimum(under, over).min())


def limit(
    n: int, parameters: int, error: float = 0.01, repeats: int = 4000, seed: int = 1
) -> float:
    """The value that `least` of any of the parameters falls below with probability `error`.

    Simulated from uniform, independent probabilities of `n` data sets.
    """
    random = np.random.default_rng(seed)
    found = [min(least(random.uniform(size=n)) for _ in range(parameters)) for _ in range(repeats)]
    return float(np.quantile(found, error))

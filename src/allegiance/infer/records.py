"""What the record would say in each simulated world, and how likely each theory makes it.

A world's record has the reporting model, the error and the grade of the item it stands for: a
false item says anything. The likelihood of a record under a theory is that of `evidence`: a
mixture of normals over the theory's futures, or the probability that a statement holds, each with
its floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allegiance.evidence import scales
from allegiance.evidence.scores import FLOOR, Mixture
from allegiance.evidence.target import Target

GRID = 161
"""Points at which the likelihood of a figure is worked out; between them it is interpolated."""

BINS = 200
"""Groups of neighbouring futures that a mixture is made of at most."""


def simulated(target: Target, readings: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A record of each world [run]: a figure on its scale, or 1 and 0; NaN where none is read."""
    readings = np.asarray(readings, float)
    lies = random.random(readings.shape) > target.truth
    if target.item.happens:
        said = readings > 0.5
    else:
        told = _told(target, readings, random)
        if target.valued:
            lies &= np.isfinite(told)
            return np.where(lies, _broad(target, told, random), told) if lies.any() else told
        said = (told >= target.low) & (told <= target.high)
    coin = random.random(readings.shape) < 0.5
    found = np.where(lies, coin, said).astype(float)
    return np.where(np.isfinite(readings), found, np.nan)


def _told(target: Target, readings: np.ndarray, random: np.random.Generator) -> np.ndarray:
    centres, variances = target.record(readings)
    told = centres + np.sqrt(variances) * random.normal(size=readings.shape)
    return np.where(np.isfinite(readings), told, np.nan)


def _broad(target: Target, told: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """What a false item says: anything on its scale, about where the true ones lie."""
    if target.scale == "logit":
        return scales.onto("logit", random.random(told.shape))
    middle = np.median(told[np.isfinite(told)])
    span = 1.0 / target.broad
    return middle + span * (random.random(told.shape) - 0.5)


@dataclass(frozen=True)
class Table:
    """Log likelihoods of an item's record under each theory.

    `grid` [point] and `logs` [theory, point] for a figure; of a statement `logs` [theory, 2] for
    0 and 1. `readable` [theory, 2]: log probability that a future reads nothing, and something.
    """

    target: Target
    grid: np.ndarray | None
    logs: np.ndarray
    readable: np.ndarray

    def of(self, records: np.ndarray) -> np.ndarray:
        """Log likelihood of records [run] under each theory [theory, run]."""
        seen = np.isfinite(records)
        known = np.where(seen, records, 0.0)
        if self.grid is None:
            found = self.logs[:, (known > 0.5).astype(int)]
        else:
            found = np.array([np.interp(known, self.grid, row) for row in self.logs])
        return self.readable[:, seen.astype(int)] + np.where(seen[None], found, 0.0)

    @property
    def observed(self) -> float:
        """The dossier's own record: its figure on its scale, or 1."""
        return self.target.y if self.target.valued else 1.0


def table(target: Target, readings: Sequence[np.ndarray]) -> Table:
    """Likelihoods of an item from what it reads under each theory, a sequence of [run]."""
    counts = np.array([[np.isnan(r).sum(), np.isfinite(r).sum()] for r in readings], float)
    readable = np.log((counts + 0.5) / (counts.sum(axis=1, keepdims=True) + 1.0))
    if not target.valued:
        p = np.array([target.holds(np.asarray(r, float)[np.isfinite(r)]) for r in readings])
        p = target.truth * ((1.0 - FLOOR) * p + FLOOR * 0.5) + (1.0 - target.truth) * 0.5
        return Table(target, None, np.log(np.stack([1.0 - p, p], axis=1)), readable)
    mixtures = [_grouped(target.forecast(np.asarray(r, float))) for r in readings]
    ends = [end for m in mixtures if m is not None for end in _ends(m[0], m[1])]
    grid = np.linspace(min([target.y, *ends]), max([target.y, *ends]), GRID)
    grid = np.unique(np.append(grid, target.y))
    broad = _broad_density(target, grid)
    logs = []
    for mixture in mixtures:
        density = broad
        if mixture is not None:
            centres, widths, shares = mixture
            z = (grid[:, None] - centres) / widths
            each = np.exp(-0.5 * z * z) / (widths * np.sqrt(2.0 * np.pi))
            density = (1.0 - FLOOR) * (each @ shares) + FLOOR * broad
        logs.append(np.log(target.truth * density + (1.0 - target.truth) * broad))
    return Table(target, grid, np.array(logs), readable)


def _ends(centres: np.ndarray, widths: np.ndarray) -> tuple[float, float]:
    return float((centres - 4.0 * widths).min()), float((centres + 4.0 * widths).max())


def _grouped(mixture: Mixture | None) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Centres, widths and shares [group] of a mixture whose neighbours are taken together."""
    if mixture is None:
        return None
    centres, widths = mixture.centres, mixture.widths
    low, span = centres.min(), max(float(np.ptp(centres)), 1e-9)
    group = np.minimum(((centres - low) / span * BINS).astype(int), BINS - 1)
    count = np.bincount(group, minlength=BINS)
    some = count > 0
    mean = [np.bincount(group, x, BINS)[some] / count[some] for x in (centres, widths)]
    return mean[0], mean[1], count[some] / len(centres)


def _broad_density(target: Target, grid: np.ndarray) -> np.ndarray:
    if target.scale != "logit":
        return np.full(grid.shape, target.broad)
    share = np.clip(scales.back("logit", grid), scales.EDGE, 1.0 - scales.EDGE)
    return share * (1.0 - share)

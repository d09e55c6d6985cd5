"""How likely the records are, were one future the truth: what weights futures and parameters."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.special import ndtr

from allegiance.evidence.scores import FLOOR
from allegiance.evidence.target import Target


def log_likelihood(targets: Iterable[Target], values: np.ndarray) -> np.ndarray:
    """Log likelihood of all items in each future [run]; `values` [item, run] is what they read.

    Items are independent given a future. The kernel of a figure is a normal as wide as its own
    error and the reporting model's; a statement holds in a future or does not. Each is mixed with
    the broad alternative, by the floor and by the item's grade as in `scores`, so that no record
    rules a future out. A future in which an item reads nothing takes the alternative.
    """
    total = np.zeros(values.shape[1])
    for t, members in zip(targets, values, strict=True):
        total += _one(t, members)
    return total


def _one(t: Target, members: np.ndarray) -> np.ndarray:
    seen = np.isfinite(members)
    broad = t.broad if t.valued else 0.5
    told = np.full(members.shape, broad)
    told[seen] = _told(t, members[seen])
    floored = (1.0 - FLOOR) * told + FLOOR * broad
    return np.log(t.truth * floored + (1.0 - t.truth) * broad)


def _told(t: Target, members: np.ndarray) -> np.ndarray:
    """Density of the record, or probability of the statement, in each future."""
    if t.item.happens:
        return (members > 0.5).astype(float)
    centres, variances = t.record(members)
    if t.exact:
        return ((centres >= t.low) & (centres <= t.high)).astype(float)
    widths = np.maximum(np.sqrt(variances), 1e-9)
    if not t.valued:
        return ndtr((t.high - centres) / widths) - ndtr((t.low - centres) / widths)
    z = (t.y - centres) / widths
    return np.exp(-0.5 * z * z) / (widths * np.sqrt(2.0 * np.pi))

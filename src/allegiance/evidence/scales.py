"""The scales on which records are compared: linear, log and logit.

A record's error is even on its scale: a share's on the logit, an amount's on the log.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

Scale = Literal["linear", "log", "logit"]

LEAST = 1e-6
"""Amounts below this (a thousandth of a person) count as this on the log scale."""

EDGE = 1e-3
"""Shares nearer to 0 or 1 count as this: the model's own floor of control."""

DECADES = 4.0
"""A false report on the log scale may lie anywhere within this many powers of ten."""

SPANS = 4.0
"""A false report on the linear scale may lie anywhere within so many times the reported value."""


def onto(scale: Scale, x: np.ndarray | float) -> np.ndarray:
    """`x` in its own unit, put onto the scale; any shape."""
    x = np.asarray(x, float)
    if scale == "log":
        return np.log(np.maximum(x, LEAST))
    if scale == "logit":
        share = np.clip(x, EDGE, 1.0 - EDGE)
        return np.log(share / (1.0 - share))
    return x


def back(scale: Scale, g: np.ndarray | float) -> np.ndarray:
    """From the scale to the unit; any shape."""
    g = np.asarray(g, float)
    if scale == "log":
        return np.exp(g)
    return 1.0 / (1.0 + np.exp(-g)) if scale == "logit" else g


def share_error(scale: Scale, x: np.ndarray, relative: float) -> np.ndarray:
    """Error on the scale [run] that a relative error of the amounts `x` [run] makes."""
    x = np.asarray(x, float)
    if scale == "log":
        return np.full(x.shape, relative)
    if scale == "logit":
        return relative / (1.0 - np.clip(x, EDGE, 1.0 - EDGE))
    return np.abs(x) * relative


def broad(scale: Scale, value: float, sd: float) -> float:
    """Density on the scale of what a false report reads.

    A share lies anywhere in [0, 1], an amount anywhere within four powers of ten, a linear
    quantity within four times its size. The same for every forecast of a record, so that it
    never decides between two of them.
    """
    if scale == "logit":
        share = float(back("logit", onto("logit", value)))
        return share * (1.0 - share)
    if scale == "log":
        return 1.0 / (DECADES * np.log(10.0))
    return 1.0 / (SPANS * max(abs(value), 5.0 * sd))

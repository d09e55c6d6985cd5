"""Motive inference: the posterior of a patron's motives, from a bank with every motive alike.

Regression-adjusted approximate Bayesian computation (Beaumont, Zhang & Balding 2002): the centred
log weights are regressed on the records of all items by a ridge; of the bank, those worlds are kept
whose fit lies nearest to that of the dossier (the fit as summary: Fearnhead & Prangle 2012); their
residuals, each from a regression without its own fold, put around the fit at the dossier, are the
posterior. Where the evidence says nothing, the fit is the mean and the posterior is the prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allegiance.evidence.target import Target
from allegiance.infer.bank import Bank
from allegiance.infer.records import simulated
from allegiance.world.case import MOTIVES

FOLDS = 8
RIDGES = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5)
NEAREST = 0.3
"""Share of the bank that is kept; assumed: fewer follow the dossier closer, more are less noisy."""

CLIP = 3.0
"""Records count at most as so many deviations from the bank's mean: a fit may not run away."""


@dataclass(frozen=True)
class Weights:
    """Draws of one power's motives, [motive, draw] each, before and after the evidence."""

    prior: np.ndarray
    posterior: np.ndarray

    def summary(self) -> dict[str, Any]:
        """By motive: mean, 5% and 95%, the prior's mean, and the share of its spread that went.

        `largest` is the probability that it weighs more than any other.
        """
        first = np.bincount(self.posterior.argmax(axis=0), minlength=len(MOTIVES))
        return {
            motive: {
                "mean": float(after.mean()),
                "q05": float(np.quantile(after, 0.05)),
                "q95": float(np.quantile(after, 0.95)),
                "prior": float(before.mean()),
                "contraction": float(1.0 - after.std() / before.std()),
                "largest": float(first[i] / self.posterior.shape[1]),
            }
            for i, (motive, before, after) in enumerate(
                zip(MOTIVES, self.prior, self.posterior, strict=True)
            )
        }


def infer(bank: Bank, targets: Sequence[Target], seed: int) -> dict[str, Weights]:
    """Posterior of the motives of every power whose motives the bank drew, by name."""
    if bank.motives is None:
        return {}
    random = np.random.default_rng([seed, 6])
    said = np.array([simulated(t, r, random) for t, r in zip(targets, bank.readings, strict=True)])
    seen = np.array([t.y if t.valued else 1.0 for t in targets])
    x, at = _standard(said, seen)
    return {
        name: _one(bank.motives[p], x, at)
        for p, name in enumerate(bank.powers)
        if np.ptp(bank.motives[p], axis=-1).max() > 0.0
    }


def _standard(said: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Records [run, item] and the dossier [item] in deviations; an unread record counts 0."""
    known = np.isfinite(said)
    count = np.maximum(known.sum(axis=1), 1)
    mean = np.where(known, said, 0.0).sum(axis=1) / count
    away = np.where(known, said - mean[:, None], 0.0)
    deviation = np.sqrt((away**2).sum(axis=1) / count)
    keep = deviation > 1e-9
    x = np.clip(away[keep] / deviation[keep, None], -CLIP, CLIP)
    at = np.clip((seen - mean)[keep] / deviation[keep], -CLIP, CLIP)
    return x.T, at


def _one(drawn: np.ndarray, x: np.ndarray, at: np.ndarray) -> Weights:
    logs = np.log(np.maximum(drawn.astype(float), 1e-6))
    y = (logs - logs.mean(axis=0)).T
    fold = np.arange(len(y)) % FOLDS
    best: tuple[float, np.ndarray, float] | None = None
    for ridge in RIDGES:
        fitted = np.empty_like(y)
        for k in range(FOLDS):
            out = fold == k
            fitted[out] = _fitted(x[~out], y[~out], ridge, x[out])
        size = float(((y - fitted) ** 2).mean())
        if best is None or size < best[0]:
            best = (size, fitted, ridge)
    assert best
    _, fitted, ridge = best
    here = _fitted(x, y, ridge, at[None])
    distance = ((fitted - here) ** 2).sum(axis=1)
    near = np.argsort(distance, kind="stable")[: max(int(NEAREST * len(y)), 1)]
    draws = here + (y - fitted)[near]
    weight = np.exp(draws - draws.max(axis=1, keepdims=True))
    return Weights(drawn.astype(float), (weight / weight.sum(axis=1, keepdims=True)).T)


def _fitted(x: np.ndarray, y: np.ndarray, ridge: float, at: np.ndarray) -> np.ndarray:
    mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
    a = x - mean_x
    slope = np.linalg.solve(a.T @ a + ridge * np.eye(a.shape[1]), a.T @ (y - mean_y))
    return mean_y + (at - mean_x) @ slope

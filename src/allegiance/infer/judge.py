"""The judge: an amortised classifier of theories, trained on simulated worlds.

A regularised multinomial logistic regression: the log odds of the theories are a weighted sum of
the items' log likelihoods under each. With all weights 1 it is naive Bayes, which counts items that
say the same twice as two; the weights are fitted on worlds whose theory is known, so that odds are
calibrated. They are never negative and are shrunk to their mean, as hard as held-out worlds ask
for. Likelihoods are bounded by the grades, so no record outside all simulated ones decides alone.

Own code, because the features carry one weight over all theories, which no light library offers.
Source: stacking, Wolpert (1992); a classifier as likelihood ratio, Cranmer, Pavez & Louppe (2015);
delete-a-group jackknife, Kott (2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax

from allegiance.engine import interrupts
from allegiance.evidence.scores import reliability
from allegiance.evidence.target import Target
from allegiance.infer.records import Table, simulated, table

FOLDS = 8
PENALTIES = (1e-3, 1e-2, 0.1, 1.0)
"""Strengths of shrinkage that are tried, per world."""

TRIED_ON = 4000
"""Records that the strength is chosen on at most."""

COPIES_BELOW = 8192
"""Banks with fewer worlds in all are recorded four times, with other errors each time."""


@dataclass(frozen=True)
class Judge:
    """A trained classifier: `tables` [item], `weights` [item] and `bias` [theory]."""

    tables: Sequence[Table]
    weights: np.ndarray
    bias: np.ndarray

    def features(self, records: np.ndarray) -> np.ndarray:
        """Log likelihood of records [item, run] under each theory [run, item, theory]."""
        return _features(self.tables, records)

    def log_odds(self, features: np.ndarray) -> np.ndarray:
        """Log posterior under equal prior odds [run, theory]."""
        return log_softmax(_logits(features, self.weights, self.bias), axis=1)

    @property
    def observed(self) -> np.ndarray:
        """Features of the dossier itself [1, item, theory]."""
        return self.features(np.array([[t.observed] for t in self.tables]))


@dataclass(frozen=True)
class Trained:
    """A judge with its versions by fold, and how it does on worlds held out of its training.

    `folds` are its versions without one fold each, tables and all: their spread is the Monte Carlo
    error. `held` [world, theory] are log posteriors of held-out records, `true` [world] their
    theories; `likelihoods` [world, item, theory] their features.
    """

    judge: Judge
    folds: tuple[Judge, ...]
    held: np.ndarray
    true: np.ndarray
    likelihoods: np.ndarray

    @property
    def log_score(self) -> float:
        """Mean log posterior of the true theory, in nats; guessing has -ln(number of theories)."""
        return float(self.held[np.arange(len(self.true)), self.true].mean())

    def calibration(self) -> list[dict[str, float]]:
        """Reliability: probabilities given to theories on held-out worlds, and how often true."""
        is_true = self.true[:, None] == np.arange(self.held.shape[1])
        return reliability(np.exp(self.held).ravel(), is_true.ravel(), bins=10)


def train(targets: Sequence[Target], readings: Sequence[np.ndarray], seed: int) -> Trained:
    """Train on banks: for each theory the readings [item, run]; theories share their runs."""
    random = np.random.default_rng([seed, 5])
    theories, runs = len(readings), readings[0].shape[1]
    copies = 4 if theories * runs < COPIES_BELOW else 1
    fold = np.arange(runs) % FOLDS

    def tables(keep: np.ndarray) -> list[Table]:
        return [table(t, [r[i][keep] for r in readings]) for i, t in enumerate(targets)]

    without = [tables(fold != k) for k in range(FOLDS)]
    features, true, group = [], [], []
    for _ in range(copies):
        for number, bank in enumerate(readings):
            said = np.array([simulated(t, bank[i], random) for i, t in enumerate(targets)])
            for k in range(FOLDS):
                here = said[:, fold == k]
                features.append(_features(without[k], here))
                true.append(np.full(here.shape[1], number))
                group.append(np.full(here.shape[1], k))
    x, y, g = np.concatenate(features), np.concatenate(true), np.concatenate(group)
    penalty = _penalty(x, y, g, random)
    fits = [fit(x[g != k], y[g != k], penalty) for k in range(FOLDS)]
    held = np.empty((len(y), theories))
    for k, (weights, bias) in enumerate(fits):
        held[g == k] = log_softmax(_logits(x[g == k], weights, bias), axis=1)
    folds = tuple(Judge(t, *f) for t, f in zip(without, fits, strict=True))
    whole = Judge(tables(np.ones(runs, bool)), *fit(x, y, penalty))
    return Trained(whole, folds, held, y, x)


def fit(x: np.ndarray, y: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights [item] >= 0 and bias [theory] for features [world, item, theory], truth [world]."""
    from scipy.optimize import minimize

    count, items, theories = x.shape
    centred = x - x.mean(axis=2, keepdims=True)
    one = np.eye(theories)[y]

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        interrupts.check()
        weights, bias = parameters[:items], parameters[items:]
        logs = log_softmax(_logits(centred, weights, bias), axis=1)
        wrong = np.exp(logs) - one
        spread = weights - weights.mean()
        value = -(logs * one).sum() / count + 0.5 * penalty * (spread @ spread + bias @ bias)
        slope = np.einsum("nit,nt->i", centred, wrong, optimize=True) / count + penalty * spread
        return value, np.concatenate([slope, wrong.sum(axis=0) / count + penalty * bias])

    start = np.concatenate([np.full(items, min(1.0, 3.0 / items)), np.zeros(theories)])
    limits = [(0.0, 2.0)] * items + [(None, None)] * theories
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits)
    return found.x[:items].astype(np.float32), found.x[items:].astype(np.float32)


def _penalty(x: np.ndarray, y: np.ndarray, g: np.ndarray, random: np.random.Generator) -> float:
    """The shrinkage with the best log score on held-out folds."""
    some = random.permutation(len(y))[:TRIED_ON]
    x, y, g = x[some], y[some], g[some]
    scores = {}
    for penalty in PENALTIES:
        total = 0.0
        for part in (0, 1):
            out = g % 2 == part
            weights, bias = fit(x[~out], y[~out], penalty)
            logs = log_softmax(_logits(x[out], weights, bias), axis=1)
            total += float(logs[np.arange(out.sum()), y[out]].sum())
        scores[penalty] = total
    return max(scores, key=lambda penalty: scores[penalty])


def _features(tables: Sequence[Table], records: np.ndarray) -> np.ndarray:
    found = [t.of(np.asarray(said, float)) for t, said in zip(tables, records, strict=True)]
    return np.stack(found).transpose(2, 0, 1).astype(np.float32)


def _logits(x: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return np.einsum("nit,i->nt", x, weights, optimize=True) + bias

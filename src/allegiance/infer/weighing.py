"""What a trained judge says of a record: posterior, its error, its support and each item's part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax

from allegiance.infer.judge import Trained

SURE = 0.9
"""Posterior from which there is a verdict."""

ABSTAIN = "not identifiable"
"""The verdict below it."""

OUTSIDE = 0.01
"""A dossier less likely than all but this share of simulated records lies outside the bank."""


@dataclass(frozen=True)
class Support:
    """Whether the dossier could have come from any of the theories.

    Two questions are asked of every simulated record: is the theory closest to it as far from it
    as the closest one is from the dossier, and does it hold as many items that say what hardly
    any future says? `p` is twice the smaller share of those that do; `items` are the dossier's
    items of this sort, with the share of records that say what is as unlikely.
    """

    p: float
    items: dict[str, float]

    @property
    def inside(self) -> bool:
        """Whether it could."""
        return self.p >= OUTSIDE


def combined(logs: Sequence[np.ndarray]) -> np.ndarray:
    """Log posterior over several cases [..., theory], from each case's under equal prior odds."""
    return log_softmax(np.sum(logs, axis=0), axis=-1)


def posterior(cases: Sequence[Trained]) -> tuple[np.ndarray, np.ndarray]:
    """Posterior of the theories under equal prior odds, and its Monte Carlo error [theory].

    The error is the delete-a-group jackknife over the folds of the bank, tables and weights anew.
    """
    whole = np.exp(combined([c.judge.log_odds(c.judge.observed)[0] for c in cases]))
    parts = []
    for k in range(len(cases[0].folds)):
        judges = [c.folds[k] for c in cases]
        parts.append(np.exp(combined([j.log_odds(j.observed)[0] for j in judges])))
    spread = np.array(parts) - np.mean(parts, axis=0)
    return whole, np.sqrt((len(parts) - 1) / len(parts) * (spread**2).sum(axis=0))


def verdict(p: np.ndarray, names: Sequence[str]) -> str:
    """The theory that is all but sure, or that none is."""
    return names[int(p.argmax())] if p.max() >= SURE else ABSTAIN


def support(trained: Trained, items: list[str]) -> Support:
    """Whether a dossier lies among the records of the bank."""
    seen, bank = trained.judge.observed[0], trained.likelihoods
    best = bank.sum(axis=1).max(axis=1)
    far = (best <= seen.sum(axis=0).max()).mean()
    each = bank.max(axis=2)
    alone = (each <= seen.max(axis=1) + 1e-6).mean(axis=0)
    rare = (each <= np.quantile(each, OUTSIDE, axis=0)).sum(axis=1)
    odd = [i for i in np.argsort(alone) if alone[i] < OUTSIDE]
    many = (rare >= len(odd)).mean()
    return Support(float(min(1.0, 2.0 * min(far, many))), {items[i]: float(alone[i]) for i in odd})


def matrix(trained: Trained) -> np.ndarray:
    """Each item's log likelihood under each theory, less the mean over theories [item, theory]."""
    seen = trained.judge.observed[0].astype(float)
    return seen - seen.mean(axis=1, keepdims=True)


def informative(trained: Trained) -> np.ndarray:
    """What each item alone would tell of the theory on average, in nats, at least 0 [item].

    The mutual information between theory and record; no more than ln(number of theories).
    """
    logs = log_softmax(trained.likelihoods, axis=2)
    rows = np.arange(len(trained.true))
    told = logs[rows, :, trained.true].mean(axis=0) + np.log(logs.shape[2])
    return np.maximum(told, 0.0)


@dataclass(frozen=True)
class Recovery:
    """Simulated worlds traced back to their theory.

    `picked` [true, theory or abstention] counts verdicts, `guessed` [true, theory] the likeliest
    theory; `log_score` is the mean log posterior of the true theory in nats.
    """

    names: tuple[str, ...]
    picked: np.ndarray
    guessed: np.ndarray
    log_score: float

    @property
    def wrong(self) -> tuple[int, float]:
        """Wrong verdicts, and the upper 95% limit of their share (Clopper & Pearson 1934)."""
        from scipy.stats import beta

        count = int(self.picked[:, :-1].sum() - np.trace(self.picked[:, :-1]))
        total = int(self.picked.sum())
        return count, 1.0 if count == total else float(beta.ppf(0.95, count + 1, total - count))

    @property
    def abstained(self) -> float:
        """Share of worlds without a verdict."""
        return float(self.picked[:, -1].sum() / self.picked.sum())

    def table(self, counts: np.ndarray) -> dict[str, dict[str, int]]:
        """Counts by true theory and by what was picked."""
        columns = (*self.names, ABSTAIN)[: counts.shape[1]]
        return {
            name: dict(zip(columns, map(int, row), strict=True))
            for name, row in zip(self.names, counts, strict=True)
        }


def recovered(names: Sequence[str], logs: np.ndarray) -> Recovery:
    """Count verdicts; `logs` [true, world, theory] are log posteriors of worlds not trained on."""
    n = len(names)
    picked, guessed = np.zeros((n, n + 1), int), np.zeros((n, n), int)
    for true in range(n):
        best = logs[true].argmax(axis=1)
        sure = np.exp(logs[true].max(axis=1)) >= SURE
        picked[true] = np.bincount(np.where(sure, best, n), minlength=n + 1)
        guessed[true] = np.bincount(best, minlength=n)
    score = float(np.mean([logs[true][:, true].mean() for true in range(n)]))
    return Recovery(tuple(names), picked, guessed, score)

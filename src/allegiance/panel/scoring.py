"""Judging forecasts of falls: proper scores, intervals by client, and a verdict in words.

Every forecaster is floored alike (`evidence.scores.FLOOR`). Scores are means over the items: the
log score is higher when better, Brier's lower. Intervals are of differences between the model and a
rival, by bootstrap over clients, because a client's years are no independent draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from allegiance.engine.outcomes import plain
from allegiance.evidence import scores
from allegiance.evidence.baselines import logistic

MARGIN = 0.07
"""Two forecasters count as equal within this share of the base rate's own mean loss: 0.05 nats an
item at even odds, as set before anything was scored. That it shrinks with rarer falls was added
after the first scoring; it can only make a verdict stricter."""

OURS = ("recalibrated", "with_doubt")
"""Forecasts made of the model itself: their scores are told, and no verdict against them."""

DRAWS = 2000
"""Bootstrap samples."""

LEVEL = 0.9
"""Central share of the bootstrap's differences that an interval holds."""


class Compared(NamedTuple):
    """The model against a rival: mean difference of the log score and its interval."""

    difference: float
    low: float
    high: float
    margin: float

    @property
    def word(self) -> str:
        """`win`, `lose`, `tie` or `undecided`."""
        if self.low > -self.margin and self.high < self.margin:
            return "tie"
        if self.low > 0.0:
            return "win"
        return "lose" if self.high < 0.0 else "undecided"

    @property
    def inferior(self) -> str:
        """Whether the model is worse than the rival by more than the margin."""
        if self.low > -self.margin:
            return "not worse by more than the margin"
        return "worse by more than the margin" if self.high < -self.margin else "undecided"

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "difference": plain(self.difference),
            "low": plain(self.low),
            "high": plain(self.high),
            "margin": plain(self.margin),
            "verdict": self.word,
            "non_inferior": self.inferior,
        }


def logs(p: np.ndarray, fell: np.ndarray) -> np.ndarray:
    """Log score of each item [item]."""
    said = np.where(fell > 0, p, 1.0 - p)
    return np.array([scores.log_event(float(q), 1.0) for q in said])


def briers(p: np.ndarray, fell: np.ndarray) -> np.ndarray:
    """Brier score of each item [item]."""
    return scores.brier(p, fell)  # type: ignore[arg-type,return-value]


def compared(
    model: np.ndarray,
    rival: np.ndarray,
    groups: Sequence[str],
    seed: int = 1,
    margin: float = MARGIN * np.log(2.0),
) -> Compared:
    """Differences of item scores [item], `model` less `rival`, resampled by group."""
    difference = model - rival
    names, which = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.bincount(which, difference, len(names))
    counts = np.bincount(which, minlength=len(names)).astype(float)
    drawn = np.random.default_rng(seed).integers(len(names), size=(DRAWS, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(means, [tail, 1.0 - tail])
    return Compared(float(difference.mean()), float(low), float(high), float(margin))


def order(p: np.ndarray, fell: np.ndarray) -> float | None:
    """Chance that one who fell was given a higher probability than one who stood; ties are half.

    0.5 is no order at all (the area under the ROC curve, Mann & Whitney 1947); None without both.
    """
    down, up = p[fell > 0], p[fell == 0]
    if not len(down) or not len(up):
        return None
    ranks = np.sort(up)
    below = np.searchsorted(ranks, down, "left") + np.searchsorted(ranks, down, "right")
    return plain(float(below.mean() / (2.0 * len(up))))


def log_odds(p: np.ndarray) -> np.ndarray:
    """Log odds of probabilities [item], one column [item, 1]: a covariate of `regressed`."""
    return np.log(p / (1.0 - p))[:, None]


def share(fell: np.ndarray) -> float:
    """Share of falls, never 0 or 1 (Jeffreys)."""
    return scores.share_of(float(fell.sum()), float(len(fell)))


def regressed(x: np.ndarray, fell: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Logit with a ridge on covariates `x` [item, covariate], standardised, applied to `to`."""
    middle, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    beta = logistic((x - middle) / spread, fell)
    return 1.0 / (1.0 + np.exp(-(beta[0] + ((to - middle) / spread) @ beta[1:])))


def left_out(
    x: np.ndarray, fell: np.ndarray, groups: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Base rate and logit for each item, from the items of all other groups [item]."""
    names = np.asarray(groups)
    base, logit = np.zeros(len(fell)), np.zeros(len(fell))
    for name in np.unique(names):
        here = names == name
        base[here] = share(fell[~here])
        logit[here] = regressed(x[~here], fell[~here], x[here])
    return base, logit


def judged(
    forecasts: Mapping[str, np.ndarray],
    fell: np.ndarray,
    groups: Sequence[str],
    split: str,
    seed: int = 1,
) -> dict[str, Any]:
    """Scores, intervals and calibration of `forecasts` [item] by name.

    One is named `model`; the mean loss of the one named `base_rate` sets the margin.
    """
    log = {name: logs(p, fell) for name, p in forecasts.items()}
    margin = -MARGIN * float(log["base_rate"].mean())
    rivals = {
        name: compared(log["model"], log[name], groups, seed, margin)
        for name in log
        if name != "model"
    }
    return {
        "n": len(fell),
        "falls": int(fell.sum()),
        "split": split,
        "scores": {name: plain(float(found.mean())) for name, found in log.items()},
        "brier": {name: plain(float(briers(p, fell).mean())) for name, p in forecasts.items()},
        "order": {name: order(p, fell) for name, p in forecasts.items()},
        "intervals": {name: found.plain() for name, found in rivals.items()},
        "calibration": [
            {key: plain(float(value)) for key, value in row.items()}
            for row in scores.reliability(forecasts["model"], fell)
        ],
        "verdict": sentence(rivals),
    }


def sentence(rivals: Mapping[str, Compared]) -> str:
    """The verdict in words."""
    told = []
    for name, found in rivals.items():
        if name in OURS:
            continue
        said = {
            "win": "The model beats",
            "lose": "The model loses to",
            "tie": "Within the margin the model ties with",
            "undecided": "It is undecided whether the model beats",
        }[found.word]
        told.append(
            f"{said} the {name.replace('_', ' ')} ({found.difference:+.3f} nats an item, "
            f"90% interval {found.low:+.3f} to {found.high:+.3f}; {found.inferior})."
        )
    return " ".join(told)

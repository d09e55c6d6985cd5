"""Forecasts that know nothing of powers and clients: what a model must beat to be of use.

Each sees the dossier's `fit` items alone, never the item that it forecasts nor any `hold` item; of
the timeline the logit sees the same entries as the model, as dummies. A figure is forecast by one
normal on its scale, as wide as its own error and the record's together; a statement by a
probability. Where a baseline has nothing to learn from, it takes a wide prior.

base rate
    A figure: mean and standard deviation of the figures of its family (the same noun, scale and
    kind), whatever their date. An event: a constant hazard of `(k + 1/2) / T`, k the times that
    an event of this noun occurred in the items and T the subject-years they cover (Jeffreys);
    where no item tells of one, none has occurred up to the last `fit` item.
persistence
    A figure: the last one reported of the same address before it, or, for a stock, where the case
    starts; its error grows with the square root of time, at the rate seen in the dossier. A ratio
    stays 1 within STEADY. An event: what has not happened does not, but for CHANGE.
logit
    A figure: ridge regression, on its scale, of its family on time, its address and one dummy for
    each timeline entry already in force (of shares: a fractional logit). An event: logistic
    regression with a ridge, month by month, on time and the same dummies, over the months that
    the items on events of its noun cover.

Hazards start anew where an earlier item says that the event had not yet occurred. The order of two
events is even odds for all three. The wide prior of a figure is centred on the figure itself where
its size is not bounded, which flatters the baselines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.evidence import scales
from allegiance.evidence.scores import Mixture
from allegiance.evidence.target import Target

NAMES = ("base_rate", "persistence", "logit")

WIDE = {"linear": 1.0, "log": 1.5, "logit": 1.5}
"""Standard deviation of the prior on each scale; assumed. Logit 1.5: shares anywhere in 0.08-0.92;
log 1.5: a factor of twelve either way."""

STEADY = 0.5
"""Standard deviation of the log of a ratio that persistence holds to be 1; assumed."""

DRIFT = 0.4
"""Change on the scale per square root of a year where the dossier shows none; assumed."""

CHANGE = 0.05
"""Probability that persistence leaves to a change; assumed."""

NOTHING = 1e-3
"""Stocks that start below this start from nothing: on a log scale that persists in no sense."""

RIDGE = 1.0
"""Variance of a coefficient's prior is 1 / RIDGE; columns are 0 or 1, time in decades."""

MONTH = 365.25 / 12.0


@dataclass(frozen=True)
class Known:
    """What baselines may know: the case's first day, its entries' dates, where its stocks start.

    `until` is the last day that `fit` items speak of.
    """

    begins: date
    entries: tuple[date, ...]
    start: Mapping[str, float]
    until: date

    def features(self, when: date) -> np.ndarray:
        """Time in decades, and which entries are in force [feature]."""
        years = (when - self.begins).days / 3652.5
        return np.array([years, *(float(entry <= when) for entry in self.entries)])


def forecasts(
    target: Target, name: str, others: Mapping[str, Target], known: Known
) -> dict[str, Mixture | float]:
    """The three forecasts of an item; `name` is its id and `others` are the items to learn from."""
    learned = [t for id, t in others.items() if id != name and t.item.use == "fit"]
    if target.item.order:
        return dict.fromkeys(NAMES, 0.5)
    if target.item.event:
        found = (_rate(target, learned, known), _unchanged(target), _hazard(target, learned, known))
    else:
        figures = [t for t in learned if t.valued and t.family == target.family]
        found = (
            _pooled(target, figures),
            _last(target, figures, known),
            _regressed(target, figures, known),
        )
    return dict(zip(NAMES, found, strict=True))


def _normal(target: Target, centre: float, sd: float) -> Mixture:
    return Mixture(np.array([centre]), np.array([np.hypot(sd, max(target.width, 1e-9))]))


def _prior(target: Target) -> Mixture:
    """A wide normal: half for a share, no change for a ratio, the record's own size otherwise."""
    ratio = target.family[-1] == "ratio"
    size = target.y if target.valued else target.low if target.low > -1e9 else target.high
    centre = 0.0 if ratio or target.scale == "logit" else size
    return _normal(target, centre, WIDE[target.scale])


def _pooled(target: Target, figures: Sequence[Target]) -> Mixture:
    if len(figures) < 2:
        return _prior(target)
    y = np.array([t.y for t in figures])
    return _normal(target, float(y.mean()), float(y.std(ddof=1) * np.sqrt(1.0 + 1.0 / len(y))))


def _last(target: Target, figures: Sequence[Target], known: Known) -> Mixture:
    assert target.when
    if target.family[-1] == "ratio":
        return _normal(target, 0.0, STEADY)
    before = [t for t in figures if t.subject == target.subject and t.when and t.when < target.when]
    drift = _drift(figures) or DRIFT
    if before:
        last = max(before, key=lambda t: t.when or date.min)
        assert last.when
        years = (target.when - last.when).days / 365.25
        return _normal(target, last.y, np.hypot(last.width, drift * np.sqrt(years)))
    start = known.start.get(target.subject)
    nothing = start is not None and target.scale == "log" and start < NOTHING
    if start is None or nothing or target.family[-1] == "sum":
        return _pooled(target, figures)
    years = (target.when - known.begins).days / 365.25
    return _normal(target, float(scales.onto(target.scale, start)), drift * np.sqrt(years))


def _drift(figures: Sequence[Target]) -> float | None:
    """Root mean square change per square root of a year between records of one address."""
    steps = []
    by_subject: dict[str, list[Target]] = {}
    for t in figures:
        by_subject.setdefault(t.subject, []).append(t)
    for same in by_subject.values():
        dated = sorted((t.when, t.y) for t in same if t.when)
        for (a, x), (b, y) in pairwise(dated):
            if b > a:
                steps.append((y - x) ** 2 / ((b - a).days / 365.25))
    return float(np.sqrt(np.mean(steps))) if len(steps) > 1 else None


def _regressed(target: Target, figures: Sequence[Target], known: Known) -> Mixture:
    if len(figures) < 3:
        return _pooled(target, figures)
    assert target.when
    subjects = sorted({t.subject for t in figures})

    def row(t: Target) -> np.ndarray:
        assert t.when
        return np.array([*known.features(t.when), *(float(t.subject == s) for s in subjects)])

    x = np.array([row(t) for t in figures])
    y = np.array([t.y for t in figures])
    middle, mean = x.mean(axis=0), float(y.mean())
    gram = (x - middle) @ (x - middle).T + RIDGE * np.eye(len(y))
    weights = np.linalg.solve(gram, y - mean)
    residual = weights / np.diag(np.linalg.inv(gram))  # left out one at a time
    centre = mean + float((row(target) - middle) @ (x - middle).T @ weights)
    return _normal(target, centre, float(np.sqrt(np.mean(residual**2))))


def _noun(target: Target) -> str:
    return parse(target.item.what).noun


def _cover(t: Target, known: Known) -> tuple[float, float | None]:
    """Days that an event item covers, and the day on which it occurred, if it did."""
    assert t.item.event
    event = t.item.event
    last = (max(event.dates) - known.begins).days + 1.0
    if event.not_by:
        return last, None
    first = (min(event.dates) - known.begins).days if event.between else 0.0
    return last, 0.5 * (first + last)


def _alike(
    target: Target, learned: Sequence[Target], known: Known
) -> list[tuple[float, float | None]]:
    """The longest item on each subject with an event of the same noun."""
    found: dict[str, tuple[float, float | None]] = {}
    for t in learned:
        if t.item.event and _noun(t) == _noun(target):
            days, on = _cover(t, known)
            before = found.get(t.subject, (0.0, None))
            found[t.subject] = max(before, (days, on), key=lambda c: (c[1] is not None, c[0]))
    nothing = ((known.until - known.begins).days + 1.0, None)
    return list(found.values()) or [nothing]


def _rate(target: Target, learned: Sequence[Target], known: Known) -> float:
    alike = _alike(target, learned, known)
    years = sum(days if on is None else on for days, on in alike) / 365.25
    hazard = (sum(on is not None for _, on in alike) + 0.5) / max(years, 1.0)
    return _within(target, learned, lambda days: float(np.exp(-hazard * days / 365.25)), known)


def _within(
    target: Target, learned: Sequence[Target], survives: Callable[[float], float], known: Known
) -> float:
    """Probability of what an event item states, from the probability of none within some days."""
    assert target.item.event
    event = target.item.event
    ends = [(d - known.begins).days + 1.0 for d in event.dates]
    starts = ends[0] - 1.0 if event.between else ends[0]
    stood = [
        (t.item.event.not_by - known.begins).days + 1.0
        for t in learned
        if t.subject == target.subject and t.item.event and t.item.event.not_by
    ]
    since = survives(max((day for day in stood if day <= starts), default=0.0))
    if event.between:
        return (survives(starts) - survives(ends[1])) / since
    return 1.0 - survives(starts) / since if event.by else survives(starts) / since


def _unchanged(target: Target) -> float:
    assert target.item.event
    return 1.0 - CHANGE if target.item.event.not_by else CHANGE


def _hazard(target: Target, learned: Sequence[Target], known: Known) -> float:
    rows, outcomes = [], []
    for days, on in _alike(target, learned, known):
        end = days if on is None else on
        for month in range(max(1, round(end / MONTH))):
            rows.append(known.features(known.begins + timedelta(days=month * MONTH)))
            outcomes.append(0.0)
        if on is not None:
            outcomes[-1] = 1.0
    beta = logistic(np.array(rows), np.array(outcomes))

    def survives(days: float) -> float:
        whole = np.arange(0.0, days, MONTH)
        x = np.array([known.features(known.begins + timedelta(days=float(d))) for d in whole])
        if not len(x):
            return 1.0
        p = 1.0 / (1.0 + np.exp(-(beta[0] + x @ beta[1:])))
        part = np.minimum(1.0, (days - whole) / MONTH)
        return float(np.exp((part * np.log1p(-np.minimum(p, 1.0 - 1e-9))).sum()))

    return _within(target, learned, survives, known)


def logistic(x: np.ndarray, y: np.ndarray, ridge: float = RIDGE) -> np.ndarray:
    """Logistic regression of y [case] on x [case, feature] by Newton's method [1 + feature].

    The ridge acts on the coefficients; the intercept has half a success and half a failure added
    (Jeffreys), so that it stays finite where nothing has happened.
    """
    full = np.column_stack([np.ones(len(x)), x])
    full = np.vstack([full, np.eye(1, full.shape[1]), np.eye(1, full.shape[1])])
    outcome = np.array([*y, 1.0, 0.0])
    weight = np.array([*np.ones(len(y)), 0.5, 0.5])
    penalty = np.diag([0.0, *np.full(x.shape[1], ridge)])
    beta = np.zeros(full.shape[1])
    beta[0] = np.log((y.sum() + 0.5) / (len(y) - y.sum() + 0.5))

    def gain(beta: np.ndarray) -> float:
        """Penalised log-likelihood, which is concave."""
        odds = full @ beta
        likely = outcome * odds - np.logaddexp(0.0, odds)
        return float(weight @ likely - 0.5 * beta @ penalty @ beta)

    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-np.clip(full @ beta, -500.0, 500.0)))
        slope = full.T @ (weight * (outcome - p)) - penalty @ beta
        curve = full.T @ ((weight * p * (1.0 - p))[:, None] * full) + penalty
        step = np.linalg.solve(curve, slope)
        # A full step can overshoot where successes are rare.
        while gain(beta + step) < gain(beta) and np.abs(step).max() > 1e-9:
            step = 0.5 * step
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    return beta

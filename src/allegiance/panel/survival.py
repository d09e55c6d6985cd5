"""Client regimes at large: does the model tell which sponsored regime falls, and when?

Each spell-year of the user's panel is a thin case. The model's probabilities of a fall within 1, 3
and 5 years are held against three baselines that learn from earlier origins only: the base rate,
the sponsor's own rate, and a logit of a war, the sponsor's troops and the regime's age.
`recalibrated` is a logit of the model's own probability, learnt like the others: what its order is
worth where its level is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from allegiance.cases.thin import Record
from allegiance.engine.outcomes import plain
from allegiance.evidence import scores
from allegiance.panel import futures, scoring, years
from allegiance.panel.years import Origin

HORIZONS = (1, 3, 5)

VARIANTS = 3
"""Draws of a spell-year's figures; LANE futures each."""

BLOCK = 5
"""Years of origins that are forecast together, from what was known before the first of them."""

LEAST = 5
"""Falls that must have been seen before the first block is forecast."""

OWN = 20.0
"""Origins at which a sponsor's own rate counts as much as the base rate; assumed."""

ENOUGH = 4
"""Falls of a sponsor's clients from which that sponsor is left out in turn."""


def probabilities(
    found: Sequence[Origin], seed: int = 1, tick: years.Tick | None = None
) -> np.ndarray:
    """The model's probabilities of a fall [origin, horizon]; like records are run once."""

    def falls(drawn: Record, seed: int) -> np.ndarray:
        return futures.falls(drawn, years=years.SPAN, seed=seed)

    def shares(key: str, record: Record) -> np.ndarray:
        days = futures.pooled(key, record, VARIANTS, seed, falls)
        within = [np.sum(days < futures.YEAR * horizon) for horizon in HORIZONS]
        return np.array([scores.share_of(float(count), float(len(days))) for count in within])

    return np.array(years.told(found, shares, tick))


def against(found: Sequence[Origin], p: np.ndarray, last: int, seed: int) -> dict[str, Any]:
    """What `allegiance survival --json` prints: scores of `p` [origin, horizon] at every horizon.

    Its head is that of the middle horizon; `last` is the panel's last year.
    """

    def horizons(some: Sequence[Origin]) -> dict[str, dict[str, Any]]:
        return {
            str(horizon): _horizon(some, p[:, at], horizon, last, seed)
            for at, horizon in enumerate(HORIZONS)
        }

    by = horizons(found)
    falls = {(o.client, o.fell, o.how) for o in found if o.fell is not None}
    # What the model has a mechanism for: other falls count as none, for all forecasters.
    fought = [o if o.how in years.ARMED else o._replace(fell=None, how=None) for o in found]
    return {
        **by["3"],
        "horizon": 3,
        "origins": len(found),
        "regimes_fallen": len(falls),
        "by_armed_opponent": sum(how in years.ARMED for _, _, how in falls),
        "horizons": by,
        "armed_only": horizons(fought),
        "seed": seed,
        "futures": VARIANTS * futures.LANE,
    }


def _horizon(
    found: Sequence[Origin], p: np.ndarray, horizon: int, last: int, seed: int
) -> dict[str, Any]:
    ends = [origin.outcome(horizon, last) for origin in found]
    fell = np.array([np.nan if end is None else end for end in ends])
    year = np.array([origin.year for origin in found])
    sponsor = np.array([origin.sponsor for origin in found])
    client = np.array([origin.client for origin in found])
    x = np.array([origin.covariates for origin in found])
    own = scoring.log_odds(p)
    rivals = ("base_rate", "sponsor", "logit", "recalibrated")
    told = {name: np.full(len(found), np.nan) for name in rivals}
    for begin in range(int(year.min()), last + 1, BLOCK):
        # What happened within the horizon of an origin is known only when that has passed.
        learnt = np.isfinite(fell) & (year + horizon <= begin)
        here = (year >= begin) & (year < begin + BLOCK) & np.isfinite(fell)
        if fell[learnt].sum() < LEAST or not here.any():
            continue
        told["base_rate"][here] = base = scoring.share(fell[learnt])
        told["sponsor"][here] = _own_rate(sponsor[learnt], fell[learnt], base, sponsor[here])
        told["logit"][here] = scoring.regressed(x[learnt], fell[learnt], x[here])
        told["recalibrated"][here] = scoring.regressed(own[learnt], fell[learnt], own[here])
    some = np.isfinite(told["base_rate"])
    if not some.any():
        return _nothing(horizon)
    split = f"rolling origins, blocks of {BLOCK} years from {year[some].min()} on"
    forecasts = {"model": p[some], **{name: q[some] for name, q in told.items()}}
    result = scoring.judged(forecasts, fell[some], list(client[some]), split, seed)
    result["without_patron"] = _patrons(found, x, p, fell, seed)
    result["said"] = _said(found, some, forecasts, horizon)
    return result


def _nothing(horizon: int) -> dict[str, Any]:
    """Too few falls to learn from: nothing is scored, and it says so."""
    verdict = f"Undecided: fewer than {LEAST} falls within {horizon} years before any origin."
    empty: dict[str, Any] = {k: {} for k in ("scores", "brier", "order", "intervals")}
    empty["calibration"] = []
    return {"n": 0, "falls": 0, "split": "none", **empty, "verdict": verdict}


def _own_rate(learnt: np.ndarray, fell: np.ndarray, base: float, here: np.ndarray) -> np.ndarray:
    """Each sponsor's rate so far, drawn towards the base rate [origin]."""
    rate = {}
    for name in np.unique(here):
        mine = learnt == name
        rate[name] = (fell[mine].sum() + OWN * base) / (mine.sum() + OWN)
    return np.array([rate[name] for name in here])


def _patrons(
    found: Sequence[Origin], x: np.ndarray, p: np.ndarray, fell: np.ndarray, seed: int
) -> dict[str, Any]:
    """Each sponsor with falls enough, forecast from all others at all times."""
    sponsor = np.array([origin.sponsor for origin in found])
    client = np.array([origin.client for origin in found])
    regime = np.array([f"{origin.client} {origin.fell}" for origin in found])
    seen, result = np.isfinite(fell), {}
    for name in np.unique(sponsor):
        here, rest = seen & (sponsor == name), seen & (sponsor != name)
        regimes = len(np.unique(regime[here & (fell > 0)]))
        if regimes < ENOUGH or not fell[rest].sum():
            continue
        told = {
            "model": p[here],
            "base_rate": np.full(here.sum(), scoring.share(fell[rest])),
            "logit": scoring.regressed(x[rest], fell[rest], x[here]),
        }
        split = f"{name} left out"
        result[str(name)] = scoring.judged(told, fell[here], list(client[here]), split, seed)
    return result


def _said(
    found: Sequence[Origin],
    some: np.ndarray,
    forecasts: dict[str, np.ndarray],
    horizon: int,
) -> dict[str, Any]:
    """Mean forecasts by how the regime ended: what the model has a mechanism for, and the rest."""
    rows = [origin for origin, here in zip(found, some, strict=True) if here]
    kind = np.array(
        [
            "stood"
            if o.fell is None or o.fell >= o.year + horizon
            else ("armed" if o.how in years.ARMED else "coup or uprising")
            for o in rows
        ]
    )
    return {
        str(name): {
            "n": int((kind == name).sum()),
            **{who: plain(float(q[kind == name].mean())) for who, q in forecasts.items()},
        }
        for name in np.unique(kind)
    }

"""Dated crises of clients, about half of them survived: does the model tell which?

Inputs are coded from sources and hashed (`frozen`) before any outcome is scored; outcomes stand in
a file of their own. Each episode becomes a thin case; its probability is the share of futures in
which the government falls within a year, over draws of what is doubtful about its inputs. Base rate
and logit are learnt from the episodes of all other clients; so is `recalibrated`, a logit of the
model's own log odds: what the model's order is worth where its level is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from allegiance.cases import loading
from allegiance.cases.errors import CaseError
from allegiance.cases.reading import read
from allegiance.cases.schema import Date, Name, Strict
from allegiance.cases.thin import Record, records
from allegiance.cases.thin.record import completed
from allegiance.cases.validate import validated
from allegiance.engine.outcomes import plain
from allegiance.engine.theories import named
from allegiance.evidence import scores
from allegiance.panel import frozen, futures, scoring

FOLDER = Path(loading.__file__).parent
INPUTS, OUTCOMES, HASH = "crises.yaml", "crises_outcomes.yaml", "crises.sha256"

VARIANTS = 16
"""Draws of the inputs of an episode; LANE futures each."""

SPLIT = "each client left out in turn; the model's parameters are fitted to none of the episodes"

ABLATIONS = {"S32": "the cascade", "S07": "overstretch", "S41": "spillover of trust"}
"""Rows that are switched off; the claims say that each is needed."""

PRIORS = "with_doubt"
"""The model with its free parameters drawn from their priors, beside the model."""

THEORIES = ("unable", "unwilling")

COVARIATES = ("log odds of men", "pledge", "spare share of the patron's force")

Tick = Callable[[int], None]


class Outcomes(Strict):
    """crises_outcomes.yaml."""

    fell: dict[Name, Date]
    stood: list[Name]


def episodes(folder: Path = FOLDER) -> dict[str, Record]:
    """The episodes' inputs, by name.

    Raises:
        CaseError: the inputs are not those that were hashed, or wrong.
    """
    found = records(folder / INPUTS)
    kept = (folder / HASH).read_text(encoding="ascii").strip()
    if frozen.digest(read(folder / INPUTS).data) != kept:
        problem = "the inputs were changed after they had been hashed"
        allowed = f"values, ranges and episodes of SHA-256 {kept}"
        raise CaseError(problem, file=folder / INPUTS, allowed=allowed)
    return found


def outcomes(names: Mapping[str, Record], folder: Path = FOLDER) -> dict[str, Any]:
    """The day of each episode's fall, or None, by name.

    Raises:
        CaseError: an episode has no outcome, or two, or the fall lies outside its year.
    """
    found = validated(read(folder / OUTCOMES), Outcomes)
    told = [*found.fell, *found.stood]
    if sorted(told) != sorted(names):
        wrong = sorted(set(told) ^ set(names)) or sorted({n for n in told if told.count(n) > 1})
        raise CaseError("each episode has one outcome", file=folder / OUTCOMES, found=wrong[0])
    for name, day in found.fell.items():
        if not 0 < (day - names[name].start).days <= futures.YEAR:
            allowed = f"within {futures.YEAR} days of {names[name].start}"
            raise CaseError(
                "the fall is none of this episode",
                file=folder / OUTCOMES,
                key=name,
                allowed=allowed,
            )
    return {name: found.fell.get(name) for name in names}


def probability(
    name: str,
    record: Record,
    seed: int,
    variants: int = VARIANTS,
    theory: str | None = None,
    without: tuple[str, ...] = (),
    priors: bool = False,
) -> float:
    """Share of the futures in which the government falls within a year."""
    settings = named(theory) if theory else None

    def falls(drawn: Record, seed: int) -> np.ndarray:
        return futures.falls(drawn, seed=seed, theory=settings, without=without, priors=priors)

    days = futures.pooled(name, record, variants, seed, falls)
    return scores.share_of(int(np.isfinite(days).sum()), len(days))


def covariates(record: Record) -> list[float]:
    """What the logit knows of an episode: COVARIATES."""
    known = completed(record)
    men = max(known["rebels"].value + known["sponsored"].value, 1e-3)
    free = 1.0 - min(known["patron_bound"].value / known["patron_force"].value, 1.0)
    return [float(np.log(known["army"].value / men)), known["pledge"].value, free]


def scored(
    seed: int = 1,
    variants: int = VARIANTS,
    ablate: bool = True,
    priors: bool = False,
    tick: Tick | None = None,
    folder: Path = FOLDER,
) -> dict[str, Any]:
    """What `allegiance crises --json` prints."""
    inputs = episodes(folder)
    passes = [("model", None, ())]
    if ablate:
        passes += [(row, None, (row,)) for row in ABLATIONS]
        passes += [(theory, theory, ()) for theory in THEORIES]
    if priors:
        passes.append((PRIORS, None, ()))
    p: dict[str, np.ndarray] = {}
    done = 0
    for name, theory, without in passes:
        found = []
        for id, record in inputs.items():
            found.append(probability(id, record, seed, variants, theory, without, name == PRIORS))
            done += 1
            if tick:
                tick(done)
        p[name] = np.array(found)
    return _against(inputs, outcomes(inputs, folder), p, seed) | {
        "seed": seed,
        "futures": variants * futures.LANE,
    }


def steps(ablate: bool = True, priors: bool = False, folder: Path = FOLDER) -> int:
    """Number of probabilities that `scored` works out."""
    return len(episodes(folder)) * (1 + priors + ablate * (len(ABLATIONS) + len(THEORIES)))


def _against(
    inputs: Mapping[str, Record], ends: Mapping[str, Any], p: Mapping[str, np.ndarray], seed: int
) -> dict[str, Any]:
    fell = np.array([float(ends[name] is not None) for name in inputs])
    groups = [record.client for record in inputs.values()]
    x = np.array([covariates(record) for record in inputs.values()])
    base, logit = scoring.left_out(x, fell, groups)
    _, again = scoring.left_out(scoring.log_odds(p["model"]), fell, groups)
    forecasts = {"model": p["model"], "base_rate": base, "logit": logit, "recalibrated": again}
    if PRIORS in p:
        forecasts[PRIORS] = p[PRIORS]
    found = scoring.judged(forecasts, fell, groups, SPLIT, seed)
    found["episodes"] = [
        {
            "id": name,
            "client": record.client,
            "patron": record.patron,
            "from": record.start.isoformat(),
            "fell": ends[name].isoformat() if ends[name] else None,
            **{who: plain(float(q[at])) for who, q in forecasts.items()},
        }
        for at, (name, record) in enumerate(inputs.items())
    ]
    full = scoring.logs(p["model"], fell)
    if set(ABLATIONS) <= set(p):
        found["ablations"] = {
            row: {
                "name": ABLATIONS[row],
                **scoring.compared(scoring.logs(p[row], fell), full, groups, seed).plain(),
                "mean_probability": plain(float(p[row].mean())),
            }
            for row in ABLATIONS
        }
        for row in ABLATIONS:  # these compare two models, not the model and a rival
            for key in ("verdict", "non_inferior", "margin"):
                del found["ablations"][row][key]
    if set(THEORIES) <= set(p):
        one, two = (scoring.logs(p[theory], fell) for theory in THEORIES)
        found["theories"] = _rivals(one, two, groups, seed)
    return found


def _rivals(one: np.ndarray, two: np.ndarray, groups: list[str], seed: int) -> dict[str, Any]:
    """Even prior odds of two theories, after the outcomes of all episodes."""
    gap = float((one - two).sum())
    posterior = 1.0 / (1.0 + np.exp(-gap))
    first, second = THEORIES
    sure = max(posterior, 1.0 - posterior) >= 0.9
    winner = first if posterior > 0.5 else second
    return {
        "posterior": {first: plain(posterior), second: plain(1.0 - posterior)},
        "verdict": winner if sure else "not identifiable",
        "difference": scoring.compared(one, two, groups, seed).plain()["difference"],
    }

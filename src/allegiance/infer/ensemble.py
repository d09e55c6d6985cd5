"""The simulator as inference sees it: points and numbers of futures in, log likelihoods out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from allegiance.engine.scenario import Scenario
from allegiance.engine.setup import Setup
from allegiance.engine.simulate import Tick
from allegiance.evidence import dossier, record
from allegiance.evidence.likelihood import log_likelihood
from allegiance.evidence.schema import Item
from allegiance.evidence.target import target
from allegiance.infer.smc import Likelihood
from allegiance.infer.space import Space

INDEPENDENT = 12
"""Independent items that the records of one case are worth at most; assumed, decision 0002."""


def dated(scenario: Scenario) -> dict[str, Item]:
    """The items of a case's dossier that bear a date; the order of two events bears none.

    Raises:
        CaseError: the case has no dossier, or something in it is wrong.
    """
    return {id: item for id, item in dossier.load(scenario.files).items.items() if item.date}


def likelihood(
    setup: Setup, items: Mapping[str, Item], space: Space, tick: Tick | None = None
) -> Likelihood:
    """Log likelihood of the items at points z in the futures u, one future a point."""
    targets = [target(item) for item in items.values()]
    done = 0

    def of(z: np.ndarray, u: np.ndarray) -> np.ndarray:
        nonlocal done
        order = replace(setup, runs=z.shape[1], draws=space.draws(z, u))
        begin = done

        def told(count: int) -> None:
            if tick:
                tick(begin + count)

        found = log_likelihood(targets, record.readings(order, items, told).values)
        done += z.shape[1]
        return found

    return of


def share(count: int, worth: int = INDEPENDENT) -> float:
    """Share of the log likelihood of a case's `count` items that counts.

    They share what the model gets wrong in the case, so that they are worth at most `worth`
    independent ones. A share b of a likelihood is a coarsened one (Miller & Dunson 2019, Journal of
    the American Statistical Association 114:1113-1125): all errors are wider by the root of 1/b.
    """
    return min(1.0, worth / max(count, 1))


def hashed(items: Mapping[str, Item]) -> str:
    """SHA-256 of the items as they were understood."""
    plain = {id: item.model_dump(mode="json") for id, item in items.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()

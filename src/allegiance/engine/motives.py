"""Motives of each run, drawn from a theory's prior.

The draw is a function of (seed, run, power, motive): theories share it, and it does not depend on
the runs beside it. A Dirichlet draw is a set of gamma draws over their sum; each gamma is the
inverse of its distribution function at a uniform of the engine's own generator, on a step that no
simulation reaches.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from allegiance.engine import noise
from allegiance.world.case import MOTIVES

if TYPE_CHECKING:
    from allegiance.cases.loading import CaseFiles
    from allegiance.engine.setup import Setup

STEP = np.uint32(2**32 - 1)
"""A step beyond every simulation: no other draw has this counter."""

_LEVER = re.compile(r"--set ([a-z0-9_]+)\.motive\[")


def patrons(files: CaseFiles) -> tuple[str, ...]:
    """Powers that may intervene for a government: those whose motives theories dispute."""
    return tuple(
        name
        for name in files.case.powers
        if any(
            name in theatre.powers
            and theatre.powers[name].contender
            and theatre.powers[name].backs == theatre.sides[0]
            for theatre in files.case.theatres.values()
            if theatre.hostile
        )
    )


def by_hand(files: CaseFiles) -> set[str]:
    """Powers whose motives a lever has set: no draw changes them."""
    return {found[1] for lever in files.levers if (found := _LEVER.match(lever))}


def motives(setup: Setup) -> np.ndarray | None:
    """Motives of an order's runs [p, m, run]; None where its theory leaves the case's.

    Powers that are no patrons, and those whose motives were set by hand, keep the case's.
    """
    alpha = setup.scenario.theory.dirichlet
    if alpha is None:
        return None
    files, built = setup.scenario.files, setup.built
    fixed = by_hand(files)
    drawn = np.repeat(np.asarray(built.case.motive, np.float32)[..., None], setup.runs, axis=-1)
    for name in patrons(files):
        if name not in fixed:
            at = built.labels.powers.index(name)
            stream = int(np.asarray(built.case.power_stream)[at])
            drawn[at] = dirichlet(alpha, setup.seed, setup.runs, stream)
    return drawn


def dirichlet(alpha: np.ndarray, seed: int, runs: int, stream: int) -> np.ndarray:
    """Shares of the motives for the runs 0, 1, ... [m, run]; `alpha` [m] are the parameters."""
    from scipy.special import gammaincinv

    number = np.arange(runs, dtype=np.uint32)
    words = np.uint32(stream * 256) + np.arange(len(MOTIVES), dtype=np.uint32)
    with np.errstate(over="ignore"):
        shape = np.zeros((len(MOTIVES), runs), np.uint32)
        key = (shape + np.uint32(seed), shape + number)
        bits, _ = noise.threefry(key, (shape + STEP, shape + words[:, None]))
    uniform = (bits >> 9).astype(float) * 2.0**-23 + 2.0**-24
    gamma = np.maximum(gammaincinv(alpha[:, None], uniform), 1e-30)
    return (gamma / gamma.sum(axis=0)).astype(np.float32)

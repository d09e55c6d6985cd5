"""Sobol' indices: whose spread makes the spread of an outcome (SALib).

The share of the outcome's variance that would go if an input alone were known is its *first* index;
the share that would stay if everything but it were known is its *total* index. Their gap is what it
does together with others. Design and estimators: Saltelli et al. (2010, Computer Physics
Communications 181:259-270), in SALib (Iwanaga, Usher & Herman 2022). Intervals are 5-95% quantiles
of resampled rows of the design.

An index stands for a *group* of coordinates where several bear the same name. Inputs must be
independent: they are, under the priors. Chance is an input like the others (Iooss & Ribatet 2009,
Reliability Engineering & System Safety 94:1194-1204): the first indices of the parameters and the
total of chance do not depend on how futures share their noise, the other two kinds do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from allegiance.engine.outcomes import plain

RESAMPLES = 1000

_DESIGN, _BOOTSTRAP = 11, 13
"""Streams of random numbers, apart from the simulations'."""


def _problem(groups: Sequence[str]) -> dict[str, Any]:
    count = len(groups)
    return {
        "num_vars": count,
        "names": [f"x{i}" for i in range(count)],
        "groups": list(groups),
        "bounds": [[0.0, 1.0]] * count,
    }


def design(groups: Sequence[str], n: int, seed: int) -> np.ndarray:
    """Points of the unit cube [coordinate, point], n times the number of groups and two more.

    `groups` names each coordinate's group, two at least; `n` is a power of two. Of each block of
    points the first and the last are drawn apart (`apart`), the others mix the two.
    """
    from SALib.sample import sobol

    random = np.random.default_rng([seed, _DESIGN])
    return sobol.sample(_problem(groups), n, calc_second_order=False, seed=random).T


def apart(values: np.ndarray, groups: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The two sets of independent points [..., n] among those of a design [..., point]."""
    step = len(set(groups)) + 2
    return values[..., ::step], values[..., step - 1 :: step]


def indices(groups: Sequence[str], y: np.ndarray, seed: int) -> dict[str, Any]:
    """First and total `indices` of each group, in their order, and what acts only `together`.

    Each with its 5-95% interval. `y` [point] belongs to the design of the same groups; it is finite
    and not constant. `together` is the share of the variance that no input has alone.
    """
    from SALib.analyze import sobol

    found = sobol.analyze(
        _problem(groups),
        np.asarray(y, np.float64),
        calc_second_order=False,
        num_resamples=RESAMPLES,
        keep_resamples=True,
        seed=np.random.SeedSequence([seed, _BOOTSTRAP]).generate_state(1)[0] | 1,
    )
    rows = []
    for i, name in enumerate(dict.fromkeys(groups)):
        row: dict[str, Any] = {"name": name}
        for key, index in (("first", "S1"), ("total", "ST")):
            row |= _told(key, found[index][i], found[f"{index}_conf_all"][:, i])
        rows.append(row)
    rest = _told("together", 1.0 - found["S1"].sum(), 1.0 - found["S1_conf_all"].sum(axis=1))
    return {"indices": rows, **rest}


def _told(key: str, value: float, resampled: np.ndarray) -> dict[str, Any]:
    low, high = np.quantile(resampled, (0.05, 0.95))
    return {key: plain(value, 4), f"{key}_q05": plain(low, 4), f"{key}_q95": plain(high, 4)}

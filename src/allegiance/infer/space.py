"""What is fitted: the free parameters and the motives of marked powers, with their priors.

Every prior is carried to a standard normal: a point is a vector z of independent standard normals,
and each parameter the quantile of its prior at the normal probability of its z. Shares are broken
off a stick one by one, each break a beta variable (Connor & Mosimann 1969), which makes them
Dirichlet. So a sampler knows one prior, N(0, I), and no bounds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betaincinv, ndtr

from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.engine.draws import Draws
from allegiance.engine.scenario import Scenario
from allegiance.world.case import MOTIVES
from allegiance.world.parameters import FREE, NAMES, PARAMETERS, Prior

MOST = 10
"""Most parameters that are fitted, motives apart."""

ALIKE = 0.65
"""How alike a known name must be to be offered for an unknown one; below it, it is no help."""

_TINY = 1e-12


@dataclass(frozen=True)
class Mix:
    """The motives of a power: Dirichlet with the case's shares as mean and `weight` as sum."""

    power: str
    shares: tuple[tuple[str, float], ...]  # those above 0
    weight: float

    @property
    def size(self) -> int:
        """Number of coordinates: one less than shares."""
        return len(self.shares) - 1


@dataclass(frozen=True)
class Space:
    """The fitted parameters, in the order of the coordinates, then the mixes."""

    parameters: tuple[tuple[str, Prior], ...]
    mixes: tuple[Mix, ...] = ()

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return len(self.parameters) + sum(mix.size for mix in self.mixes)

    def named(self, z: np.ndarray) -> dict[str, np.ndarray]:
        """Every fitted quantity [draw] at points z [coordinate, draw]."""
        found = {name: quantile(prior, z[i]) for i, (name, prior) in enumerate(self.parameters)}
        at = len(self.parameters)
        for mix in self.mixes:
            left, rest = np.ones(z.shape[1]), mix.weight
            for i, (motive, share) in enumerate(mix.shares):
                rest -= mix.weight * share
                broken = left
                if i < mix.size:
                    broken = left * betaincinv(mix.weight * share, rest, ndtr(z[at + i]))
                found[f"{mix.power}.motive[{motive}]"] = broken
                left = left - broken
            at += mix.size
        return found

    def draws(self, z: np.ndarray, numbers: np.ndarray | None = None) -> Draws:
        """Points z [coordinate, draw] as parameter vectors for futures."""
        named = self.named(z)
        motives = {}
        for mix in self.mixes:
            shares = np.zeros((len(MOTIVES), z.shape[1]))
            for motive, _ in mix.shares:
                shares[MOTIVES.index(motive)] = named[f"{mix.power}.motive[{motive}]"]
            motives[mix.power] = shares
        values = {name: named[name] for name, _ in self.parameters}
        return Draws("calibration", self.hash, values, motives, numbers)

    @property
    def priors(self) -> dict[str, Any]:
        """All priors, as plain data."""
        found: dict[str, Any] = {
            name: {"kind": p.kind, "first": p.first, "second": p.second}
            for name, p in self.parameters
        }
        for mix in self.mixes:
            shares = dict(mix.shares)
            found[f"{mix.power}.motive"] = {"kind": "dirichlet", "weight": mix.weight, **shares}
        return found

    @property
    def hash(self) -> str:
        """SHA-256 of the priors."""
        return hashlib.sha256(json.dumps(self.priors, sort_keys=True).encode()).hexdigest()


def quantile(prior: Prior, z: np.ndarray) -> np.ndarray:
    """The prior's quantile at the standard normal probability of z; any shape."""
    if prior.kind == "normal":
        return prior.first + prior.second * z
    if prior.kind == "lognormal":
        return prior.first * np.exp(prior.second * z)
    u = np.clip(ndtr(z), _TINY, 1.0 - _TINY)
    if prior.kind == "beta":
        return betaincinv(prior.first, prior.second, u)
    return prior.first + (prior.second - prior.first) * u


def space(
    scenario: Scenario,
    fit: Sequence[str] = (),
    key: str = "--fit",
    most: int = MOST,
    also: Sequence[str] = (),
) -> Space:
    """What `fit` names: parameters, and `POWER.motive` of powers that the case marks.

    By default all free parameters and all marked powers. Parameters that a lever has set are not
    fitted unless named. `key` is the flag that messages name, `most` how many parameters it takes,
    `also` further words that its message offers.

    Raises:
        CaseError: a name is unknown, a power is not marked, or the parameters are too many.
    """
    mixes = {f"{mix.power}.motive": mix for mix in _marked(scenario)}
    by_hand = dict(scenario.theory.changed)
    chosen = tuple(dict.fromkeys(fit)) or (*(n for n in FREE if n not in by_hand), *mixes)
    known = (*NAMES, *mixes)
    for name in chosen:
        if name not in known:
            allowed = f"{', '.join([*also, *mixes])}, or a parameter: {listed(FREE, 12)}, or any "
            allowed += "other that `allegiance parameters` lists"
            if name.removesuffix(".motive") in scenario.files.case.powers:
                allowed = "a power with motive_weight in case.yaml"
            near = nearest(name, (*also, *known), ALIKE)
            problem = "no such parameter or motive"
            raise CaseError(problem, key=key, found=name, allowed=allowed, nearest=near)
        if name in by_hand:
            problem = "set by hand, and to vary"
            raise CaseError(problem, key=key, found=name, allowed="one of the two")
    numbers = [name for name in chosen if name in NAMES]
    if len(numbers) > most:
        raise CaseError("too many", key=key, found=len(numbers), allowed=f"at most {most}")
    priors = {parameter.name: parameter.prior for parameter in PARAMETERS}
    return Space(
        tuple((name, priors[name]) for name in numbers),
        tuple(mixes[name] for name in chosen if name in mixes),
    )


def _marked(scenario: Scenario) -> list[Mix]:
    found = []
    for name, power in scenario.files.case.powers.items():
        shares = tuple((m, power.motive.values.get(m, 0.0)) for m in MOTIVES)
        shares = tuple((m, share) for m, share in shares if share > 0.0)
        if power.motive_weight is not None and len(shares) > 1:
            found.append(Mix(name, shares, power.motive_weight.value))
    return found

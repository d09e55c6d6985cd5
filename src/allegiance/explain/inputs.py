"""What is uncertain in a scenario: a point of the unit cube for every future.

A coordinate is the prior probability below a parameter's value (or, for the motives of a power, of
one break of their stick: `infer.space`). The last coordinate is chance: it names the run number and
with that all noise of the future. So a future is a function of its point, and what no parameter
explains is the share of the last coordinate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from allegiance.cases.errors import CaseError
from allegiance.engine.draws import Draws
from allegiance.engine.motives import by_hand, patrons
from allegiance.engine.scenario import Scenario
from allegiance.infer.space import Mix, Space, space
from allegiance.world.case import MOTIVES
from allegiance.world.parameters import NAMES, PARAMETERS

CHANCE = "chance"
FREE, ALL = "free", "all"

_FUTURES = 2**31
_EDGE = 2.0**-40


@dataclass(frozen=True)
class Inputs:
    """The uncertain quantities, and the group to which each coordinate but the last belongs.

    `over` is what names them: see `inputs`.
    """

    space: Space
    groups: tuple[str, ...]
    over: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The groups in their order, then chance."""
        return (*dict.fromkeys(self.groups), CHANCE)

    @property
    def of(self) -> tuple[str, ...]:
        """The group of each coordinate, chance included."""
        return (*self.groups, CHANCE)

    def draws(self, points: np.ndarray) -> Draws:
        """Points [coordinate, point] of the unit cube as parameters and run numbers."""
        numbers = np.floor(points[-1] * _FUTURES).astype(np.uint32)
        return self.space.draws(_normal(points[:-1]), numbers)

    def assumptions(self, points: np.ndarray) -> dict[str, np.ndarray]:
        """What an analyst would call an assumption, at points [coordinate, point]: no chance."""
        return self.space.named(_normal(points[:-1]))

    @property
    def described(self) -> list[dict[str, Any]]:
        """Every uncertain parameter and power: name, group, prior, unit, meaning."""
        known = {parameter.name: parameter for parameter in PARAMETERS}
        told = [
            {
                "name": name,
                "group": group,
                "prior": f"{prior.kind}({prior.first:g}, {prior.second:g})",
                "unit": known[name].unit,
                "meaning": known[name].meaning,
            }
            for (name, prior), group in zip(self.space.parameters, self.groups, strict=False)
        ]
        for mix in self.space.mixes:
            shares = ", ".join(f"{motive} {share:.2g}" for motive, share in mix.shares)
            name = f"{mix.power}.motive"
            prior = f"dirichlet({shares}; weight {mix.weight:g})"
            meaning = f"why {mix.power} helps; shares that sum to 1"
            told.append(
                {"name": name, "group": name, "prior": prior, "unit": "share", "meaning": meaning}
            )
        return told

    def unit(self, name: str) -> str:
        """Unit of an assumption; empty for a number without one."""
        unit = next((p.unit for p in PARAMETERS if p.name == name), "share")
        return "" if unit == "1" else unit


def _normal(points: np.ndarray) -> np.ndarray:
    return ndtri(np.clip(points, _EDGE, 1.0 - _EDGE))


def inputs(scenario: Scenario, over: Sequence[str] = ()) -> Inputs:
    """What `over` names: `free` (default), `all`, or parameters and `POWER.motive`.

    All parameters are too many to be told apart: they are grouped by the verb that they belong to.
    What a lever has set stays as it was set. Under a theory with a prior of its own for the motives
    of patrons, these are always among the inputs.

    Raises:
        CaseError: a name is unknown, or was set by hand.
    """
    named = tuple(dict.fromkeys(over)) or (FREE,)
    if len(named) > 1 and {FREE, ALL} & set(named):
        allowed = f"{FREE}, {ALL}, or names"
        raise CaseError("one or the other", key="--over", found=" ".join(named), allowed=allowed)
    every = named == (ALL,)
    hands = set(dict(scenario.theory.changed))
    chosen = () if named == (FREE,) else tuple(n for n in NAMES if n not in hands)
    asked = chosen if named in ((FREE,), (ALL,)) else named
    found = space(scenario, asked, "--over", len(NAMES), also=(FREE, ALL))
    if every:
        found = replace(found, mixes=space(scenario).mixes)
    fixed = by_hand(scenario.files)
    mixes = _theory(scenario) or found.mixes
    found = replace(found, mixes=tuple(mix for mix in mixes if mix.power not in fixed))
    if not found.size:
        raise CaseError("nothing is left to vary", key="--over", found=" ".join(named))
    verbs = {parameter.name: parameter.verb for parameter in PARAMETERS}
    groups = [verbs[name] if every else name for name, _ in found.parameters]
    for mix in found.mixes:
        groups += [f"{mix.power}.motive"] * mix.size
    return Inputs(found, tuple(groups), named)


def _theory(scenario: Scenario) -> tuple[Mix, ...]:
    """Motives as the theory's own prior has them; none where it leaves the case's."""
    alpha = scenario.theory.dirichlet
    if alpha is None:
        return ()
    weight = float(alpha.sum())
    shares = tuple((m, float(a) / weight) for m, a in zip(MOTIVES, alpha, strict=True) if a > 0.0)
    return tuple(Mix(power, shares, weight) for power in patrons(scenario.files))

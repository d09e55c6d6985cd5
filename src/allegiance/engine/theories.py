"""Theories: rival settings of the same model, by name; and the levers on a theory.

A theory differs from the default in the prior of the motives and at most one switch. It never
touches the timeline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.world.parameters import NAMES, PARAMETERS, Parameter
from allegiance.world.rows import IDS

_PARAMETERS = {parameter.name: parameter for parameter in PARAMETERS}


@dataclass(frozen=True)
class Settings:
    """A named theory, and what was changed in it: rows switched off, parameters set."""

    name: str = "default"
    off: tuple[str, ...] = ()
    changed: tuple[tuple[str, float], ...] = ()

    @property
    def values(self) -> np.ndarray:
        """Values of all parameters, in the order of the table [parameter]."""
        changed = dict(self.changed)
        return np.array([changed.get(p.name, p.value) for p in PARAMETERS], np.float32)

    @property
    def switches(self) -> np.ndarray:
        """1 for every mechanism that works, 0 for those switched off [row]."""
        return np.array([0.0 if row in self.off else 1.0 for row in IDS], np.float32)

    @property
    def levers(self) -> tuple[str, ...]:
        """What was changed, as the command line would write it."""
        off = tuple(f"--without {row}" for row in self.off)
        return off + tuple(f"--set parameter.{name}={value:g}" for name, value in self.changed)

    def without(self, row: str) -> Settings:
        """The theory with the mechanism `row` switched off.

        Raises:
            CaseError: there is no such row.
        """
        if row not in IDS:
            allowed = f"{IDS[0]} to {IDS[-1]}"
            raise CaseError("no such row", found=row, allowed=allowed, nearest=nearest(row, IDS))
        return replace(self, off=tuple(sorted({*self.off, row})))

    def set(self, name: str, value: object) -> Settings:
        """The theory with another value of the parameter `name`; `value` may be text.

        Raises:
            CaseError: there is no such parameter, or the value is wrong.
        """
        if name not in NAMES:
            raise CaseError(
                "no such parameter",
                found=name,
                allowed=listed(NAMES),
                nearest=nearest(name, NAMES),
            )
        number = _number(_PARAMETERS[name], value)
        return replace(self, changed=tuple(sorted({**dict(self.changed), name: number}.items())))


def _number(parameter: Parameter, value: object) -> float:
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        number = math.nan
    allowed = "a finite number"
    fits = math.isfinite(number) and not isinstance(value, bool)
    if parameter.prior.kind == "beta":
        allowed, fits = "a number from 0 to 1", fits and 0.0 <= number <= 1.0
    elif parameter.prior.kind == "lognormal":
        allowed, fits = "a finite number, at least 0", fits and number >= 0.0
    if not fits:
        key = f"parameter.{parameter.name}"
        raise CaseError("not a value", key=key, found=value, allowed=allowed)
    return number


DEFAULT = Settings()

THEORIES = MappingProxyType({theory.name: theory for theory in (DEFAULT,)})
"""Every theory, by name."""


def named(name: str) -> Settings:
    """The theory called `name`.

    Raises:
        CaseError: there is none.
    """
    if name not in THEORIES:
        near = nearest(name, THEORIES)
        raise CaseError("no such theory", found=name, allowed=listed(THEORIES), nearest=near)
    return THEORIES[name]

"""Theories: rival settings of the same model, by name; and the levers on a theory.

A theory differs from the default in the prior of the motives and at most one switch. It never
touches the timeline. The table, `theories.csv` beside this file, gives every number tag and reason.
The prior is a Dirichlet distribution, drawn for each run: `motives`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from importlib.resources import files
from types import MappingProxyType

import numpy as np

from allegiance.cases.arguments import number
from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.world.case import MOTIVES
from allegiance.world.parameters import NAMES, PARAMETERS, Parameter
from allegiance.world.rows import IDS

WIDTHS = MappingProxyType({"half": 0.5, "given": 1.0, "double": 2.0})
"""Prior widths of the motives at which theories are compared, as multiples."""

_PARAMETERS = {parameter.name: parameter for parameter in PARAMETERS}


@dataclass(frozen=True)
class Settings:
    """A named theory, and what was changed in it: rows switched off, parameters set.

    `motive` [m] are the prior means of the patrons' motives, `concentration` how narrow that prior
    is; without means the motives are the case's. `width` multiplies their prior deviations.
    """

    name: str = "default"
    off: tuple[str, ...] = ()
    changed: tuple[tuple[str, float], ...] = ()
    motive: tuple[float, ...] | None = None
    concentration: float = 0.0
    width: float = 1.0
    summary: str = ""

    @property
    def dirichlet(self) -> np.ndarray | None:
        """Parameters of the Dirichlet prior of the motives [m]; None where the case has them.

        A weight of mean `a` has variance `a (1 - a) / (concentration + 1)`.
        """
        if self.motive is None:
            return None
        return np.array(self.motive) * max((self.concentration + 1.0) / self.width**2 - 1.0, 0.5)

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
                nearest=nearest(name, NAMES, 0.2),
            )
        found = _within(_PARAMETERS[name], value)
        return replace(self, changed=tuple(sorted({**dict(self.changed), name: found}.items())))


def _within(parameter: Parameter, value: object) -> float:
    found = number(value)
    low, high = parameter.range
    low, high = min(low, parameter.value), max(high, parameter.value)
    if not low <= found <= high:
        key, prior = f"parameter.{parameter.name}", parameter.prior
        about = f"prior {prior.kind}({prior.first:g}, {prior.second:g})"
        allowed = f"a number from {low:.4g} to {high:.4g} ({about}, unit {parameter.unit})"
        raise CaseError("not a value", key=key, found=value, allowed=allowed)
    return found


def _read() -> dict[str, Settings]:
    """The table of theories."""
    text = (files("allegiance.engine") / "theories.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for line in csv.DictReader(text.splitlines()):
        value = line["source"] if line["what"] == "summary" else line["value"]
        found.setdefault(line["theory"], {})[line["what"]] = value
    return {name: _settings(name, row) for name, row in found.items()}


def _settings(name: str, row: dict[str, str]) -> Settings:
    drawn = "concentration" in row
    return Settings(
        name=name,
        off=tuple(row["off"].split()) if "off" in row else (),
        motive=tuple(float(row[motive]) for motive in MOTIVES) if drawn else None,
        concentration=float(row["concentration"]) if drawn else 0.0,
        summary=row["summary"],
    )


THEORIES = MappingProxyType(_read())
"""Every theory, by name."""

DEFAULT = THEORIES["default"]


def named(name: str) -> Settings:
    """The theory called `name`.

    Raises:
        CaseError: there is none.
    """
    if name not in THEORIES:
        near = nearest(name, THEORIES)
        raise CaseError("no such theory", found=name, allowed=listed(THEORIES), nearest=near)
    return THEORIES[name]

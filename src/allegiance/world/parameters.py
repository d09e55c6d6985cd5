"""The one table of parameters: name, symbol, unit, value, prior, tag, source, verb and rows.

The table is `parameters.csv` beside this file; the verbs, the docs, inference and sensitivity
analysis all read it. At most ten parameters are free; the rest are fixed and say why.
"""

from __future__ import annotations

import csv
import math
import re
from importlib.resources import files
from typing import NamedTuple

import numpy as np

TAGS = ("estimated", "documented", "assumed")


class Prior(NamedTuple):
    """A distribution.

    One of `normal(mean, sd)`, `lognormal(median, log sd)`, `beta(a, b)`, `uniform(low, high)`.
    """

    kind: str
    first: float
    second: float

    def draw(self, generator: np.random.Generator, size: int) -> np.ndarray:
        """`size` independent draws [size]."""
        if self.kind == "normal":
            return generator.normal(self.first, self.second, size)
        if self.kind == "lognormal":
            return self.first * np.exp(generator.normal(0.0, self.second, size))
        if self.kind == "beta":
            return generator.beta(self.first, self.second, size)
        return generator.uniform(self.first, self.second, size)

    @property
    def range(self) -> tuple[float, float]:
        """Values that a hand may set: far into the tails, and not onto the edge of the support.

        Assumed: ten deviations of a normal or of a logarithm; a uniform prior's span to each side,
        not across 0; a millionth short of 0 and 1 for shares. Beyond it the number is a typing
        error; on the edge some equations divide by 0, and a row's switch is there to turn it off.
        """
        if self.kind == "beta":
            return 1e-6, 1.0 - 1e-6
        if self.kind == "lognormal":
            far = math.exp(10.0 * self.second)
            return self.first / far, self.first * far
        if self.kind == "normal":
            return self.first - 10.0 * self.second, self.first + 10.0 * self.second
        span = self.second - self.first
        low = self.first - span
        return max(low, 0.0) if self.first >= 0.0 else low, self.second + span


class Parameter(NamedTuple):
    """One line of the table."""

    name: str
    symbol: str
    unit: str
    value: float
    prior: Prior
    free: bool
    tag: str
    verb: str
    rows: tuple[str, ...]
    meaning: str
    source: str

    @property
    def range(self) -> tuple[float, float]:
        """Values that a hand may set: those of its prior, and of a rate (1/year) also 0.

        No equation divides by a rate; at 0 what it drives never happens, though its row stays on.
        """
        low, high = self.prior.range
        return (min(low, 0.0) if self.unit == "1/year" else low), high


def _prior(text: str) -> Prior:
    found = re.fullmatch(r"(normal|lognormal|beta|uniform)\(([^,]+), ([^)]+)\)", text)
    if not found:
        raise ValueError(f"not a prior: {text!r}")
    return Prior(found[1], float(found[2]), float(found[3]))


def _read() -> tuple[Parameter, ...]:
    text = (files("allegiance.world") / "parameters.csv").read_text(encoding="utf-8")
    return tuple(
        Parameter(
            name=line["name"],
            symbol=line["symbol"],
            unit=line["unit"],
            value=float(line["value"]),
            prior=_prior(line["prior"]),
            free=line["free"] == "yes",
            tag=line["tag"],
            verb=line["verb"],
            rows=tuple(line["rows"].split()),
            meaning=line["meaning"],
            source=line["source"],
        )
        for line in csv.DictReader(text.splitlines())
    )


PARAMETERS: tuple[Parameter, ...] = _read()
NAMES: tuple[str, ...] = tuple(parameter.name for parameter in PARAMETERS)
FREE: tuple[str, ...] = tuple(parameter.name for parameter in PARAMETERS if parameter.free)

"""posterior.yaml: what `calibrate` found, and the parameter vectors that it drew."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from allegiance.cases.errors import CaseError, listed
from allegiance.cases.reading import Document, read, stands
from allegiance.cases.schema import Date, Name, Number, Strict, Text
from allegiance.cases.validate import validated
from allegiance.engine.draws import Draws
from allegiance.engine.scenario import Scenario
from allegiance.world.case import MOTIVES
from allegiance.world.parameters import NAMES, PARAMETERS

FILE = "posterior.yaml"

NONE = "none"
"""Given in place of a posterior: the theory's own values, even where the case ships a posterior."""

SHIPPED = "shipped"
"""Given in place of a posterior: the one that the case ships."""

RANGES = {parameter.name: parameter.range for parameter in PARAMETERS}

ROUNDING = 1e-3
"""How far the motives of a draw, written with a few digits, may sum from 1."""

_MOTIVE = re.compile(r"([a-z][a-z0-9_]*)\.motive\[([a-z_]+)\]")

Whole = Annotated[int, Field(ge=0, le=2**32 - 1)]


class Summary(Strict):
    """One parameter's marginal."""

    mean: Number
    q05: Number
    q95: Number
    contraction: Number


class PosteriorFile(Strict):
    """posterior.yaml; `calibrate` writes it."""

    format: Literal[1]
    case: Name
    digest: Text = Field(description="SHA-256 of the case's content")
    dossier: Text = Field(description="SHA-256 of the items that it was fitted to")
    priors: Text = Field(description="SHA-256 of the priors")
    theory: Text
    levers: list[Text]
    until: Date = Field(description="last day of the evidence")
    seed: Whole
    particles: Whole
    futures: Whole
    share: Annotated[float, Field(gt=0, le=1)] = Field(
        description="of the log likelihood, that the items count for"
    )
    temperature: Annotated[float, Field(ge=0, le=1)] = Field(description="share that was reached")
    log_evidence: Number
    ess: Number
    seconds: Number
    parameters: dict[Text, Summary]
    draws: dict[Text, list[Number]]
    numbers: list[Whole] = Field(description="run number of each draw's accepted future")


@dataclass(frozen=True)
class Posterior:
    """A posterior that has been read; `name` is what people call it."""

    name: str
    digest: str
    file: PosteriorFile

    def draws(self, histories: bool = False) -> Draws:
        """Its draws; with `histories` each brings the noise of the future it was accepted with."""
        values = {k: np.array(v) for k, v in self.file.draws.items() if k in NAMES}
        motives: dict[str, np.ndarray] = {}
        for name, drawn in self.file.draws.items():
            if found := _MOTIVE.fullmatch(name):
                shares = motives.setdefault(found[1], np.zeros((len(MOTIVES), len(drawn))))
                shares[MOTIVES.index(found[2])] = drawn
        motives = {power: shares / shares.sum(axis=0) for power, shares in motives.items()}
        numbers = np.array(self.file.numbers, np.uint32) if histories else None
        return Draws(self.name, self.digest, values, motives, numbers)


def opened(path: str | Path) -> Posterior:
    """The posterior in a file, or in a folder that `calibrate` has written.

    Raises:
        CaseError: there is none, or it is no posterior.
    """
    path = Path(path)
    path = path / FILE if path.is_dir() else path
    document = read(path)
    found = validated(document, PosteriorFile)
    _check(found, document)
    text = path.read_bytes()
    return Posterior(
        f"{path.resolve().parent.name}/{path.name}", hashlib.sha256(text).hexdigest(), found
    )


def chosen(scenario: Scenario, given: str | Path | None) -> Posterior | None:
    """The posterior that was asked for, else the one that the case ships for this theory.

    None where there is none, or where `given` is "none"; "shipped" insists on the case's own. The
    content of the case must be that which it was fitted to, whatever levers are pulled.

    Raises:
        CaseError: it cannot be read, or belongs to another case, version of it, or theory.
    """
    own = scenario.files.folder / FILE
    if str(given) == NONE or (given is None and not stands(own)):
        return None
    found = opened(own if given is None or str(given) == SHIPPED else given)
    if found.file.case != scenario.name:
        problem = "a posterior of another case"
        raise CaseError(problem, key="--posterior", found=found.file.case, allowed=scenario.name)
    if found.file.digest != scenario.files.digest:
        problem = "the posterior belongs to another version of the case"
        allowed = "one fitted to the case as it is now (allegiance calibrate), or none"
        raise CaseError(problem, key="--posterior", found=found.name, allowed=allowed)
    if found.file.theory != scenario.theory.name:
        if given is None:
            return None
        problem, allowed = "a posterior of another theory", scenario.theory.name
        raise CaseError(problem, key="--posterior", found=found.file.theory, allowed=allowed)
    return found


def _check(found: PosteriorFile, document: Document) -> None:
    lengths = {len(drawn) for drawn in (*found.draws.values(), found.numbers)}
    if len(lengths) != 1 or 0 in lengths:
        allowed = "as many numbers of each parameter, at least one"
        raise CaseError("no draws", file=document.file, key="draws", allowed=allowed)
    for name in found.draws:
        motive = _MOTIVE.fullmatch(name)
        if name not in NAMES and not (motive and motive[2] in MOTIVES):
            raise CaseError(
                "no such parameter",
                file=document.file,
                line=document.line(("draws", name)),
                found=name,
                allowed=listed((*NAMES, "POWER.motive[MOTIVE]")),
            )
    mixes: dict[str, np.ndarray] = {}
    for name, drawn in found.draws.items():
        motive, values = _MOTIVE.fullmatch(name), np.array(drawn)
        low, high = (0.0, 1.0) if motive else RANGES[name]
        if motive:
            mixes[motive[1]] = mixes.get(motive[1], np.zeros(len(drawn))) + values
        off = (values < low) | (values > high)
        if off.any():
            raise CaseError(
                "out of range",
                file=document.file,
                line=document.line(("draws", name)),
                key=f"draws.{name}",
                found=float(values[off][0]),
                allowed=f"from {low:g} to {high:g}",
            )
    for power, total in mixes.items():
        if np.abs(total - 1.0).max() > ROUNDING:
            allowed = "shares that sum to 1 in every draw"
            key = f"draws.{power}.motive"
            raise CaseError("not shares", file=document.file, key=key, allowed=allowed)

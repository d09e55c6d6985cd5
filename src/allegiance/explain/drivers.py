"""What drives an outcome: its mechanisms, what it was given, what was assumed, and chance.

In the words of exploratory modelling (XLRM: Lempert, Popper & Bankes 2003): the *levers* are the
entries of the timeline and what the user has set; the *uncertainties* are parameters and motives,
drawn from their priors; the *relations* are the mechanisms, which can be switched off; the
*measure* is the outcome. Each is varied apart, the others staying as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from allegiance.cases.arguments import whole
from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.cases.schema import Outcome
from allegiance.engine.outcomes import summary, values
from allegiance.engine.scenario import Scenario, load
from allegiance.engine.setup import MOST_RUNS, Setup, prepare
from allegiance.engine.simulate import chunks
from allegiance.engine.units import unit_of
from allegiance.explain import prim, sobol
from allegiance.explain.ablation import AFFORDABLE, effects, numbers
from allegiance.explain.inputs import Inputs, inputs
from allegiance.world.rows import IDS, ROWS

MINUTES = 4.0
"""Two quiet cores' time that the default number of futures takes, for a ten-year case."""

FEWEST, MOST = 64, 2048
"""Points of the design for each input, a power of two; pairs of futures for each ablation."""

MOST_PAIRS = 512

Tick = Callable[[int], None]


@dataclass(frozen=True)
class Size:
    """How many futures an explanation takes: points for each input, pairs for each ablation."""

    points: int
    pairs: int
    blocks: int
    ablations: int

    @property
    def futures(self) -> int:
        """All of them."""
        return self.points * self.blocks + self.pairs * (self.ablations + 1)


@dataclass(frozen=True)
class Drivers:
    """What drives an outcome; `summary` is plain data."""

    report: dict[str, Any]

    def __repr__(self) -> str:
        """Which outcome of which case, and on how many futures."""
        r = self.report
        return f"<what drives {r['outcome']['id']} of {r['case']}: {r['runs']} futures>"

    def summary(self) -> dict[str, Any]:
        """What `allegiance explain --json` prints."""
        return self.report


def size(steps: int, blocks: int, ablations: int, runs: int | None) -> Size:
    """Half of the futures for the design, the rest for the ablations; by default those of MINUTES.

    Raises:
        CaseError: they are too few, or more than the largest design takes.
    """
    taken = ablations + 1
    least = FEWEST * (blocks + taken)
    most = MOST * blocks + max(MOST * blocks, MOST_PAIRS * taken)
    if runs is None:
        runs = max(int(MINUTES * AFFORDABLE / steps), least)
    elif not least <= runs <= most:
        allowed = (
            f"from {least:,} to {most:,}: {FEWEST} to {MOST} for each of {blocks} blocks of the "
            f"design, {FEWEST} to {MOST_PAIRS} for each of {ablations} rows and entries taken away"
        )
        problem = "too few" if runs < least else "more than it can use"
        raise CaseError(problem, key="--runs", found=runs, allowed=allowed)
    points = FEWEST
    while points < MOST and 2 * points * blocks <= runs // 2:
        points *= 2
    pairs = (runs - points * blocks) // taken // FEWEST * FEWEST
    while pairs < FEWEST:
        points //= 2
        pairs = (runs - points * blocks) // taken // FEWEST * FEWEST
    return Size(points, min(pairs, MOST_PAIRS), blocks, ablations)


@dataclass(frozen=True)
class Order:
    """A checked question: what drives `outcome` in a setup, over which inputs, at which size."""

    setup: Setup
    outcome: str
    inputs: Inputs
    size: Size

    @property
    def entries(self) -> list[str]:
        """The entries of the timeline."""
        return _entries(self.setup)

    @property
    def rows(self) -> list[str]:
        """The mechanisms that are on."""
        return _rows(self.setup)


def _entries(setup: Setup) -> list[str]:
    return list(setup.scenario.files.timeline.entries)


def _rows(setup: Setup) -> list[str]:
    return [id for id in IDS if id not in setup.scenario.theory.off]


def order(
    case: Scenario | str | Path,
    outcome: str | None,
    runs: int | None = None,
    seed: int = 1,
    *,
    over: Iterable[str] = (),
    theory: str | None = None,
    until: str | date | None = None,
) -> Order:
    """Check a question; nothing is simulated.

    Raises:
        CaseError: the case, the outcome, an input or a number is wrong.
    """
    scenario = case if isinstance(case, Scenario) else load(case)
    if theory is not None:
        scenario = scenario.under(theory)
    uncertain = inputs(scenario, list(over))
    known = scenario.files.case.outcomes
    if outcome not in known:
        problem = "which outcome?" if outcome is None else "no such outcome"
        near = nearest(outcome, known)
        allowed = f"{listed(known)}; `allegiance show {scenario.name}` lists all"
        raise CaseError(problem, key="--outcome", found=outcome, allowed=allowed, nearest=near)
    if runs is not None:
        whole("--runs", runs, 1, MOST_RUNS)
    setup = prepare(scenario, runs=1, seed=seed, until=until)
    taken = len(_rows(setup)) + len(_entries(setup))
    fits = size(setup.built.steps, len(uncertain.names) + 2, taken, runs)
    return Order(setup, outcome, uncertain, fits)


def drivers(
    case: Scenario | str | Path,
    outcome: str,
    runs: int | None = None,
    seed: int = 1,
    *,
    over: Iterable[str] = (),
    theory: str | None = None,
    until: str | date | None = None,
) -> Drivers:
    """What drives an outcome: ablation of rows and entries, Sobol' indices, scenario discovery.

    `runs` are the futures in all; by default what some four minutes on two cores allow. `over`
    names the uncertain inputs: `free` (default), `all`, or parameters and `POWER.motive`.

    Raises:
        CaseError: the case, the outcome, an input or a number is wrong.
    """
    return explained(
        order(case, outcome, runs, seed, over=over, theory=theory, until=until), lambda done: None
    )


def explained(asked: Order, tick: Tick) -> Drivers:
    """Answer a checked question; `tick` is called with the number of futures that are done."""
    began = monotonic()
    setup, fits = asked.setup, asked.size
    scenario, outcome = setup.scenario, setup.outcomes[asked.outcome]
    place = list(setup.outcomes).index(asked.outcome)
    points = sobol.design(asked.inputs.of, fits.points, setup.seed)
    sampled = replace(setup, runs=points.shape[1], draws=asked.inputs.draws(points))
    parts, done = [], 0
    for chunk in chunks(sampled):
        parts.append(values(sampled, chunk)[place])
        done += len(chunk.runs)
        tick(done)
    drawn = np.concatenate(parts)
    apart = np.concatenate(sobol.apart(drawn, asked.inputs.of))
    paired = replace(setup, runs=fits.pairs)
    base = numbers(paired)
    taken: dict[str, dict[str, Any]] = {}
    for id, found in effects(paired, [*asked.rows, *asked.entries], base):
        taken[id] = found[asked.outcome]
        tick(done + fits.pairs * (len(taken) + 1))
    names, entries = {row.id: row.name for row in ROWS}, scenario.files.timeline.entries
    notes: list[str] = []
    report = {
        "case": scenario.name,
        "theory": scenario.theory.name,
        "levers": list(scenario.levers),
        "from": setup.built.start.isoformat(),
        "until": setup.until.isoformat(),
        "seed": setup.seed,
        "runs": fits.futures,
        "outcome": _about(asked.outcome, outcome),
        "at_values": summary(paired, outcome, base[place]),
        "over_priors": summary(sampled, outcome, apart),
        "pairs": fits.pairs,
        "rows": _ranked({id: {"name": names[id], **taken[id]} for id in asked.rows}),
        "entries": _ranked(
            {
                id: {"name": entries[id].label, "date": entries[id].date.isoformat(), **taken[id]}
                for id in asked.entries
            }
        ),
        "points": fits.points,
        "over": list(asked.inputs.over),
        "uncertainties": asked.inputs.described,
        "sobol": _indices(asked, drawn, notes),
        "boxes": _boxes(asked, points, drawn, notes),
        "notes": notes,
    }
    return Drivers({**report, "seconds": round(monotonic() - began, 3)})


def _about(id: str, outcome: Outcome) -> dict[str, Any]:
    event = outcome.event is not None
    unit = "probability" if event else unit_of(outcome.quantity or "")
    kind = "event" if event else "quantity"
    return {"id": id, "label": outcome.label, "kind": kind, "unit": unit}


def _ranked(found: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was taken away, the largest effect first; what has no difference last."""
    rows = [{"id": id, **effect} for id, effect in found.items()]
    return sorted(rows, key=lambda row: -abs(row["difference"] or 0.0))


def _indices(asked: Order, drawn: np.ndarray, notes: list[str]) -> dict[str, Any] | None:
    """The indices of the design, or a note that says why there are none."""
    event = asked.setup.outcomes[asked.outcome].event is not None
    y = np.isfinite(drawn).astype(float) if event else drawn
    missing = float(np.isnan(y).mean())
    if missing:
        notes.append(
            f"Not defined in {missing:.1%} of the futures: its variance, and so Sobol' indices, do "
            "not exist. Ask what drives the event that decides whether it is."
        )
        return None
    if np.ptp(y) == 0.0:
        what = ("happens in all" if y[0] else "happens in none") if event else "is alike in all"
        notes.append(f"It {what} of {len(y):,} futures: there is no spread to explain.")
        return None
    found = sobol.indices(asked.inputs.of, y, asked.setup.seed)
    ranked = sorted(found["indices"], key=lambda row: -(row["total"] or 0.0))
    return {**found, "indices": ranked}


def _boxes(
    asked: Order, points: np.ndarray, drawn: np.ndarray, notes: list[str]
) -> list[dict[str, Any]]:
    """Where the outcome occurs and where not, of a quantity where it is high and where low."""
    of, event = asked.inputs.of, asked.setup.outcomes[asked.outcome].event is not None
    if len(np.unique(np.isfinite(drawn) if event else drawn)) < 2:
        return []
    halves = list(zip(sobol.apart(points, of), sobol.apart(drawn, of), strict=True))
    if event:
        cases = {"it happens": np.isfinite, "it does not happen": lambda y: ~np.isfinite(y)}
    else:
        halves = [(x[:, np.isfinite(y)], y[np.isfinite(y)]) for x, y in halves]
        if min(len(y) for _, y in halves) < 2 * prim.FEWEST:
            notes.append("No box: it is defined in too few futures.")
            return []
        middle = float(np.median(np.concatenate([y for _, y in halves])))
        shown = f"{middle:.4g}"
        cases = {
            f"it is at least {shown}": lambda y: y >= middle,
            f"it is below {shown}": lambda y: y < middle,
        }
        notes.append(f"High and low are parted at {shown}, its median over the priors.")
    told = []
    for when, hits in cases.items():
        find, check = ((asked.inputs.assumptions(x), hits(y)) for x, y in halves)
        box = prim.discover(find, check)
        few = min(int(side.sum()) for half in (find, check) for side in (half[1], ~half[1]))
        if box is not None:
            told.append({"when": when, **box, "text": _words(box["limits"], asked.inputs)})
        elif few < prim.FEWEST:
            notes.append(
                f"No box where {when}: one half of the futures has only {few} of one kind, of "
                f"{prim.FEWEST} that it takes."
            )
        else:
            notes.append(f"No box where {when}: none that the other half of the futures confirms.")
    return told


def _words(limits: Sequence[Mapping[str, Any]], about: Inputs) -> str:
    """A box in words."""
    told = []
    for limit in limits:
        name, unit = limit["name"], about.unit(limit["name"])
        told.append(f"{name} is {limit['sense']} {limit['value']:g} {unit}".strip())
    return " and ".join(told)

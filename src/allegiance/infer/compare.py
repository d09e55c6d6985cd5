"""Rival theories compared on the same dated evidence, with "not identifiable" as an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from allegiance.cases.arguments import whole
from allegiance.cases.errors import CaseError
from allegiance.engine import simulate
from allegiance.engine.scenario import Scenario, load
from allegiance.engine.theories import THEORIES, WIDTHS, Settings, named
from allegiance.infer import motives, weighing
from allegiance.infer.bank import Evidence, bank, evidence
from allegiance.infer.judge import FOLDS, Trained, train
from allegiance.infer.records import simulated

RIVALS = ("unable", "unwilling", "disposable", "stated")
"""The theories that are compared unless others are named."""

GIVEN = "given"
LEAST = 8 * FOLDS
MOST = 25_000
SIDE = 2000
"""Futures at most for what stands beside the odds: other prior widths, motives."""


@dataclass(frozen=True)
class Compared:
    """One case's part: its evidence, the judge at the given prior width, its support, motives."""

    scenario: Scenario
    evidence: Evidence
    trained: Trained
    support: weighing.Support
    motives: dict[str, motives.Weights]


@dataclass(frozen=True)
class Comparison:
    """Posterior odds of rival theories under equal prior odds.

    `widths` has posterior and Monte Carlo error at each prior width; the verdict is that at the
    given one. `recovery` traces simulated worlds back, where that was asked for.
    """

    theories: tuple[str, ...]
    runs: int
    seed: int
    cases: tuple[Compared, ...]
    widths: dict[str, tuple[np.ndarray, np.ndarray]]
    recovery: weighing.Recovery | None
    seconds: float

    @property
    def posterior(self) -> dict[str, float]:
        """Posterior of each theory at the given prior width."""
        return self._by_name(self.widths[GIVEN][0])

    @property
    def se(self) -> dict[str, float]:
        """Its Monte Carlo error."""
        return self._by_name(self.widths[GIVEN][1])

    @property
    def verdict(self) -> str:
        """The theory with a posterior of at least 0.9, or "not identifiable"."""
        return weighing.verdict(self.widths[GIVEN][0], self.theories)

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before believing the odds, in sentences."""
        told = []
        for part in self.cases:
            name = part.scenario.name
            if not part.support.inside:
                told.append(
                    f"{name}: all theories misfit: of their simulated records {part.support.p:.1%} "
                    "are as unlikely as this dossier; the odds compare bad explanations"
                )
            pinned = part.evidence.choices
            if pinned:
                told.append(
                    f"{name}: the patrons' decisions stand as they were; each counts once, as a "
                    f"choice left to the model ({len(pinned)}), and no theory shows in staying"
                )
        everywhere = set.intersection(*(set(part.scenario.theory.off) for part in self.cases))
        alone = {
            name: [row for row in THEORIES[name].off if row not in everywhere]
            for name in self.theories
            if name in THEORIES
        }
        told += [
            f"{name} also switches {', '.join(rows)} off: evidence for or against it "
            "may speak of that mechanism and not of the wish"
            for name, rows in alone.items()
            if rows
        ]
        verdicts = {weighing.verdict(p, self.theories) for p, _ in self.widths.values()}
        if len(verdicts) > 1:
            told.append(f"the verdict depends on the prior width: {', '.join(sorted(verdicts))}")
        return told

    def diagnostic(self) -> list[dict[str, Any]]:
        """Every item, those first that speak most for one theory against another.

        `log_ratio`: log likelihood under each theory less the mean, in nats; `range` between the
        best and the worst; `weight` what the judge lets it count, as it repeats others;
        `information` what such an item tells of the theory on average, in nats.
        """
        rows = []
        for part in self.cases:
            ratios, told = weighing.matrix(part.trained), weighing.informative(part.trained)
            weights = part.trained.judge.weights
            for i, item in enumerate(part.evidence.items):
                rows.append(
                    {
                        "case": part.scenario.name,
                        "item": item,
                        "log_ratio": self._by_name(ratios[i]),
                        "range": float(np.ptp(ratios[i])),
                        "weight": float(weights[i]),
                        "information": float(told[i]),
                    }
                )
        return sorted(rows, key=lambda row: -row["range"] * (0.05 + row["weight"]))

    def summary(self) -> dict[str, Any]:
        """What `allegiance compare --json` prints."""
        found: dict[str, Any] = {
            "cases": [part.scenario.name for part in self.cases],
            "levers": {part.scenario.name: list(part.scenario.levers) for part in self.cases},
            "theories": list(self.theories),
            "runs": self.runs,
            "seed": self.seed,
            "posterior": self.posterior,
            "se": self.se,
            "verdict": self.verdict,
            "widths": {
                name: {"posterior": self._by_name(p), "se": self._by_name(se)}
                for name, (p, se) in self.widths.items()
            },
            "diagnostic": self.diagnostic(),
            "classifier": {
                part.scenario.name: {
                    "log_score": part.trained.log_score,
                    "guessing": -float(np.log(len(self.theories))),
                    "calibration": part.trained.calibration(),
                }
                for part in self.cases
            },
            "support": {
                part.scenario.name: {
                    "p": part.support.p,
                    "inside": part.support.inside,
                    "items": part.support.items,
                }
                for part in self.cases
            },
            "motives": {
                part.scenario.name: {name: w.summary() for name, w in part.motives.items()}
                for part in self.cases
            },
            "warnings": self.warnings,
            "recovery": {},
        }
        if self.recovery:
            wrong, limit = self.recovery.wrong
            found["recovery"] = self.recovery.table(self.recovery.picked)
            found["traced"] = {
                "guessed": self.recovery.table(self.recovery.guessed),
                "wrong": wrong,
                "wrong_upper95": limit,
                "abstained": self.recovery.abstained,
                "log_score": self.recovery.log_score,
            }
        return found | {"seconds": round(self.seconds, 1)}

    def _by_name(self, numbers: np.ndarray) -> dict[str, float]:
        return {name: float(x) for name, x in zip(self.theories, numbers, strict=True)}


def compare(
    case: Scenario | str | Path | Iterable[Scenario | str | Path],
    theories: Iterable[str | Settings] = RIVALS,
    runs: int = 256,
    seed: int = 1,
    *,
    recover: int = 0,
    tick: simulate.Tick | None = None,
) -> Comparison:
    """Compare theories on the dossiers of one or several cases.

    A bank of `runs` futures per theory trains a classifier; the dossiers then give the posterior
    odds. So do banks of at most SIDE futures at other prior widths. `recover` further worlds per
    theory are traced back.

    Raises:
        CaseError: a case, a theory or a number is wrong, or a case has no dossier.
    """
    began = monotonic()
    cases = [case] if isinstance(case, Scenario | str | Path) else list(case)
    scenarios = [each if isinstance(each, Scenario) else load(each) for each in cases]
    rivals = [named(each) if isinstance(each, str) else each for each in theories]
    names = tuple(rival.name for rival in rivals)
    _check(scenarios, names, runs, recover)
    known = [evidence(scenario) for scenario in scenarios]
    done = _Counter(tick)
    parts, worlds, trained = [], [], {width: [] for width in WIDTHS}
    for scenario, items in zip(scenarios, known, strict=True):
        targets = list(items.targets.values())
        for width, factor in WIDTHS.items():
            size = runs if width == GIVEN else min(runs, SIDE)
            more = recover if width == GIVEN else 0
            readings = []
            for rival in rivals:
                wide = replace(rival, width=rival.width * factor)
                found = bank(scenario, wide, items, size + more, seed, done.next(size + more))
                readings.append(found.readings)
            judged = train(targets, [r[:, :size] for r in readings], seed)
            trained[width].append(judged)
            if width == GIVEN:
                worlds.append(_traced(judged, targets, [r[:, size:] for r in readings], seed))
        size = min(2 * runs, SIDE)
        flat = bank(scenario, THEORIES["undecided"], items, size, seed, done.next(size))
        judged = trained[GIVEN][-1]
        inside = weighing.support(judged, list(items.items))
        weights = motives.infer(flat, targets, seed)
        parts.append(Compared(scenario, items, judged, inside, weights))
    recovery = None
    if recover:
        recovery = weighing.recovered(names, weighing.combined(worlds))
    odds = {width: weighing.posterior(judges) for width, judges in trained.items()}
    took = monotonic() - began
    return Comparison(names, runs, seed, tuple(parts), odds, recovery, took)


def futures(cases: int, theories: int, runs: int, recover: int) -> int:
    """How many futures a comparison simulates, twins of choices not counted."""
    side = min(runs, SIDE)
    banks = theories * (runs + recover + (len(WIDTHS) - 1) * side)
    return cases * (banks + min(2 * runs, SIDE))


def _traced(
    judged: Trained, targets: Sequence[Any], readings: Sequence[np.ndarray], seed: int
) -> np.ndarray:
    """Log posterior of worlds that were not trained on [true, world, theory]."""
    random = np.random.default_rng([seed, 7])
    found = []
    for bank_of in readings:
        said = np.array([simulated(t, r, random) for t, r in zip(targets, bank_of, strict=True)])
        found.append(judged.judge.log_odds(judged.judge.features(said)))
    return np.array(found)


class _Counter:
    """Ticks that go on counting from one bank to the next."""

    def __init__(self, tick: simulate.Tick | None) -> None:
        self.tick, self.before = tick, 0

    def next(self, size: int) -> simulate.Tick:
        before, self.before = self.before, self.before + size
        tick = self.tick
        return lambda done: tick(before + done) if tick else None


def _check(scenarios: list[Scenario], names: tuple[str, ...], runs: int, recover: int) -> None:
    if not scenarios:
        raise CaseError("no case", key="CASE", allowed="at least one")
    twice = [s.name for s in scenarios]
    if len(set(twice)) < len(twice):
        allowed = "each case once: evidence counts once"
        raise CaseError("the same case twice", key="CASE", found=",".join(twice), allowed=allowed)
    if len(set(names)) < 2 or len(set(names)) < len(names):
        allowed = "two or more different theories"
        raise CaseError(
            "nothing to compare", key="--theories", found=",".join(names), allowed=allowed
        )
    for key, value, least in (("--runs", runs, LEAST), ("--recover", recover, 0)):
        whole(key, value, least, MOST)

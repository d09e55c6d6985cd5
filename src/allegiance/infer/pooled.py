"""One parameter set for several cases, and for each case the set that all the others give.

Parameter vectors are drawn once and simulated in every case, some futures each. What a case's `fit`
items say of a vector is the mean likelihood over its futures; a case left out is a factor left out
of the weights, so that one sample serves all of them. Vectors come in rounds: the first from the
prior, each later one from a normal around the weighted vectors before, with a share from the prior
to the end. All rounds count together as one mixture (adaptive multiple importance sampling:
Cornuet, Marin, Mira & Robert 2012, Scandinavian Journal of Statistics 39:798-812).

Motives are the case's own, so none are fitted here. The records of one case count for the share
that `ensemble` gives them. Where all records together would leave a few vectors with all the
weight, a lucky one among them, the log likelihood counts for the largest share, the temperature, at
which FEWEST stay effective.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import logsumexp

from allegiance.cases.arguments import whole
from allegiance.cases.errors import CaseError
from allegiance.engine.scenario import Scenario
from allegiance.evidence import record, scores
from allegiance.evidence.likelihood import log_likelihood
from allegiance.evidence.schema import Item
from allegiance.evidence.target import target
from allegiance.infer import ensemble
from allegiance.infer.space import Space, space
from allegiance.world.parameters import FREE

VECTORS = 192
"""Parameter vectors in a round."""

FUTURES = 16
"""Futures of each vector in each case."""

ROUNDS = 3

FEWEST = 32
"""Vectors below which their weights say nothing: of a round, and effective ones of all."""

PRIOR_SHARE = 0.25
"""Share of each later round that is drawn from the prior: no weight can grow without bound."""

WIDER = 2.0
"""How much wider than the weighted vectors a later round is drawn, as a factor of variance."""

Tick = Callable[[int], None]


@dataclass(frozen=True)
class Member:
    """A case of the pool: its items, what they read, and the log likelihood of its `fit` items.

    `readings` have all futures of the first vector, then of the second; `loglik` is [vector].
    """

    scenario: Scenario
    items: Mapping[str, Item]
    readings: record.Readings
    loglik: np.ndarray


@dataclass(frozen=True)
class Pool:
    """Vectors z [coordinate, vector] with log prior less log proposal [vector], and the cases."""

    space: Space
    z: np.ndarray
    offset: np.ndarray
    members: Mapping[str, Member]
    futures: int

    def weights(self, without: str | None = None) -> np.ndarray:
        """Posterior weights [vector], sum 1, from all cases but `without`."""
        return _weights(self.offset, self._told(without))

    def temperature(self, without: str | None = None) -> float:
        """Share of the log likelihood of all cases but `without` that counts in the weights."""
        return _temperature(self.offset, self._told(without))

    def _told(self, without: str | None) -> np.ndarray:
        """Log likelihood [vector] of all cases but `without`."""
        told = [member.loglik for name, member in self.members.items() if name != without]
        return np.sum([np.zeros_like(self.offset), *told], axis=0)

    def of_futures(self, name: str) -> np.ndarray:
        """Weights of the futures of a case [run], from all the other cases."""
        return np.repeat(self.weights(without=name) / self.futures, self.futures)

    def effective(self, without: str | None = None) -> float:
        """Effective number of vectors."""
        return scores.effective(self.weights(without))

    def parameters(self, without: str | None = None) -> dict[str, tuple[float, float, float]]:
        """Mean, 5% and 95% of each parameter under the weights."""
        weights, found = self.weights(without), {}
        for name, x in self.space.named(self.z).items():
            low, high = np.quantile(x, [0.05, 0.95], weights=weights, method="inverted_cdf")
            found[name] = (float(weights @ x), float(low), float(high))
        return found


def pool(
    cases: Sequence[Scenario],
    *,
    vectors: int = VECTORS,
    futures: int = FUTURES,
    rounds: int = ROUNDS,
    seed: int = 1,
    tick: Tick | None = None,
) -> Pool:
    """Simulate every case under the same vectors of the free parameters.

    `tick` is called with the number of case rounds that are done.

    Raises:
        CaseError: there are no cases, one has no evidence, or a number is out of range.
    """
    whole("--vectors", vectors, FEWEST, 100_000)
    whole("--futures", futures, 1, 1000)
    whole("--rounds", rounds, 1, 20)
    if not cases:
        raise CaseError("no cases", allowed="at least one case with a dossier")
    fitted = space(cases[0], FREE)
    known = {case.name: ensemble.dated(case) for case in cases}
    random = np.random.default_rng(seed)
    z, proposals = np.empty((fitted.size, 0)), []
    read: dict[str, list[record.Readings]] = {case.name: [] for case in cases}
    told: dict[str, np.ndarray] = {case.name: np.empty(0) for case in cases}
    for number in range(rounds):
        likely = np.sum([*told.values()], axis=0)
        proposals.append(_proposal(z, _weights(_offset(z, proposals), likely)) if number else None)
        fresh = _drawn(proposals[-1], fitted.size, vectors, random)
        for at, case in enumerate(cases):
            items = known[case.name]
            found = _read(case, items, fitted, fresh, futures, number, seed)
            read[case.name].append(found)
            said = _loglik(items, found, futures)
            told[case.name] = np.concatenate([told[case.name], said])
            if tick:
                tick(number * len(cases) + at + 1)
        z = np.concatenate([z, fresh], axis=1)
    members = {
        case.name: Member(case, known[case.name], _joined(read[case.name]), told[case.name])
        for case in cases
    }
    return Pool(fitted, z, _offset(z, proposals), members, futures)


def _weights(offset: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Weights [vector], sum 1, from log prior less log proposal and the tempered log likelihood."""
    logs: np.ndarray = offset + _temperature(offset, told) * told
    return np.exp(logs - logsumexp(logs))


def _temperature(offset: np.ndarray, told: np.ndarray) -> float:
    """The largest share, at most 1, of the log likelihood that leaves FEWEST vectors effective."""

    def enough(share: float) -> bool:
        logs: np.ndarray = offset + share * told
        return scores.effective(np.exp(logs - logsumexp(logs))) >= FEWEST

    if enough(1.0):
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if enough(middle) else (low, middle)
    return low


def _read(
    case: Scenario,
    items: Mapping[str, Item],
    fitted: Space,
    z: np.ndarray,
    futures: int,
    number: int,
    seed: int,
) -> record.Readings:
    """Readings of a round; every future has noise of its own."""
    runs = z.shape[1] * futures
    numbers = np.arange(number * runs, (number + 1) * runs, dtype=np.uint32)
    draws = fitted.draws(np.repeat(z, futures, axis=1), numbers)
    return record.readings(record.order(case, items.values(), runs, seed, draws), items)


def _joined(parts: Sequence[record.Readings]) -> record.Readings:
    return replace(
        parts[0],
        values=np.concatenate([part.values for part in parts], axis=1),
        first=np.concatenate([part.first for part in parts], axis=1),
    )


def _loglik(items: Mapping[str, Item], readings: record.Readings, futures: int) -> np.ndarray:
    """Log likelihood of the `fit` items [vector]: the mean over the futures of each vector."""
    used = [at for at, item in enumerate(items.values()) if item.use == "fit"]
    targets = [target(item) for item in items.values() if item.use == "fit"]
    each = log_likelihood(targets, readings.values[used]).reshape(-1, futures)
    return ensemble.share(len(used)) * (logsumexp(each, axis=1) - np.log(futures))


Proposal = tuple[np.ndarray, np.ndarray] | None
"""Mean and covariance of the normal of a later round; None for the prior."""


def _proposal(z: np.ndarray, weights: np.ndarray) -> Proposal:
    mean = z @ weights
    off = z - mean[:, None]
    size = len(mean)
    # Few effective vectors say little of a covariance: it is drawn towards the prior's.
    trust = min(1.0, scores.effective(weights) / (4.0 * size))
    spread = (off * weights) @ off.T
    return mean, WIDER * (trust * spread + (1.0 - trust) * np.eye(size)) + 1e-3 * np.eye(size)


def _drawn(proposal: Proposal, size: int, count: int, random: np.random.Generator) -> np.ndarray:
    drawn = random.normal(size=(size, count))
    if proposal is None:
        return drawn
    mean, spread = proposal
    near = mean[:, None] + np.linalg.cholesky(spread) @ random.normal(size=(size, count))
    return np.where(random.uniform(size=count) < PRIOR_SHARE, drawn, near)


def _offset(z: np.ndarray, proposals: Sequence[Proposal]) -> np.ndarray:
    """Log prior less the log density of the mixture of all rounds [vector]."""
    prior = _log_normal(z, np.zeros(len(z)), np.eye(len(z)))
    parts = []
    for proposal in proposals:
        if proposal is None:
            parts.append(prior)
            continue
        near = _log_normal(z, *proposal) + np.log1p(-PRIOR_SHARE)
        parts.append(np.logaddexp(prior + np.log(PRIOR_SHARE), near))
    return prior - (logsumexp(parts, axis=0) - np.log(len(parts)))


def _log_normal(z: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    root = np.linalg.cholesky(spread)
    apart = solve_triangular(root, z - mean[:, None], lower=True)
    return (
        -0.5 * (apart**2).sum(axis=0)
        - np.log(np.diag(root)).sum()
        - 0.5 * len(z) * np.log(2.0 * np.pi)
    )

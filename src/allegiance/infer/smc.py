"""Tempered sequential Monte Carlo over parameters and noise together (Del Moral et al. 2006).

A particle is a point z, with prior N(0, I), and the number u of one simulated future, which stands
for all of its noise. The target at temperature b is `N(z; 0, I) p(u) L(z, u)^b` with L the
likelihood of the records in that one future: at b = 1 its marginal in z is the posterior under the
likelihood with the noise integrated out, with no more than one future a particle (the extended
space of pseudo-marginal methods, Andrieu & Roberts 2009).

Noise belongs to the particle. Shared by all, it would give the posterior of one history's accidents
and call it knowledge; drawn afresh at each comparison, without being carried along, it would leave
no target invariant. Half of the moves keep u and change z, so that close points meet the same
accidents and differ little; the other half draw u anew as well.

Temperatures rise so that the effective number of particles falls to ALPHA of them; moves are random
walks along the particles' own covariance, repeated until each has moved once on average. A history
that fits well is copied often, and few new ones are accepted in its place; so at the last
temperature moves go on until DISTINCT of the particles stand, in effect, on histories of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from allegiance.evidence import scores

ALPHA = 0.5
"""Share of particles that stays effective from one temperature to the next."""

MOVES = 8
"""Most rounds of moves at one temperature."""

DISTINCT = 0.2
"""Share of particles that stand, in effect, on distinct futures when the sampler stops."""

RENEWALS = 6
"""Most generations at the last temperature beyond the first, should that share not be reached."""

TARGET = 0.25
"""Acceptance that the length of the steps is steered to."""

Likelihood = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Log likelihood [particle] at z [coordinate, particle] with the futures u [particle]."""


class State(NamedTuple):
    """One generation. All that the next depends on, so that it can be kept and gone on from."""

    z: np.ndarray  # [coordinate, particle]
    u: np.ndarray  # [particle] uint32, numbers of futures
    loglik: np.ndarray  # [particle]
    temperature: float
    log_evidence: float
    steps: np.ndarray  # [2] length of steps with u kept and with u drawn anew
    accepted: float  # mean share of accepted moves in this generation
    futures: int  # simulated so far; the next future takes this number
    generation: int
    renewals: int  # generations at the last temperature beyond the first


def generations(
    likelihood: Likelihood,
    size: int,
    particles: int,
    seed: int,
    budget: int,
    state: State | None = None,
    last: float = 1.0,
) -> Iterator[State]:
    """Generations up to the temperature `last` and its renewals, or as far as the budget reaches.

    They begin after `state` where one is given. The random numbers of a generation are a function
    of the seed and its number alone, so going on from a kept state gives the same bits as never
    having stopped. No generation begins that the budget might cut short, so a larger one later
    changes none of those before.
    """
    if state is None:
        random = np.random.default_rng([seed, 0])
        z = random.normal(size=(size, particles))
        u = np.arange(particles, dtype=np.uint32)
        loglik = likelihood(z, u)
        state = State(z, u, loglik, 0.0, 0.0, np.array([0.5, 0.5]), 1.0, particles, 0, 0)
        yield state
    while _unfinished(state, last) and state.futures + MOVES * particles <= budget:
        state = _next(likelihood, state, seed, last)
        yield state


def _unfinished(state: State, last: float) -> bool:
    if state.temperature < last:
        return True
    return histories(state.u) < DISTINCT * len(state.u) and state.renewals < RENEWALS


def _next(likelihood: Likelihood, state: State, seed: int, last: float) -> State:
    random = np.random.default_rng([seed, state.generation + 1])
    size, particles = state.z.shape
    most = last - state.temperature
    rise = _rise(state.loglik, most)
    temperature = last if rise == most else state.temperature + rise
    logs = rise * state.loglik
    total = _logsum(logs)
    weights = np.exp(logs - total)
    center = state.z @ weights
    off = state.z - center[:, None]
    root = np.linalg.cholesky((off * weights) @ off.T + 1e-6 * np.eye(size))
    take = systematic(weights, particles, random.uniform())
    z, u, loglik = state.z[:, take], state.u[take], state.loglik[take]
    steps, futures, moved, shares = state.steps.copy(), state.futures, 0.0, []
    for _ in range(MOVES):
        if moved >= 1.0:
            break
        anew = random.uniform(size=particles) < 0.5
        length = np.where(anew, steps[1], steps[0]) * 2.38 / np.sqrt(size)
        to_z = z + length * (root @ random.normal(size=(size, particles)))
        to_u = np.where(anew, futures + np.arange(particles), u).astype(np.uint32)
        futures += particles
        to_loglik = likelihood(to_z, to_u)
        ratio = temperature * (to_loglik - loglik) + 0.5 * ((z**2).sum(0) - (to_z**2).sum(0))
        accept = np.log(random.uniform(size=particles)) < ratio
        z, u = np.where(accept, to_z, z), np.where(accept, to_u, u)
        loglik = np.where(accept, to_loglik, loglik)
        for kind, which in enumerate((~anew, anew)):
            if which.any():
                steps[kind] *= np.exp(accept[which].mean() - TARGET)
        steps = np.clip(steps, 0.02, 2.0)
        moved += float(accept.mean())
        shares.append(float(accept.mean()))
    return State(
        z=z,
        u=u,
        loglik=loglik,
        temperature=temperature,
        log_evidence=state.log_evidence + total - float(np.log(particles)),
        steps=steps,
        accepted=float(np.mean(shares)) if shares else 0.0,
        futures=futures,
        generation=state.generation + 1,
        renewals=state.renewals + (1 if state.temperature >= last else 0),
    )


def _rise(loglik: np.ndarray, most: float) -> float:
    """The largest rise of the temperature that leaves ALPHA of the particles effective."""

    def effective(rise: float) -> float:
        logs = rise * loglik
        return float(np.exp(2.0 * _logsum(logs) - _logsum(2.0 * logs)))

    if effective(most) >= ALPHA * len(loglik):
        return most
    low, high = 0.0, most
    for _ in range(60):
        middle = 0.5 * (low + high)
        enough = effective(middle) >= ALPHA * len(loglik)
        low, high = (middle, high) if enough else (low, middle)
    return max(low, 1e-9)


def _logsum(logs: np.ndarray) -> float:
    top = logs.max()
    return float(top + np.log(np.exp(logs - top).sum()))


def systematic(weights: np.ndarray, count: int, u: float) -> np.ndarray:
    """Indices [count] by systematic resampling (Kitagawa 1996); `u` is uniform in [0, 1).

    Each member is taken `count` times its share, rounded up or down; equal weights take each once.
    """
    edges = np.cumsum(weights / weights.sum())
    edges[-1] = 1.0
    return np.searchsorted(edges, (np.arange(count) + u) / count, side="right")


def histories(u: np.ndarray) -> float:
    """Effective number of distinct futures among particles [particle]: `n^2 / sum of counts^2`."""
    return scores.effective(np.unique(u, return_counts=True)[1].astype(float))

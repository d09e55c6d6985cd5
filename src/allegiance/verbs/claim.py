"""claim: powers broadcast a strength greater than their own, and are half believed.

Claim: claimed strength hides real strength until it is tested; failure is then announced as
    success. Propaganda aims to blur, not to convince.
Equation: each power claims `true + facade`; a watcher that gives it credibility `w` counts the
    claim with precision `rate * w / (1 - w) * dt` and updates its Gaussian belief; left alone,
    belief grows uncertain. When a claim of success meets a visible failure, Beta evidence of the
    speaker's falsehood grows by the size of the gap that the watcher saw [S13]. Propaganda blurs
    what is believed of the speaker and of its rivals: with `b = 1 + confusion * effort` doubt grows
    `b` times as fast, up to `b` times as far, and claims carry `1 / b` of their precision, because
    the noise drowns them too. So the variance settles at `b` times its level and the pull of claims
    where it was: the mean stays [S14]. What is then seen (`witness`) counts for more.
Moves: `beliefs.mean`, `beliefs.variance`, `beliefs.doubted`.
Left out: audiences inside a country; who among the watchers listens.
Source: Gaussian updating with source reliability; the precision odds are our choice (assumed).
    People are left uncertain rather than deceived: Vaccari & Chadwick (2020) on forged videos.
Rows: S11 S13 S14.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, mix, namespace
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def claim(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of broadcasts."""
    del noise
    xp = namespace(world.beliefs.mean)
    beliefs = world.beliefs
    on = theory.base("claim")
    real = measures.strength(world, case)
    claimed = real + theory.on("S11") * case.facade

    # Uncertainty returns, but never beyond that of a stranger.
    noise_in_talk = blur(case, theory)
    room = xp.maximum(1.0 - beliefs.variance / (theory["belief_variance"] * noise_in_talk), 0.0)
    variance = beliefs.variance + on * theory["belief_drift"] * noise_in_talk * room * dt

    word = beliefs.believed / (beliefs.believed + beliefs.doubted)
    precision = on * theory["claim_rate"] * word / (1.0 - word) * dt / noise_in_talk
    gain = precision * variance / (1.0 + precision * variance)
    mean = beliefs.mean + gain * (claimed - beliefs.mean)
    variance = variance * (1.0 - gain)

    # Failure announced as success: those who held the power for strong see the gap.
    failed = last.revealed
    gap = xp.maximum(claimed - real, 0.0)
    doubted = beliefs.doubted + theory.on("S13") * theory["redefinition"] * failed * gap
    beliefs = beliefs._replace(mean=mean, variance=variance, doubted=doubted)
    return world._replace(beliefs=beliefs), now


def blur(case: Case, theory: Theory) -> Array:
    """How many times as uncertain propaganda leaves beliefs about each power, >= 1 [p]."""
    effort = case.given.propaganda
    of_rivals = mix(namespace(effort).swapaxes(case.rival, 0, 1), effort)
    return 1.0 + theory.on("S14") * theory["confusion"] * (effort + of_rivals)

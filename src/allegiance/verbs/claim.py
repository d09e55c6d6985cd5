"""claim: powers broadcast a strength greater than their own, and are half believed.

Claim: claimed strength hides real strength until it is tested; failure is then announced as
    success.
Equation: each power claims `true + facade`; a watcher that gives it credibility `w` counts the
    claim with precision `rate * w / (1 - w) * dt` and updates its Gaussian belief; left alone,
    belief grows uncertain. When a claim of success meets a visible failure, Beta evidence of the
    speaker's falsehood grows by the size of the gap that the watcher saw [S13].
Moves: `beliefs.mean`, `beliefs.variance`, `beliefs.doubted`.
Left out: audiences inside a country; blurring for its own sake [S14].
Source: Gaussian updating with source reliability; the precision odds are our choice (assumed).
Rows: S11 S13.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import namespace
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
    room = xp.maximum(1.0 - beliefs.variance / theory["belief_variance"], 0.0)
    variance = beliefs.variance + on * theory["belief_drift"] * room * dt

    word = beliefs.believed / (beliefs.believed + beliefs.doubted)
    precision = on * theory["claim_rate"] * word / (1.0 - word) * dt
    gain = precision * variance / (1.0 + precision * variance)
    mean = beliefs.mean + gain * (claimed - beliefs.mean)
    variance = variance * (1.0 - gain)

    # Failure announced as success: those who held the power for strong see the gap.
    failed = last.revealed
    gap = xp.maximum(claimed - real, 0.0)
    doubted = beliefs.doubted + theory.on("S13") * theory["redefinition"] * failed * gap
    beliefs = beliefs._replace(mean=mean, variance=variance, doubted=doubted)
    return world._replace(beliefs=beliefs), now

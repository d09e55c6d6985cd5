"""rule: what home makes of the ruler's wars.

Claim: success abroad offsets misrule at home, less so as people feel the cost; revolts against a
    fellow autocrat feel like a threat.
Equation: support relaxes to `S0 + rally e^(-wear pain) tanh(success) - w_pain pain - w_loss
    log(1 + losses / noticed) - audience anger`, with a little noise; fear relaxes to the sum of
    `kinship_pc * uprising_c` over clients.
Moves: `powers.support`, `powers.success`, `powers.fear`, `powers.anger`.
Left out: elections, elites; the loyalists' anger fades here and is roused by row S21.
Source: rally sizes and their decay follow Mueller (1973) and Baker & Oneal (2001); the logarithm
    of cumulated losses is Mueller's.
Rows: S17 S18 S19.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import namespace, relax
from allegiance.world.case import YEAR, Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def rule(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of opinion at home."""
    xp = namespace(world.powers.support)
    on = theory.base("rule")

    # What a patron can show: its side stands safe where it went in; what it cannot hide: a fall.
    with_regime = case.contender * case.backs[:, :, 0]
    invested = world.theatres.commitment * with_regime
    safe = 1.0 - measures.theatre_client(case, world.clients.alarm)
    shown = xp.sum(invested * (safe * (1.0 - world.theatres.fallen))[:, None], axis=0)
    blow = last.revealed * xp.sum(with_regime * last.fell[:, None], axis=0)
    success = relax(world.powers.success, shown, on * theory["memory_of_success"], dt)
    success = success - on * theory["blow_of_a_fall"] * blow

    pain = world.powers.income_loss
    wear = theory.on("S19") * theory["diversion_wear"] * pain
    rally = theory.on("S18") * theory["rally"] * xp.exp(-wear) * xp.tanh(success)
    yearly_losses = last.lost / dt
    target = (
        case.resting_support
        + rally
        - theory["pain_weight"] * pain
        - theory["casualty_weight"] * xp.log1p(yearly_losses / theory["noticed_losses"])
        - theory["anger_weight"] * case.audience * world.powers.anger
    )
    support = relax(world.powers.support, target, on * theory["opinion_rate"], dt)
    shock = theory["opinion_noise"] * (dt * YEAR / 7.0) ** 0.5 * noise.home
    support = xp.clip(support + on * shock, 0.0, 1.0)

    revolt = xp.maximum(
        case.given.uprising,
        measures.at_stake(case, xp.sum(measures.held(world, case)[:, 1:], axis=1))
        * world.clients.alarm,
    )
    dread = theory.on("S17") * xp.sum(case.kinship * revolt[None], axis=1)
    fear = relax(world.powers.fear, dread, on * theory["fear_rate"], dt)
    anger = relax(world.powers.anger, 0.0, on * theory["anger_fade"], dt)
    powers = world.powers._replace(support=support, success=success, fear=fear, anger=anger)
    return world._replace(powers=powers), now

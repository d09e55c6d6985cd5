"""witness: what everybody sees corrects what everybody believed.

Claim: a visible defeat corrects beliefs at once, everywhere; signals that others feed it change
    what a patron decides about its allies.
Equation: a power whose strength is tested (its client falls while it stands by, or a war elsewhere
    shows it) is observed with precision `revelation`; each watcher's Gaussian belief moves to
    the real strength by the usual gain. A client's alarm is logistic in the ground it lost over
    the last months and in the odds it sees; a client without a simulated war is told its danger.
    A power reads its client's danger as `(1 - w) alarm + w signal`, the signal being 1 where it is
    fed alarm and 0 where it is fed calm; `w` grows towards `steering` times the effort of those who
    feed it, and is forgotten at the same rate when they stop [S15]. `decide` reads it.
Moves: `beliefs.mean`, `beliefs.variance`; `clients.alarm`, `clients.losing`; `theatres.steered`.
Left out: who feeds the signal and how far he is trusted; private information.
Source: Gaussian learning; a weighted mean of two readings is its limit for two sources; the memory
    of alarm is assumed.
Rows: S12 S15.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, logistic, namespace, relax
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def witness(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of watching."""
    del last
    xp = namespace(world.beliefs.mean)
    beliefs = world.beliefs
    on = theory.on("S12")

    # `succeed` has marked the powers whose client fell although they stood by.
    revealed = xp.clip(case.given.revealed + now.revealed, 0.0, 1.0)
    precision = on * theory["revelation"] * revealed
    seen = measures.strength(world, case) + noise.signal / xp.sqrt(theory["revelation"])
    gain = precision * beliefs.variance / (1.0 + precision * beliefs.variance)
    beliefs = beliefs._replace(
        mean=beliefs.mean + gain * (seen - beliefs.mean), variance=beliefs.variance * (1.0 - gain)
    )

    alarm, losing = _alarm(world, case, theory, dt)
    clients = world.clients._replace(alarm=alarm, losing=losing)
    theatres = world.theatres._replace(steered=_steered(world, case, theory, dt))
    world = world._replace(beliefs=beliefs, clients=clients, theatres=theatres)
    return world, now._replace(revealed=revealed)


def _steered(world: World, case: Case, theory: Theory, dt: float) -> Array:
    """Weight of fed signals in each power's reading of its client's danger, -1..1 [k, p]."""
    signal = theory["steering"] * (case.given.fed_alarm - case.given.fed_calm)
    rate = theory.on("S15") * theory["steering_rate"]
    return relax(world.theatres.steered, signal, rate, dt)


def _alarm(world: World, case: Case, theory: Theory, dt: float):
    """Danger as the regime sees it, and the memory of lost ground behind it [c]."""
    xp = namespace(world.clients.alarm)
    on = theory.base("witness")
    fought = measures.has_theatre(case)
    held = measures.at_stake(case, xp.maximum(measures.held(world, case)[:, 0], 1e-3))
    # `losing` is the log of what was held, remembered over months, less what is held now.
    now_held = xp.log(xp.maximum(held, 1e-3)) * fought
    losing = relax(world.clients.losing, now_held, on * theory["alarm_rate"], dt)
    fall_back = xp.maximum(losing - now_held, 0.0)
    ratio = measures.log_ratio(measures.muster(world, case), world, case, theory)
    odds = measures.at_stake(case, ratio[:, 0])
    fear = logistic(
        theory["alarm_of_loss"] * fall_back
        - theory["alarm_of_odds"] * odds
        - theory["alarm_threshold"]
    )
    standing = 1.0 - measures.at_stake(case, world.theatres.fallen)
    alarm = xp.where(fought > 0, fear * standing, case.given.danger)
    return xp.where(on > 0, alarm, world.clients.alarm), losing

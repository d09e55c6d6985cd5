"""The week: fourteen verbs in their order, two of them day by day.

The one place where verbs meet. A step is a week by default; `fight` and `hold` take seven substeps
of it, in turn, because a cascade feeds on the ground lost yesterday.
"""

from __future__ import annotations

from typing import Any

from allegiance.verbs.align import align
from allegiance.verbs.allocate import allocate
from allegiance.verbs.bargain import bargain
from allegiance.verbs.claim import claim
from allegiance.verbs.decide import decide
from allegiance.verbs.earn import earn
from allegiance.verbs.fight import fight
from allegiance.verbs.hold import hold
from allegiance.verbs.press import press
from allegiance.verbs.rule import rule
from allegiance.verbs.strike import strike
from allegiance.verbs.succeed import succeed
from allegiance.verbs.trust import trust
from allegiance.verbs.witness import witness
from allegiance.world.arrays import namespace, repeat
from allegiance.world.case import DAYS, Case, Today
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory

BEFORE = (earn, rule, claim, decide, allocate, strike)
DAILY = (fight, hold)
AFTER = (succeed, witness, trust, align, bargain, press)


def week(
    world: World, last: News, case: Case, days: Today, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of `dt` years; `days` holds the inputs of its substeps along the leading axis."""
    now = quiet(world)
    case = case._replace(today=Today(*(array[0] for array in days)))
    for verb in BEFORE:
        world, now = verb(world, last, now, case, theory, noise, dt)

    def day(state: tuple[World, News], inputs: tuple[Any, ...]) -> tuple[World, News]:
        today = case._replace(today=Today(*inputs))
        for verb in DAILY:
            state = verb(state[0], last, state[1], today, theory, noise, dt / DAYS)
        return state

    world, now = repeat(day, (world, now), tuple(days))
    for verb in AFTER:
        world, now = verb(world, last, now, case, theory, noise, dt)
    return world, now


def quiet(world: World) -> News:
    """News of a week in which nothing happened."""
    xp = namespace(world.powers.force)
    powers, runs = world.powers.force.shape
    theatres, sides = world.theatres.cohesion.shape[:2]
    clients = world.clients.alarm.shape[0]
    regions = world.regions.siege.shape[0]
    sites = world.sites.access.shape[0]

    def none(*shape: int) -> Any:
        return xp.zeros((*shape, runs), dtype=xp.float32)

    kp, ks, cp = (theatres, powers), (theatres, sides), (clients, powers)
    return News(
        entered=none(*kp),
        left=none(*kp),
        drew_down=none(*kp),
        traded=none(*kp),
        offensive=none(*ks),
        truce_broken=none(theatres),
        fell=none(theatres),
        fell_day=none(theatres),
        seat_lost=none(theatres),
        exiled=none(*kp),
        asked=none(*cp),
        helped=none(*cp),
        failed=none(*cp),
        attacked=none(*cp),
        recognised=none(*cp),
        revealed=none(powers),
        strikes=none(theatres, powers, sides + 1),
        killed=none(regions),
        losses=none(*ks),
        toll=none(regions),
        lost=none(powers),
        base_lost=none(sites),
        sanctioned=none(powers, powers),
        relieved=none(powers, powers),
    )

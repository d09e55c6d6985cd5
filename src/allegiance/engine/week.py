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
from allegiance.verbs.hold import help_felt, hold, resolve
from allegiance.verbs.press import press
from allegiance.verbs.rule import rule
from allegiance.verbs.strike import strike
from allegiance.verbs.succeed import succeed
from allegiance.verbs.trust import trust
from allegiance.verbs.witness import witness
from allegiance.world import measures
from allegiance.world.arrays import Array, alone, namespace, repeat
from allegiance.world.case import DAYS, Case, Standing, Today
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
    # Each verb is compiled `alone`: in one piece, XLA repeats much of a verb in the next ones.
    constants = (case, theory.values, theory.switches)

    def act(verb: Any, world: World, now: News) -> tuple[World, News]:
        def body(
            _: Array, world: World, last: News, now: News, noise: Draws, case: Case, *rows: Array
        ):
            return verb(world, last, now, case, Theory(*rows), noise, dt)

        return alone(body, noise.home, world, last, now, noise, *constants)

    def act_daily(world: World, now: News) -> tuple[World, News]:
        def body(
            _: Array,
            world: World,
            last: News,
            now: News,
            noise: Draws,
            days: Today,
            case: Case,
            *rows: Array,
        ):
            rest = Theory(*rows)
            fixed = case._replace(standing=standing(world, case, rest))

            def day(state: tuple[World, News], inputs: tuple[Any, ...]) -> tuple[World, News]:
                today = fixed._replace(today=Today(*inputs))
                for verb in DAILY:
                    state = verb(state[0], last, state[1], today, rest, noise, dt / DAYS)
                return state

            return repeat(day, (world, now), tuple(days))

        return alone(body, noise.home, world, last, now, noise, days, *constants)

    for verb in BEFORE:
        world, now = act(verb, world, now)
    world, now = act_daily(world, now)
    for verb in AFTER:
        world, now = act(verb, world, now)
    return world, now


def standing(world: World, case: Case, theory: Theory) -> Standing:
    """What of the wars no day of this step changes."""
    return Standing(
        help=measures.ground_help(world, case, theory),
        flown=measures.flown(world, case),
        unity=measures.unity(case, theory),
        mettle=measures.mettle(world, case, theory),
        felt=help_felt(world, case, theory),
        resolve=resolve(world, case, theory),
    )


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
        overthrown=none(theatres),
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
        attended=none(*cp),
        put_off=none(powers),
        extradited=none(*kp),
        sanctioned=none(powers, powers),
        relieved=none(powers, powers),
    )

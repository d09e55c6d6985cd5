"""hold (daily): does the army still fight?

Claim: a regime's army, having held for years, stops fighting within days.
Equation: the share that fights relaxes within days to `F(h + kappa (x - 1/2))`, `F` logistic: each
    soldier leans on the others. For `kappa > 4` there are two stable states and the army falls when
    `h` crosses the upper fold `h*`; it does not come back by the same way. `h = h* + margin +
    b_rat * log ratio + b_help * H / (1 + H) + b_pay * log pay - b_def * D + mood`, and recent
    defeat `dD/dt = -D / tau_D - d log V / dt`, `V` the population-weighted control. The log ratio
    leaves cohesion out, else it would count twice. `H` is foreign help per own force, discounted
    by what the client believes of its patron's strength. Of a challenger that holds the share `V`
    of the people, `l = V / (V + refuge)` stands in lines: `b_rat` and `b_def` are multiplied by
    `l`, and `x` becomes `1 - l (1 - x)`, for who fights in a band leans on a few who all fight. So
    bands that hide fight on and come back. A government falls when it loses its seat or its army;
    the day is news.
Moves: `theatres.cohesion`, `theatres.defeat`, `regions.force` (desertion); news `fell`,
    `fell_day`, `seat_lost`.
Left out: units and commanders; bargained surrenders; fear of what the victors will do.
Source: threshold crowds (Granovetter 1978); global games of regime change (Morris & Shin) give the
    same shape; the texts give the speed, the cascade is our mechanism. Bands that turn into an army
    as they take ground: Mao (1938); irregular war where one side holds none: Kalyvas (2006).
Rows: S32.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, fraction, logistic, namespace
from allegiance.world.case import YEAR, Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def hold(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One day of an army's nerve."""
    del last, noise
    xp = namespace(world.theatres.cohesion)
    on = theory.on("S32")
    theatres = world.theatres

    # `ground` still holds yesterday's control: `defeat` is updated by what today took.
    count = measures.muster(world, case)
    held = xp.maximum(count.held, 1e-3)
    fading = xp.exp(-dt * YEAR / theory["defeat_days"])
    change = xp.log(held) - theatres.ground
    defeat = theatres.defeat * fading - change
    days = dt * YEAR / theory["cohesion_days"]

    in_lines = in_the_open(held, case, theory)
    # In lines a soldier sees the whole army; in a band he sees those with him, who fight.
    seen = 1.0 - in_lines * (1.0 - theatres.cohesion)
    lean = theory["coupling"] * (seen - 0.5)
    pull = logistic(nerve(count, in_lines, world, defeat, case, theory) + lean)
    moved = pull + (theatres.cohesion - pull) * xp.exp(-days)
    cohesion = xp.where(on > 0, moved, theatres.cohesion) * case.side_on

    # Those who no longer fight go home; the fallen government's men all do.
    leave = on * theory["desertion"] * xp.maximum(1.0 - cohesion - theory["idle_share"], 0.0)
    kept = measures.by_region(case, xp.exp(-leave * dt))
    regions = world.regions._replace(force=world.regions.force * kept)

    army_gone = cohesion[:, 0] < theory["broken_army"]
    seat_gone = measures.seat_held(world, case) < 0.5
    standing = (theatres.fallen + now.fell) == 0.0
    falls = xp.where((army_gone | seat_gone) & standing & (case.theatre_on > 0), 1.0, 0.0)
    now = now._replace(
        fell=now.fell + falls,
        seat_lost=now.seat_lost + falls * xp.where(seat_gone, 1.0, 0.0),
        fell_day=now.fell_day + xp.where((now.fell + falls) == 0.0, 1.0, 0.0) * dt * YEAR,
    )
    theatres = theatres._replace(cohesion=cohesion, defeat=defeat, ground=xp.log(held))
    return world._replace(theatres=theatres, regions=regions), now


def upper_fold(coupling: Array) -> Array:
    """Least `h` at which an army that fights goes on fighting; defined for coupling > 4."""
    xp = namespace(coupling)
    bent = xp.maximum(coupling, 4.0)
    x = 0.5 * (1.0 + xp.sqrt(1.0 - 4.0 / bent))
    return xp.log(x / (1.0 - xp.minimum(x, 1.0 - 1e-6))) - coupling * (x - 0.5)


def in_the_open(held: Array, case: Case, theory: Theory) -> Array:
    """Share of a side that stands in lines for all to see, 0-1 [k, s].

    A government's army has nowhere to hide; a challenger that holds little ground fights in bands
    that see neither the odds nor each other's flight.
    """
    xp = namespace(held)
    challenger = measures.challengers(held)
    return xp.where(challenger, held / (held + theory["refuge"]), 1.0) * case.side_on


def nerve(
    count: measures.Muster,
    in_lines: Array,
    world: World,
    defeat: Array,
    case: Case,
    theory: Theory,
) -> Array:
    """`h` of each army [k, s]."""
    xp = namespace(defeat)
    # Beyond odds of four or five to one, worse odds frighten no more.
    ratio = xp.clip(measures.log_ratio(count, world, case, theory), -1.5, 1.5)
    # What is left of a vanished army is not made strong by one foreign soldier.
    army = xp.maximum(count.own, 0.005 * xp.sum(count.own, axis=1, keepdims=True))
    helped = fraction(help_felt(world, case, theory), army)
    return (
        resolve(world, case, theory)
        + theory["weight_of_odds"] * in_lines * ratio
        + theory["weight_of_help"] * helped / (1.0 + helped)
        - theory["weight_of_defeat"] * in_lines * xp.maximum(defeat, 0.0)
    )


def resolve(world: World, case: Case, theory: Theory) -> Array:
    """What of an army's nerve no day changes: its margin, its pay and its mood [k, s]."""
    if case.standing:
        return case.standing.resolve
    xp = namespace(world.theatres.pay)
    pay = xp.log(xp.maximum(world.theatres.pay, 0.02))
    steady = upper_fold(theory["coupling"]) + theory["margin"] + case.discipline
    return steady + theory["weight_of_pay"] * pay + world.theatres.mood


def help_felt(world: World, case: Case, theory: Theory) -> Array:
    """Foreign help, thousand persons, as the client believes in those who send it [k, s]."""
    if case.standing:
        return case.standing.felt
    xp = namespace(world.theatres.deployed)
    belief = measures.theatre_client(case, world.beliefs.mean[: case.client_on.shape[0]])
    faith = 2.0 * logistic(theory["weight_of_belief"] * (belief - case.strength_start[None]))
    sent = (world.theatres.deployed + theory["men_per_sortie"] * world.theatres.air) * faith
    return xp.sum(sent[:, :, None] * case.backs, axis=1)

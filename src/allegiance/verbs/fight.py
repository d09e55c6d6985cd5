"""fight (daily): armies wear each other down and ground changes hands.

Claim: war consumes men; the power to break is cheaper than the power to hold.
Equation: effective strength `X_s = (F_s cohesion + help) * air * local support * luck`. Losses are
    aimed fire capped by exposure: `dF_s/dt = -k sum_u min(w_us X_u, phi m_us X_s)`, a shooter's
    fire `w` split over its enemies. Ground moves pairwise:
    `d log c_s / dt = rho sum_u m_su c_u A_su`,
    `A_su = log(X_s / X_u) - gamma log(c_s / c_u)`: who holds more is stretched thinner, so a line
    rests at `(X_s / X_u)^(1 / gamma)`. Intensity `m_su = E_su (m0 + m1 max(o_s, o_u))` from contact
    (hostile and not in truce) and either side's posture or campaign. For ground, the strength that
    patrons add counts `1 - spoiling` of what it counts for losses [S09]. In a truce a side that
    means to attack gathers `dg/dt = rate (truce * posture - g)`, and what it has gathered above the
    truce in force adds `escalation * g` to its posture [S25]. Factions of several sponsors fight
    each other: a challenger's own strength is `1 - infighting * 2 (1 - sum of shares^2)` [S27].
    What an army is worth against its paper, `e^(hidden_worth z)`, `z` drawn once for each future,
    theatre and side, multiplies its own men here and nowhere else: odds that anyone reads, in
    councils or in the ranks, are those on paper, until lost ground shows the truth [S11].
Moves: `regions.force`, `regions.control`, `theatres.campaign`, `theatres.spent`,
    `theatres.regrouped`; news `losses`, `toll`, `lost`, `offensive`, `truce_broken`.
Left out: manoeuvre inside a region; harm to civilians by ground fire.
Source: Lanchester (1916) for aimed fire; the contest success function of Tullock (1980) is the
    resting line; limits are tested (square law, log-ratio law, resting line). That numbers say
    little of who wins, and skill and will much, hard to see before: Biddle (2004), Dupuy (1979).
Rows: S08 S09 S25 S27.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, apart, fraction, namespace, relax
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory

FLOOR = 1e-3
"""No side's share of a region falls below this, so that it can come back."""


def fight(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One day of war."""
    del last, noise
    xp = namespace(world.regions.force)
    on = theory.base("fight")
    launch = case.today.launch * (1.0 - world.theatres.fallen)[:, None]
    campaign = xp.maximum(world.theatres.campaign, launch)
    given = xp.max(case.today.truce, axis=(1, 2))
    broken = xp.where((given > 0.0) & (xp.sum(launch, axis=1) > 0.0), 1.0, 0.0)
    world = world._replace(theatres=world.theatres._replace(campaign=campaign))

    force = world.regions.force + case.today.arrivals
    world = world._replace(regions=world.regions._replace(force=force))
    count = measures.muster(world, case)
    effective = strength_here(count, world, case, theory)
    intensity = contact(world, case, theory)
    holding = 1.0 - measures.by_region(case, spoils(count, world, case, theory))
    where = case.theatre_of
    control = move(world.regions.control, effective * holding, intensity, where, theory, on * dt)

    burning = theory.on("S08") * theory["attrition"]
    rate = fraction(wear(effective, world.regions.control, intensity, where, theory), effective)
    kept = xp.exp(-burning * rate * dt)
    own = measures.by_region(case, world.theatres.cohesion)
    lost = force * own * (1.0 - kept)
    regions = world.regions._replace(force=force - lost, control=control)

    losses = measures.by_theatre(case, lost)
    world, borne = _powers_losses(world, count, losses, case, theory, dt)
    now = now._replace(
        losses=now.losses + losses,
        toll=now.toll + _toll(world, losses, case),
        lost=now.lost + borne,
        offensive=xp.maximum(now.offensive, launch),
        truce_broken=xp.maximum(now.truce_broken, broken),
    )
    theatres = world.theatres._replace(
        spent=world.theatres.spent + losses, regrouped=regroup(world, case, theory, dt)
    )
    return world._replace(regions=regions, theatres=theatres), now


def strength_here(count: measures.Muster, world: World, case: Case, theory: Theory) -> Array:
    """Effective strength of each side in each region, thousand persons [r, s]."""
    xp = namespace(world.regions.force)
    own = count.own
    help_per_own = fraction(measures.ground_help(world, case, theory), own)
    of_own = measures.mettle(world, case, theory) * world.theatres.cohesion
    factor = (of_own + help_per_own) * measures.air_support(count, own, world, case, theory)
    # Who launches an offensive picks the place and the hour.
    surprise = theory["initiative"] * world.theatres.campaign
    factor = factor * xp.exp(world.theatres.fortune + surprise)
    at_home = 1.0 + theory["home_ground"] * (case.backing - 0.5)
    # An absent side is a millionth of all who are there, and so no -inf.
    least = 1e-6 * measures.by_region(case, xp.sum(own, axis=1, keepdims=True)) + 1e-30
    return world.regions.force * measures.by_region(case, factor) * at_home + least


def spoils(count: measures.Muster, world: World, case: Case, theory: Theory) -> Array:
    """Share of a side's strength that breaks and holds no ground [k, s].

    What planes and foreign troops break they do not order: of the strength that they add, the
    share `spoiling` wears the enemy down and takes no ground [S09].
    """
    own = measures.mettle(world, case, theory) * world.theatres.cohesion * count.own
    men = own + measures.ground_help(world, case, theory)
    supported = men * measures.air_support(count, count.own, world, case, theory)
    foreign = fraction(supported - own, supported)
    return theory.on("S09") * theory["spoiling"] * foreign


def regroup(world: World, case: Case, theory: Theory, dt: float) -> Array:
    """Readiness of those who use a truce to prepare the next attack [k, s], [S25]."""
    goal = theory.on("S25") * _resting(world, case) * world.theatres.posture
    return relax(world.theatres.regrouped, goal, theory["regroup_rate"], dt)


def contact(world: World, case: Case, theory: Theory) -> Array:
    """Intensity of fighting between each pair of sides that meet in a region [k, s, s]."""
    xp = namespace(world.theatres.posture)
    drive = xp.maximum(world.theatres.posture, theory["campaign_drive"] * world.theatres.campaign)
    # What was gathered in a truce comes out where it no longer holds.
    gathered = xp.maximum(world.theatres.regrouped - _resting(world, case), 0.0)
    drive = drive + theory.on("S25") * theory["escalation"] * gathered
    meet = case.hostile * (1.0 - measures.truce(world, case))

    def pairs(idle: Array, attack: Array, meet: Array, drive: Array) -> Array:
        return meet * (idle + attack * xp.maximum(drive[:, :, None], drive[:, None]))

    return apart(pairs, theory["idle_intensity"], theory["posture_intensity"], meet, drive)


def move(
    control: Array, effective: Array, intensity: Array, where: Array, theory: Theory, dt: Array
) -> Array:
    """Control of each region after `dt` years [r, s]; shares stay on their simplex.

    `where` [r] is the theatre of each region, whose sides fight there with `intensity` [k, s, s].
    """
    xp = namespace(control)
    edge = xp.log(effective) - theory["stretch"] * xp.log(control)
    # The sum of m_su c_u (edge_s - edge_u), its two terms apart.
    push = edge * met(intensity, where, control) - met(intensity, where, control * edge)
    growth = theory["conquest"] * dt * push
    # A day's change is bounded: past a factor of e the line has no meaning left.
    grown = xp.maximum(control * xp.exp(xp.clip(growth, -1.0, 1.0)), FLOOR)
    return grown / xp.sum(grown, axis=1, keepdims=True)


def met(intensity: Array, where: Array, of_side: Array) -> Array:
    """Sum of `of_side` [r, s] over those that each side meets, by intensity [r, s]."""

    def total(intensity: Array, where: Array, of_side: Array) -> Array:
        return namespace(of_side).sum(intensity[where[:, 0]] * of_side[:, None], axis=2)

    return apart(total, intensity, where, of_side)


def wear(effective: Array, control: Array, intensity: Array, where: Array, theory: Theory) -> Array:
    """Strength that each side's enemies can destroy, thousand persons a year per `k` [r, s]."""
    xp = namespace(effective)
    # A shooter splits its fire over its enemies by the ground on which it meets them.
    fire = fraction(effective, met(intensity, where, control))
    # Per ground of the target, which then stands before the sum.
    exposed = theory["exposure"] * effective / control
    bounded = xp.minimum(intensity, 1.0)

    def total(intensity: Array, bounded: Array, where: Array, fire: Array, exposed: Array) -> Array:
        aimed = fire[:, None] * bounded[where[:, 0]]
        hits = xp.minimum(aimed, exposed[:, :, None])
        return xp.sum(intensity[where[:, 0]] * hits, axis=2)

    return control * apart(total, intensity, bounded, where, fire, exposed)


def _resting(world: World, case: Case) -> Array:
    """How far a truce with anyone binds each side, 0-1 [k, s]."""
    xp = namespace(world.theatres.campaign)
    attack = xp.max(world.theatres.campaign, axis=1)[:, None] > 0.0
    return xp.where(attack, 0.0, xp.max(case.today.truce, axis=2))


def _toll(world: World, losses: Array, case: Case) -> Array:
    """A day's losses of all sides, by where the government's line runs among people [r]."""
    xp = namespace(losses)
    ours = world.regions.control[:, 0]
    line = case.people * ours * (1.0 - ours)
    share = fraction(line, measures.by_region(case, measures.by_theatre(case, line)))
    return measures.by_region(case, xp.sum(losses, axis=1)) * share


def _powers_losses(
    world: World, count: measures.Muster, losses: Array, case: Case, theory: Theory, dt: float
):
    """What the patrons' own men in the field lose, and what other wars cost them [S08]."""
    xp = namespace(world.powers.force)
    on = theory.on("S08")
    share = xp.sum(case.backs * fraction(losses, count.own)[:, None], axis=2)
    in_field = theory["foreign_exposure"] * xp.sum(world.theatres.deployed * share, axis=0)
    elsewhere = xp.sum(case.given.burden_losses, axis=0) * dt
    lost = xp.minimum(on * (in_field + elsewhere), world.powers.force)
    raised = on * case.given.recruits * dt
    room = xp.where(world.powers.force < case.peak_force, 1.0, 0.0)
    force = world.powers.force - lost + raised * room
    return world._replace(powers=world.powers._replace(force=force)), lost

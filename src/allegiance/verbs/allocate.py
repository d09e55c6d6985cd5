"""allocate: finite means meet promises.

Claim: one war eats the force and money promised to another client; bases multiply what can be
    sent far away; help makes a client lean back.
Equation: a theatre demands `commitment * offer * need`, a client without a theatre
    `pledge * danger * offer`. With supply what the other wars leave, each demand gets
    `min(1, supply / demand, pressure^-e, treasury / half a year's cost)` of itself, `pressure`
    being all that was promised over total means and `e` the overstretch elasticity; what arrives is
    multiplied by reach: `distance + (1 - distance) * base`. Deployments move at a rate, not at
    once. Sides raise men towards `mobilised * people held who back them + sponsored fighters`,
    less `dependence` for the helped one, and march towards regions they want, hold or border.
Moves: `theatres.deployed`, `air`, `short`, `posture`, `fortune`, `mood`; `ties.asked`,
    `delivered`; `powers.treasury`; `clients.dependence`; `regions.force`.
Left out: broken deals between co-patrons as events; logistics inside a theatre.
Source: alliance burden and free-riding (Olson & Zeckhauser 1966); mobilisation rates are assumed
    and held against published force levels.
Rows: S05 S07 S10.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, fraction, logistic, mix, namespace, relax
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, Theatres, World
from allegiance.world.theory import Theory


def allocate(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of promises kept as far as means allow."""
    del last
    world = _send_help(world, case, theory, dt)
    theatres = _spirits(world, case, theory, noise, dt)
    regions = _raise_and_march(world, case, theory, dt)
    return world._replace(theatres=theatres, regions=regions), now


def need(world: World, case: Case, theory: Theory) -> Array:
    """How much of the offered help a theatre calls for, 0..1 [k].

    Danger calls for help, and so does ground to be won back that no truce covers; a presence
    stays where neither is left.
    """
    xp = namespace(world.clients.alarm)
    danger = measures.theatre_client(case, world.clients.alarm)
    lost = 1.0 - measures.held(world, case)[:, 0]
    work = xp.clip(2.0 * lost, 0.0, 1.0) * (1.0 - _main_truce(world, case))
    presence = theory["presence"]
    return presence + (1.0 - presence) * xp.maximum(danger, work)


def reach(world: World, case: Case, theory: Theory) -> Array:
    """Share of a deployment that can be brought to bear, 0..1 [k, p]; bases add to it [S10]."""
    xp = namespace(world.sites.access)
    base = world.sites.holder * world.sites.access[:, None]
    bases = xp.clip(xp.sum(case.site_reach[:, :, None] * base[:, None], axis=0), 0.0, 1.0)
    return case.distance + (1.0 - case.distance) * theory.on("S10") * bases


def _main_truce(world: World, case: Case) -> Array:
    """Share of the government's enemies, by force, with whom it is in truce [k]."""
    xp = namespace(world.theatres.campaign)
    foes = case.hostile[:, 0] * measures.side_force(world, case)
    at_peace = xp.sum(foes * measures.truce(world, case)[:, 0], axis=1)
    return fraction(at_peace, xp.sum(foes, axis=1))


def _send_help(world: World, case: Case, theory: Theory, dt: float) -> World:
    xp = namespace(world.theatres.deployed)
    on = theory.base("allocate")
    s07 = theory.on("S07")
    commitment = world.theatres.commitment
    bring = reach(world, case, theory)

    called_for = need(world, case, theory)[:, None]
    wish = commitment * called_for
    ground, air = wish * case.given.ground, wish * case.given.air
    fought = measures.has_theatre(case)[:, None]
    elsewhere = (1.0 - fought) * world.ties.pledge
    asked = world.ties.pledge * xp.where(
        fought > 0,
        world.clients.alarm[:, None],
        case.given.danger[:, None],
    )
    guard = elsewhere * case.given.danger[:, None] * case.need

    # Other wars come first; what is left is shared alike.
    elasticity = s07 * theory["overstretch"]
    bound = s07 * measures.burden(case)
    supply = xp.maximum(world.powers.force - bound, 0.0)
    guards = xp.sum(guard, axis=0)
    wanted = xp.sum(ground, axis=0) + guards
    promised = xp.sum(commitment * case.given.ground, axis=0) + guards
    pressure = fraction(promised + bound, world.powers.force)
    men = _ration(wanted, supply, pressure, elasticity)

    air_bound = s07 * xp.sum(case.given.burden_air, axis=0)
    sorties = xp.sum(air, axis=0)
    air_supply = xp.maximum(case.air_capacity - air_bound, 0.0)
    air_promised = xp.sum(commitment * case.given.air, axis=0)
    air_pressure = fraction(air_promised + air_bound, case.air_capacity)
    planes = _ration(sorties, air_supply, air_pressure, elasticity)

    price = theory["cost_of_force"] * (wanted * men) + theory["cost_of_sorties"] * sorties * planes
    spent = xp.sum(case.given.burden_money, axis=0)
    purse = xp.where(price > 0, fraction(world.powers.treasury, 0.5 * (price + spent)), 1.0)
    afford = xp.where(s07 > 0, xp.clip(purse, 0.0, 1.0), 1.0)
    men, planes = men * afford, planes * afford

    # A pinned choice acts on its day: only the rest of the step counts.
    pinned = xp.where(case.given.choice >= 0.0, case.given.choice_share, 1.0)
    rate = theory["deployment_rate"] * pinned * on
    deployed = relax(world.theatres.deployed, ground * men * bring, rate, dt)
    effort = relax(world.theatres.air, air * planes * bring, rate, dt)
    # Whatever happens to the means, no more is out than there is.
    deployed = deployed * _share_met(xp.sum(deployed, axis=0), supply)
    effort = effort * _share_met(xp.sum(effort, axis=0), air_supply)

    cost = (
        theory["cost_of_force"] * xp.sum(deployed, axis=0)
        + theory["cost_of_sorties"] * xp.sum(effort, axis=0)
        + spent
    )
    treasury = xp.maximum(world.powers.treasury - on * theory.on("S08") * cost * dt, 0.0)

    # One measure for men and planes: a sortie a year is worth so many men.
    worth = theory["men_per_sortie"]
    offer = (case.given.ground + worth * case.given.air) * called_for
    arrived = xp.clip(fraction(deployed + worth * effort, offer), 0.0, 1.0)
    short = xp.where(
        commitment > 0, xp.clip(1.0 - xp.minimum(men, planes)[None] * bring, 0.0, 1.0), 0.0
    )
    to_client = measures.at_stake(case, arrived)
    # Who is still in the field cannot stand guard elsewhere.
    at_home = xp.maximum(supply - xp.sum(deployed, axis=0), 0.0)
    spare = _share_met(guards, at_home)
    delivered = asked * xp.where(elsewhere > 0, xp.minimum(men, spare)[None], to_client)

    own = measures.side_force(world, case)[:, 0]
    foreign = measures.ground_help(world, case, theory)[:, 0]
    leaning = measures.at_stake(case, fraction(foreign, foreign + own))
    dependence = relax(world.clients.dependence, leaning, on * theory["dependence_rate"], dt)
    return world._replace(
        powers=world.powers._replace(treasury=treasury),
        clients=world.clients._replace(dependence=dependence),
        ties=world.ties._replace(asked=asked, delivered=delivered),
        theatres=world.theatres._replace(deployed=deployed, air=effort, short=short),
    )


def _share_met(wanted: Array, supply: Array) -> Array:
    """Share of `wanted` that `supply` covers, 0..1."""
    return namespace(wanted).where(wanted > supply, fraction(supply, wanted), 1.0)


def _ration(wanted: Array, supply: Array, pressure: Array, elasticity: Array) -> Array:
    """Share of what is wanted that is sent: within the supply, and less where promises press."""
    xp = namespace(wanted)
    strain = xp.exp(-elasticity * xp.log(xp.maximum(pressure, 1.0)))
    return xp.minimum(_share_met(wanted, supply), strain)


def _spirits(world: World, case: Case, theory: Theory, noise: Draws, dt: float) -> Theatres:
    """Posture follows the odds; luck and mood wander and come back (exact OU steps)."""
    xp = namespace(world.theatres.mood)
    on = theory.base("allocate")
    odds = measures.log_ratio(measures.muster(world, case), world, case, theory)
    eager = logistic(theory["posture_slope"] * (odds - theory["posture_odds"])) * case.side_on
    posture = relax(world.theatres.posture, eager, on * theory["posture_rate"], dt)

    def wander(level: Array, memory: Array, spread: Array, normal: Array) -> Array:
        keep = xp.exp(-dt / memory)
        return keep * level + spread * xp.sqrt(1.0 - keep * keep) * normal * case.side_on

    mood = wander(world.theatres.mood, theory["mood_memory"], theory["mood_spread"], noise.mood)
    fortune = wander(
        world.theatres.fortune, theory["fortune_memory"], theory["fortune_spread"], noise.fortune
    )
    return world.theatres._replace(posture=posture, mood=mood, fortune=fortune)


def _raise_and_march(world: World, case: Case, theory: Theory, dt: float):
    xp = namespace(world.regions.force)
    on = theory.base("allocate")
    regions = world.regions
    total = measures.by_region(case, measures.side_force(world, case))
    goal = measures.by_region(case, _goal(world, case, theory))

    # March: towards what a side wants and holds, or borders and means to take.
    posture = measures.by_region(case, world.theatres.posture + world.theatres.campaign)
    bordered = mix(case.adjacent, regions.control)
    within_reach = regions.control + theory["raid"] * xp.clip(posture, 0.0, 1.0) * bordered
    at_hand = xp.exp(theory["concentration"] * xp.log(xp.maximum(within_reach, 1e-3)))
    front = 1.0 + theory["front_weight"] * (1.0 - regions.control)
    draw = case.priority * at_hand * front * case.region_on[:, None]
    whole = measures.by_region(case, measures.by_theatre(case, draw))
    wanted = fraction(draw, whole) * total
    force = relax(regions.force, wanted, on * theory["march_rate"], dt)

    # Raise: towards what the land and the sponsors can bear.
    here = fraction(force, total) * goal
    force = relax(force, here, on * theory["recruiting_rate"], dt)
    return regions._replace(force=xp.maximum(force, 0.0))


def _goal(world: World, case: Case, theory: Theory) -> Array:
    """Force that each side can sustain, thousand persons [k, s]."""
    xp = namespace(world.regions.control)
    # A challenger also recruits underground; an incumbent drafts only where it rules.
    challenged = measures.challengers(world.theatres.cohesion)
    hidden = theory["underground"] * challenged * (1.0 - world.regions.control)
    people = case.in_theatre * case.population[None]
    backers = mix(people, case.backing * (world.regions.control + hidden))
    sponsored = xp.sum(case.given.sponsor, axis=1)
    # Those who fell cannot be called up again: a long war drains the pool.
    pool = case.reserve * case.mobilised * mix(people, case.backing)
    left = xp.exp(-fraction(world.theatres.spent, pool))
    goal = case.mobilised * backers * left + sponsored
    lean = theory["moral_hazard"] * measures.theatre_client(case, world.clients.dependence)
    purse = xp.minimum(world.theatres.pay[:, 0] / theory["pay_to_recruit"], 1.0)
    standing = 1.0 - world.theatres.fallen
    incumbent = goal[:, 0] * (1.0 - lean) * purse * standing
    return xp.concat([incumbent[:, None], goal[:, 1:]], axis=1)

"""strike: where bombs fall, and on whom.

Claim: strikes follow the pursued aim, not the announced one; moderates are hit first; sieges force
    surrender; bombardment kills, displaces and radicalises; refugees, and populists backed from
    abroad, weaken third states.
Equation: a patron spreads its air effort over the sides it fights and over civilians by softmax of
    the value that its motives find in each target: for survival the side that presses the
    government's people most, and moderates before extremists [S23]; for the stated aim the named
    enemy; for fear of contagion the crowd itself, to which a patron also turns what it no longer
    hopes to save its client with [S06, decided in `decide`]. Without S22 effort goes where the
    named enemy is announced. A government's own air war falls on its enemies by the people whom
    they hold, and on moderates first too [S23]. Deaths are effort times lethality; moderates whose
    people are bombed lose fighters to the radical side [S28]; a besieged minority of a region gives
    up [S24]. Strain of a third state, the share of its people who turn to parties against the
    order, follows `1 - e^(-(a refugees + b populists))` with the refugees per inhabitant that it
    takes in, most where it is near, and the backing of its populists by others [S40].
Moves: `regions.killed`, `displaced`, `siege`, `control`, `force`; `clients.strain`; news `strikes`,
    `killed`.
Left out: single weapons; return of the refugees; what a strained state does about it.
Source: 2,704 civilians killed in the first 305 days of an air campaign of some 14,000 sorties a
    year sets lethality; votes per refugee after Dustmann, Vasiljeva & Damm (2019); see the
    parameter table.
Rows: S22 S23 S24 S28 S33 S40.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, fraction, mix, namespace, relax, softmax
from allegiance.world.case import MOTIVES, Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import Clients, News, World
from allegiance.world.theory import Theory


def strike(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of bombardment and siege."""
    del noise
    strikes = aim(world, case, theory)
    regions, killed = _harm(world, last, strikes, case, theory, dt)
    regions = _siege(world._replace(regions=regions), case, theory, dt)
    world = world._replace(regions=regions, clients=_strain(world, case, theory, dt))
    return world, now._replace(strikes=strikes, killed=killed)


def aim(world: World, case: Case, theory: Theory) -> Array:
    """Air effort by target, thousand sorties a year [k, p, side..., civilians]."""
    xp = namespace(world.theatres.air)
    share = softmax(xp.log(xp.maximum(value(world, case, theory), 1e-6)), axis=2)
    return world.theatres.air[:, :, None] * share


def value(world: World, case: Case, theory: Theory) -> Array:
    """Worth of each target to each power, >= 0 [k, p, t]; only ratios count."""
    xp = namespace(world.theatres.air)
    weight = {motive: case.motive[None, :, i, None] for i, motive in enumerate(MOTIVES)}
    people = measures.held(world, case)[:, None]
    pursued = case.pursues * (people > 0.0)
    press = pressing(world, case)[:, None]
    near = fraction(press, xp.sum(press, axis=2, keepdims=True))
    to_survival = near * moderates(case, theory)[:, None]
    named = case.named_enemy * people
    to_stated = fraction(named, xp.sum(named, axis=2, keepdims=True))
    hostile_people = xp.sum(pursued * people, axis=2, keepdims=True)
    crowd = fraction(hostile_people, hostile_people + theory["crowd_half"])

    motives = theory.on("S22")
    deterrent = weight["survival"] * world.theatres.deterring[:, :, None]
    protective = weight["survival"] - deterrent + weight["reach"] + 0.5 * weight["status"]
    announced = weight["stated"] + 0.5 * weight["status"]
    on_sides = pursued * (
        motives * (protective * to_survival + announced * to_stated + weight["fear"] * to_survival)
        + (1.0 - motives) * to_stated
    )
    feared = weight["fear"] + deterrent
    on_crowd = motives * crowd * (feared + theory["bystanders"] * protective)
    return xp.concat([on_sides, on_crowd], axis=2)


def moderates(case: Case, theory: Theory) -> Array:
    """Weight of each side as a target beside what it does: more for the moderate ones [k, s]."""
    return 1.0 + theory.on("S23") * theory["moderates_first"] * case.moderate


def pressing(world: World, case: Case) -> Array:
    """How hard each side presses the government where the government's people are [k, s]."""
    regions = world.regions
    contact = regions.force * case.people[:, None] * regions.control[:, :1]
    return measures.by_theatre(case, contact) * case.hostile[:, 0]


def _harm(world: World, last: News, strikes: Array, case: Case, theory: Theory, dt: float):
    xp = namespace(world.regions.force)
    on = theory.base("strike")
    regions = world.regions
    # Sponsors' strikes on each side, and a government's own air war on its challengers.
    on_side = xp.sum(strikes[:, :, :-1], axis=1)
    people = measures.held(world, case)
    foes = case.hostile[:, 0] * people * moderates(case, theory)
    own = case.own_air[:, :1] * fraction(foes, xp.sum(foes, axis=1, keepdims=True))
    kept_off = 1.0 - theory.on("S26") * case.given.air_defence
    effort = measures.by_region(case, (on_side + own) * kept_off)
    strength = measures.by_region(case, measures.side_force(world, case))
    local = effort * fraction(regions.force, strength)
    force = regions.force * xp.exp(
        -on * theory["sortie_kills"] * fraction(local, regions.force) * dt
    )

    terror = measures.by_region(case, xp.sum(strikes[:, :, -1], axis=1))
    exposed = case.people * (1.0 - regions.control[:, 0])
    whole = measures.by_region(case, measures.by_theatre(case, exposed))
    harm = (
        theory.on("S33")
        * theory["sortie_harm"]
        * (xp.sum(local, axis=1) + theory["terror_factor"] * terror * fraction(exposed, whole))
    )
    # Ground fire: civilians die where the line ran, in proportion to the fighters that died.
    crossfire = theory.on("S33") * theory["crossfire"] * last.toll
    killed = on * (harm * dt + crossfire)
    displaced = regions.displaced + theory["displaced_per_killed"] * killed

    # The bombed moderates' men go over to the radicals, where there are any.
    per_head = fraction(killed / 1000.0, case.population * (1.0 - regions.control[:, 0]) + 0.01)
    go = -xp.expm1(-theory.on("S28") * theory["radicalisation"] * per_head)
    moderate = measures.by_region(case, case.moderate)
    radical = measures.by_region(case, case.radical)
    leaving = force * moderate * go[:, None] * xp.sum(radical, axis=1, keepdims=True)
    force = force - leaving + radical * xp.sum(leaving, axis=1, keepdims=True)
    regions = regions._replace(force=force, displaced=displaced, killed=regions.killed + killed)
    return regions, killed


def _siege(world: World, case: Case, theory: Theory, dt: float):
    xp = namespace(world.regions.control)
    on = theory.on("S24")
    regions = world.regions
    ours = regions.control[:, :1]
    peace = measures.by_region(case, measures.truce(world, case)[:, 0])
    foe = measures.by_region(case, case.hostile[:, 0]) * (1.0 - peace)
    surrounded = xp.sum(foe * regions.control, axis=1) * xp.clip(2.0 * ours[:, 0] - 1.0, 0.0, 1.0)
    posture = measures.by_region(case, world.theatres.posture[:, 0])
    siege = relax(
        regions.siege, on * xp.clip(4.0 * surrounded * posture, 0.0, 1.0), theory["siege_rate"], dt
    )
    give_up = -xp.expm1(-on * theory["surrender_rate"] * siege * dt)
    moved = regions.control * foe * give_up[:, None] * measures.challengers(foe)
    gained = xp.sum(moved, axis=1, keepdims=True)
    control = xp.concat([ours + gained, (regions.control - moved)[:, 1:]], axis=1)
    driven_out = theory["siege_displaces"] * gained[:, 0] * case.population * 1000.0
    return regions._replace(control=control, siege=siege, displaced=regions.displaced + driven_out)


def _strain(world: World, case: Case, theory: Theory, dt: float) -> Clients:
    """Strain of third states by those who fled last week and before, and by backed populists."""
    xp = namespace(world.clients.strain)
    fled = measures.by_theatre(case, world.regions.displaced) / 1000.0
    pushed = theory["refugee_strain"] * mix(case.hosts, fled)
    pulled = theory["populist_strain"] * xp.sum(case.given.populists, axis=1)
    target = -xp.expm1(-(pushed + pulled))
    rate = theory.on("S40") * theory["strain_rate"]
    return world.clients._replace(strain=relax(world.clients.strain, target, rate, dt))

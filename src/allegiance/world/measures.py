"""Quantities that several verbs read off the same stocks; each formula stands here once."""

from __future__ import annotations

from typing import NamedTuple

from allegiance.world.arrays import TINY, Array, apart, fraction, mix, namespace, within
from allegiance.world.case import Case
from allegiance.world.nouns import World
from allegiance.world.theory import Theory


def burden(case: Case) -> Array:
    """Force that outside wars claim from each power, thousand persons [p]."""
    return namespace(case.given.burden_force).sum(case.given.burden_force, axis=0)


def spare_force(world: World, case: Case) -> Array:
    """Force not bound by outside wars, thousand persons [p]; never below 2% of all."""
    xp = namespace(world.powers.force)
    return xp.maximum(world.powers.force - burden(case), 0.02 * world.powers.force)


def strength(world: World, case: Case) -> Array:
    """Real strength: log spare force relative to the mean of the case at the start [p]."""
    xp = namespace(world.powers.force)
    return xp.log(xp.maximum(spare_force(world, case) * xp.exp(-case.strength_zero), TINY))


def by_theatre(case: Case, of_region: Array) -> Array:
    """Sum of a regional quantity [r, ...] over each theatre [k, ...]."""
    return mix(case.in_theatre, of_region)


def by_region(case: Case, of_theatre: Array) -> Array:
    """A theatre's value [k, ...] in each of its regions [r, ...]; 0 in padding."""

    def spread(region_on: Array, theatre_of: Array, of_theatre: Array) -> Array:
        there = region_on.reshape(-1, *[1] * (of_theatre.ndim - 1))
        return of_theatre[theatre_of[:, 0]] * there

    return apart(spread, case.region_on, case.theatre_of, of_theatre)


def side_force(world: World, case: Case) -> Array:
    """Own force of each side, thousand persons [k, s]."""
    return by_theatre(case, world.regions.force)


def held(world: World, case: Case) -> Array:
    """Share of the theatre's people that each side controls [k, s]."""
    return mix(case.in_theatre * case.people[None], world.regions.control)


class Muster(NamedTuple):
    """What each side has in each theatre; counted once where several measures need it."""

    own: Array  # [k, s] own force, thousand persons
    held: Array  # [k, s] share of the people under control


def muster(world: World, case: Case) -> Muster:
    """Count forces and people of all sides."""
    return Muster(side_force(world, case), held(world, case))


def area_held(world: World, case: Case) -> Array:
    """Share of the theatre's area that each side controls [k, s]."""
    return mix(case.in_theatre * case.area[None], world.regions.control)


def seat_held(world: World, case: Case) -> Array:
    """Share of the seat of government in the government's hands [k]."""
    return mix(case.in_theatre * case.seat[None], world.regions.control[:, 0])


def truce(world: World, case: Case) -> Array:
    """Truce between each pair of sides, 0..1 [k, s, s]; an offensive ends it for all."""
    xp = namespace(world.theatres.campaign)
    attack = xp.max(world.theatres.campaign, axis=1)[:, None, None] > 0.0
    return xp.where(attack, 0.0, case.today.truce)


def ground_help(world: World, case: Case, theory: Theory) -> Array:
    """Foreign ground force that fights for each side, thousand persons [k, s].

    Two patrons of one side get in each other's way [S05]: (A + B)(1 - friction * 4 * a * b) with
    a, b their shares, so that equal partners lose the whole of `friction`.
    """
    if case.standing:
        return case.standing.help
    xp = namespace(world.theatres.deployed)
    sent = world.theatres.deployed[:, :, None] * case.backs
    total = xp.sum(sent, axis=1)
    share = fraction(sent, total[:, None])
    overlap = 2.0 * (1.0 - xp.sum(share * share, axis=1))
    return total * (1.0 - theory.on("S05") * theory["copatron_friction"] * xp.clip(overlap, 0, 1))


def flown(world: World, case: Case) -> Array:
    """Air effort for each side, own and sponsors', thousand sorties a year [k, s]."""
    if case.standing:
        return case.standing.flown
    xp = namespace(world.theatres.air)
    return xp.sum(world.theatres.air[:, :, None] * case.backs, axis=1) + case.own_air


def air_effort(count: Muster, world: World, case: Case, theory: Theory) -> Array:
    """Air effort for each side less what enemy air defence keeps off [k, s].

    Thousand sorties a year. The enemy's air defence is withheld by a sponsor's veto [S26].
    """
    defended = within(case.hostile, count.held * case.given.air_defence)
    kept_off = fraction(defended, within(case.hostile, count.held))
    return flown(world, case) * (1.0 - theory.on("S26") * kept_off)


def unity(case: Case, theory: Theory) -> Array:
    """Share of a challenger's strength that infighting of its sponsors' factions leaves [k, s].

    With shares `x` of the men whom each sponsor pays, two equal sponsors cost the whole of
    `infighting`, a single one nothing, and men whom nobody pays count as one faction [S27].
    """
    if case.standing:
        return case.standing.unity
    xp = namespace(case.given.sponsor)
    paid = case.given.sponsor
    whole = xp.sum(paid, axis=1)
    share = fraction(paid, whole[:, None])
    rivalry = xp.clip(2.0 * (1.0 - xp.sum(share * share, axis=1)), 0.0, 1.0)
    challenger = challengers(whole)
    return 1.0 - theory.on("S27") * theory["infighting"] * rivalry * challenger


def challengers(of_side: Array) -> Array:
    """True for all sides [., s, ...] but the first, the incumbent government [s, 1]."""
    return namespace(of_side).arange(of_side.shape[1])[:, None] > 0


def quality(case: Case, theory: Theory) -> Array:
    """Fighting strength of a side's soldier, infighting taken off, 1 = standard [k, s]."""
    return case.quality * unity(case, theory)


def mettle(world: World, case: Case, theory: Theory) -> Array:
    """Fighting strength of a side's soldier as battle finds it [k, s].

    What an army is worth is not on paper: nobody who counts men knows it, neither those who decide
    nor the soldiers themselves, before they fight [S11].
    """
    if case.standing:
        return case.standing.mettle
    spread = theory.on("S11") * theory["hidden_worth"] * case.unproven
    hidden = spread * world.theatres.worth
    return quality(case, theory) * namespace(hidden).exp(hidden)


def nominal(count: Muster, world: World, case: Case, theory: Theory) -> Array:
    """Nominal strength on paper: own and foreign force, multiplied by air [k, s]."""
    own = quality(case, theory) * count.own + ground_help(world, case, theory)
    return own * air_support(count, own, world, case, theory)


def air_support(count: Muster, ground: Array, world: World, case: Case, theory: Theory) -> Array:
    """By how much planes multiply the `ground` force of each side [k, s]."""
    return air_multiplier(air_effort(count, world, case, theory), ground, theory)


def air_multiplier(air: Array, ground: Array, theory: Theory) -> Array:
    """What air effort makes of ground force: 1 + a r / (r + r_half), r sorties per soldier.

    Air multiplies ground and saturates: no ground, no gain.
    """
    ratio = fraction(air, ground)
    return 1.0 + theory["air_multiplier"] * ratio / (ratio + theory["air_half"])


def enemies(strength_of: Array, case: Case) -> Array:
    """Sum of `strength_of` [k, s] over the enemies of each side [k, s]."""
    return within(case.hostile, strength_of)


def log_ratio(count: Muster, world: World, case: Case, theory: Theory) -> Array:
    """Log ratio of nominal strength between each side and its enemies, within +-4 [k, s]."""
    own = nominal(count, world, case, theory)
    ratio = log_strength(own, own) - log_strength(enemies(own, case), own)
    return namespace(own).clip(ratio, -4.0, 4.0)


def log_strength(strength_of: Array, everybody: Array) -> Array:
    """Log of a strength [k, s], at least that of a ten-thousandth of `everybody` [k, s].

    So an absent side is far weaker than any other and yet no -inf, in whatever unit.
    """
    xp = namespace(everybody)
    least = 1e-4 * xp.sum(everybody, axis=1, keepdims=True) + 1e-30
    return xp.log(xp.maximum(strength_of, least))


def at_stake(case: Case, of_theatre: Array) -> Array:
    """Carry a theatre's value [k, ...] to the client that is at stake there [c, ...]."""
    return mix(namespace(of_theatre).swapaxes(case.client_of, 0, 1), of_theatre)


def theatre_client(case: Case, of_client: Array) -> Array:
    """Carry a client's value [c, ...] to its theatre [k, ...]."""
    return mix(case.client_of, of_client)


def peace_with_enemies(case: Case) -> Array:
    """How far each power is at peace with powers that each client counts as enemies [c, p]."""
    xp = namespace(case.given.detente)
    peace = xp.maximum(case.given.detente, xp.swapaxes(case.given.detente, 0, 1))
    return mix(case.enemy[:, case.client_on.shape[0] :], peace)


def has_theatre(case: Case) -> Array:
    """1 for clients whose war is simulated [c]."""
    return namespace(case.client_of).sum(case.client_of * case.theatre_on[:, None], axis=0)


def kept_word(world: World) -> Array:
    """Trust: expected share of pledges that each power keeps, as each client sees it [c, p]."""
    return world.ties.alpha / (world.ties.alpha + world.ties.beta)

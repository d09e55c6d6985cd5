"""align: whom clients side with.

Claim: a regime trades policy loyalty for survival; with a second suitor it plays the two off;
    revealed weakness sends neighbours elsewhere; an attacked population turns to the other bloc
    for good, once its regime may; a patron that deals with its client's rivals gains them and
    puts the client off.
Equation: alignment moves towards `softmax(temperature^-1 u)` over the powers and autonomy with
    `u_p = log trust + a (believed strength - mean) + b affinity + c aid [S01] - grievance + d
    deals_cp - e sum deals of p with c's rivals`, autonomy being `u = 0`; temperature rises with
    the second suitor's relative pull [S02]. Deals with a rival that is a power are détente with
    it; both terms are S39, both of strength S51. An attack adds to grievance, which fades over a
    generation; the attacker's rivals gain `bloc_turn * grievance` of pull [S52]. The grievance is
    the people's: while the attacker occupies the country and installs its regime, a share
    `1 - occupied` of it tells on what the regime does; it is kept, and tells when he has gone.
Moves: `ties.alignment`, `ties.grievance`.
Left out: trade as a tie of its own; that an occupier also enforces loyalty, beyond silencing the
    grievance.
Source: alignment as a discrete choice; protection for concessions after Morrow (1991) and Lake
    (2009); hedging after Kuik (2008); the attacked against opinion polls, see the parameter table.
Rows: S01 S02 S39 S51 S52.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, mix, namespace, relax, softmax
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def align(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of alignment."""
    del last, noise
    xp = namespace(world.ties.alignment)
    on = theory.base("align")
    attacked = theory.on("S52") * theory["attack_grievance"] * case.given.attacked
    grievance = relax(world.ties.grievance, 0.0, on * theory["grievance_fade"], dt) + attacked
    ties = world.ties._replace(grievance=grievance)
    world = world._replace(ties=ties)

    pull = attraction(world, case, theory)
    sharp = theory["alignment_sharpness"]
    first = softmax(sharp * pull, axis=1)
    powers = first[:, :-1]
    best = xp.max(powers, axis=1, keepdims=True)
    others = xp.arange(powers.shape[1])[:, None] != xp.argmax(powers, axis=1, keepdims=True)
    second = xp.max(xp.where(others, powers, 0.0), axis=1, keepdims=True)
    rivalled = second / xp.maximum(best, 1e-6)
    target = softmax(sharp * pull * (1.0 - theory.on("S02") * theory["hedging"] * rivalled), axis=1)
    moved = relax(ties.alignment, target, on * theory["alignment_rate"], dt)
    ties = ties._replace(alignment=moved)
    return world._replace(ties=ties), now._replace(attacked=now.attacked + case.given.attacked)


def attraction(world: World, case: Case, theory: Theory) -> Array:
    """Pull of each power, and of autonomy in the last column, on each client [c, p + 1]."""
    xp = namespace(world.ties.alignment)
    ties = world.ties
    clients = case.client_on.shape[0]
    believed = world.beliefs.mean[:clients]
    here = case.power_on[None]
    mean = xp.sum(believed * here, axis=1, keepdims=True) / xp.sum(here)
    aid = theory.on("S01") * theory["weight_of_aid"] * ties.delivered
    seen_weak = believed - case.strength_start[None]
    drift = theory["drift"] * case.proximity * xp.minimum(seen_weak, 0.0)
    strong = theory["weight_of_strength"] * (believed - mean)
    rivals = xp.swapaxes(case.rival, 0, 1)
    felt = ties.grievance * (1.0 - case.given.occupied)
    turned = xp.swapaxes(mix(rivals, xp.swapaxes(felt, 0, 1)), 0, 1)
    own, of_rivals = _deals(case)
    courted = theory["own_deals"] * own - theory["rival_deals"] * of_rivals
    pull = (
        xp.log(xp.maximum(measures.kept_word(world), 1e-3))
        + theory.on("S51") * (strong + drift)
        + case.affinity
        + theory["weight_of_recognition"] * ties.recognition
        + aid
        + theory.on("S39") * courted
        + theory.on("S52") * theory["bloc_turn"] * turned
        - felt
    )
    pull = xp.where(here > 0, pull, -30.0)
    return xp.concat([pull, xp.zeros_like(pull[:, :1])], axis=1)


def _deals(case: Case) -> tuple[Array, Array]:
    """Business of each power with each client, and with that client's rivals [c, p]."""
    with_clients = mix(case.enemy[:, : case.client_on.shape[0]], case.given.deals)
    return case.given.deals, with_clients + measures.peace_with_enemies(case)

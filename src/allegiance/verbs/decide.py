"""decide: powers go in, stay, draw down or leave; challengers attack.

Claim: a patron steps in when its client is near collapse, for its survival, for bases and rents,
    for a seat at the top table, for fear of contagion, or for the aim it announces; a rival's
    reluctance opens the space. Where its man cannot be saved, carnage that deters imitators is the
    next best. A sponsor leaves for a priority of its own. A third party takes what a leaving
    patron no longer covers.
Equation: the question comes up at rate `lambda (1 + crisis * danger)`; then logit over the options
    with utility `s (sum_m w_m gain_m + impunity - cost)`; the cost rises with overstretch, with
    rivals who will not hold back [S30] and with an unhappy home. A challenger attacks at hazard
    `h0 exp(-b * log ratio)`, the ratio being that of the government's side, expected help
    included, to the challenger's: an offensive comes as the government looks weaker. Danger is
    that which the power believes, its client's alarm mixed with fed signals (`witness`) [S15].
    Deterrence [S06]: with `q` the client's chance as the patron believes it, `s` and `f` its
    motives of survival and of fear, a share `d f (1 - q) / (d f (1 - q) + s q)` of what was
    meant to save the client goes over to the deterrent: each aim gets effort in proportion to
    what can be expected of it; `strike` reads the share. Defection [S29]: a priority elsewhere
    adds to the cost of staying, and `defection * priority` of the fighters that the sponsor paid
    go home as fast as armies are raised, so that their number settles where the pay that is left
    would have raised it. Vacuum [S31]: what others remember of a power's commitment, less what is
    left of it, is the room for its rivals and for neighbours of the client; room brings the
    question up as a crisis does and adds to the gain, in proportion to what they want there.
Moves: `theatres.commitment`, `campaign`, `deterring`, `covered`; `regions.force`; news `entered`,
    `left`, `drew_down`, `traded`, `offensive`.
Left out: coalitions that decide together; whether the deterrent is reason enough to go in; what
    the vacuum is worth to sides without a power behind them (they read the odds).
Source: random-utility choice (McFadden 1974), and the choice axiom of Luce (1959) for shares;
    weights are motives, a simplex with a prior.
Rows: S03 S06 S20 S29 S30 S31.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, fires, fraction, logistic, mix, namespace, relax
from allegiance.world.case import CHOICES, MOTIVES, YEAR, Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory

LEVEL = (0.0, 1.0, 0.5, 0.0)
"""Commitment that each of CHOICES leaves behind."""


def decide(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """Choices of one step."""
    del last
    commitment, now = _powers(world, now, case, theory, noise, dt)
    campaign, now = _challengers(world, now, case, theory, noise, dt)
    theatres = world.theatres._replace(
        commitment=commitment,
        campaign=campaign,
        deterring=deterring(world, case, theory),
        covered=_covered(world, commitment, theory, dt),
    )
    force = _unpaid(world, case, theory, dt)
    regions = world.regions._replace(force=force)
    return world._replace(theatres=theatres, regions=regions), now


def gains(world: World, case: Case, theory: Theory) -> Array:
    """What each motive finds in a theatre now, 0..1 [k, p, m]."""
    xp = namespace(world.theatres.commitment)
    flat = xp.zeros_like(world.theatres.commitment) + 1.0
    rescue = theory.on("S03") * believed_danger(world, case)
    standing = (1.0 - world.theatres.fallen)[:, None]
    enemy = xp.sum(case.named_enemy * measures.area_held(world, case)[:, None], axis=2)
    found = {
        "survival": rescue * standing * flat,
        "reach": (0.25 + 0.75 * rescue) * standing * flat,
        "status": theory.on("S20") * opening(case, theory) * flat,
        "fear": theory.on("S17") * xp.tanh(world.powers.fear)[None] * flat,
        "stated": xp.clip(2.0 * enemy, 0.0, 1.0),
    }
    return case.stake * xp.stack([found[motive] for motive in MOTIVES], axis=2)


def believed_danger(world: World, case: Case) -> Array:
    """Danger to the client as each power reads it, 0..1 [k, p]; fed signals pull it up or down."""
    xp = namespace(world.theatres.steered)
    danger = measures.theatre_client(case, world.clients.alarm)[:, None]
    fed = world.theatres.steered
    return danger + xp.maximum(fed, 0.0) * (1.0 - danger) + xp.minimum(fed, 0.0) * danger


def deterring(world: World, case: Case, theory: Theory) -> Array:
    """Share of its effort to save the client that each power turns to a deterrent, 0..1 [k, p]."""
    lost = believed_danger(world, case)
    saving, fearing = MOTIVES.index("survival"), MOTIVES.index("fear")
    deterrent = theory["deterrent"] * case.motive[None, :, fearing] * lost
    rescue = case.motive[None, :, saving] * (1.0 - lost)
    patron = case.backs[:, :, 0] * (1.0 - world.theatres.fallen)[:, None]
    return theory.on("S06") * patron * fraction(deterrent, deterrent + rescue)


def vacuum(world: World, case: Case) -> Array:
    """Cover that others have given up and that each power might fill, 0..1 [k, p].

    A rival may take the place of its rivals, a neighbour of the client that of anybody.
    """
    xp = namespace(world.theatres.covered)
    given_up = xp.maximum(world.theatres.covered - world.theatres.commitment, 0.0)
    others = xp.sum(given_up, axis=1, keepdims=True) - given_up
    by_rivals = xp.swapaxes(mix(case.rival, xp.swapaxes(given_up, 0, 1)), 0, 1)
    near = measures.theatre_client(case, case.proximity)
    return xp.clip(near * others + (1.0 - near) * by_rivals, 0.0, 1.0)


def opening(case: Case, theory: Theory) -> Array:
    """Room that a power's rivals leave it: 1 where none would counter it, 0..1 [k, p]."""
    xp = namespace(case.rival)
    weight = xp.sum(case.rival, axis=1)
    restraint = xp.sum(case.rival[None] * case.given.restraint[:, None], axis=2)
    return xp.where(weight > 0, fraction(theory.on("S30") * restraint, weight), 1.0)


def _powers(world: World, now: News, case: Case, theory: Theory, noise: Draws, dt: float):
    xp = namespace(world.theatres.commitment)
    before = world.theatres.commitment
    danger = believed_danger(world, case)
    room = theory.on("S31") * vacuum(world, case)

    stretch = fraction(measures.burden(case), world.powers.force)
    deterrence = theory["rival_deterrence"] * (1.0 - opening(case, theory))
    home = theory["home_brake"] * (case.resting_support - world.powers.support)
    strain = theory.on("S07") * theory["stretch_cost"] * stretch
    own = theory.on("S29") * theory["priority_cost"] * case.given.priority_elsewhere
    cost = theory["entry_cost"] + strain + deterrence + home + own
    nerve = theory.on("S48") * theory["emboldenment"] * world.powers.impunity
    gain = xp.sum(case.motive[None] * gains(world, case, theory), axis=2)
    wanted_there = xp.sum(case.motive[None] * case.stake, axis=2)
    gain = gain + theory["vacuum_gain"] * room * wanted_there
    sharp = theory["choice_sharpness"]
    stay = sharp * (gain + nerve - cost)
    options = xp.stack(
        [
            xp.zeros_like(stay),
            stay,
            sharp * (0.6 * (gain + nerve) - 0.5 * cost),
            sharp * (theory["trade_gain"] * stretch - 0.5 * gain),
        ]
    )
    # From outside one may only go in; what is not there cannot be drawn down or traded.
    inside = xp.where(before > 0.0, 1.0, 0.0)
    allowed = xp.stack([xp.ones_like(inside), xp.ones_like(inside), inside, inside])
    options = xp.where(allowed > 0.0, options, -1e9)
    weight = xp.exp(options - xp.max(options, axis=0, keepdims=True))
    cumulative = xp.cumulative_sum(weight / xp.sum(weight, axis=0, keepdims=True), axis=0)
    wanted = xp.sum(xp.where(noise.choice[None] > cumulative[:-1], 1.0, 0.0), axis=0)

    urgent = xp.maximum(danger, room)
    rate = theory["decision_rate"] * (1.0 + theory["crisis_attention"] * urgent)
    comes_up = fires(rate + xp.zeros_like(before), noise.opportunity, dt)
    held = case.pinned * (1.0 - case.given.released)
    free = comes_up * case.contender * (1.0 - held) * theory.base("decide")
    pinned = case.given.choice
    choice = xp.where(pinned >= 0.0, pinned, xp.where(free > 0.0, wanted, -1.0))

    level = before
    for index, value in enumerate(LEVEL):
        level = xp.where(choice == index, value, level)
    level = xp.where(case.given.blocked > 0.0, 0.0, level)
    went_in = xp.where((before == 0.0) & (level > 0.0), 1.0, 0.0)
    left = xp.where((before > 0.0) & (level == 0.0), 1.0, 0.0)
    traded = left * xp.where(choice == CHOICES.index("trade_away"), 1.0, 0.0)
    less = xp.where((level > 0.0) & (level < before), 1.0, 0.0)
    return level, now._replace(entered=went_in, left=left, traded=traded, drew_down=less)


def _covered(world: World, commitment: Array, theory: Theory, dt: float) -> Array:
    """What others remember of each power's commitment [k, p]: gained at once, lost in time."""
    xp = namespace(commitment)
    on = theory.on("S31")
    fading = relax(world.theatres.covered, commitment, on * theory["cover_memory"], dt)
    return xp.where(on > 0, xp.maximum(fading, commitment), world.theatres.covered)


def _unpaid(world: World, case: Case, theory: Theory, dt: float) -> Array:
    """Own force of each side once those whose sponsor has turned away went home [r, s]."""
    xp = namespace(world.regions.force)
    withdrawn = theory.on("S29") * theory["defection"] * case.given.priority_elsewhere
    unpaid = xp.sum(case.given.sponsor * withdrawn[:, :, None], axis=1)
    # What `allocate` raises of them in the same step, after this, goes home with them.
    leave = xp.expm1(theory["recruiting_rate"] * dt) * unpaid
    share = xp.clip(fraction(leave, measures.side_force(world, case)), 0.0, 1.0)
    return world.regions.force * (1.0 - measures.by_region(case, share))


def _challengers(world: World, now: News, case: Case, theory: Theory, noise: Draws, dt: float):
    xp = namespace(world.theatres.campaign)
    own = measures.nominal(measures.muster(world, case), world, case, theory)
    ratio = measures.log_strength(own[:, :1], own) - measures.log_strength(own, own)
    morale = logistic(4.0 * (world.theatres.cohesion[:, :1] - 0.5))
    hazard = theory["offensive_rate"] * xp.exp(-theory["offensive_caution"] * ratio * morale)
    idle = xp.where(world.theatres.campaign < 0.2, 1.0, 0.0)
    standing = (1.0 - world.theatres.fallen)[:, None]
    # Where the timeline gives one side's offensives it gives the theatre's.
    given = xp.max(case.launches_pinned, axis=1)[:, None] * (1.0 - case.given.released)
    may = case.challenger * (1.0 - given) * idle * standing
    launched = fires(hazard * may * theory.base("decide"), noise.offensive, dt)
    # Momentum fades over the weeks; a pinned launch acts on its day, in `fight`.
    fade = xp.exp(-dt * YEAR / theory["campaign_days"])
    campaign = xp.where(world.theatres.campaign * fade < 0.05, 0.0, world.theatres.campaign * fade)
    campaign = xp.maximum(campaign, launched)
    return campaign, now._replace(offensive=launched)

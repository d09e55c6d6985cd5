"""press: sanctions, the lesson of going unpunished, and technology denied.

Claim: unpunished success raises the odds of the next venture; relief tied to roll-back lowers them.
    Whoever is refused a technology builds its own; others weigh striking the programme, and a
    third party deters them. Publics abroad should constrain their states.
Equation: a rival without a pinned policy imposes sanctions on a power that enters a war or attacks,
    at a hazard that falls with its own restraint and by `exp(-bite * leverage)` of the target
    [S38], and lifts them at a rate once the target has nothing left abroad. Impunity rises by 1
    with each venture, less what sanctions answer, and fades over years; `decide` reads it [S48].
    Protest follows demonstrations at home and makes impunity fade faster by `solidarity * protest`
    [S58]. A client's programme grows by `refusal dt / programme_years` up to 1; a power that it
    counts as a rival, or that refused it, strikes at hazard `preemption * s^2 (1 - retaliation *
    s^4) * (1 - alignment) * (1 - deterrence * others' protection)`, s its progress, and sets it
    back [S45]: the threat grows with it, until it can answer. One draw a client decides for all
    powers, so that who dares less never strikes alone. The struck client bears a grievance [S52].
Moves: `rivalries.sanctions`, `powers.impunity`, `powers.protest`, `clients.self_help`,
    `ties.grievance`; news `sanctioned`, `relieved`, `attacked`.
Left out: secondary sanctions; what a finished programme does for the client's autonomy, and that
    a pledge of defence shields the programme too; protest that no timeline gives.
Source: emboldenment is doubted in the texts themselves; its prior is wide (assumed). Strikes on
    programmes: Fuhrmann & Kreps (2010), who find hostility to drive them and no fear of an answer
    by states without the weapon, hence the fourth power; Herbst (1995): those carried out fell on
    plants still under construction. Length of programmes: Bleek (2017). That publics constrain is
    an appeal, not a finding: its prior spans zero.
Rows: S45 S48 S58.
"""

from __future__ import annotations

from allegiance.world.arrays import Array, fires, namespace, relax
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def press(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of pressure between powers."""
    del last
    xp = namespace(world.powers.impunity)
    world, now = _programmes(world, now, case, theory, noise, dt)
    on = theory.base("press")
    ventures = xp.clip(xp.sum(now.entered, axis=0) + xp.sum(now.attacked, axis=0), 0.0, 1.0)
    abroad = xp.max(world.theatres.commitment, axis=0)
    sanctions = world.rivalries.sanctions
    pinned = case.sanctions_pinned

    restraint = xp.max(case.given.restraint, axis=0)[:, None]
    spared = xp.exp(-theory.on("S38") * theory["leverage_bite"] * world.powers.leverage)
    hazard = theory["sanction_rate"] * case.rival * (abroad * spared)[None] * (1.0 - restraint)
    imposed = fires(hazard, noise.sanction, dt) * on * (1.0 - pinned)
    raised = xp.maximum(sanctions, imposed * theory["sanction_level"])
    eased = relax(raised, 0.0, on * theory["relief_rate"] * (1.0 - abroad[None]), dt)
    level = xp.where(pinned > 0, xp.where(on > 0, case.given.sanctions, sanctions), eased)

    s58 = theory.on("S58")
    rate = s58 * theory["protest_rate"]
    protest = relax(world.powers.protest, case.given.demonstrations, rate, dt)
    answered = xp.clip(xp.sum(case.trade * xp.swapaxes(level, 0, 1), axis=1), 0.0, 1.0)
    fading = relax(world.powers.impunity, 0.0, on * theory["impunity_fade"], dt)
    bite = on * theory["punishment_bite"] * answered + s58 * theory["solidarity"] * protest
    # A public that eggs its ruler on keeps impunity alive; it does not make it grow.
    relief = relax(fading, 0.0, xp.maximum(bite, -on * theory["impunity_fade"]), dt)
    impunity = relief + theory.on("S48") * ventures * (1.0 - answered)

    relieved = xp.where((sanctions > 0.05) & (level <= 0.05), 1.0, 0.0)
    now = now._replace(sanctioned=xp.where(level > sanctions + 0.01, 1.0, 0.0), relieved=relieved)
    return (
        world._replace(
            rivalries=world.rivalries._replace(sanctions=level),
            powers=world.powers._replace(impunity=impunity, protest=protest),
        ),
        now,
    )


def preemption_hazard(programme: Array, world: World, case: Case, theory: Theory) -> Array:
    """Hazard that each power strikes each client's `programme` [c], per year [c, p]."""
    xp = namespace(programme)
    given = case.given
    # Whoever protects the client deters all others, not itself.
    shield = xp.sum(given.deters, axis=1, keepdims=True) - given.deters
    dares = 1.0 - theory["deterrence"] * xp.clip(shield, 0.0, 1.0)
    hostile = xp.maximum(case.enemy[:, case.client_on.shape[0] :], given.refusal)
    threat = programme * programme
    near = theory["preemption"] * threat * (1.0 - theory["retaliation"] * threat * threat)
    return near[:, None] * hostile * dares * (1.0 - world.ties.alignment[:, :-1])


def _programmes(
    world: World, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """Programmes of the denied technology, and strikes on them."""
    xp = namespace(world.clients.self_help)
    on = theory.on("S45")
    denied = xp.max(case.given.refusal, axis=1)
    programme = world.clients.self_help + on * denied * dt / theory["programme_years"]
    programme = xp.minimum(programme, 1.0)
    hazard = preemption_hazard(programme, world, case, theory)
    # A strike comes once the hazard has run longer than an exponential wait.
    wait = -xp.log(xp.maximum(1.0 - noise.preemption, 1e-7))
    struck = on * xp.where(hazard * dt > wait[:, None], 1.0, 0.0)
    programme = programme * (1.0 - theory["setback"] * xp.max(struck, axis=1))
    grievance = world.ties.grievance + theory.on("S52") * theory["attack_grievance"] * struck
    world = world._replace(
        clients=world.clients._replace(self_help=programme),
        ties=world.ties._replace(grievance=grievance),
    )
    return world, now._replace(attacked=xp.maximum(now.attacked, struck))

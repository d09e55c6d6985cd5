"""press: sanctions and the lesson of going unpunished.

Claim: unpunished success raises the odds of the next venture; relief tied to roll-back lowers them.
Equation: a rival without a pinned policy imposes sanctions on a power that enters a war or attacks,
    at a hazard that falls with its own restraint, and lifts them at a rate once the target has
    nothing left abroad. Impunity rises by 1 with each venture, less what sanctions answer, and
    fades over years; `decide` reads it [S48].
Moves: `rivalries.sanctions`, `powers.impunity`; news `sanctioned`, `relieved`.
Left out: denied technology [S45], publics abroad [S58], secondary sanctions.
Source: emboldenment is doubted in the texts themselves; its prior is wide (assumed).
Rows: S48.
"""

from __future__ import annotations

from allegiance.world.arrays import fires, namespace, relax
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
    on = theory.base("press")
    ventures = xp.clip(xp.sum(now.entered, axis=0) + xp.sum(now.attacked, axis=0), 0.0, 1.0)
    abroad = xp.max(world.theatres.commitment, axis=0)
    sanctions = world.rivalries.sanctions
    pinned = case.sanctions_pinned

    restraint = xp.max(case.given.restraint, axis=0)[:, None]
    hazard = theory["sanction_rate"] * case.rival * abroad[None] * (1.0 - restraint)
    imposed = fires(hazard, noise.sanction, dt) * on * (1.0 - pinned)
    raised = xp.maximum(sanctions, imposed * theory["sanction_level"])
    eased = relax(raised, 0.0, on * theory["relief_rate"] * (1.0 - abroad[None]), dt)
    level = xp.where(pinned > 0, xp.where(on > 0, case.given.sanctions, sanctions), eased)

    answered = xp.clip(xp.sum(case.trade * xp.swapaxes(level, 0, 1), axis=1), 0.0, 1.0)
    fading = relax(world.powers.impunity, 0.0, on * theory["impunity_fade"], dt)
    relief = relax(fading, 0.0, on * theory["punishment_bite"] * answered, dt)
    impunity = relief + theory.on("S48") * ventures * (1.0 - answered)

    relieved = xp.where((sanctions > 0.05) & (level <= 0.05), 1.0, 0.0)
    now = now._replace(sanctioned=xp.where(level > sanctions + 0.01, 1.0, 0.0), relieved=relieved)
    return (
        world._replace(
            rivalries=world.rivalries._replace(sanctions=level),
            powers=world.powers._replace(impunity=impunity),
        ),
        now,
    )

"""succeed: after a fall.

Claim: the patron shelters the ruler that it could no longer save.
Equation: the ruler goes to one of the powers that stood by him, chosen by logit on commitment,
    pledge and the trust he has in each; with S04 off he goes to none. The strongest heir rules.
    The old regime's men disband, its pledges end, patrons of the fallen go home, and the new
    regime's ties start from the record: a memory of each power's strikes on its side.
Moves: `theatres.fallen`, `rules`, `exile`, `commitment`; `ties.pledge`, `owed`, `grievance`;
    `sites.access`; news `asked`, `exiled`, `revealed`.
Left out: partition, power sharing; the cost of shelter in later bargaining is in `bargain`.
Source: the rule of succession is ours (assumed).
Rows: S04.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import fraction, namespace
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def succeed(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """Consequences of this week's falls."""
    del last, dt
    xp = namespace(world.theatres.fallen)
    fell = now.fell
    theatres = world.theatres

    backing = xp.sum(case.backs[:, :, :1], axis=2)
    pledge = measures.theatre_client(case, world.ties.pledge)
    trust = measures.theatre_client(case, measures.kept_word(world))
    stood_by = xp.where((backing * pledge) > 0.0, 1.0, 0.0) * case.power_on[None]
    appeal = stood_by * xp.exp(2.0 * pledge + theatres.commitment + 2.0 * trust)
    # Each host answers after a wait of its own; the first is chosen with odds like the appeals,
    # whatever the order of the powers.
    wait = xp.where(stood_by > 0, -xp.log(noise.asylum) / xp.maximum(appeal, 1e-6), 1e9)
    chosen = xp.where(wait <= xp.min(wait, axis=1, keepdims=True), 1.0, 0.0)
    exiled = theory.on("S04") * fell[:, None] * chosen * stood_by

    strongest = case.heir * measures.side_force(world, case) * theatres.cohesion
    best = xp.where(strongest >= xp.max(strongest, axis=1, keepdims=True), case.heir, 0.0)
    heir = fraction(best, xp.sum(best, axis=1, keepdims=True))
    rules = xp.where(fell[:, None] > 0, heir, theatres.rules)

    fallen = xp.clip(theatres.fallen + fell, 0.0, 1.0)
    commitment = theatres.commitment * (1.0 - fell[:, None] * backing)
    theatres = theatres._replace(
        fallen=fallen,
        rules=rules,
        exile=xp.maximum(theatres.exile, exiled),
        commitment=commitment,
        deployed=theatres.deployed * (1.0 - fell[:, None] * backing),
        air=theatres.air * (1.0 - fell[:, None] * backing),
    )
    gone = measures.by_region(case, fallen)
    disband = xp.concat(
        [
            (world.regions.force[:, 0] * (1.0 - gone))[:, None],
            world.regions.force[:, 1:],
        ],
        axis=1,
    )

    fell_client = measures.at_stake(case, fell)[:, None]
    patron = backing * world.theatres.commitment
    struck = measures.at_stake(case, fell[:, None] * patron)
    grievance = world.ties.grievance + theory["record"] * struck
    # With the regime the whole of each pledge falls due at once; `trust` settles the account.
    due = world.ties.owed + fell_client * world.ties.pledge
    # A fall of days leaves no crisis that a step could see: the last call for help is news here.
    asked = xp.where((fell_client * world.ties.pledge > 0.0) & (world.ties.owed == 0.0), 1.0, 0.0)
    standing = world.ties.pledge * (1.0 - fell_client)
    ties = world.ties._replace(pledge=standing, owed=due, grievance=grievance)
    asked_back = theory.on("S34") * xp.sum(case.site_client * fell_client[None, :, 0], axis=1)
    access = xp.where(asked_back > 0, xp.minimum(world.sites.access, 0.5), world.sites.access)
    # Whoever stood by and could not save him is tested for all to see.
    revealed = xp.clip(xp.sum(stood_by * fell[:, None], axis=0), 0.0, 1.0)
    return (
        world._replace(
            theatres=theatres,
            regions=world.regions._replace(force=disband),
            ties=ties,
            sites=world.sites._replace(access=access),
        ),
        now._replace(exiled=exiled, revealed=revealed, asked=asked),
    )

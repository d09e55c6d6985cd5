"""bargain: recognition, bases and the terms of return.

Claim: the client hosts its patron's port and air base; after a fall they are held, renegotiated or
    lost; who recognises a new regime first gains what the next is denied; yesterday's target
    re-engages on terms.
Equation: each power recognises a new regime at hazard `r0 exp(-hostility)`; influence gained is
    `(1 - crowding)` to the power of those who came before [S49]. A power whose strikes the new
    regime remembers recognises too, at a hazard cut by the grievance, and on terms: part of the
    grievance is settled [S53]. A base question comes up at a rate after a fall, or when alignment
    to the holder drops; Nash bargaining: it is settled open with probability `F(value to the
    holder + its influence - grievance - shelter given to the exile)`, else closed.
Moves: `ties.recognition`, `grievance`; `sites.access`, `holder`; news `recognised`, `base_lost`.
Left out: debts and street anger [S54], insecure control [S55], extradition as a stake [S56],
    summits [S50], mediation [S38], the shield at the Security Council [S37].
Source: Nash (1950) for the surplus split; basing deals after Cooley (2008).
Rows: S34 S49 S53.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, fires, logistic, mix, namespace
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def bargain(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of deals."""
    del last
    ties, recognised = _recognise(world, case, theory, noise, dt)
    world = world._replace(ties=ties)
    sites, lost = _bases(world, case, theory, noise, dt)
    return world._replace(sites=sites), now._replace(recognised=recognised, base_lost=lost)


def _recognise(world: World, case: Case, theory: Theory, noise: Draws, dt: float):
    xp = namespace(world.ties.recognition)
    ties = world.ties
    new = world.theatres.fallen[:, None] * case.power_on[None]
    before = measures.theatre_client(case, ties.recognition)
    grievance = measures.theatre_client(case, ties.grievance)
    struck = xp.where(grievance > 0.1, 1.0, 0.0)
    willing = xp.where(struck > 0, theory.on("S53") * xp.exp(-grievance), 1.0)
    hazard = theory["recognition_rate"] * willing * new * xp.where(before > 0.0, 0.0, 1.0)
    comes = fires(hazard, noise.recognition, dt) * theory.base("bargain")

    rank = xp.sum(xp.where(before > 0.0, 1.0, 0.0), axis=1, keepdims=True)
    left = xp.log(xp.maximum(1.0 - theory.on("S49") * theory["crowding"], 1e-6))
    gained = comes * xp.exp(left * rank)
    by_client = measures.at_stake(case, comes)
    influence = measures.at_stake(case, gained)
    settled = 1.0 - theory.on("S53") * theory["settlement"] * by_client
    return (
        ties._replace(recognition=ties.recognition + influence, grievance=ties.grievance * settled),
        by_client,
    )


def _bases(world: World, case: Case, theory: Theory, noise: Draws, dt: float):
    xp = namespace(world.sites.access)
    on = theory.on("S34")
    sites = world.sites

    def of_holder(tie: Array) -> Array:
        """A tie [c, p] between each site's host and the power that holds the site [b]."""
        return xp.sum(mix(case.site_client, tie) * sites.holder, axis=1)

    open_or_asked = xp.where(sites.access > 0.0, 1.0, 0.0)
    leaning = of_holder(world.ties.alignment[:, :-1])
    asked = xp.where(sites.access == 0.5, 1.0, 0.0)
    estranged = xp.where(leaning < theory["estranged"], 1.0, 0.0)
    hazard = theory["base_rate"] * xp.maximum(asked, estranged)
    comes = fires(on * hazard * open_or_asked * case.site_on, noise.base, dt)

    exile = measures.at_stake(case, world.theatres.exile)
    offer = theory["base_value"] * xp.sum(case.site_value * sites.holder, axis=1) + of_holder(
        world.ties.recognition - world.ties.grievance - theory["shelter_cost"] * exile
    )
    agreed = xp.where(noise.terms < logistic(offer), 1.0, 0.0)
    access = xp.where(comes > 0, agreed, sites.access)
    lost = comes * (1.0 - agreed)
    holder = sites.holder * (1.0 - lost[:, None])
    return sites._replace(access=access, holder=holder), lost

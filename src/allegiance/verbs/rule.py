"""rule: what home makes of the ruler's wars.

Claim: success abroad offsets misrule at home, less so as people feel the cost; revolts against a
    fellow autocrat feel like a threat. Embracing yesterday's enemy angers the loyalists; the larger
    an audience the more restrained it is, and most stay loyal. A tyrant's invitation is no consent.
Equation: support relaxes to `S0 + rally e^(-wear pain) tanh(success) - w_pain pain - w_loss
    log(1 + losses / noticed) - w_anger audience (1 - e^(-anger))`, with a little noise; fear
    relaxes to the sum of `kinship_pc * uprising_c` over clients. Anger rises by `embrace *
    e^(-restraint audience)` when a power recognises a regime of those whom it struck for the old
    one, and by as much for a year of open talks with it over a base [S21]. Legitimacy `L` of a
    government [S57]: its men drift away at `evasion (1 - L)`; where foreigners do a part `d` of its
    fighting, `resistance (1 - L) d` of those who back its enemies take up arms a year; harm lowers
    the log-odds of `L` by `erosion` per share of the people killed. Undisputed, `L` stays 1. Those
    around it, or its streets, overthrow a government without a war at `coup_rate (1 - L) / 0.5`:
    another one takes its place, its army and its ties, and its war goes on.
Moves: `powers.support`, `success`, `fear`, `anger`; `theatres.legitimacy`; `regions.force`;
    news `overthrown`.
Left out: elections; plots that fail; what coups owe to pay, defeat, coup-proofing and patrons, and
    what the next ruler does otherwise; how legitimacy is won back; whose bombs did the harm.
Source: rally sizes and their decay follow Mueller (1973) and Baker & Oneal (2001); the logarithm
    of cumulated losses is Mueller's; the price of going back on one's word at home: Tomz (2007);
    compliance as a function of legitimacy: Levi, Sacks & Tyler (2009). How autocracies end:
    Geddes, Wright & Frantz (2014).
Rows: S17 S18 S19 S21 S57.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, fires, fraction, mix, namespace, relax
from allegiance.world.case import YEAR, Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory

DENIED = 0.5
"""Legitimacy that the mean autocracy lacks: of their years about half were spent under hereditary
rulers and parties (two thirds legitimate in the cases), half under officers and strongmen (one
third; shares of regime-years: Geddes, Wright & Frantz 2014)."""


def rule(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of opinion at home."""
    xp = namespace(world.powers.support)
    on = theory.base("rule")

    # What a patron can show: its side stands safe where it went in; what it cannot hide: a fall.
    with_regime = case.contender * case.backs[:, :, 0]
    invested = world.theatres.commitment * with_regime
    safe = 1.0 - measures.theatre_client(case, world.clients.alarm)
    shown = xp.sum(invested * (safe * (1.0 - world.theatres.fallen))[:, None], axis=0)
    blow = last.revealed * xp.sum(with_regime * last.fell[:, None], axis=0)
    success = relax(world.powers.success, shown, on * theory["memory_of_success"], dt)
    success = success - on * theory["blow_of_a_fall"] * blow

    pain = world.powers.income_loss
    wear = theory.on("S19") * theory["diversion_wear"] * pain
    rally = theory.on("S18") * theory["rally"] * xp.exp(-wear) * xp.tanh(success)
    yearly_losses = last.lost / dt
    target = (
        case.resting_support
        + rally
        - theory["pain_weight"] * pain
        - theory["casualty_weight"] * xp.log1p(yearly_losses / theory["noticed_losses"])
        + theory["anger_weight"] * case.audience * xp.expm1(-world.powers.anger)
    )
    support = relax(world.powers.support, target, on * theory["opinion_rate"], dt)
    shock = theory["opinion_noise"] * (dt * YEAR / 7.0) ** 0.5 * noise.home
    support = xp.clip(support + on * shock, 0.0, 1.0)

    revolt = xp.maximum(
        case.given.uprising,
        measures.at_stake(case, xp.sum(measures.held(world, case)[:, 1:], axis=1))
        * world.clients.alarm,
    )
    dread = theory.on("S17") * xp.sum(case.kinship * revolt[None], axis=1)
    fear = relax(world.powers.fear, dread, on * theory["fear_rate"], dt)
    anger = relax(world.powers.anger, 0.0, on * theory["anger_fade"], dt)
    anger = anger + _outrage(world, last, case, theory, dt)
    powers = world.powers._replace(support=support, success=success, fear=fear, anger=anger)
    now = _overthrown(world, now, case, theory, noise, dt)
    return _consent(world._replace(powers=powers), last, case, theory, dt), now


def _outrage(world: World, last: News, case: Case, theory: Theory, dt: float) -> Array:
    """Anger that each power's dealings with yesterday's enemy rouse among its loyalists [p]."""
    xp = namespace(world.powers.anger)
    sites = world.sites
    at_table = sites.holder * xp.where(sites.access == 0.5, 1.0, 0.0)[:, None]
    talks = mix(xp.swapaxes(case.site_client, 0, 1), at_table)
    dealings = measures.theatre_client(case, last.recognised + talks * dt)
    struck = xp.sum(case.pursues * world.theatres.rules[:, None], axis=2)
    enemy = case.backs[:, :, 0] * struck * world.theatres.fallen[:, None]
    restrained = xp.exp(-theory["audience_restraint"] * case.audience)
    return theory.on("S21") * theory["embrace"] * restrained * xp.sum(enemy * dealings, axis=0)


def _overthrown(
    world: World, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> News:
    """Governments that those around them overthrow in this step, without a war [S57]."""
    denied = (1.0 - world.theatres.legitimacy[:, 0]) / DENIED
    standing = (1.0 - world.theatres.fallen) * case.theatre_on
    hazard = theory.on("S57") * theory["coup_rate"] * denied * standing
    return now._replace(overthrown=fires(hazard, noise.coup[:, 0], dt))


def _consent(world: World, last: News, case: Case, theory: Theory, dt: float) -> World:
    """Who obeys, and who takes up arms, where a government's right to invite is disputed."""
    xp = namespace(world.regions.force)
    on = theory.on("S57")
    legitimacy = world.theatres.legitimacy
    trusted = legitimacy[:, 0]
    denied = 1.0 - trusted

    force = world.regions.force
    stay = xp.exp(-on * theory["evasion"] * denied * dt)
    obey = force[:, :1] * measures.by_region(case, stay)[:, None]
    foreign = measures.theatre_client(case, world.clients.dependence)
    roused = on * theory["resistance"] * denied * foreign * dt
    rising = case.mobilised * case.hostile[:, 0] * case.side_on * roused[:, None]
    join = measures.by_region(case, rising) * case.backing * case.population[:, None]
    force = xp.concat([obey, (force + join)[:, 1:]], axis=1)

    killed = measures.by_theatre(case, last.killed) / 1000.0
    shock = on * theory["erosion"] * fraction(killed, measures.by_theatre(case, case.population))
    left = xp.exp(-shock)
    # A step down in log-odds, written as a loss so that none leaves every bit as it was.
    lost = fraction(trusted * denied * (1.0 - left), trusted * left + denied)
    legitimacy = xp.concat([(trusted - lost)[:, None], legitimacy[:, 1:]], axis=1)
    return world._replace(
        theatres=world.theatres._replace(legitimacy=legitimacy),
        regions=world.regions._replace(force=force),
    )

"""bargain: recognition, bases and the terms of return, debts, summits, shields and mediation.

Claim: the client hosts its patron's port and air base; after a fall they are held, renegotiated or
    lost; who recognises a new regime first gains what the next is denied; yesterday's target
    re-engages on terms. The street forces the new ruler to ask for the base and to dispute debts;
    the exile's extradition enters the bargain and is hardly ever granted. A patron blocks sanctions
    at the Security Council; its own negotiation tracks are a card in other games; who comes to its
    summits shows its clout; unheld land keeps investors away.
Equation: each power recognises a new regime at hazard `r0 exp(-hostility)`; influence gained is
    `(1 - crowding)` to the power of those who came before [S49]. A power whose strikes the new
    regime remembers recognises too, at a hazard cut by the grievance, and on terms: part of the
    grievance is settled [S53]. A base question comes up at a rate after a fall, or when alignment
    to the holder drops, and after a fall at `backlash * anger` more, `anger = tanh(grievance)`, by
    which debts to the power fade as well, `d log debt/dt = -repudiation * anger` [S54]; Nash
    bargaining: it is settled open with probability `F(value to the holder + its influence -
    grievance - shelter given to the exile [S56])`, else closed. A deal after a fall is a concession
    to the street: it settles the share `concession` of the anger [S54]. The exile is handed over at
    the rate `extradition` [S56].
    Sanctions of the Council relax to what is tabled times `1 - veto_shield (1 - exp(-veto_ease *
    sum of pledges of members with a veto))` [S37]. Leverage relaxes to the power's own negotiation
    tracks [S38]; `press` reads it. A client comes to a summit with log-odds `z = rest + tie *
    alignment + clout * min(believed - real strength at the start, 0)`; the summit is put off where
    the mean of z falls short of a quorum [S50]. Investment relaxes to `exp(-insecurity * land that
    the ruler does not hold)` [S55].
Moves: `ties.recognition`, `grievance`, `debt`; `sites.access`, `holder`; `theatres.exile`;
    `clients.sanctions`, `investment`; `powers.leverage`; news `recognised`, `base_lost`,
    `extradited`, `attended`, `put_off`.
Left out: what investment does to the economy; what summits decide; rewards for a handed-over exile.
Source: Nash (1950) for the surplus split; basing deals and their fate after a fall: Cooley (2008);
    exiles: Escribà-Folch & Krcmaric (2017); see the parameter table.
Rows: S34 S37 S38 S49 S50 S53 S54 S55 S56.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import TINY, Array, fires, logistic, mix, namespace, relax
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, Theatres, Ties, World
from allegiance.world.theory import Theory


def bargain(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of deals."""
    del last
    ties, recognised = _recognise(world, case, theory, noise, dt)
    world = world._replace(ties=_disputed(ties, world, case, theory, dt))
    sites, lost, ties = _bases(world, case, theory, noise, dt)
    theatres, extradited = _exiles(world, case, theory, noise, dt)
    attended, put_off = _summits(world, case, theory, noise)
    clients = world.clients._replace(
        sanctions=_council(world, case, theory, dt),
        investment=_investment(world, case, theory, dt),
    )
    rate = theory.on("S38") * theory["leverage_rate"]
    leverage = relax(world.powers.leverage, case.given.mediation, rate, dt)
    powers = world.powers._replace(leverage=leverage)
    now = now._replace(
        recognised=recognised,
        base_lost=lost,
        extradited=extradited,
        attended=attended,
        put_off=put_off,
    )
    world = world._replace(
        sites=sites, theatres=theatres, ties=ties, clients=clients, powers=powers
    )
    return world, now


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
    left = xp.log(xp.maximum(1.0 - theory.on("S49") * theory["crowding"], TINY))
    gained = comes * xp.exp(rank * left)
    by_client = measures.at_stake(case, comes)
    influence = measures.at_stake(case, gained)
    settled = 1.0 - theory.on("S53") * theory["settlement"] * by_client
    return (
        ties._replace(recognition=ties.recognition + influence, grievance=ties.grievance * settled),
        by_client,
    )


def _disputed(ties: Ties, world: World, case: Case, theory: Theory, dt: float) -> Ties:
    """Debts to powers at which the street is angry fade after a fall."""
    xp = namespace(ties.debt)
    fallen = measures.at_stake(case, world.theatres.fallen)[:, None]
    anger = theory.on("S54") * fallen * xp.tanh(ties.grievance)
    return ties._replace(debt=relax(ties.debt, 0.0, theory["repudiation"] * anger, dt))


def _bases(world: World, case: Case, theory: Theory, noise: Draws, dt: float):
    xp = namespace(world.sites.access)
    on = theory.on("S34")
    sites = world.sites

    def of_holder(tie: Array) -> Array:
        """A tie [c, p] between each site's host and the power that holds the site [b]."""
        return xp.sum(mix(case.site_client, tie) * sites.holder, axis=1)

    open_or_asked = xp.where(sites.access > 0.0, 1.0, 0.0)
    leaning = of_holder(world.ties.alignment[:, :-1])
    grievance = of_holder(world.ties.grievance)
    asked = xp.where(sites.access == 0.5, 1.0, 0.0)
    estranged = xp.where(leaning < theory["estranged"], 1.0, 0.0)
    fallen = measures.at_stake(case, world.theatres.fallen)
    free = xp.sum(case.site_client * fallen[None], axis=1)
    hazard = theory["base_rate"] * xp.maximum(asked, estranged)
    hazard = hazard + theory.on("S54") * theory["backlash"] * free * xp.tanh(grievance)
    comes = fires(on * hazard * open_or_asked * case.site_on, noise.base, dt)

    exile = measures.at_stake(case, world.theatres.exile)
    offer = (
        theory["base_value"] * xp.sum(case.site_value * sites.holder, axis=1)
        + of_holder(world.ties.recognition - theory.on("S56") * theory["shelter_cost"] * exile)
        - grievance
    )
    agreed = xp.where(noise.terms < logistic(offer), 1.0, 0.0)
    access = xp.where(comes > 0, agreed, sites.access)
    lost = comes * (1.0 - agreed)
    holder = sites.holder * (1.0 - lost[:, None])
    # What the street won it no longer asks for: else no deal would outlive the year.
    deals = (comes * agreed * free)[:, None] * sites.holder
    conceded = xp.clip(xp.sum(case.site_client[:, :, None] * deals[:, None], axis=0), 0.0, 1.0)
    calmed = 1.0 - theory.on("S54") * theory["concession"] * conceded
    ties = world.ties._replace(grievance=world.ties.grievance * calmed)
    return sites._replace(access=access, holder=holder), lost, ties


def _exiles(
    world: World, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[Theatres, Array]:
    """Fallen rulers who are handed over to the new regime [k, p]."""
    del case
    exile = world.theatres.exile
    # The draw has served in the week of the fall only, when it chose the host.
    granted = exile * fires(theory.on("S56") * theory["extradition"], noise.asylum, dt)
    return world.theatres._replace(exile=exile - granted), granted


def _council(world: World, case: Case, theory: Theory, dt: float) -> Array:
    """Sanctions of the Security Council on each client, share of income [c]."""
    xp = namespace(world.clients.sanctions)
    backing = xp.sum(world.ties.pledge * case.veto[None], axis=1)
    blocked = theory["veto_shield"] * (1.0 - xp.exp(-theory["veto_ease"] * backing))
    passed = case.given.resolution * (1.0 - theory.on("S37") * blocked)
    rate = theory.base("bargain") * theory["council_rate"]
    return relax(world.clients.sanctions, passed, rate, dt)


def _investment(world: World, case: Case, theory: Theory, dt: float) -> Array:
    """Foreign investment against the start [c]; nothing moves it where no war is simulated."""
    xp = namespace(world.clients.investment)
    ruled = xp.sum(world.theatres.rules * measures.area_held(world, case), axis=1)
    unheld = measures.at_stake(case, case.theatre_on * (1.0 - ruled))
    secure = xp.exp(-theory["insecurity"] * xp.clip(unheld, 0.0, 1.0))
    rate = theory.on("S55") * theory["investment_rate"]
    return relax(world.clients.investment, secure, rate, dt)


def _summits(world: World, case: Case, theory: Theory, noise: Draws) -> tuple[Array, Array]:
    """Who comes to a summit of each power [c, p], and which are put off [p]."""
    xp = namespace(world.ties.alignment)
    clients = case.client_on.shape[0]
    weak = xp.minimum(world.beliefs.mean[:clients] - case.strength_start[None], 0.0)
    odds = (
        theory["summit_rest"]
        + theory["summit_tie"] * world.ties.alignment[:, :-1]
        + theory["summit_clout"] * weak
    )
    called = theory.on("S50") * xp.where(case.given.summit > 0.0, 1.0, 0.0)
    invited = case.client_on[:, None]
    mean = xp.sum(odds * invited, axis=0) / xp.maximum(xp.sum(invited, axis=0), 1.0)
    put_off = called * xp.where(mean < theory["summit_quorum"], 1.0, 0.0)
    # A client comes where its log-odds exceed those of its draw.
    draw = xp.log(xp.maximum(noise.summit, 1e-7)) - xp.log(xp.maximum(1.0 - noise.summit, 1e-7))
    willing = xp.where(odds > draw[:, None], 1.0, 0.0) * invited
    return willing * (called - put_off)[None], put_off

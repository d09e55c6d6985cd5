"""earn: what powers and clients have to spend.

Claim: sanctions push a power's trade to partners who name the price, and a client pays in rents.
Equation: terms of trade `T_p = 1 - tau (1 - substitution) S_p` with `S_p` the trade-weighted
    sanctions on p; income lost is `openness_p (1 - T_p)` of GDP; the treasury saves what is left
    of a normal year's surplus, plus rents from clients that still stand [S35], up to a ceiling.
    A client's revenue follows the people it holds, its worn economy, outside shocks and embargoes;
    an army's pay is revenue and aid per head against the start.
Moves: `powers.treasury`, `powers.income_loss`, `clients.treasury`, `clients.capital`,
    `theatres.pay`.
Left out: money supply, inflation, and the price that each single partner extracts [S47].
Source: the terms-of-trade loss is held against published discounts on a sanctioned exporter's oil;
    see the parameter table.
Rows: S46.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, fraction, namespace, relax
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def earn(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """Income of one step."""
    del noise
    powers = _powers(world, case, theory, dt)
    clients, pay = _clients(world, last, case, theory, dt)
    theatres = world.theatres._replace(pay=pay)
    return world._replace(powers=powers, clients=clients, theatres=theatres), now


def sanctions_loss(sanctions: Array, case: Case, theory: Theory) -> Array:
    """Share of GDP that each power loses to `sanctions` [p, q] by others [q]."""
    xp = namespace(sanctions)
    weighted = xp.sum(case.trade * xp.swapaxes(sanctions, 0, 1), axis=1)
    terms = theory["terms_of_trade"] * (1.0 - theory["substitution"]) * weighted
    return theory.on("S46") * case.openness * terms


def _powers(world: World, case: Case, theory: Theory, dt: float):
    xp = namespace(world.powers.treasury)
    loss = sanctions_loss(world.rivalries.sanctions, case, theory)
    standing = xp.clip(1.0 - measures.at_stake(case, world.theatres.fallen), 0.0, 1.0)
    rents = xp.sum(case.rents * standing[:, None], axis=0)
    room = 1.0 - world.powers.treasury / xp.maximum(case.peak_treasury, 1e-6)
    saving = case.surplus * xp.clip(room, 0.0, 1.0) - theory["budget_share"] * loss * case.gdp
    income = saving + rents
    treasury = xp.maximum(world.powers.treasury + theory.base("earn") * income * dt, 0.0)
    return world.powers._replace(treasury=treasury, income_loss=loss)


def _clients(world: World, last: News, case: Case, theory: Theory, dt: float):
    xp = namespace(world.clients.capital)
    on = theory.base("earn")
    wear = theory["war_damage"] * measures.at_stake(
        case, fraction(xp.sum(last.losses, axis=1), case.upkeep_start) / dt
    )
    capital = relax(world.clients.capital, 1.0, on * theory["recovery"], dt)
    capital = capital * xp.exp(-on * wear * dt)

    fought = measures.has_theatre(case)
    mine = measures.at_stake(case, measures.held(world, case)[:, 0])
    tax_base = xp.where(fought > 0, mine, 1.0) * capital * case.given.economy
    revenue = case.revenue * case.client_gdp * tax_base * (1.0 - case.given.embargo)
    spending = case.revenue * case.client_gdp
    treasury = relax(world.clients.treasury, revenue, on * theory["spending_rate"], dt)

    army = measures.side_force(world, case)[:, 0]
    per_head = measures.theatre_client(case, fraction(revenue, spending))
    heads = xp.maximum(army / xp.maximum(case.upkeep_start, 1e-6), 0.05)
    target = xp.clip(per_head / heads, 0.02, 2.0)
    incumbent = relax(world.theatres.pay[:, 0], target, on * theory["spending_rate"], dt)
    pay = xp.concat([incumbent[:, None], world.theatres.pay[:, 1:]], axis=1)
    return world.clients._replace(treasury=treasury, capital=capital), pay

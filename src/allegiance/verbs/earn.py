"""earn: what powers and clients have to spend.

Claim: sanctions push a power's trade to partners who name the price; a client pays its patron in
    rents; a war won advertises weapons.
Equation: terms of trade `T_p = 1 - tau (1 - substitution) S_p` with `S_p` the trade-weighted
    sanctions on p; income lost is `openness_p (1 - T_p)` of GDP [S46]. The trade that found other
    partners pays each of them `inversion * need_pq / (need_pq + need_qp)` of its value: p needs
    them as far as it is isolated, `need_pq = S_p`; they need it as far as they are isolated
    themselves, trade with it anyway and want new business, `need_qp = S_q + trade_qp +
    ordinary_need` [S47]. Contracts pay `rents * people held * min(1, alignment /
    contract_alignment)` while the regime stands [S35]. Arms exports, against the start, relax to
    `exp(showcase tanh(success))`; what they bring beyond the start is income too [S36]. The
    treasury saves what is left of a normal year's surplus, up to a ceiling.
    A client's revenue follows the people it holds, its worn economy, outside shocks, embargoes and
    sanctions of the Security Council; an army's pay is revenue and aid per head against the start.
Moves: `powers.treasury`, `powers.income_loss`, `powers.exports`, `rivalries.price`,
    `clients.treasury`, `clients.capital`, `theatres.pay`.
Left out: money supply, inflation; prices that clients, not powers, extract; contracts with the
    regime that follows a fall.
Source: the terms-of-trade loss is held against published discounts on a sanctioned exporter's oil,
    the price of diverted trade against mark-ups on goods under export control (Korhonen & Simola
    2025); relative need as bargaining power after Hirschman (1945). See the parameter table.
Rows: S35 S36 S46 S47.
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
    powers, price = _powers(world, case, theory, dt)
    clients, pay = _clients(world, last, case, theory, dt)
    theatres = world.theatres._replace(pay=pay)
    rivalries = world.rivalries._replace(price=price)
    world = world._replace(powers=powers, clients=clients, theatres=theatres, rivalries=rivalries)
    return world, now


def isolation(sanctions: Array, case: Case) -> Array:
    """Share of each power's trade that falls under `sanctions` [p, q] by others [q]."""
    xp = namespace(sanctions)
    return xp.sum(case.trade * xp.swapaxes(sanctions, 0, 1), axis=1)


def sanctions_loss(sanctions: Array, case: Case, theory: Theory) -> Array:
    """Share of GDP that each power loses to `sanctions` [p, q] by others [q]."""
    terms = theory["terms_of_trade"] * (1.0 - theory["substitution"]) * isolation(sanctions, case)
    return theory.on("S46") * case.openness * terms


def prices(sanctions: Array, case: Case, theory: Theory) -> Array:
    """Share of the value of diverted trade that partner q extracts from p [p, q]."""
    xp = namespace(sanctions)
    need = isolation(sanctions, case)
    ordinary = xp.swapaxes(case.trade, 0, 1) + theory["ordinary_need"]
    power = fraction(need[:, None], need[:, None] + need[None] + ordinary)
    partner = xp.where(case.trade > 0.0, 1.0, 0.0) * (1.0 - xp.swapaxes(sanctions, 0, 1))
    return theory.on("S47") * theory["inversion"] * power * partner


def _powers(world: World, case: Case, theory: Theory, dt: float):
    xp = namespace(world.powers.treasury)
    on, powers, sanctions = theory.base("earn"), world.powers, world.rivalries.sanctions
    price = prices(sanctions, case, theory)
    open_trade = case.trade * (1.0 - xp.swapaxes(sanctions, 0, 1))
    partners = fraction(open_trade, xp.sum(open_trade, axis=1, keepdims=True))
    diverted = theory["substitution"] * isolation(sanctions, case) * case.openness
    paid = diverted[:, None] * partners * price
    loss = sanctions_loss(sanctions, case, theory) + xp.sum(paid, axis=1)

    shown = xp.exp(theory["showcase"] * xp.tanh(powers.success))
    exports = relax(powers.exports, shown, theory.on("S36") * theory["arms_rate"], dt)
    extra = xp.sum(paid * case.gdp[:, None], axis=0) + case.arms_exports * (exports - 1.0)

    room = 1.0 - powers.treasury / xp.maximum(case.peak_treasury, 1e-6)
    saving = case.surplus * xp.clip(room, 0.0, 1.0)
    income = saving + theory["budget_share"] * (extra - loss * case.gdp)
    income = income + theory.on("S35") * _rents(world, case, theory)
    treasury = xp.maximum(powers.treasury + on * income * dt, 0.0)
    return powers._replace(treasury=treasury, income_loss=loss, exports=exports), price


def _rents(world: World, case: Case, theory: Theory) -> Array:
    """What contracts with clients pay each power, bn USD a year [p]."""
    xp = namespace(world.ties.alignment)
    standing = xp.clip(1.0 - measures.at_stake(case, world.theatres.fallen), 0.0, 1.0)
    held = standing * _held(world, case)
    leaning = xp.minimum(world.ties.alignment[:, :-1] / theory["contract_alignment"], 1.0)
    return xp.sum(case.rents * held[:, None] * leaning, axis=0)


def _held(world: World, case: Case) -> Array:
    """Share of its people that each client's government holds; 1 where no war is simulated [c]."""
    mine = measures.at_stake(case, measures.held(world, case)[:, 0])
    return 1.0 - case.at_war * (1.0 - mine)


def _clients(world: World, last: News, case: Case, theory: Theory, dt: float):
    xp = namespace(world.clients.capital)
    on = theory.base("earn")
    wear = (
        theory["war_damage"]
        * case.at_war
        * measures.at_stake(case, fraction(xp.sum(last.losses, axis=1), case.upkeep_start) / dt)
    )
    capital = relax(world.clients.capital, 1.0, on * theory["recovery"], dt)
    capital = capital * xp.exp(-on * wear * dt)

    tax_base = _held(world, case) * capital * case.given.economy
    under_sanctions = (1.0 - case.given.embargo) * (1.0 - world.clients.sanctions)
    revenue = case.revenue * case.client_gdp * tax_base * under_sanctions
    spending = case.revenue * case.client_gdp
    treasury = relax(world.clients.treasury, revenue, on * theory["spending_rate"], dt)

    army = measures.side_force(world, case)[:, 0]
    per_head = measures.theatre_client(case, fraction(revenue, spending))
    heads = xp.maximum(army / xp.maximum(case.upkeep_start, 1e-6), 0.05)
    target = xp.clip(per_head / heads, 0.02, 2.0)
    incumbent = relax(world.theatres.pay[:, 0], target, on * theory["spending_rate"], dt)
    pay = xp.concat([incumbent[:, None], world.theatres.pay[:, 1:]], axis=1)
    return world.clients._replace(treasury=treasury, capital=capital), pay

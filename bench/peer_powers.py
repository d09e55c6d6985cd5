"""Powers of the peers: means, home, choices, help, bombs and sanctions."""

from __future__ import annotations

from math import exp, expm1, log, log1p, sqrt, tanh

from bench.peer_clients import TINY, Watcher, clip, fraction

from allegiance.world.case import YEAR

LEVEL = (0.0, 1.0, 0.5, 0.0)


class Power(Watcher):
    """A patron: means, home, commitment to the war, sanctions on its rivals."""

    def setup(self, at: int) -> None:
        case, start = self.model.inputs.case, self.model.inputs.start
        self.watch(len(case.client_on) + at)
        self.at = at
        for name in ("gdp", "surplus", "peak_treasury", "peak_force", "air_capacity", "facade"):
            setattr(self, name, getattr(case, name)[at])
        for name in ("strength_zero", "strength_start", "resting_support", "audience", "motive"):
            setattr(self, name, getattr(case, name)[at])
        for name in ("openness", "trade", "rival", "kinship", "sanctions_pinned"):
            setattr(self, name, getattr(case, name)[at])
        for name in ("backs", "contender", "pinned", "stake", "named_enemy", "pursues", "distance"):
            setattr(self, name, getattr(case, name)[0][at])
        for name in ("treasury", "force", "support", "anger", "impunity", "fear", "success"):
            setattr(self, name, getattr(start.powers, name)[at])
        self.exports, self.arms_exports = start.powers.exports[at], case.arms_exports[at]
        for name in ("commitment", "deployed", "air", "exile"):
            setattr(self, name, getattr(start.theatres, name)[0][at])
        self.sanctions = list(start.rivalries.sanctions[at])
        self.income_loss = self.lost = self.was_lost = 0.0
        self.revealed = self.was_revealed = 0.0
        self.entered = self.left = 0.0

    def earn(self) -> None:
        m, th = self.model, self.model.th
        terms = th.terms_of_trade * (1.0 - th.substitution) * self.isolation()
        loss = self.openness * terms + sum(self.pays(q) for q in m.powers)
        self.income_loss = loss
        shown = exp(th.showcase * tanh(self.success))
        self.exports = shown + (self.exports - shown) * m.keep.arms_rate
        extra = sum(q.pays(self) * q.gdp for q in m.powers)
        extra += self.arms_exports * (self.exports - 1.0)
        rents = 0.0
        for c in m.clients:
            if c.rents[self.at]:
                held = m.war.sides[0].held * (1.0 - m.war.fallen) if c.at_stake else 1.0
                leaning = min(c.alignment[self.at] / th.contract_alignment, 1.0)
                rents += c.rents[self.at] * held * leaning
        room = clip(1.0 - self.treasury / max(self.peak_treasury, TINY), 0.0, 1.0)
        saving = self.surplus * room + th.budget_share * (extra - loss * self.gdp)
        self.treasury = max(self.treasury + (saving + rents) * m.dt, 0.0)

    def isolation(self) -> float:
        return sum(self.trade[q.at] * q.sanctions[self.at] for q in self.model.powers)

    def pays(self, partner: Power) -> float:
        """Share of GDP that a partner extracts for the trade diverted to it."""
        need, traded = self.isolation(), self.trade[partner.at]
        if need <= 0.0 or traded <= 0.0:
            return 0.0
        th, powers = self.model.th, self.model.powers
        open_trade = sum(self.trade[q.at] * (1.0 - q.sanctions[self.at]) for q in powers)
        willing = 1.0 - partner.sanctions[self.at]
        theirs = partner.isolation() + partner.trade[self.at] + th.ordinary_need
        price = th.inversion * fraction(need, need + theirs) * willing
        share = fraction(traded * willing, open_trade)
        return th.substitution * need * self.openness * share * price

    def rule(self) -> None:
        m, th, keep, war = self.model, self.model.th, self.model.keep, self.model.war
        with_regime = self.contender * self.backs[0]
        safe = (1.0 - war.client.alarm) * (1.0 - war.fallen)
        shown = self.commitment * with_regime * safe
        self.success = shown + (self.success - shown) * keep.memory_of_success
        self.success -= th.blow_of_a_fall * self.was_revealed * with_regime * war.fell_last
        pain = self.income_loss
        target = (
            self.resting_support
            + th.rally * exp(-th.diversion_wear * pain) * tanh(self.success)
            - th.pain_weight * pain
            - th.casualty_weight * log1p(self.was_lost / m.dt / th.noticed_losses)
            + th.anger_weight * self.audience * expm1(-self.anger)
        )
        support = target + (self.support - target) * keep.opinion_rate
        shock = th.opinion_noise * sqrt(m.dt * YEAR / 7.0) * m.noise.home[self.at]
        self.support = clip(support + shock, 0.0, 1.0)
        dread = 0.0
        for client in m.clients:
            revolt = m.given.uprising[client.at]
            if client.at_stake:
                revolt = max(revolt, sum(s.held for s in war.sides[1:]) * client.alarm)
            dread += self.kinship[client.at] * revolt
        self.fear = dread + (self.fear - dread) * keep.fear_rate
        self.anger *= keep.anger_fade

    def measure(self) -> float:
        """Real strength: log spare force relative to the mean of the case at the start."""
        self.burden = self.model.given.burden_force[0][self.at]
        spare = max(self.force - self.burden, 0.02 * self.force)
        return log(max(spare * exp(-self.strength_zero), TINY))

    def claim(self) -> None:
        self.real = self.measure()
        self.claimed = self.real + self.facade

    def decide(self) -> None:
        m, th, war = self.model, self.model.th, self.model.war
        before = self.commitment
        choice = m.given.choice[0][self.at]
        if choice < 0.0 and self.contender and not self.pinned:
            rate = th.decision_rate * (1.0 + th.crisis_attention * war.client.alarm)
            if m.noise.opportunity[self.at] < -expm1(-rate * m.dt):
                choice = self.choose()
        level = before if choice < 0.0 else LEVEL[int(choice)]
        if m.given.blocked[0][self.at] > 0.0:
            level = 0.0
        self.entered = 1.0 if before == 0.0 and level > 0.0 else 0.0
        self.left = 1.0 if before > 0.0 and level == 0.0 else 0.0
        self.commitment = level

    def choose(self) -> int:
        m, th, war = self.model, self.model.th, self.model.war
        stretch = fraction(self.burden, self.force)
        rivals = sum(self.rival)
        restraint = sum(r * m.given.restraint[0][q] for q, r in enumerate(self.rival))
        opening = fraction(restraint, rivals) if rivals > 0.0 else 1.0
        home = th.home_brake * (self.resting_support - self.support)
        cost = th.entry_cost + th.stretch_cost * stretch
        cost += th.rival_deterrence * (1.0 - opening) + home
        danger, standing = war.client.alarm, 1.0 - war.fallen
        enemy = sum(e * s.area for e, s in zip(self.named_enemy, war.sides, strict=False))
        found = (
            danger * standing,
            (0.25 + 0.75 * danger) * standing,
            opening,
            tanh(self.fear),
            clip(2.0 * enemy, 0.0, 1.0),
        )
        gain = sum(w * s * f for w, s, f in zip(self.motive, self.stake, found, strict=True))
        nerve = th.emboldenment * self.impunity
        options = [0.0, gain + nerve - cost]
        if self.commitment > 0.0:
            options.append(0.6 * (gain + nerve) - 0.5 * cost)
            options.append(th.trade_gain * stretch - 0.5 * gain)
        weights = [exp(th.choice_sharpness * (u - max(options))) for u in options]
        left = m.noise.choice[self.at] * sum(weights)
        for index, weight in enumerate(weights):
            left -= weight
            if left <= 0.0:
                return index
        return len(weights) - 1

    def send_help(self) -> None:
        """`allocate`: finite means meet promises."""
        m, th, war = self.model, self.model.th, self.model.war
        given, p = m.given, self.at
        bases = sum(b.reach * b.access for b in m.bases if b.holder is self)
        bring = self.distance + (1.0 - self.distance) * clip(bases, 0.0, 1.0)
        offered, flown = given.ground[0][p], given.air[0][p]
        wish = self.commitment * war.need
        ground, air = wish * offered, wish * flown
        guard = sum(
            c.pledge[p] * given.danger[c.at] * c.need[p] for c in m.clients if not c.at_stake
        )
        supply = max(self.force - self.burden, 0.0)
        wanted = ground + guard
        pressure = fraction(self.commitment * offered + guard + self.burden, self.force)
        strain = pressure**-th.overstretch if pressure > 1.0 else 1.0
        men = min(fraction(supply, wanted) if wanted > supply else 1.0, strain)
        bound = given.burden_air[0][p]
        air_supply = max(self.air_capacity - bound, 0.0)
        pressure = fraction(self.commitment * flown + bound, self.air_capacity)
        strain = pressure**-th.overstretch if pressure > 1.0 else 1.0
        planes = min(fraction(air_supply, air) if air > air_supply else 1.0, strain)

        price = th.cost_of_force * wanted * men + th.cost_of_sorties * air * planes
        spent = given.burden_money[0][p]
        purse = fraction(self.treasury, 0.5 * (price + spent)) if price > 0.0 else 1.0
        men, planes = men * clip(purse, 0.0, 1.0), planes * clip(purse, 0.0, 1.0)
        keep = m.keep.deployment_rate
        if given.choice[0][p] >= 0.0:
            keep = keep ** given.choice_share[0][p]
        goal, effort = ground * men * bring, air * planes * bring
        self.deployed = min(goal + (self.deployed - goal) * keep, supply)
        self.air = min(effort + (self.air - effort) * keep, air_supply)
        cost = th.cost_of_force * self.deployed + th.cost_of_sorties * self.air + spent
        self.treasury = max(self.treasury - cost * m.dt, 0.0)

        worth = th.men_per_sortie
        arrived = fraction(self.deployed + worth * self.air, (offered + worth * flown) * war.need)
        at_home = max(supply - self.deployed, 0.0)
        spare = fraction(at_home, guard) if guard > at_home else 1.0
        for c in m.clients:
            c.asked[p] = c.pledge[p] * (c.alarm if c.at_stake else given.danger[c.at])
            c.delivered[p] = c.asked[p] * (
                clip(arrived, 0.0, 1.0) if c.at_stake else min(men, spare)
            )

    def bomb(self) -> list[float]:
        """`strike`: air effort by side, then on civilians."""
        th, sides = self.model.th, self.model.war.sides
        survival, reach, status, fear, stated = self.motive
        protective, announced = survival + reach + 0.5 * status, stated + 0.5 * status
        named = [e * s.held for e, s in zip(self.named_enemy, sides, strict=False)]
        all_named, all_press = sum(named), sum(s.press for s in sides)
        worth, hostile_people = [], 0.0
        for side, pursued, at_them in zip(sides, self.pursues, named, strict=False):
            if pursued and side.held > 0.0:
                hostile_people += side.held
                near = fraction(side.press, all_press) * (1.0 + th.moderates_first * side.moderate)
                stated_aim = fraction(at_them, all_named)
                worth.append((protective + fear) * near + announced * stated_aim)
            else:
                worth.append(0.0)
        crowd = fraction(hostile_people, hostile_people + th.crowd_half)
        worth.append(crowd * (fear + th.bystanders * protective))
        worth = [max(value, 1e-6) for value in worth]
        whole = sum(worth)
        return [self.air * value / whole for value in worth]

    def extradite(self) -> None:
        """`bargain`: the fallen ruler is handed over, which hardly ever happens."""
        m = self.model
        if self.exile and m.noise.asylum[self.at] < -expm1(-m.th.extradition * m.dt):
            self.exile = 0.0

    def press(self) -> None:
        """`press`: sanctions on rivals abroad; impunity."""
        m, th, given = self.model, self.model.th, self.model.given
        restraint = given.restraint[0][self.at]
        for q in m.powers:
            level = self.sanctions[q.at]
            if self.sanctions_pinned[q.at]:
                self.sanctions[q.at] = given.sanctions[self.at][q.at]
                continue
            hazard = th.sanction_rate * self.rival[q.at] * q.commitment * (1.0 - restraint)
            if hazard > 0.0 and m.noise.sanction[self.at][q.at] < -expm1(-hazard * m.dt):
                level = max(level, th.sanction_level)
            if level > 0.0:
                self.sanctions[q.at] = level * exp(-th.relief_rate * (1.0 - q.commitment) * m.dt)

    def remember(self) -> None:
        """Impunity, once all sanctions are out."""
        m, th = self.model, self.model.th
        answered = sum(self.trade[q.at] * q.sanctions[self.at] for q in m.powers)
        answered = clip(answered, 0.0, 1.0)
        fade = th.impunity_fade + th.punishment_bite * answered
        self.impunity = self.impunity * exp(-fade * m.dt) + self.entered * (1.0 - answered)

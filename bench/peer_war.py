"""The war of the peers: sides, their odds and the daily battle."""

from __future__ import annotations

from math import exp, expm1, log, sqrt
from typing import TYPE_CHECKING

from bench.peer_clients import TINY, clip, fraction, logistic
from bench.peer_ground import Region

if TYPE_CHECKING:
    from bench.peer_clients import Client
    from bench.peer_week import Week


class Side:
    """An army and those who back it; the incumbent government is number 0."""

    model: Week

    def setup(self, at: int) -> None:
        case, start = self.model.inputs.case, self.model.inputs.start
        self.at = at
        for name in ("hostile", "challenger", "heir", "moderate", "own_air", "mobilised"):
            setattr(self, name, getattr(case, name)[0][at])
        for name in ("quality", "reserve", "discipline", "launches_pinned"):
            setattr(self, name, getattr(case, name)[0][at])
        for name in ("cohesion", "mood", "fortune", "ground", "defeat", "pay", "posture"):
            setattr(self, name, getattr(start.theatres, name)[0][at])
        for name in ("campaign", "spent"):
            setattr(self, name, getattr(start.theatres, name)[0][at])
        self.force = self.held = self.area = 0.0
        self.helped = self.flown = self.felt = self.press = 0.0
        self.lost = self.lost_last = 0.0

    def spirits(self, odds: float) -> None:
        """`allocate`: posture follows the odds; luck and mood wander and come back."""
        m, th, keep = self.model, self.model.th, self.model.keep
        eager = logistic(th.posture_slope * (odds - th.posture_odds))
        self.posture = eager + (self.posture - eager) * keep.posture_rate
        shock = th.mood_spread * sqrt(1.0 - keep.mood * keep.mood)
        self.mood = keep.mood * self.mood + shock * m.noise.mood[self.at]
        shock = th.fortune_spread * sqrt(1.0 - keep.fortune * keep.fortune)
        self.fortune = keep.fortune * self.fortune + shock * m.noise.fortune[self.at]

    def march(self) -> None:
        """`allocate`: towards what the side wants, and as many as land and sponsors can bear."""
        m, th, keep, war = self.model, self.model.th, self.model.keep, self.model.war
        s, total = self.at, self.force
        posture = clip(self.posture + self.campaign, 0.0, 1.0)
        hidden = th.underground if s else 0.0
        backers = everybody = 0.0
        draws = []
        for region in war.regions:
            control = region.control[s]
            bordered = sum(weight * other.control[s] for other, weight in region.neighbours)
            within_reach = control + th.raid * posture * bordered
            at_hand = max(within_reach, 1e-3) ** th.concentration
            draws.append(region.priority[s] * at_hand * (1.0 + th.front_weight * (1.0 - control)))
            backing = region.population * region.backing[s]
            everybody += backing
            backers += backing * (control + hidden * (1.0 - control))
        left = exp(-fraction(self.spent, self.reserve * self.mobilised * everybody))
        goal = self.mobilised * backers * left + sum(p[s] for p in m.given.sponsor[0])
        if s == 0:
            purse = min(self.pay / th.pay_to_recruit, 1.0)
            goal *= (1.0 - th.moral_hazard * war.client.dependence) * purse * (1.0 - war.fallen)
        whole = sum(draws)
        for region, draw in zip(war.regions, draws, strict=True):
            wanted = fraction(draw, whole) * total
            force = wanted + (region.force[s] - wanted) * keep.march_rate
            here = fraction(force, total) * goal
            region.force[s] = max(here + (force - here) * keep.recruiting_rate, 0.0)


class War:
    """A theatre: the sides' odds, the daily battle and the fall."""

    model: Week

    def setup(self, at: int) -> None:
        counts, case = self.model.inputs.counts, self.model.inputs.case
        self.at = at
        self.sides = self.model.several(Side, counts["sides"])
        self.regions = self.model.several(Region, counts["regions"])
        for region in self.regions:
            weights = case.adjacent[region.at][: len(self.regions)]
            region.neighbours = [
                (o, w) for o, w in zip(self.regions, weights, strict=True) if w > 0.0
            ]
        self.upkeep = case.upkeep_start[0]
        self.fallen = self.fell = self.fell_last = 0.0
        self.need = 0.0
        self.heat: list[list[float]] = []
        self.client: Client

    def count(self) -> None:
        for side in self.sides:
            side.force = sum(region.force[side.at] for region in self.regions)

    def survey(self) -> None:
        """Who holds which share of the people, and of the land."""
        for side in self.sides:
            s = side.at
            side.held = sum(r.people * r.control[s] for r in self.regions)
            side.area = sum(r.area * r.control[s] for r in self.regions)

    def reckon_help(self) -> None:
        """Foreign force and air effort for each side; two patrons get in each other's way."""
        th = self.model.th
        for side in self.sides:
            sent = [p.deployed * p.backs[side.at] for p in self.model.powers]
            total = sum(sent)
            overlap = 2.0 * (1.0 - sum(fraction(x, total) ** 2 for x in sent))
            side.helped = total * (1.0 - th.copatron_friction * clip(overlap, 0.0, 1.0))
            side.flown = sum(p.air * p.backs[side.at] for p in self.model.powers) + side.own_air

    def feel_help(self) -> None:
        """What each army feels of its patrons, as the client believes in them."""
        th, mean = self.model.th, self.client.mean
        for side in self.sides:
            side.felt = 0.0
        for power in self.model.powers:
            sent = power.deployed + th.men_per_sortie * power.air
            if sent > 0.0:
                trusted = th.weight_of_belief * (mean[power.at] - power.strength_start)
                for side in self.sides:
                    side.felt += 2.0 * logistic(trusted) * sent * power.backs[side.at]

    def multiplier(self, air: float, ground: float) -> float:
        th, ratio = self.model.th, fraction(air, ground)
        return 1.0 + th.air_multiplier * ratio / (ratio + th.air_half)

    def nominal(self) -> list[float]:
        own = [side.quality * side.force + side.helped for side in self.sides]
        return [x * self.multiplier(side.flown, x) for x, side in zip(own, self.sides, strict=True)]

    def log_ratios(self) -> list[float]:
        """Log ratio of nominal strength between each side and its enemies."""
        own = self.nominal()
        least = 1e-4 * sum(own) + 1e-30
        found = []
        for side, mine in zip(self.sides, own, strict=True):
            foes = sum(h * x for h, x in zip(side.hostile, own, strict=False))
            found.append(clip(log(max(mine, least)) - log(max(foes, least)), -4.0, 4.0))
        return found

    def truce(self) -> list[list[float]]:
        if any(side.campaign > 0.0 for side in self.sides):
            return self.model.no_truce
        return self.model.truces[0]

    def challenge(self) -> None:
        """`decide`: offensives come as the government looks weaker."""
        m, th = self.model, self.model.th
        own = self.nominal()
        least = 1e-4 * sum(own) + 1e-30
        logs = [log(max(x, least)) for x in own]
        given = any(side.launches_pinned for side in self.sides)
        morale = logistic(4.0 * (self.sides[0].cohesion - 0.5))
        for side in self.sides:
            idle, faded = side.campaign < 0.2, side.campaign * m.keep.campaign
            side.campaign = 0.0 if faded < 0.05 else faded
            if side.challenger and idle and not given and not self.fallen:
                odds = (logs[0] - logs[side.at]) * morale
                hazard = th.offensive_rate * exp(-th.offensive_caution * odds)
                if m.noise.offensive[side.at] < -expm1(-hazard * m.dt):
                    side.campaign = 1.0

    def call(self) -> None:
        """`allocate`: how much of the offered help the war calls for."""
        th, truce, government = self.model.th, self.truce()[0], self.sides[0]
        foes = [h * side.force for h, side in zip(government.hostile, self.sides, strict=False)]
        at_peace = sum(f * t for f, t in zip(foes, truce, strict=False))
        work = clip(2.0 * (1.0 - government.held), 0.0, 1.0) * (1.0 - fraction(at_peace, sum(foes)))
        self.need = th.presence + (1.0 - th.presence) * max(self.client.alarm, work)

    def raise_and_march(self) -> None:
        self.reckon_help()
        odds = self.log_ratios()
        for side in self.sides:
            side.march()
        for side in self.sides:
            side.spirits(odds[side.at])
        self.count()

    def strike(self) -> None:
        government, sides = self.sides[0], self.sides
        for side, foe in zip(sides, government.hostile, strict=False):
            s = side.at
            pressing = sum(r.force[s] * r.people * r.control[0] for r in self.regions)
            side.press = foe * pressing
        foes = [h * side.held for h, side in zip(government.hostile, sides, strict=False)]
        effort = [government.own_air * fraction(foe, sum(foes)) for foe in foes]
        terror = 0.0
        for power in self.model.powers:
            if power.air > 0.0:
                *on_sides, on_crowd = power.bomb()
                effort = [a + b for a, b in zip(effort, on_sides, strict=True)]
                terror += on_crowd
        exposed = sum(r.people * (1.0 - r.control[0]) for r in self.regions)
        truce = self.truce()[0]
        foes = [h * (1.0 - t) for h, t in zip(government.hostile, truce, strict=True)][: len(sides)]
        for region in self.regions:
            region.suffer(effort, fraction(terror, exposed))
        for region in self.regions:
            region.besiege(foes, government.posture)
        self.count()
        self.survey()

    def fight(self, day: int) -> None:
        m, th, sides = self.model, self.model.th, self.sides
        arrivals, launch = m.arrivals[day], m.launches[day]
        for region in self.regions:
            for side in sides:
                region.force[side.at] += arrivals[region.at][side.at]
        for side in sides:
            side.campaign = max(side.campaign, launch[side.at] * (1.0 - self.fallen))
        self.count()
        attack = any(side.campaign > 0.0 for side in sides)
        truce = m.no_truce if attack else m.truces[day]
        drive = [max(side.posture, th.campaign_drive * side.campaign) for side in sides]
        heat = [
            [
                side.hostile[u]
                * (1.0 - truce[side.at][u])
                * (th.idle_intensity + th.posture_intensity * max(drive[side.at], drive[u]))
                for u in range(len(sides))
            ]
            for side in sides
        ]
        factor = [
            (side.quality * side.cohesion + fraction(side.helped, side.force))
            * self.multiplier(side.flown, side.force)
            * exp(side.fortune + th.initiative * side.campaign)
            for side in sides
        ]
        least = 1e-6 * sum(side.force for side in sides) + 1e-30
        lines = [r.people * r.control[0] * (1.0 - r.control[0]) for r in self.regions]
        days = [region.fight(factor, least, heat) for region in self.regions]
        losses = [sum(x) for x in zip(*days, strict=True)]
        dead, front = sum(losses), sum(lines)
        for region, line in zip(self.regions, lines, strict=True):
            region.toll += dead * fraction(line, front)
        self.bill(losses)
        for side in sides:
            side.lost += losses[side.at]
            side.spent += losses[side.at]
            side.force -= losses[side.at]

    def bill(self, losses: list[float]) -> None:
        """What the patrons' own men lose, and what other wars cost them."""
        m, th = self.model, self.model.th
        share = [fraction(x, side.force) for x, side in zip(losses, self.sides, strict=True)]
        for power in m.powers:
            mine = sum(b * x for b, x in zip(power.backs, share, strict=False))
            lost = th.foreign_exposure * power.deployed * mine
            lost = min(lost + m.given.burden_losses[0][power.at] * m.day, power.force)
            raised = m.given.recruits[power.at] * m.day if power.force < power.peak_force else 0.0
            power.force += raised - lost
            power.lost += lost

    def hold(self) -> None:
        """A day of each army's nerve."""
        m, th, keep = self.model, self.model.th, self.model.keep
        ratios = self.log_ratios()
        scarce = 0.005 * sum(side.force for side in self.sides)
        self.survey()
        for side in self.sides:
            held = log(max(side.held, 1e-3))
            side.defeat = side.defeat * keep.defeat - (held - side.ground)
            side.ground = held
            helped = fraction(side.felt, max(side.force, scarce))
            # A challenger that holds little of the people hides; an army stands in lines.
            known = max(side.held, 1e-3)
            in_lines = known / (known + th.refuge) if side.at else 1.0
            nerve = (
                m.inputs.upper_fold
                + th.margin
                + side.discipline
                + th.weight_of_odds * in_lines * clip(ratios[side.at], -1.5, 1.5)
                + th.weight_of_help * helped / (1.0 + helped)
                + th.weight_of_pay * log(max(side.pay, 0.02))
                - th.weight_of_defeat * in_lines * max(side.defeat, 0.0)
                + side.mood
            )
            seen = 1.0 - in_lines * (1.0 - side.cohesion)
            pull = logistic(nerve + th.coupling * (seen - 0.5))
            side.cohesion = pull + (side.cohesion - pull) * keep.cohesion
            leave = th.desertion * max(1.0 - side.cohesion - th.idle_share, 0.0)
            if leave > 0.0:
                stay = exp(-leave * m.day)
                for region in self.regions:
                    region.force[side.at] *= stay
        seat = sum(r.seat * r.control[0] for r in self.regions)
        broken = self.sides[0].cohesion < th.broken_army or seat < 0.5
        if broken and not self.fallen and not self.fell:
            self.fell = 1.0

    def succeed(self) -> None:
        m, th = self.model, self.model.th
        if self.fell:
            self.fallen = 1.0
            self.exile()
            for power in m.powers:
                if power.backs[0]:
                    p = power.at
                    self.client.grievance[p] += th.record * power.commitment
                    power.commitment = power.deployed = power.air = 0.0
            for p, pledge in enumerate(self.client.pledge):
                self.client.owed[p] += pledge
                self.client.pledge[p] = 0.0
            for base in m.bases:
                if base.client is self.client:
                    base.access = min(base.access, 0.5)
        if self.fallen:
            for region in self.regions:
                region.force[0] = 0.0
        self.count()
        if self.fell:
            self.reckon_help()

    def exile(self) -> None:
        """The ruler goes to one of those who stood by him."""
        client, waits = self.client, []
        for power in self.model.powers:
            p = power.at
            if power.backs[0] and client.pledge[p] > 0.0:
                kept = client.alpha[p] / (client.alpha[p] + client.beta[p])
                appeal = exp(2.0 * client.pledge[p] + power.commitment + 2.0 * kept)
                waits.append((-log(self.model.noise.asylum[p]) / max(appeal, TINY), p))
                power.revealed = 1.0
        if waits:
            self.model.powers[min(waits)[1]].exile = 1.0

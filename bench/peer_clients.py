"""Watchers and clients of the peers; see `peer_week` for what they are."""

from __future__ import annotations

from math import exp, expm1, log, tanh
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.peer_week import Week

TINY = 1e-6


def logistic(x: float) -> float:
    return 0.5 * (1.0 + tanh(0.5 * x))


def fraction(part: float, whole: float) -> float:
    return part / whole if whole > TINY else 0.0


def clip(x: float, low: float, high: float) -> float:
    return low if x < low else high if x > high else x


def softmax(pull: list[float], sharp: float) -> list[float]:
    top = max(pull)
    weights = [exp(sharp * (value - top)) for value in pull]
    whole = sum(weights)
    return [weight / whole for weight in weights]


class Watcher:
    """Whoever forms beliefs about the strength and the word of every power."""

    model: Week

    def watch(self, row: int) -> None:
        inputs = self.model.inputs
        beliefs, count = inputs.start.beliefs, len(inputs.case.power_on)
        self.powers_seen = range(min(count, inputs.counts["powers"]))
        self.mean = list(beliefs.mean[row])
        self.variance = list(beliefs.variance[row])
        self.believed = list(beliefs.believed[row])
        self.doubted = list(beliefs.doubted[row])

    def hear(self) -> None:
        """`claim`: half-believed broadcasts; uncertainty returns; announced failures cost faith."""
        th, dt = self.model.th, self.model.dt
        for power in self.model.powers:
            p = power.at
            variance = self.variance[p]
            variance += th.belief_drift * max(1.0 - variance / th.belief_variance, 0.0) * dt
            word = self.believed[p] / (self.believed[p] + self.doubted[p])
            gain = th.claim_rate * word / (1.0 - word) * dt * variance
            gain = gain / (1.0 + gain)
            self.mean[p] += gain * (power.claimed - self.mean[p])
            self.variance[p] = variance * (1.0 - gain)
            if power.was_revealed:
                gap = max(power.claimed - power.real, 0.0)
                self.doubted[p] += th.redefinition * power.was_revealed * gap

    def see(self) -> None:
        """`witness`: a tested power is seen as it is."""
        th = self.model.th
        for power in self.model.powers:
            if power.revealed:
                p = power.at
                gain = th.revelation * power.revealed * self.variance[p]
                gain = gain / (1.0 + gain)
                self.mean[p] += gain * (power.seen - self.mean[p])
                self.variance[p] *= 1.0 - gain


class Client(Watcher):
    """A regime that watches and may be helped."""

    def setup(self, at: int) -> None:
        case, start = self.model.inputs.case, self.model.inputs.start
        self.watch(at)
        self.at, self.at_stake = at, case.client_of[0][at]
        self.gdp, self.revenue = case.client_gdp[at], case.revenue[at]
        for name in ("affinity", "resting_alpha", "resting_beta", "proximity", "rents", "need"):
            setattr(self, name, getattr(case, name)[at])
        for name in ("capital", "dependence", "alarm", "losing"):
            setattr(self, name, getattr(start.clients, name)[at])
        for name in ("pledge", "asked", "delivered", "owed", "honoured", "alpha", "beta"):
            setattr(self, name, list(getattr(start.ties, name)[at]))
        for name in ("alignment", "recognition", "grievance"):
            setattr(self, name, list(getattr(start.ties, name)[at]))
        self.likeness = case.likeness[at]
        self.lessons: list[tuple[int, float, float]] = []

    def earn(self) -> None:
        m, war = self.model, self.model.war
        self.capital = 1.0 + (self.capital - 1.0) * m.keep.recovery
        if self.at_stake:
            losses = sum(s.lost_last for s in war.sides)
            self.capital *= exp(-m.th.war_damage * fraction(losses, war.upkeep))
            per_head = war.sides[0].held * self.capital * m.given.economy[self.at]
            heads = max(war.sides[0].force / max(war.upkeep, TINY), 0.05)
            target = clip(per_head / heads, 0.02, 2.0)
            government = war.sides[0]
            government.pay = target + (government.pay - target) * m.keep.spending_rate

    def lean(self) -> None:
        """Dependence follows help (`allocate`)."""
        foreign, own = self.model.war.sides[0].helped, self.model.war.sides[0].force
        leaning = fraction(foreign, foreign + own) * self.at_stake
        self.dependence = leaning + (self.dependence - leaning) * self.model.keep.dependence_rate

    def witness(self) -> None:
        self.see()
        m, th, war = self.model, self.model.th, self.model.war
        if not self.at_stake:
            self.alarm = m.given.danger[self.at]
            self.losing *= m.keep.alarm_rate
            return
        held = log(max(war.sides[0].held, 1e-3))
        self.losing = held + (self.losing - held) * m.keep.alarm_rate
        fear = th.alarm_of_loss * max(self.losing - held, 0.0)
        fear -= th.alarm_of_odds * war.log_ratios()[0] + th.alarm_threshold
        self.alarm = logistic(fear) * (1.0 - war.fallen)

    def trust(self) -> None:
        """Crises and what they teach this client; the others learn in `spill`."""
        m, th, war = self.model, self.model.th, self.model.war
        alarm = max(self.alarm, m.given.danger[self.at])
        fell = war.fell * self.at_stake
        self.lessons = []
        for power in m.powers:
            p = power.at
            before = owed = self.owed[p]
            honoured = self.honoured[p]
            crisis = alarm > th.crisis_alarm and self.pledge[p] > 0.0
            if crisis:
                owed += self.asked[p] * m.dt
                honoured += self.delivered[p] * m.dt
            good = bad = 0.0
            if owed > 0.0 and (not crisis or fell):
                kept = clip(honoured / max(owed, 1e-6), 0.0, 1.0)
                felt = max(alarm, th.crisis_alarm, fell)
                stakes = th.stakes * felt * tanh(owed / th.crisis_scale)
                good, bad = stakes * kept, stakes * th.trust_loss * (1.0 - kept)
                owed = honoured = 0.0
            left = power.left * self.at_stake
            if left:
                bad += th.leaving_cost * (1.0 if alarm > th.crisis_alarm else 0.3)
            if left or (fell and before > 0.0):
                linked = clip(power.burden / max(power.force, 1e-6), 0.0, 1.0)
                bad += th.suspicion * linked
            self.owed[p], self.honoured[p] = owed, honoured
            if good or bad:
                self.lessons.append((p, good, bad))

    def spill(self) -> None:
        m, th = self.model, self.model.th
        for teacher in m.clients:
            weight = 1.0 if teacher is self else th.spillover * self.likeness[teacher.at]
            for p, good, bad in teacher.lessons:
                self.alpha[p] += weight * good
                self.beta[p] += weight * bad
        keep = m.keep.forgetting
        for p in self.powers_seen:
            rest = self.resting_alpha[p]
            self.alpha[p] = rest + (self.alpha[p] - rest) * keep
            rest = self.resting_beta[p]
            self.beta[p] = rest + (self.beta[p] - rest) * keep

    def align(self) -> None:
        m, th = self.model, self.model.th
        mean = sum(self.mean[p] for p in self.powers_seen) / len(self.powers_seen)
        pull = []
        for p in self.powers_seen:
            self.grievance[p] *= m.keep.grievance_fade
        for power in m.powers:
            p = power.at
            turned = sum(self.grievance[q.at] * q.rival[p] for q in m.powers)
            weak = min(self.mean[p] - power.strength_start, 0.0)
            pull.append(
                log(max(self.alpha[p] / (self.alpha[p] + self.beta[p]), 1e-3))
                + th.weight_of_strength * (self.mean[p] - mean)
                + self.affinity[p]
                + th.weight_of_recognition * self.recognition[p]
                + th.weight_of_aid * self.delivered[p]
                + th.drift * self.proximity[p] * weak
                + th.bloc_turn * turned
                - self.grievance[p]
            )
        pull.append(0.0)
        first = sorted(softmax(pull, th.alignment_sharpness)[:-1])
        rivalled = first[-2] / max(first[-1], 1e-6) if len(first) > 1 else 0.0
        target = softmax(pull, th.alignment_sharpness * (1.0 - th.hedging * rivalled))
        keep = m.keep.alignment_rate
        last = len(self.alignment) - 1
        for p, share in zip([*self.powers_seen, last], target, strict=True):
            self.alignment[p] = share + (self.alignment[p] - share) * keep

    def recognise(self) -> None:
        """`bargain`: powers recognise the new regime."""
        m, th = self.model, self.model.th
        if not (self.at_stake and m.war.fallen):
            return
        rank = sum(1 for level in self.recognition if level > 0.0)
        for p in self.powers_seen:
            if self.recognition[p] > 0.0:
                continue
            willing = exp(-self.grievance[p]) if self.grievance[p] > 0.1 else 1.0
            hazard = th.recognition_rate * willing
            if m.noise.recognition[p] < -expm1(-hazard * m.dt):
                self.recognition[p] += (1.0 - th.crowding) ** rank
                self.grievance[p] *= 1.0 - th.settlement

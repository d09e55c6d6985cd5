"""The week of a small world as agents: what the peers of the benchmark do, without a framework.

All fourteen verbs of `allegiance.verbs` over powers, clients, one war with its sides and regions,
and bases; the same formulas on the same case and parameters, in Python floats. Given the oracle's
random numbers it goes through the oracle's states (tests/bench/test_peers.py). It is written to be
fast: constant decays are computed once, what cannot happen this week is skipped, a choice is
evaluated only when it comes up. `peer_mesa` and `peer_agentpy` make agents and models of it, each
with its framework's own base classes, containers, random numbers and clock.

Left out, all of it work that the engine does every week, so that the ratio is conservative:
the mechanism rows in `LEFT_OUT`; a second war; switches of mechanism rows (the others are on);
what the template case never uses (radicals, air defence, embargoes, attacks on clients, a second
contender for the burden of a war, détente, denied technology, summits, mediation, resolutions,
demonstrations); news, event log, first passages and recorded observables; quantities that no verb
reads (`short`, `rules`, the clients' treasuries, debts, investment).
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, expm1, log, sqrt, tanh
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

from bench.peer_clients import Client, clip, logistic
from bench.peer_ground import Region
from bench.peer_powers import Power
from bench.peer_war import Side, War

from allegiance.world.case import DAYS, YEAR, Given
from allegiance.world.parameters import NAMES

LEFT_OUT = ("S06", "S09", "S14", "S15", "S21", "S25", "S27", "S29", "S31", "S37", "S38", "S39")
LEFT_OUT += ("S40", "S43", "S44", "S45", "S50", "S55", "S57", "S58")
"""Rows that the engine works through and this peer does not; the test switches them off."""


class Noise(NamedTuple):
    """One week's random numbers: by power [p], by side [s], by base [b], by pair of powers."""

    opportunity: list[float]
    choice: list[float]
    asylum: list[float]
    recognition: list[float]
    home: list[float]
    signal: list[float]
    sanction: list[list[float]]
    offensive: list[float]
    fortune: list[float]
    mood: list[float]
    base: list[float]
    terms: list[float]


class Inputs:
    """A compiled case in Python numbers, read once and shared by all runs."""

    def __init__(self, built: Any, values: Any) -> None:
        self.case = SimpleNamespace(
            **{
                name: array.tolist()
                for name, array in built.case._asdict().items()
                if name not in ("given", "today", "standing")
            }
        )
        self.start = SimpleNamespace(
            **{
                kind: SimpleNamespace(**{n: a.tolist() for n, a in part._asdict().items()})
                for kind, part in built.world._asdict().items()
            }
        )
        self.given = [
            Given(*(a[week].tolist() for a in built.given)) for week in range(built.steps)
        ]
        self.today = type(built.today)(*(array.tolist() for array in built.today))
        self.counts = {kind: len(names) for kind, names in built.labels._asdict().items()}
        if self.counts["theatres"] != 1:
            raise ValueError("this peer holds one war; give it the template case")
        self.weeks = built.steps
        self.dt = dt = built.step_days / YEAR
        self.parameters = th = SimpleNamespace(**dict(zip(NAMES, map(float, values), strict=True)))
        rates = [name for name in NAMES if name.endswith(("_rate", "_fade"))]
        rates += ["recovery", "memory_of_success", "forgetting"]
        self.keep = SimpleNamespace(**{name: exp(-getattr(th, name) * dt) for name in rates})
        self.keep.mood = exp(-dt / th.mood_memory)
        self.keep.fortune = exp(-dt / th.fortune_memory)
        self.keep.campaign = exp(-dt * YEAR / th.campaign_days)
        self.keep.defeat = exp(-dt / DAYS * YEAR / th.defeat_days)
        self.keep.cohesion = exp(-dt / DAYS * YEAR / th.cohesion_days)
        bent = max(th.coupling, 4.0)
        x = 0.5 * (1.0 + sqrt(1.0 - 4.0 / bent))
        self.upper_fold = log(x / (1.0 - min(x, 1.0 - 1e-6))) - th.coupling * (x - 0.5)


class Base:
    """A power's base on a client's soil."""

    model: Week

    def setup(self, at: int) -> None:
        model = self.model
        case, start = model.inputs.case, model.inputs.start
        self.at, self.value, self.reach = at, case.site_value[at], case.site_reach[at][0]
        self.client = model.clients[case.site_client[at].index(1.0)]
        holder = start.sites.holder[at]
        self.holder = model.powers[holder.index(1.0)] if 1.0 in holder else None
        self.access = start.sites.access[at]

    def bargain(self) -> None:
        m, th = self.model, self.model.th
        if self.access <= 0.0:
            return
        p, client = self.holder.at if self.holder else -1, self.client
        leaning = client.alignment[p] if self.holder else 0.0
        hazard = th.base_rate if self.access == 0.5 or leaning < th.estranged else 0.0
        if self.holder and m.war.fallen and client.at_stake:
            hazard += th.backlash * tanh(client.grievance[p])
        if hazard <= 0.0 or m.noise.base[self.at] >= -expm1(-hazard * m.dt):
            return
        offer = 0.0
        if self.holder:
            offer = th.base_value * self.value[p] + client.recognition[p] - client.grievance[p]
            offer -= th.shelter_cost * self.holder.exile * client.at_stake
        self.access = 1.0 if m.noise.terms[self.at] < logistic(offer) else 0.0
        if not self.access:
            self.holder = None
        elif self.holder and m.war.fallen and client.at_stake:
            client.grievance[p] *= 1.0 - th.concession


KINDS = (Power, Client, Base, War, Side, Region)


class Week:
    """The small world; a framework's model adds `several` agents of a kind, and `random`."""

    random: Random

    def several(self, kind: type, count: int) -> list[Any]:
        """The framework's agents of a kind, set up with their numbers from 0."""
        raise NotImplementedError

    def open(self, inputs: Inputs, draws: Callable[[int], Noise] | None) -> None:
        """All agents at the start. `draws`, where given, replaces the model's random numbers."""
        self.inputs, self.draws = inputs, draws or self.draw
        self.th, self.keep, self.dt = inputs.parameters, inputs.keep, inputs.dt
        self.day, self.week = inputs.dt / DAYS, 0
        counts = inputs.counts
        self.war: War = self.several(War, 1)[0]
        self.powers: list[Power] = self.several(Power, counts["powers"])
        self.clients: list[Client] = self.several(Client, counts["clients"])
        self.bases: list[Base] = self.several(Base, counts["sites"])
        self.war.client = next(c for c in self.clients if c.at_stake)
        sides = range(counts["sides"])
        self.no_truce = [[0.0 for _ in sides] for _ in sides]
        self.war.count()
        self.war.survey()
        self.war.reckon_help()

    def draw(self, week: int) -> Noise:
        del week
        uniform, normal, n = self.random.random, self.random.gauss, self.inputs.counts
        powers, sides, bases = range(n["powers"]), range(n["sides"]), range(n["sites"])
        return Noise(
            *([uniform() for _ in powers] for _ in range(4)),
            *([normal() for _ in powers] for _ in range(2)),
            [[uniform() for _ in powers] for _ in powers],
            [uniform() for _ in sides],
            *([normal() for _ in sides] for _ in range(2)),
            *([uniform() for _ in bases] for _ in range(2)),
        )

    def step(self) -> None:
        """One week: the verbs in the engine's order."""
        at, today, war = self.week, self.inputs.today, self.war
        self.noise, self.given = self.draws(at), self.inputs.given[at]
        self.arrivals, self.launches = today.arrivals[at], [d[0] for d in today.launch[at]]
        self.truces = [d[0] for d in today.truce[at]]
        war.fell_last, war.fell = war.fell, 0.0
        for side in war.sides:
            side.lost_last, side.lost = side.lost, 0.0
        for power in self.powers:
            power.was_revealed, power.revealed = power.revealed, 0.0
            power.was_lost, power.lost = power.lost, 0.0
        self.each("powers", "earn"), self.each("clients", "earn")
        self.each("powers", "rule")
        self.each("powers", "claim")
        self.each("clients", "hear"), self.each("powers", "hear")
        self.each("powers", "decide"), war.challenge()
        war.call(), self.each("clients", "lean"), self.each("powers", "send_help")
        war.raise_and_march()
        war.strike()
        war.feel_help()
        for day in range(DAYS):
            war.fight(day)
            war.hold()
        war.succeed()
        self.reveal()
        self.each("clients", "witness"), self.each("powers", "see")
        self.each("clients", "trust"), self.each("clients", "spill")
        self.each("clients", "align")
        self.each("clients", "recognise"), self.each("bases", "bargain")
        self.each("powers", "extradite")
        self.each("powers", "press"), self.each("powers", "remember")
        self.week += 1

    def each(self, kind: str, verb: str) -> None:
        for agent in getattr(self, kind):
            getattr(agent, verb)()

    def reveal(self) -> None:
        """Powers tested this week, here or in a war elsewhere, show their strength."""
        for power in self.powers:
            power.revealed = clip(power.revealed + self.given.revealed[power.at], 0.0, 1.0)
            if power.revealed:
                error = self.noise.signal[power.at] / sqrt(self.th.revelation)
                power.seen = power.measure() + error

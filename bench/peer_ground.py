"""A region of the peers: a day's fighting, bombs and sieges."""

from __future__ import annotations

from math import exp, expm1, log
from typing import TYPE_CHECKING

from bench.peer_clients import clip, fraction

if TYPE_CHECKING:
    from bench.peer_week import Week

FLOOR = 1e-3


class Region:
    """Ground, people and the forces on it."""

    model: Week

    def setup(self, at: int) -> None:
        model = self.model
        case, start, sides = model.inputs.case, model.inputs.start, model.inputs.counts["sides"]
        self.at = at
        self.force = list(start.regions.force[at][:sides])
        self.control = list(start.regions.control[at][:sides])
        self.siege = self.displaced = self.killed = self.toll = 0.0
        for name in ("area", "people", "population", "seat", "backing", "priority"):
            setattr(self, name, getattr(case, name)[at])
        self.home = [1.0 + model.th.home_ground * (b - 0.5) for b in self.backing]
        self.neighbours: list[tuple[Region, float]] = []

    def fight(self, factor: list[float], least: float, heat: list[list[float]]) -> list[float]:
        """A day's fighting; gives each side's losses, thousand persons."""
        m, th = self.model, self.model.th
        force, control = self.force, self.control
        sides = range(len(force))
        strong = [force[s] * factor[s] * self.home[s] + least for s in sides]
        edge = [log(strong[s]) - th.stretch * log(control[s]) for s in sides]
        step = th.conquest * m.day
        grown, losses = [], []
        aimed = [sum(heat[s][u] * control[s] for s in sides) for u in sides]
        for s in sides:
            growth = worn = 0.0
            for u in sides:
                here = heat[s][u]
                if here:
                    growth += here * control[u] * (edge[s] - edge[u])
                    split = fraction(here * control[s], aimed[u])
                    fire = split * strong[u] * min(here, 1.0)
                    worn += min(fire, th.exposure * here * strong[s])
            grown.append(max(control[s] * exp(clip(step * growth, -1.0, 1.0)), FLOOR))
            kept = exp(-th.attrition * fraction(worn, strong[s]) * m.day)
            losses.append(force[s] * m.war.sides[s].cohesion * (1.0 - kept))
        whole = sum(grown)
        self.control = [share / whole for share in grown]
        for s in sides:
            force[s] -= losses[s]
        return losses

    def suffer(self, effort: list[float], terror: float) -> None:
        """`strike`: bombs on sides and civilians, and last week's crossfire."""
        m, th = self.model, self.model.th
        harm = 0.0
        for side in m.war.sides:
            s = side.at
            local = effort[s] * fraction(self.force[s], side.force)
            self.force[s] *= exp(-th.sortie_kills * fraction(local, self.force[s]) * m.dt)
            harm += local
        ours = self.control[0]
        harm = th.sortie_harm * (harm + th.terror_factor * terror * self.people * (1.0 - ours))
        killed = harm * m.dt + th.crossfire * self.toll
        self.toll = 0.0
        self.killed += killed
        self.displaced += th.displaced_per_killed * killed

    def besiege(self, foes: list[float], posture: float) -> None:
        """`strike`: a besieged minority gives up."""
        m, th = self.model, self.model.th
        ours = self.control[0]
        around = sum(foe * c for foe, c in zip(foes, self.control, strict=True))
        around *= clip(2.0 * ours - 1.0, 0.0, 1.0)
        goal = clip(4.0 * around * posture, 0.0, 1.0)
        self.siege = goal + (self.siege - goal) * m.keep.siege_rate
        give_up = -expm1(-th.surrender_rate * self.siege * m.dt)
        gained = 0.0
        for s in range(1, len(foes)):
            moved = self.control[s] * foes[s] * give_up
            self.control[s] -= moved
            gained += moved
        self.control[0] = ours + gained
        self.displaced += th.siege_displaces * gained * self.population * 1000.0

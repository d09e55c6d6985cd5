"""The small world of `peer_week` in AgentPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import agentpy
from bench.peer_week import KINDS, Inputs, Noise, Week

MADE = {kind: type(kind.__name__, (kind, agentpy.Agent), {}) for kind in KINDS}


class World(Week, agentpy.Model):
    def setup(self, inputs: Inputs, draws: Callable[[int], Noise] | None) -> None:
        self.open(inputs, draws)

    def several(self, kind: type, count: int) -> list[Any]:
        numbers = agentpy.AttrIter(range(count))
        return agentpy.AgentList(self, count, MADE[kind], at=numbers)

    def each(self, kind: str, verb: str) -> None:
        getattr(getattr(self, kind), verb)()


def Small(inputs: Inputs, seed: int = 1, draws: Callable[[int], Noise] | None = None) -> World:
    """A model that is ready for its first step: AgentPy makes agents when a simulation begins."""
    world = World({"seed": seed}, inputs=inputs, draws=draws)
    world.sim_setup()
    return world


def advance(world: World) -> None:
    """A step as AgentPy takes it: its clock, the model's step, and its hook for records."""
    world.sim_step()

"""The small world of `peer_week` in Mesa."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mesa
from bench.peer_week import KINDS, Inputs, Noise, Week


class Agent(mesa.Agent):
    """Agents of Mesa are initialised; those of `peer_week` are set up."""

    def __init__(self, model: Small, at: int) -> None:
        super().__init__(model)
        self.setup(at)


MADE = {kind: type(kind.__name__, (kind, Agent), {}) for kind in KINDS}


class Small(Week, mesa.Model):
    def __init__(
        self, inputs: Inputs, seed: int = 1, draws: Callable[[int], Noise] | None = None
    ) -> None:
        super().__init__(seed=seed)
        self.open(inputs, draws)

    def several(self, kind: type, count: int) -> list[Any]:
        return [MADE[kind](self, at) for at in range(count)]


def advance(model: Small) -> None:
    """A step as Mesa takes it: its own count of steps, and the model's."""
    model.step()

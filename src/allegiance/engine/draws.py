"""Parameters of its own for every future of an order: draws from a posterior or a prior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from allegiance.engine.motives import by_hand
from allegiance.world.case import MOTIVES
from allegiance.world.parameters import NAMES

if TYPE_CHECKING:
    from allegiance.cases.compile import Built
    from allegiance.engine.scenario import Scenario


@dataclass(frozen=True)
class Draws:
    """Draws, of which future i takes number i, and the first again after the last.

    `values` [draw] by parameter; `motives` [motive, draw] by power, shares that sum to 1. With
    `numbers` [draw] each draw also brings the run number of the future that it was accepted with,
    and with it all noise, under the seed that it was drawn with.
    """

    name: str
    digest: str
    values: Mapping[str, np.ndarray]
    motives: Mapping[str, np.ndarray]
    numbers: np.ndarray | None = None

    def __len__(self) -> int:
        """Number of draws."""
        return len(next(iter((*self.values.values(), *(m[0] for m in self.motives.values())))))

    def of(self, scenario: Scenario, built: Built, runs: int) -> dict[str, Any]:
        """Fields of a `Plan`: `values` [parameter, run], `motive` [p, m, run], `numbers` [run].

        What a lever has set stays as it was set. Powers that the case does not have are left out.
        """
        take = np.arange(runs) % len(self)
        changed = dict(scenario.theory.changed)
        values = np.repeat(scenario.theory.values[:, None], runs, axis=1)
        for name, drawn in self.values.items():
            if name not in changed:
                values[NAMES.index(name)] = drawn[take]
        motive = np.repeat(np.asarray(built.case.motive)[..., None], runs, axis=2)
        free = set(scenario.files.case.powers) - by_hand(scenario.files)
        for power, drawn in self.motives.items():
            if power in free:
                motive[built.labels.powers.index(power), : len(MOTIVES)] = drawn[:, take]
        found: dict[str, Any] = {"values": values, "motive": motive.astype(np.float32)}
        return found | ({} if self.numbers is None else {"numbers": self.numbers[take]})

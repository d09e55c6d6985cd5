"""Ablation: what each mechanism does to the outcomes, by switching it off with the same noise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from allegiance.engine.outcomes import values
from allegiance.engine.setup import Setup
from allegiance.engine.simulate import chunks
from allegiance.explain.contrast import difference

Effects = dict[str, dict[str, Any]]
"""By outcome: mean with the row (a) and without it (b), difference, paired 5-95% interval."""


def effects(setup: Setup, ids: Iterable[str]) -> Iterator[tuple[str, Effects]]:
    """The effect of switching off each row in turn; a row at a time, one compiled program."""
    base = _numbers(setup)
    for id in ids:
        scenario = setup.scenario.without(id)
        other = _numbers(replace(setup, scenario=scenario))
        yield (
            id,
            {
                name: difference("event" if outcome.event else "quantity", *pair)
                for (name, outcome), *pair in zip(setup.outcomes.items(), base, other, strict=True)
            },
        )


def _numbers(setup: Setup) -> np.ndarray:
    return np.concatenate([values(setup, chunk) for chunk in chunks(setup)], axis=1)

"""Banks written as data: what the items read under each theory, without an engine."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from allegiance.evidence.schema import Item
from allegiance.evidence.target import Target, target


@pytest.fixture(scope="session")
def figures() -> Callable[..., list[Target]]:
    """Items a week apart whose figures are `truth` [item] on the log scale."""

    def make(truth: Any, width: float = 0.3, grade: str = "A1") -> list[Target]:
        return [
            target(
                Item.model_validate(
                    {
                        "what": "harbour.government.force",
                        "when": date(2001, 2, 1) + timedelta(days=7 * i),
                        "value": float(np.exp(y)),
                        "spread": {"sd": width, "scale": "log", "assumed": "a test"},
                        "source": {"title": "A test", "by": "a tester", "date": "2001"},
                        "grade": grade,
                        "use": "fit",
                    }
                )
            )
            for i, y in enumerate(truth)
        ]

    return make


@pytest.fixture(scope="session")
def banks() -> Callable[..., list[np.ndarray]]:
    """Readings [item, run] of theories whose log figures have the given means [theory, item]."""

    def make(means: Any, runs: int, seed: int = 0) -> list[np.ndarray]:
        means = np.asarray(means, float)
        random = np.random.default_rng(seed)
        noise = random.normal(size=(means.shape[1], runs))
        return [np.exp(mean[:, None] + noise) for mean in means]

    return make

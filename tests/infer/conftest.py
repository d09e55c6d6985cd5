"""Banks written as data, and a copy of the template with a dossier of our own."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from allegiance.cases.new import scaffold
from allegiance.evidence.schema import Item
from allegiance.evidence.target import Target, target

SOURCE = {"title": "A test", "by": "a tester", "date": "2001"}


def level(when: Any, value: float, sd: float = 0.2, use: str = "fit", scale: str = "logit") -> dict:
    """A figure of the ground that the government holds."""
    return {
        "what": "harbour.control[government]",
        "when": when,
        "value": value,
        "spread": {"sd": sd, "scale": scale, "assumed": "a test"},
        "source": dict(SOURCE),
        "grade": "A1",
        "use": use,
    }


def text_of(items: dict[str, dict]) -> str:
    """A dossier, its dates without quotes, as people write them."""
    return re.sub(
        r"'(\d{4}-\d\d-\d\d)'",
        r"\1",
        yaml.safe_dump({"items": json.loads(json.dumps(items))}, sort_keys=False),
    )


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


@pytest.fixture
def planted(tmp_path: Path) -> Callable[[dict[str, dict]], Path]:
    """Write a case whose dossier holds these items; return its folder."""

    def write(items: dict[str, dict]) -> Path:
        folder = tmp_path / "planted"
        if not folder.exists():
            scaffold("planted", tmp_path)
        (folder / "dossier.yaml").write_text(text_of(items))
        return folder

    return write

"""A copy of the template with a dossier of our own, and items as these tests plant them."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from allegiance.cases.new import scaffold

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

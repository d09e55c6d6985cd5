"""Published series that the shipped cases are compared with; no copy of them is in the project.

The folder is `ALLEGIANCE_DATA`, by default `../shared/data`; where it is absent the tests that need
it are skipped.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("ALLEGIANCE_DATA", Path(__file__).parents[2].parent / "shared" / "data"))

series = pytest.mark.skipif(not DATA.is_dir(), reason=f"no series: {DATA} is absent")


def rows(file_name: str, **where: str) -> list[dict[str, str]]:
    """Rows of a published series whose columns hold these values."""
    with (DATA / file_name).open(encoding="utf-8") as file:
        return [r for r in csv.DictReader(file) if all(r[k] == v for k, v in where.items())]

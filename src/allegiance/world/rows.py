"""The 58 mechanism rows: what the sources claim, and the verb that makes each claim executable.

A claim is a hypothesis, not a truth: a theory may switch any row off. The table is `rows.csv`
beside this file; `observable` is what must move when the row is switched on.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import NamedTuple


class Row(NamedTuple):
    """One mechanism; `places` are the source texts (A-E) and lines that claim it."""

    id: str
    name: str
    verb: str
    claim: str
    observable: str
    places: str


def _read() -> tuple[Row, ...]:
    text = (files("allegiance.world") / "rows.csv").read_text(encoding="utf-8")
    return tuple(Row(**line) for line in csv.DictReader(text.splitlines()))


ROWS: tuple[Row, ...] = _read()
IDS: tuple[str, ...] = tuple(row.id for row in ROWS)

"""The mechanisms and the parameters as plain data, and the test that watches each mechanism."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from allegiance.cases.errors import CaseError, nearest
from allegiance.explain import uses
from allegiance.world.parameters import PARAMETERS, TAGS
from allegiance.world.rows import IDS, ROWS

TESTS = Path(__file__).parents[3] / "tests" / "rows"
"""Where a checkout keeps one test file a row, `test_sNN_*.py`; an installed package has none."""


def listed(ids: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Rows by ID (default: all), with verb, switch, parameters, test and the cases that use them.

    Raises:
        CaseError: there is no such row.
    """
    wanted = tuple(ids) or IDS
    for id in wanted:
        if id not in IDS:
            allowed = f"{IDS[0]} to {IDS[-1]}"
            raise CaseError("no such row", found=id, allowed=allowed, nearest=nearest(id, IDS))
    tests = _tests()
    found = [
        {
            "id": row.id,
            "name": row.name,
            "verb": row.verb,
            "switch": "on",
            "claim": row.claim,
            "observable": row.observable,
            "parameters": [p.name for p in PARAMETERS if row.id in p.rows],
            "test": tests.get(row.id),
            "cases": [],
        }
        for row in ROWS
        if row.id in wanted
    ]
    mark(found, uses.stored())
    return found


def mark(rows: list[dict[str, Any]], used: Mapping[str, Iterable[str]]) -> None:
    """Write into each row the cases that use it; `used` gives the rows of each case."""
    for row in rows:
        row["cases"] = [case for case, ids in used.items() if row["id"] in ids]


def _tests() -> dict[str, str]:
    """First test of each row, as pytest names it."""
    found: dict[str, str] = {}
    for file in sorted(TESTS.glob("test_s[0-9][0-9]*.py")):
        first = re.search(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        if first:
            found.setdefault(f"S{file.name[6:8]}", f"tests/rows/{file.name}::{first[1]}")
    return found


def parameter_table() -> dict[str, Any]:
    """The one table of parameters, and the share of each tag in it."""
    tags = Counter(parameter.tag for parameter in PARAMETERS)
    return {
        "parameters": [
            {
                **parameter._asdict(),
                "prior": f"{p.kind}({p.first:g}, {p.second:g})",
                "rows": list(parameter.rows),
            }
            for parameter in PARAMETERS
            for p in (parameter.prior,)
        ],
        "n": len(PARAMETERS),
        "shares": {tag: round(tags[tag] / len(PARAMETERS), 4) for tag in TAGS},
    }

"""Results of other commands that a report may show: what `compare` and `explain` print as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from allegiance.cases.errors import CaseError

LARGEST = 20_000_000
"""Bytes of a file that is read."""

LISTS = {
    **dict.fromkeys(("rows", "entries", "boxes", "uncertainties"), dict),
    **dict.fromkeys(("levers", "over"), str),
}
"""Lists in an explanation, and what they hold."""


def comparison(path: Path, case: str) -> dict[str, Any]:
    """What `allegiance compare --json` has printed.

    Raises:
        CaseError: the file cannot be read, is something else, or is about other cases.
    """
    allowed = "a file that `allegiance compare --json` has printed"
    found = _read(path, "--comparison", allowed)
    shaped = (
        isinstance(found.get("posterior"), dict)
        and isinstance(found.get("verdict"), str)
        and isinstance(found.get("diagnostic"), list)
        and isinstance(found.get("levers", {}), dict)
        and all(isinstance(pulled, list) for pulled in found.get("levers", {}).values())
        and all(isinstance(p, int | float) for p in found["posterior"].values())
        and all(isinstance(row, dict) and "item" in row for row in found["diagnostic"])
    )
    if not shaped:
        raise CaseError("no comparison", key="--comparison", file=path, allowed=allowed)
    if case not in found.get("cases", [case]):
        problem = "about another case"
        raise CaseError(problem, key="--comparison", file=path, allowed=f"one of {case}")
    return found


def explanation(path: Path, case: str) -> dict[str, Any]:
    """What `allegiance explain --json` has printed.

    Raises:
        CaseError: the file cannot be read, is something else, or is about another case.
    """
    allowed = "a file that `allegiance explain --json` has printed"
    found = _read(path, "--explanation", allowed)
    outcome = found.get("outcome")
    shaped = isinstance(outcome, dict) and "label" in outcome
    for name, kind in LISTS.items():
        rows = found.get(name, [])
        shaped = shaped and isinstance(rows, list) and all(isinstance(row, kind) for row in rows)
    if not shaped or not _whole(found):
        raise CaseError("no explanation", key="--explanation", file=path, allowed=allowed)
    if found.get("case") != case:
        problem = "about another case"
        raise CaseError(problem, key="--explanation", file=path, allowed=f"one of {case}")
    return found


def _whole(found: dict[str, Any]) -> bool:
    """Whether levels, effects and shares have the numbers that a report reads."""
    for name in ("at_values", "over_priors"):
        level = found.get(name) or {"kind": "quantity", "n": 0}
        if not isinstance(level, dict) or not isinstance(level.get("n"), int):
            return False
        if level.get("kind") == "event" and not _numbers(level, "p", "se"):
            return False
    effects = [*found.get("rows", []), *found.get("entries", [])]
    told = [row for row in effects if row.get("difference") is not None]
    if not all(_numbers(row, "a", "b", "difference", "q05", "q95") for row in told):
        return False
    indices = (found.get("sobol") or {}).get("indices", [])
    return all(isinstance(row, dict) and _numbers(row, "first", "total") for row in indices)


def _numbers(row: dict[str, Any], *names: str) -> bool:
    return all(isinstance(row.get(name), int | float) for name in names)


def _read(path: Path, key: str, allowed: str) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise CaseError("too large", key=key, file=path, allowed=allowed)
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise CaseError(problem, key=key, file=path, allowed=allowed) from None
    except ValueError:
        raise CaseError("no JSON", key=key, file=path, allowed=allowed) from None
    if not isinstance(found, dict):
        raise CaseError("no JSON object", key=key, file=path, allowed=allowed)
    return found

"""One line a case. The files are read and not checked: a list must answer at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allegiance.cases.reading import read, stands


def line(folder: Path) -> dict[str, Any]:
    """What `allegiance cases --json` lists of the case in a folder: title, summary, span and size.

    Raises:
        CaseError: a file cannot be read.
    """
    case = read(folder / "case.yaml").data
    dossier = folder / "dossier.yaml"
    items = _mapping(read(dossier).data, "items") if stands(dossier) else {}
    return {
        "name": folder.name,
        "title": str(case.get("title", "")),
        "summary": str(case.get("summary", "")),
        "from": str(case.get("from", "")),
        "until": str(case.get("until", "")),
        "actors": len({*_mapping(case, "powers"), *_mapping(case, "clients")}),
        "items": len(items),
    }


def _mapping(data: dict[Any, Any], key: str) -> dict[Any, Any]:
    """What stands under a key; nothing where it is no mapping, which opening the case will tell."""
    found = data.get(key)
    return found if isinstance(found, dict) else {}

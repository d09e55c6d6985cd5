"""One line a case. The files are read and not checked: a list must answer at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allegiance.cases.reading import read


def line(folder: Path) -> dict[str, Any]:
    """What `allegiance cases --json` lists of the case in a folder: title, summary, span and size.

    Raises:
        CaseError: a file cannot be read.
    """
    case = read(folder / "case.yaml").data
    dossier = folder / "dossier.yaml"
    items = read(dossier).data.get("items", ()) if dossier.is_file() else ()
    return {
        "name": folder.name,
        "title": str(case.get("title", "")),
        "summary": str(case.get("summary", "")),
        "from": str(case.get("from", "")),
        "until": str(case.get("until", "")),
        "actors": len({*case.get("powers", ()), *case.get("clients", ())}),
        "items": len(items),
    }

"""Where every number of a run comes from: parameters by tag, figures of the case by source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from allegiance.cases.loading import CaseFiles
from allegiance.cases.schema import DatedInput, Entry, Figure, Table
from allegiance.world.parameters import PARAMETERS, TAGS

Known = tuple[str, int, str, str]
"""Where figures stand, how many, their tag, and the source or the reason."""


def figures(files: CaseFiles) -> dict[str, Any]:
    """Figures of the case and the timeline, grouped by what is said of where they come from."""
    groups: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for part, model in (("case", files.case), ("timeline", files.timeline)):
        for place, many, tag, reason in _known(model, part, ("assumed", "")):
            groups.setdefault((tag, reason), []).append((place, many))
    rows = [
        {
            "tag": tag,
            "reason": reason,
            "n": sum(many for _, many in places),
            "places": [place for place, _ in places],
        }
        for (tag, reason), places in groups.items()
    ]
    tags = Counter[str]()
    for row in rows:
        tags[row["tag"]] += row["n"]
    return {"n": sum(tags.values()), "tags": dict(tags), "groups": rows}


def _known(model: Any, place: str, inherited: tuple[str, str]) -> Iterator[Known]:
    """Figures under `model`; a dated input inherits the provenance of its entry."""
    if isinstance(model, Figure):
        yield place, 1, *_of(model)
    elif isinstance(model, Table):
        yield place, len(model.values), *_of(model)
    elif isinstance(model, DatedInput):
        own = _of(model) if model.source or model.assumed else inherited
        yield f"{place}, {model.address}", len(model.path) if model.path else 1, *own
    elif isinstance(model, BaseModel):
        if isinstance(model, Entry):
            inherited = _of(model)
            if model.truce:
                yield f"{place}.truce", 1, *inherited
        for name in type(model).model_fields:
            yield from _known(getattr(model, name), f"{place}.{name}", inherited)
    elif isinstance(model, dict):
        for name, item in model.items():
            yield from _known(item, f"{place}.{name}", inherited)
    elif isinstance(model, list):
        for item in model:
            yield from _known(item, place, inherited)


def _of(model: Any) -> tuple[str, str]:
    tag = "documented" if model.source is not None else "assumed"
    return tag, model.source or model.assumed or ""


def parameters(values: Mapping[str, float]) -> dict[str, Any]:
    """Every parameter with the value that the run had, and the shares of the tags."""
    tags = Counter(parameter.tag for parameter in PARAMETERS)
    rows = [
        {
            **parameter._asdict(),
            "value": values.get(parameter.name, parameter.value),
            "changed": abs(values.get(parameter.name, parameter.value) - parameter.value)
            > 1e-5 * max(abs(parameter.value), 1.0),
        }
        for parameter in PARAMETERS
    ]
    return {
        "rows": rows,
        "n": len(rows),
        "shares": {tag: tags[tag] / len(PARAMETERS) for tag in TAGS},
        "tags": {tag: [row for row in rows if row["tag"] == tag] for tag in TAGS},
    }

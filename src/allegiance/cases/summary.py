"""What a case holds, in plain data: for `allegiance show` and its JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from allegiance.cases.loading import CaseFiles
from allegiance.cases.schema import DatedInput, Entry, Figure, Table


def describe(files: CaseFiles) -> dict[str, Any]:
    """Title, span, actors, theatres, timeline, outcomes, and how the figures are known."""
    case = files.case
    tags = Counter(tag for model in (case, files.timeline) for tag in _tags(model))
    count = sum(tags.values())
    return {
        "name": case.name,
        "title": case.title,
        "summary": case.summary.strip(),
        "from": case.start.isoformat(),
        "until": case.until.isoformat(),
        "digest": files.digest,
        "levers": list(files.levers),
        "powers": {name: power.label for name, power in case.powers.items()},
        "clients": {name: client.label for name, client in case.clients.items()},
        "theatres": {
            name: {
                "label": theatre.label,
                "client": theatre.client,
                "simulated": theatre.fought,
                "sides": list(theatre.sides),
                "powers": {power: there.backs for power, there in theatre.powers.items()},
                "regions": {place: region.label for place, region in theatre.regions.items()},
            }
            for name, theatre in case.theatres.items()
        },
        "sites": {
            name: {"label": site.label, "client": site.client, "holder": site.holder}
            for name, site in case.sites.items()
        },
        "timeline": [
            {
                "id": name,
                "date": entry.date.isoformat(),
                "label": entry.label,
                "gives": _gives(entry),
            }
            for name, entry in sorted(files.timeline.entries.items(), key=lambda item: item[1].date)
        ],
        "outcomes": {
            name: {"label": outcome.label, "address": outcome.event or outcome.quantity}
            for name, outcome in case.outcomes.items()
        },
        "figures": count,
        "shares": {tag: tags[tag] / count for tag in ("documented", "assumed")} if count else {},
    }


def _gives(entry: Entry) -> list[str]:
    """What an entry gives the model, in the words of the timeline."""
    gives = [change.address for change in entry.inputs]
    if entry.truce:
        gives.insert(0, f"truce in {entry.truce.theatre}")
    if entry.offensive:
        gives.insert(0, f"offensive of {entry.offensive.side} in {entry.offensive.theatre}")
    if (made := entry.decision) is not None:
        gives.insert(0, f"{made.power}: {made.choice} in {made.theatre}")
    return gives


def _tags(model: Any, inherited: str = "assumed") -> Iterator[str]:
    """The tag of every number under `model`; a dated input inherits its entry's."""
    if isinstance(model, Figure):
        yield model.tag
    elif isinstance(model, Table):
        yield from [model.tag] * len(model.values)
    elif isinstance(model, DatedInput):
        tag = "documented" if model.source else "assumed" if model.assumed else inherited
        yield from [tag] * (len(model.path) if model.path else 1)
    elif isinstance(model, BaseModel):
        tag = model.tag if isinstance(model, Entry) else inherited
        if isinstance(model, Entry) and model.truce:
            yield tag
        for name in type(model).model_fields:
            yield from _tags(getattr(model, name), tag)
    elif isinstance(model, dict):
        for item in model.values():
            yield from _tags(item, inherited)
    elif isinstance(model, list):
        for item in model:
            yield from _tags(item, inherited)

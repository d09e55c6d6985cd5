"""What the page tells of a case without simulating it: levers, dossier, where things lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allegiance.cases.loading import CaseFiles
from allegiance.cases.reading import read, stands
from allegiance.cases.settable import levers_of
from allegiance.cases.validate import validated
from allegiance.engine.selection import patrons
from allegiance.engine.theories import THEORIES
from allegiance.engine.units import unit_of
from allegiance.evidence import dossier
from allegiance.evidence.schema import DossierFile, Item
from allegiance.explain.rows import listed
from allegiance.show import sentences
from allegiance.world.parameters import PARAMETERS

OF_POWER = {
    "treasury": "money at the start",
    "force": "force at the start",
    "support": "home support at the start",
    "facade": "how much strength is overstated",
    "air_capacity": "air effort",
}
OF_TIE = {"trust": "trust in the patron at the start", "pledge": "what the patron has pledged"}
UNITS = {"air_capacity": "thousand sorties a year", "facade": "log"}


def theories() -> list[dict[str, Any]]:
    """Every theory."""
    return [
        {"name": name, "summary": found.summary, "off": list(found.off)}
        for name, found in THEORIES.items()
    ]


def places(files: CaseFiles) -> dict[str, Any]:
    """Where the regions of the simulated wars lie, and who holds them at the start."""
    return {
        name: {
            "label": theatre.label,
            "client": theatre.client,
            "sides": list(theatre.sides),
            "regions": {
                place: {
                    "label": region.label,
                    "lon": region.lon,
                    "lat": region.lat,
                    "area": region.area.value,
                    "population": region.population.value,
                    "seat": region.seat,
                    "neighbours": list(region.neighbours),
                    "control": dict(region.control.values),
                }
                for place, region in theatre.regions.items()
            },
        }
        for name, theatre in files.case.theatres.items()
        if theatre.fought
    }


def levers(files: CaseFiles) -> dict[str, Any]:
    """What may be pulled: entries, main start values and free parameters, rows."""
    entries = [
        {
            "id": name,
            "date": entry.date.isoformat(),
            "label": entry.label,
            "pins": bool(entry.decision or entry.offensive),
            "tag": entry.tag,
        }
        for name, entry in sorted(files.timeline.entries.items(), key=lambda item: item[1].date)
    ]
    rows = listed()
    used = [row for row in rows if files.name in row["cases"]]
    shown = [{key: row[key] for key in ("id", "name", "claim")} for row in used or rows]
    stocks = [*_stocks(files), *_parameters()]
    return {"entries": entries, "stocks": stocks, "rows": shown, "rows_used": bool(used)}


def _stocks(files: CaseFiles) -> list[dict[str, Any]]:
    case, known = files.case, levers_of(files)
    wanted: list[tuple[str, str, str]] = []
    for power in patrons(case):
        label = case.powers[power].label
        wanted += [(f"{power}.{noun}", label, text) for noun, text in OF_POWER.items()]
    for theatre in case.theatres.values():
        if theatre.fought and theatre.client:
            client = theatre.client
            label = case.clients[client].label
            for power in patrons(case):
                patron = case.powers[power].label
                wanted += [
                    (f"{client}->{power}.{noun}", label, f"{text}: {patron}")
                    for noun, text in OF_TIE.items()
                ]
    found = []
    for address, group, label in wanted:
        if address in known and (figure := _figure(files, known[address])) is not None:
            noun = address.split(".")[-1]
            unit = UNITS.get(noun) or unit_of(address)
            about = {"address": address, "group": group, "label": label, "unit": unit}
            found.append(about | figure)
    return found


def _figure(files: CaseFiles, lever: Any) -> dict[str, Any] | None:
    """Value, range and provenance of what a lever sets; None where the case gives none."""
    data: Any = files.documents[0].data
    for part in lever.place:
        data = data.get(part) if isinstance(data, dict) else None
    if not isinstance(data, dict):
        return None
    value = data.get("value") if lever.kind == "figure" else data.get("values", {}).get(lever.key)
    if not isinstance(value, int | float):
        return None
    tag = "documented" if "source" in data else "assumed"
    source = str(data.get("source") or data.get("assumed") or "")
    span = {"low": data.get("low"), "high": data.get("high")}
    return {"value": float(value), **span, "tag": tag, "source": source}


def _parameters() -> list[dict[str, Any]]:
    return [
        {
            "address": f"parameter.{p.name}",
            "group": "Free parameters of the model",
            "label": p.meaning,
            "value": float(p.value),
            "low": None,
            "high": None,
            "unit": p.unit,
            "tag": p.tag,
            "source": p.source,
        }
        for p in PARAMETERS
        if p.free
    ]


def observations(folder: Path, known: dict[str, str]) -> list[dict[str, Any]]:
    """Every item of a case's dossier in words; empty without a dossier.

    `known` are the case's names as readers know them (`sentences.labels`).

    Raises:
        CaseError: the dossier cannot be read.
    """
    path = folder / dossier.FILE
    if not stands(path):
        return []
    items = validated(read(path, f"{folder.name}/{dossier.FILE}"), DossierFile).items
    return [
        {
            "id": name,
            "what": item.addresses,
            "labels": sentences.observed(item, known),
            "when": _when(item),
            "observed": _observed(item, known),
            "use": item.use,
            "grade": item.grade,
            "source": ", ".join(
                str(part)
                for part in (item.source.by, item.source.title, item.source.place, item.source.date)
                if part
            ),
            "note": item.note,
        }
        for name, item in items.items()
    ]


def _when(item: Item) -> str:
    if item.when is None:
        return ""
    if item.when.moment:
        return item.when.until.isoformat()
    span = f"{item.when.aggregate} of {item.when.start} to {item.when.until}"
    return span + (
        f", against {item.against.start} to {item.against.until}" if item.against else ""
    )


def _observed(item: Item, known: dict[str, str]) -> str:
    if item.value is not None:
        interval = item.spread.interval if item.spread else None
        span = f" ({interval[0]:g} to {interval[1]:g})" if interval else ""
        return f"{item.value:g}{span}"
    return sentences.stated(item, known)

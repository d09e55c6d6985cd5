"""What a stored run answers, as plain data: its question, shared events, what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.cases.errors import CaseError
from allegiance.cases.schema import Entry
from allegiance.engine.futures import Futures
from allegiance.evidence.provenance import givers
from allegiance.explain.contrast import contrast
from allegiance.show import sentences
from allegiance.show.report.stored import Stored

SHARED = 0.5
"""Share of the futures from which an event counts as one that most share."""

MOST_EVENTS = 100


def primary(report: dict[str, Any]) -> str | None:
    """The outcome that the report turns on: the case's first event."""
    events = (name for name, about in report["outcomes"].items() if about["kind"] == "event")
    return next(events, None)


def theatre_of(stored: Stored, outcome: str | None) -> str | None:
    """The simulated war that an outcome is about, else the first one."""
    wars = [name for name, theatre in stored.scenario.files.case.theatres.items() if theatre.fought]
    known = stored.scenario.files.case.outcomes
    if outcome in known:
        about = known[outcome]
        subject = parse(about.event or about.quantity or "").subject
        if subject in wars:
            return subject
    return wars[0] if wars else None


def recent(stored: Stored, when: str | None, years: int = 3) -> list[dict[str, Any]]:
    """What the model was given in the years before a date, the latest first."""
    if when is None:
        return []
    last = np.datetime64(when).astype("M8[D]").item()
    first = last - timedelta(days=365 * years)
    entries = stored.scenario.files.timeline.entries.items()
    found = [
        {"id": id, "date": entry.date.isoformat(), "label": entry.label}
        for id, entry in entries
        if first <= entry.date <= last
    ]
    return sorted(found, key=lambda row: row["date"], reverse=True)


def shared(stored: Stored) -> list[dict[str, Any]]:
    """Events that at least half of the futures share, by the median date of the first."""
    table = stored.events
    if table is None:
        return []
    firsts = table.group_by(["event", "subject", "object", "run"]).aggregate([("day", "min")])
    days: dict[tuple[str, str, str | None], list[float]] = defaultdict(list)
    columns = (firsts[name].to_pylist() for name in ("event", "subject", "object", "day_min"))
    for noun, subject, other, day in zip(*columns, strict=True):
        days[noun, subject, other].append(day)
    known, runs = sentences.labels(stored.scenario.files.case), stored.futures.runs
    entries = stored.scenario.files.timeline.entries
    told, start = givers(stored.scenario.files), np.datetime64(stored.manifest["from"])
    alike: dict[Any, list[str]] = defaultdict(list)
    for (noun, subject, other), when in days.items():
        if len(when) < SHARED * runs:
            continue
        low, middle, high = np.quantile(when, [0.05, 0.5, 0.95], method="inverted_cdf")
        forms = sentences.address_of(noun, subject, other)
        named = [name for form in forms for name in told.get(form, ())]
        entry = _nearest(named, entries, (start + int(middle)).item())
        dates = tuple(str(start + int(day)) for day in (low, middle, high))
        key = (float(middle), noun, subject, len(when) / runs, dates, entry)
        alike[key].append(known.get(other or "", (other or "").replace("_", " ")))
    rows = [
        {
            "what": sentences.event(noun, subject, others, known),
            "share": share,
            "dates": dates,
            "given": entry,
            "day": day,
        }
        for (day, noun, subject, share, dates, entry), others in alike.items()
    ]
    rows.sort(key=lambda row: -row["share"])
    return sorted(rows[:MOST_EVENTS], key=lambda row: row["day"])


def _nearest(names: list[str], entries: Mapping[str, Entry], day: date) -> str | None:
    """Of the entries that may have brought an event, that with a date nearest, within a week."""
    far = {
        name: min(abs((when - day).days) for when in _dates(entries[name]))
        for name in names
        if name in entries
    }
    found = min(far, key=lambda name: far[name], default=None)
    return found if found is not None and far[found] <= 7 else None


def _dates(entry: Entry) -> Iterator[date]:
    yield entry.date
    for change in entry.inputs:
        yield from (change.path or {}) if change.date is None else [change.date]


def differences(a: Futures, b: Futures) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Outcomes of two stored worlds and the chain of what departed.

    Raises:
        CaseError: they do not share case, seed, span and number of runs.
    """
    for key in ("case", "seed", "runs", "from", "until"):
        if a.report[key] != b.report[key]:
            allowed = f"a run of {a.report['case']} with --seed {a.report['seed']} and --runs "
            allowed += f"{a.report['runs']}, {a.report['from']} to {a.report['until']}"
            problem = f"{key} differs: the two worlds share no noise"
            raise CaseError(problem, key="--against", found=b.report[key], allowed=allowed)
    found = contrast(a, b)
    return found.outcomes, found.chain

"""What a stored run answers, as plain data: the verdict, what came before, what it did to ties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.cases.errors import CaseError
from allegiance.cases.schema import Entry
from allegiance.engine.futures import Futures
from allegiance.engine.selection import patrons
from allegiance.engine.units import unit_of
from allegiance.evidence.provenance import givers
from allegiance.explain.contrast import contrast
from allegiance.show import sentences
from allegiance.show.figures.inputs import Inputs
from allegiance.show.report.stored import Stored

SHARED = 0.5
"""Share of the futures from which an event counts as one that most share."""

MOST_EVENTS = 100
YEAR, HALF, MONTH = 364, 182, 28
BLOCK = 32


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


def backers(stored: Stored, theatre: str | None) -> list[str]:
    """Patrons of the government in a war, in the order of the case."""
    case = stored.scenario.files.case
    if theatre is None:
        return []
    return [power for power in patrons(case) if power in case.theatres[theatre].powers]


def before(stored: Stored, inputs: Inputs, outcome: str, theatre: str) -> list[dict[str, Any]]:
    """Medians a year, a month and a week before the event, over the futures in which it happens.

    What changed most, beside its own spread over the futures, comes first.
    """
    case = stored.scenario.files.case
    war = case.theatres[theatre]
    government = war.sides[0]
    wanted = [f"{theatre}.control[{government}]", f"{theatre}.{government}.cohesion"]
    wanted += [f"{theatre}.{side}.force" for side in war.sides]
    for power in backers(stored, theatre):
        wanted += [f"{theatre}.deployed[{power}]", f"{theatre}.air[{power}]"]
        wanted += [f"{war.client}->{power}.{noun}" for noun in ("asked", "delivered", "trust")]
        wanted += [f"{power}.strength"]
    known = sentences.labels(case)
    found = []
    for address in wanted:
        if address not in inputs:
            continue
        rows = aligned(inputs, address, outcome, (-YEAR, -MONTH, -7))
        unit = unit_of(address)
        apart = float(np.median(rows[2] - rows[0]))
        spread = float(np.median(np.abs(rows[0] - np.median(rows[0]))))
        if unit == "log":  # as people read it: beside what it was a year before
            rows = [100.0 * np.exp(row - rows[0]) for row in rows]
            unit = "% of a year before"
        year, month, week = (float(np.median(row)) for row in rows)
        size = 1.0 if unit.startswith("%") else max(abs(year), abs(week))
        found.append(
            {
                "what": sentences.quantity(address, known),
                "address": address,
                "unit": unit,
                "numbers": [year, month, week],
                "order": -abs(apart) / (spread + 0.05 * size + 1e-9),
            }
        )
    return sorted(found, key=lambda row: row["order"])


def help_before(stored: Stored, inputs: Inputs, outcome: str, theatre: str) -> list[dict[str, Any]]:
    """Help of each patron a month before the event: promised, asked, delivered (medians)."""
    case = stored.scenario.files.case
    client = case.theatres[theatre].client
    if not np.isfinite(inputs.futures.values[outcome]).any():
        return []
    found = []
    for power in backers(stored, theatre):
        wanted = [f"{client}->{power}.{noun}" for noun in ("pledge", "asked", "delivered")]
        if inputs.missing(wanted):
            continue
        numbers = [float(np.median(aligned(inputs, a, outcome, (-MONTH,))[0])) for a in wanted]
        found.append({"label": case.powers[power].label, "numbers": numbers})
    return found


def aligned(inputs: Inputs, address: str, outcome: str, days: Iterable[int]) -> list[np.ndarray]:
    """A quantity so many days after the event [run that has it], clipped to the run's span."""
    when = inputs.futures.values[outcome]
    happened = np.flatnonzero(np.isfinite(when))
    step = (inputs.dates[1] - inputs.dates[0]).astype(int) if len(inputs.dates) > 1 else 7
    paths = inputs.paths(address)
    found = []
    for shift in days:
        at = np.clip(((when[happened] + shift) // step).astype(int), 0, len(inputs.dates) - 1)
        found.append(paths[happened, at].astype(float))
    return found


def ties_after(
    stored: Stored,
    inputs: Inputs,
    outcome: str | None,
    power: str,
    client: str | None,
    other: Inputs | None = None,
) -> list[dict[str, Any]]:
    """Trust in a patron of its other clients: at the start, around the event, at the end.

    `elsewhere` is the median at the end of the other world.
    """
    case = stored.scenario.files.case
    happens = outcome is not None and np.isfinite(inputs.futures.values[outcome]).any()
    rows = []
    for name, about in case.clients.items():
        address = f"{name}->{power}.trust"
        if name == client or address not in inputs:
            continue
        start, end = inputs.fan(address, steps=[0, -1])[2].tolist()
        row = {"label": about.label, "start": start, "end": end, "before": None, "after": None}
        row["elsewhere"] = None
        if other is not None and address in other:
            row["elsewhere"] = float(np.median(other.paths(address)[:, -1]))
        if happens and outcome is not None:
            pair = aligned(inputs, address, outcome, (-MONTH, HALF))
            row["before"], row["after"] = (float(np.median(side)) for side in pair)
            row["change"] = float(np.median(pair[1] - pair[0]))
        else:
            row["change"] = end - start
        rows.append(row)
    return sorted(rows, key=lambda row: row["change"])


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


def burdens(stored: Stored) -> list[str]:
    """Entries that bind a patron elsewhere: candidates for the question "without it?"."""
    return [
        id
        for id, entry in stored.scenario.files.timeline.entries.items()
        if any(parse(change.address).noun.startswith("burden") for change in entry.inputs)
    ]


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
    """Outcomes of two stored worlds and the chain of what departed, some addresses at a time.

    Raises:
        CaseError: they do not share case, seed, span and number of runs.
    """
    for key in ("case", "seed", "runs", "from", "until"):
        if a.report[key] != b.report[key]:
            allowed = f"a run of {a.report['case']} with --seed {a.report['seed']} and --runs "
            allowed += f"{a.report['runs']}, {a.report['from']} to {a.report['until']}"
            problem = f"{key} differs: the two worlds share no noise"
            raise CaseError(problem, key="--against", found=b.report[key], allowed=allowed)
    common = [address for address in a.addresses if address in b.addresses]
    outcomes: dict[str, dict[str, Any]] = {}
    chain: list[dict[str, Any]] = []
    for low in range(0, max(len(common), 1), BLOCK):
        some = common[low : low + BLOCK]
        one, two = (replace(x, dataset=x.dataset.sel(address=some).load()) for x in (a, b))
        found = contrast(one, two)
        outcomes = found.outcomes
        chain += found.chain
    return outcomes, sorted(chain, key=lambda entry: entry["first"])

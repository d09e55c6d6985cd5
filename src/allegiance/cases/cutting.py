"""A case as it was known on a day: nothing that the timeline dates on that day or later."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

from allegiance.cases.errors import CaseError
from allegiance.cases.loading import CaseFiles, rebuilt


def cut(files: CaseFiles, day: date) -> CaseFiles:
    """The case without what its timeline dates on `day` or later.

    Entries leave whole; of earlier entries leave the later points of a path (its level stays, also
    where it led on in a line), later pulses, the share of a pulse that falls later, and the end of
    a truce. Whose choices the case gives and whose the model makes is dated nowhere and stays: up
    to `day` a pair that the case pins does what the entries before it say, from then on the model
    decides for it.

    Raises:
        CaseError: the day does not lie after the case's start and within its span.
    """
    case = files.case
    if not case.start < day <= case.until + timedelta(days=1):
        allowed = f"after {case.start}, at most a day after {case.until}"
        raise CaseError("outside the case's span", key="--from", found=day, allowed=allowed)
    timeline = copy.deepcopy(files.documents[1].data)
    entries = timeline.get("entries") or {}
    for name in list(entries):
        if entries[name]["date"] >= day or not _left(entries[name], day):
            del entries[name]
    return rebuilt(files, files.documents[0].data, timeline, released=day)


def _left(entry: Any, day: date) -> bool:
    """Take what is later out of an entry; whether anything is left."""
    truce = entry.get("truce")
    if truce and truce.get("until") and truce["until"] >= day:
        del truce["until"]
    inputs = []
    for change in entry.get("inputs") or ():
        if "path" in change:
            change["path"] = {when: level for when, level in change["path"].items() if when < day}
            if change["path"]:
                inputs.append(change)
            continue
        begins = change.get("date") or entry["date"]
        if begins >= day:
            continue
        days, before = change.get("days"), (day - begins).days
        if days and before < days:
            change |= {"pulse": change["pulse"] * before / days, "days": before}
        inputs.append(change)
    if "inputs" in entry:
        entry["inputs"] = inputs
    return bool(inputs or entry.get("decision") or entry.get("offensive") or truce)

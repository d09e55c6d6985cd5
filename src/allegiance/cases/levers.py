"""Levers: patches of a loaded case, before it is compiled. Pure: each returns new files.

A lever edits the data that was read and validates it anew, so that a wrong value is refused in the
same words as in the file.
"""

from __future__ import annotations

import copy
import math
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from allegiance.cases.addresses import parse
from allegiance.cases.arguments import day, number
from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.cases.loading import CaseFiles, rebuilt
from allegiance.cases.settable import Lever, levers_of, why_not
from allegiance.world.rows import IDS

SET_BY_HAND = "set by a lever"
"""Provenance of a figure that a lever replaced."""


def without(files: CaseFiles, id: str) -> CaseFiles:
    """The case in which the entry `id` never happens; its dated inputs leave with it.

    A power that never enters is held out for all time; a side whose offensive is taken away never
    launches one; without a withdrawal the power stays. The row of a mechanism (`S07`) is the
    theory's to switch off: the caller handles it.

    Raises:
        CaseError: there is no such entry.
    """
    entry = files.timeline.entries[_known(files, id)]
    blocked = files.blocked
    if entry.decision and entry.decision.choice == "enter":
        blocked |= {(entry.decision.theatre, entry.decision.power)}
    timeline = copy.deepcopy(files.documents[1].data)
    del timeline["entries"][id]
    patched = _rebuilt(files, files.documents[0].data, timeline, f"--without {id}")
    return replace(patched, blocked=blocked)


def free(files: CaseFiles, id: str) -> CaseFiles:
    """The case in which the model decides what the entry `id` had pinned.

    All decisions of the same power in the same theatre (offensives of the same side) are freed
    with it: a pair is either pinned or free. Truces and dated inputs stay.

    Raises:
        CaseError: there is no such entry, or it pins nothing.
    """
    chosen = files.timeline.entries[_known(files, id)]
    decision, offensive = chosen.decision, chosen.offensive
    if decision is None and offensive is None:
        raise CaseError("the entry pins nothing", found=id, allowed=listed(_pinning(files), 40))
    timeline = copy.deepcopy(files.documents[1].data)
    pinned, launches = files.pinned, files.launches_pinned
    if decision:
        pinned -= {(decision.theatre, decision.power)}
    if offensive:
        launches -= {(offensive.theatre, offensive.side)}
    for name, entry in files.timeline.entries.items():
        raw = timeline["entries"][name]
        if entry.decision and (entry.decision.theatre, entry.decision.power) not in pinned:
            del raw["decision"]
        if entry.offensive and (entry.offensive.theatre, entry.offensive.side) not in launches:
            del raw["offensive"]
        if not any(raw.get(part) for part in ("decision", "offensive", "truce", "inputs")):
            del timeline["entries"][name]
    patched = _rebuilt(files, files.documents[0].data, timeline, f"--free {id}")
    return replace(patched, pinned=pinned, launches_pinned=launches)


def set_(files: CaseFiles, address: str, value: object) -> CaseFiles:
    """The case with another initial stock, constant, start level or date of an entry.

    `address` is as in `settable.levers_of`: `POWER.treasury`, `POWER.motive[status]` (the other
    motives keep their proportions), `THEATRE/REGION.control[SIDE]`, `CLIENT->POWER.trust`,
    `ENTRY.date` (every date under the entry moves with it). `value` may be text.

    Raises:
        CaseError: the address is unknown, names what the model derives, or the value is wrong.
    """
    where = str(parse(address))
    known = levers_of(files)
    if where not in known:
        raise _refused(files, where, known)
    lever = known[where]
    case, timeline = (copy.deepcopy(document.data) for document in files.documents)
    moved = files.moved
    if lever.kind == "date":
        _move(timeline["entries"][lever.place[0]], day(where, value))
        moved |= {str(lever.place[0])}
    elif lever.kind == "name":
        _inner(case, lever.place[:-1])[lever.place[-1]] = str(value)
    else:
        _put(case, lever, _finite(where, value), where)
    text = f"--set {where}={value}"
    return replace(_rebuilt(replace(files, moved=moved), case, timeline, text), moved=moved)


def _known(files: CaseFiles, id: str) -> str:
    entries = files.timeline.entries
    if id in entries:
        return id
    if re.fullmatch(r"S\d\d", id) and id in IDS:
        raise CaseError("a mechanism is the theory's to switch off", found=id, allowed="entries")
    allowed = (
        f"entries of the timeline: {listed(entries)}; or a mechanism's row, {IDS[0]} to {IDS[-1]}"
    )
    near = nearest(id, (*entries, *IDS))
    raise CaseError("no such entry", found=id, allowed=allowed, nearest=near)


def _pinning(files: CaseFiles) -> list[str]:
    return [name for name, e in files.timeline.entries.items() if e.decision or e.offensive]


def _rebuilt(files: CaseFiles, case: Any, timeline: Any, lever: str) -> CaseFiles:
    """Files with patched data and one more lever; pins and digest are those of before."""
    try:
        return rebuilt(files, case, timeline, levers=(*files.levers, lever))
    except CaseError as error:
        error.file, error.line = lever.split(maxsplit=1)[0], None
        raise


def _refused(files: CaseFiles, where: str, known: dict[str, Lever]) -> CaseError:
    """Why an address cannot be set, or what comes nearest to it."""
    reason = why_not(where, files.case)
    if reason:
        return CaseError(
            reason, key=where, allowed="initial stocks, constants and dates of entries"
        )
    near = nearest(where, known)
    like = [name for name in known if name.split(".")[0] == where.split(".", maxsplit=1)[0]]
    allowed = listed(like or known, 20)
    return CaseError("nothing to set at this address", key=where, allowed=allowed, nearest=near)


def _finite(where: str, value: object) -> float:
    found = number(value)
    if not math.isfinite(found):
        raise CaseError("not a value", key=where, found=value, allowed="a finite number")
    return found


def _inner(data: Any, place: tuple[str, ...]) -> Any:
    for part in place:
        data = data[part]
    return data


def _put(case: Any, lever: Lever, value: float, where: str) -> None:
    """Put a number into a figure, a table or a table of shares that sum to 1."""
    parent = _inner(case, lever.place[:-1])
    name = lever.place[-1]
    if lever.kind == "figure":
        parent[name] = {"value": value, "assumed": SET_BY_HAND}
        return
    table = parent.setdefault(name, {"values": {}, "assumed": SET_BY_HAND})
    values = dict(table["values"])
    if lever.kind == "shares":
        rest = sum(share for key, share in values.items() if key != lever.key)
        if not 0.0 <= value <= 1.0 or (rest <= 0.0 and value < 1.0):
            allowed = "a share from 0 to 1" if rest > 0.0 else "1: there is no other share"
            raise CaseError("not a share", key=where, found=value, allowed=allowed)
        values = {key: share * (1.0 - value) / (rest or 1.0) for key, share in values.items()}
    values[lever.key] = value
    parent[name] = {**table, "values": values}


def _move(entry: Any, to: date) -> None:
    """Move an entry, and every date under it by as many days."""
    days = to - entry["date"]
    entry["date"] = to
    try:
        if "until" in (truce := entry.get("truce") or {}):
            truce["until"] = _shifted(truce["until"], days)
        for change in entry.get("inputs") or ():
            if "date" in change:
                change["date"] = _shifted(change["date"], days)
            if "path" in change:
                change["path"] = {_shifted(d, days): level for d, level in change["path"].items()}
    except OverflowError:
        raise CaseError(
            "the date is out of range", found=to, allowed="a date of the case"
        ) from None


def _shifted(when: date | None, days: timedelta) -> date | None:
    return None if when is None else when + days

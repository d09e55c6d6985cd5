"""What a case gives the model, by address: what is given is never scored.

Given are start levels and dated inputs; decisions of a power in a theatre where the timeline pins
any of them, with the commitment that follows at once; offensives and broken truces of a theatre
whose offensives are pinned; attacks and revelations that come as pulses; sanctions whose level is
given; and what a dated input alone moves (CHILDREN). Further effects are what the model explains.
"""

from __future__ import annotations

from collections import defaultdict

from allegiance.cases.addresses import parse
from allegiance.cases.loading import CaseFiles

DECIDED = ("entered", "left", "drew_down", "traded", "commitment")
"""Nouns of a theatre and a power that a pinned decision settles."""

TOLD = {"attacked": "attacked", "revealed": "revealed", "sanctions": "sanctioned"}
"""Inputs that raise an event of their own, and its noun."""

CHILDREN = {
    "ground": "{subject}.deployed[{key}]",
    "air": "{key}.strikes",
    "burden_force": "{key}.strength",
    "burden_losses": "{key}.losses",
    "recruits": "{subject}.force",
    "sanctions": "{object}.income_loss",
}
"""Inputs of the timeline, and the quantity that little else moves: too near to its parent to be
scored."""

START = "case.yaml, inputs"
"""Where start levels are given."""


def given(files: CaseFiles) -> dict[str, str]:
    """Every observable that the case gives, with the first entry that brings it."""
    return {address: names[0] for address, names in givers(files).items()}


def givers(files: CaseFiles) -> dict[str, list[str]]:
    """Every observable that the case gives, with all the entries that bring it."""
    found: dict[str, list[str]] = defaultdict(list)
    for address in files.case.inputs:
        _tell(found, address, START)
    for name, entry in files.timeline.entries.items():
        for change in entry.inputs:
            _tell(found, change.address, name)
            address = parse(change.address)
            if child := CHILDREN.get(address.noun):
                key = address.keys[0] if address.keys else ""
                known = {"subject": address.subject, "object": address.object, "key": key}
                found[child.format(**known)].append(name)
        if entry.decision:
            theatre, power = entry.decision.theatre, entry.decision.power
            for noun in DECIDED:
                found[f"{theatre}.{noun}[{power}]"].append(name)
        if entry.offensive:
            theatre = entry.offensive.theatre
            for side in files.case.theatres[theatre].sides:
                found[f"{theatre}.offensive[{side}]"].append(name)
            found[f"{theatre}.truce_broken"].append(name)
    return {address: list(dict.fromkeys(names)) for address, names in found.items()}


def _tell(found: dict[str, list[str]], text: str, name: str) -> None:
    address = parse(text)
    found[str(address)].append(name)
    if address.noun in TOLD:
        found[str(address._replace(noun=TOLD[address.noun]))].append(name)
    if address.noun == "sanctions":
        found[str(address._replace(noun="relieved"))].append(name)

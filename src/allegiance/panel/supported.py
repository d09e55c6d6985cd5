"""Support in wars, from the UCDP External Support Dataset, joined to the yearly indicators.

The dataset knows governments by name alone ("Government of Harbour"), the indicators by name and
code. A name is one that the indicators have where it is the same, or one of two that share a
bracket ("North (Old North)"), or its initials. Alleged support, and support by or for others than
states, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from allegiance.cases.errors import CaseError, nearest
from allegiance.evidence.loaders import esd
from allegiance.panel.years import Tables

GOVERNMENT = "Government of "
HELP, TROOPS = "esd_support", "troops_for_govt"
"""What the indicators call support of any kind, and troops."""


def names(published: str) -> set[str]:
    """All spellings under which a government of the dataset may stand elsewhere, lower case."""
    plain = published.removeprefix(GOVERNMENT)
    parts = [part.strip() for part in re.split(r"[()]", plain)]
    initials = ["".join(w[0] for w in part.split() if w[0].isupper()) for part in parts]
    found = {plain, *parts, *(letters for letters in initials if len(letters) > 1)}
    return {name.lower() for name in found if name}


def joined(found: Tables, path: str | Path, asked: Mapping[str, str]) -> Tables:
    """The tables, with the support that the dataset at `path` adds to them.

    `asked` are names, by option, that the dataset has to know: else nobody could tell whether it
    says nothing of them or spells them otherwise.

    Raises:
        CaseError: the file cannot be read, or an asked name is not in it.
    """
    rows = [
        row
        for row in esd.support(path).to_pylist()
        if row["actor"]
        and row["supporter"]
        and not (row["actor_nonstate"] or row["supporter_nonstate"] or row["alleged"])
    ]
    ours = _matched((name for row in rows for name in (row["actor"], row["supporter"])), found)
    known = set(ours.values())
    for option, name in asked.items():
        if name not in known:
            raise CaseError(
                "not in the table of support: leave it out, or spell as it does",
                key=option,
                found=name,
                allowed="a government that was supported or supported one",
                nearest=nearest(name, known),
            )
    kinds, fighting = dict(found.kinds), set(found.fighting)
    abroad = {key: set(clients) for key, clients in found.abroad.items()}
    for row in rows:
        client, sponsor = ours.get(row["actor"]), ours.get(row["supporter"])
        if client is None or sponsor is None:
            continue
        year = row["year"]
        added = (HELP, TROOPS) if row["troops"] else (HELP,)
        kinds[sponsor, client, year] = tuple(
            dict.fromkeys((*kinds.get((sponsor, client, year), ()), *added))
        )
        fighting.add((client, year))
        if row["troops"]:
            abroad.setdefault((sponsor, year), set()).add(client)
    return found._replace(kinds=kinds, fighting=fighting, abroad=abroad)


def _matched(published: Iterable[str], found: Tables) -> dict[str, str]:
    """The indicators' name for each of the dataset's that they share."""
    known = {name.lower(): name for name in found.codes}
    matched = {}
    for name in dict.fromkeys(published):
        hit = next((known[each] for each in sorted(names(name)) if each in known), None)
        if hit is not None:
            matched[name] = hit
    return matched

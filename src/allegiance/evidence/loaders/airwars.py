"""Airwars: incidents in which a belligerent is said to have harmed civilians (incidents.csv).

One row is an incident; a column for each belligerent that is tracked holds 1 where it is named.
Incidents are allegations of harm, not strikes: where nobody lives none is recorded, so that only
the shape of their number tells of effort. Gradings: confirmed, fair, weak, contested, discounted.
Source: Airwars, methodology note; the columns are those of its own export of incidents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from allegiance.evidence.loaders.reading import Column, read

INCIDENTS = {
    "code": Column("code", "text"),
    "begins": Column("date", "date"),
    "country": Column("country_slug", "text"),
    "grading": Column("civilian_harm_status_slug", "text"),
    "killed_least": Column("civilian_non_combatants_killed_min", "whole"),
    "killed_most": Column("civilian_non_combatants_killed_max", "whole"),
    "injured_least": Column("civilian_non_combatants_injured_min", "whole"),
    "injured_most": Column("civilian_non_combatants_injured_max", "whole"),
}


def incidents(path: str | Path, belligerent: str) -> pa.Table:
    """Incidents in which a belligerent is named, one a row; the dead and injured in persons.

    `belligerent` as in the file's columns, such as `russian-military`.

    Raises:
        CaseError: the file is not the publisher's, or does not track that belligerent.
    """
    named = Column(f"belligerent_{belligerent}", "whole")
    table = read(path, {**INCIDENTS, "named": named})
    return table.filter(pc.equal(table["named"], 1)).drop_columns("named")  # type: ignore[attr-defined]


def by_month(incidents: pa.Table, gradings: Iterable[str] | None = None) -> pa.Table:
    """Incidents by month: `month` (its first day), `incidents`, `killed_least`, `killed_most`.

    Only those of `gradings`, where given. An incident without figures adds no deaths.
    """
    wanted = None if gradings is None else set(gradings)
    names = ("begins", "grading", "killed_least", "killed_most")
    found: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for begins, grading, least, most in zip(
        *(incidents[name].to_pylist() for name in names), strict=True
    ):
        if begins is None or (wanted is not None and grading not in wanted):
            continue
        sums = found[begins.replace(day=1)]
        for i, count in enumerate((1, least or 0, most or 0)):
            sums[i] += count
    months = sorted(found)
    columns = ("incidents", "killed_least", "killed_most")
    return pa.table(
        {
            "month": pa.array(months, pa.date32()),
            **{
                n: pa.array([found[m][i] for m in months], pa.int64())
                for i, n in enumerate(columns)
            },
        }
    )

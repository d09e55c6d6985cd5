"""UCDP Georeferenced Event Dataset (GED), version 17 on: events of organised violence.

Source: Sundberg & Melander (2013); Davies et al. (yearly). Licence: CC BY 4.0.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from allegiance.evidence.loaders.reading import Column, read

GED = {
    "id": Column("id", "whole"),
    "begins": Column("date_start", "date"),
    "ends": Column("date_end", "date"),
    "country": Column("country", "text"),
    "conflict": Column("conflict_new_id", "whole"),
    "dyad": Column("dyad_new_id", "whole"),
    "kind": Column("type_of_violence", "whole"),  # 1 state-based, 2 non-state, 3 one-sided
    "side_a": Column("side_a", "text"),
    "side_b": Column("side_b", "text"),
    "dead_a": Column("deaths_a", "whole"),
    "dead_b": Column("deaths_b", "whole"),
    "dead_civilians": Column("deaths_civilians", "whole"),
    "dead_unknown": Column("deaths_unknown", "whole"),
    "best": Column("best", "whole"),
    "low": Column("low", "whole"),
    "high": Column("high", "whole"),
}


def events(path: str | Path) -> pa.Table:
    """Events, one a row; deaths in persons.

    Raises:
        CaseError: the file is not GED.
    """
    return read(path, GED)


def by_month(events: pa.Table, column: str = "best") -> pa.Table:
    """Deaths by month: `month` (its first day) and `deaths`, persons.

    An event that spans months is spread over its days: leaving such events out makes a month some
    5-14% too low.
    """
    found: dict[date, float] = defaultdict(float)
    rows = zip(*(events[name].to_pylist() for name in ("begins", "ends", column)), strict=True)
    for begins, ends, count in rows:
        if count is None:
            continue
        days = (ends - begins).days + 1
        at = begins.replace(day=1)
        while at <= ends:
            following = (at + timedelta(days=32)).replace(day=1)
            inside = (min(ends + timedelta(days=1), following) - max(begins, at)).days
            found[at] += count * inside / days
            at = following
    months = sorted(found)
    deaths = pa.array([found[month] for month in months], pa.float64())
    return pa.table({"month": pa.array(months, pa.date32()), "deaths": deaths})

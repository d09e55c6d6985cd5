"""United Nations General Assembly: ideal points estimated from roll calls.

Source: Bailey, Strezhnev & Voeten (2017), Harvard Dataverse 10.7910/DVN/LEJUQZ. Licence: CC0.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from allegiance.evidence.loaders.reading import HEAD, Column, begun, read

POINTS = {
    "state": Column("iso3c", "text"),
    "code": Column("ccode", "whole"),
    "year": Column("year", "whole"),
    "point": Column("IdealPointFP", "number"),
    "votes": Column("NVotesFP", "whole"),
}


def ideal_points(path: str | Path, delimiter: str | None = None) -> pa.Table:
    """Ideal points, one state and year a row; tab- or comma-separated (default: by its first line).

    Raises:
        CaseError: the file holds no ideal points.
    """
    if delimiter is None:
        first = begun(Path(path), HEAD).partition(b"\n")[0]
        delimiter = "\t" if b"\t" in first else ","
    return read(path, POINTS, delimiter, member=".tab" if delimiter == "\t" else ".csv")


def distance(points: pa.Table, one: str, other: str) -> pa.Table:
    """Distance of two states (ISO codes) by `year`, in the years in which both voted."""
    found: dict[str, dict[int, float]] = {one: {}, other: {}}
    names = ("state", "year", "point")
    for state, year, point in zip(*(points[n].to_pylist() for n in names), strict=True):
        if state in found and point is not None:
            found[state][year] = point
    years = sorted(found[one].keys() & found[other].keys())
    gaps = [abs(found[one][year] - found[other][year]) for year in years]
    return pa.table({"year": pa.array(years, pa.int64()), "distance": pa.array(gaps, pa.float64())})

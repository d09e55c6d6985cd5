"""`allegiance new --from-data`: a thin case from a file of records or published tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.cases.thin import Record, records, written
from allegiance.evidence.loaders.reading import HEAD, begun
from allegiance.panel import supported, years

MARKS = {
    "sponsor_ccode": "indicators",
    "milper": "capabilities",
    "gwcode": "deaths",
    "ext_name": "support",
}
"""Columns by which a published table is known."""

BINARY = (".dta", ".xlsx")
"""Formats in which, of these tables, only that of support is published."""


def drafted(
    name: str,
    parent: str | Path,
    data: Sequence[Path],
    record: str | None = None,
    client: str | None = None,
    sponsor: str | None = None,
    year: int | None = None,
) -> Path:
    """Write the thin case `name` under `parent`; return its folder.

    Raises:
        CaseError: a file, a name or an option is wrong, or the folder exists.
    """
    if any(path.suffix in (".yaml", ".yml") for path in data):
        if len(data) > 1 or client or sponsor or year:
            allowed = "one YAML file of records alone, or tables with --client --sponsor --year"
            raise CaseError("two kinds of data", key="--from-data", allowed=allowed)
        found = _chosen(data[0], record or name)
    else:
        found = _tabled(data, client, sponsor, year)
    return written(found, name, parent)


def _chosen(path: Path, id: str) -> Record:
    found = records(path)
    if id not in found:
        raise CaseError(
            "no such record",
            key="--record",
            found=id,
            allowed=listed(found),
            nearest=nearest(id, found),
        )
    return found[id]


def _tabled(
    data: Sequence[Path], client: str | None, sponsor: str | None, year: int | None
) -> Record:
    if client is None or sponsor is None or year is None:
        missing = {"--client": client, "--sponsor": sponsor, "--year": year}
        key = next(option for option, value in missing.items() if value is None)
        raise CaseError("tables need to be told which case", key=key, allowed="a value")
    given: dict[str, Path] = {}
    for path in data:
        kind = _kind(path)
        if kind in given:
            raise CaseError(f"two tables of {kind}", key="--from-data", file=path)
        given[kind] = path
    if "indicators" not in given:
        allowed = "a table of sponsors, clients and years with indicators"
        raise CaseError("no indicators", key="--from-data", allowed=allowed)
    found = years.tables(None, given["indicators"], given.get("capabilities"), given.get("deaths"))
    for option, value in (("--client", client), ("--sponsor", sponsor)):
        if value not in found.codes:
            near = nearest(value, found.codes)
            raise CaseError("not in the indicators", key=option, found=value, nearest=near)
    if "support" in given:
        asked = {"--client": client, "--sponsor": sponsor}
        found = supported.joined(found, given["support"], asked)
    if not 1800 <= year <= 2190:
        raise CaseError("no such year", key="--year", found=year, allowed="1800 to 2190")
    return years.record_of(found, sponsor, client, year)


def _kind(path: Path) -> str:
    """What a table holds, by its header."""
    if path.suffix in BINARY:
        return "support"
    lines = begun(path, HEAD).decode("utf-8", errors="replace").splitlines()
    for line in lines:
        columns = {name.strip().strip('"') for name in line.split(",")}
        for mark, kind in MARKS.items():
            if mark in columns:
                return kind
    allowed = "a line above the rows that names the columns, one of them " + ", ".join(MARKS)
    found = lines[0][:200] if lines else ""
    raise CaseError("no header line of a known table", file=path, found=found, allowed=allowed)

"""From a publisher's delimited file, zipped or not, to an Arrow table with tidy columns."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from allegiance.cases.errors import CaseError, listed, nearest

MOST_BYTES = 4_000_000_000
"""A member of an archive may unpack to this size; larger ones are refused."""

HEAD = 65_536
"""Bytes of a table in which its header is looked for before all of it is read."""


class Column(NamedTuple):
    """A published column: its name in the file, its type, and what stands for nothing."""

    published: str
    kind: str  # text, whole, number or date
    nothing: tuple[str, ...] = ()


_TYPES = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "date": pa.date32()}


def read(
    path: str | Path, columns: Mapping[str, Column], delimiter: str = ",", member: str = ".csv"
) -> pa.Table:
    """The columns of a file, by tidy name, each of its type; `nothing` and blanks become null.

    Lines above the header are skipped: the header is the first line that holds the first column's
    published name. In an archive, also one within an archive, the first file whose name ends with
    `member` is read.

    Raises:
        CaseError: there is no such file, a column is missing, or a value is not of its type.
    """
    path = Path(path)
    raw = unpacked(path, member)
    text = _decoded(raw)
    lines = text.split("\n")  # splitlines also splits at rarer marks, which may stand in a value
    first = next(iter(columns.values())).published
    at = next((i for i, line in enumerate(lines) if first in _names(line, delimiter)), None)
    if at is None:
        allowed = f"a line above the rows that names the columns, {first} among them"
        raise CaseError("no header line", file=path, found=lines[0][:200], allowed=allowed)
    names = _names(lines[at], delimiter)
    demand(columns, names, path, at + 1)
    body = "".join(line.rstrip("\r\n").rstrip(";") + "\n" for line in lines[at:])
    table = pyarrow.csv.read_csv(
        io.BytesIO(body.encode()),
        parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            include_columns=list(dict.fromkeys(c.published for c in columns.values())),
            column_types=dict.fromkeys(names, pa.string()),
        ),
    )
    return tidy(table, columns, path)


def unpacked(path: Path, member: str) -> bytes:
    """A file's bytes, or those of the first file in its archive whose name ends with `member`.

    Raises:
        CaseError: there is no such file, or none in the archive, or it is too large.
    """
    raw = begun(path, MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise CaseError("the file is too large", file=path, allowed=f"at most {MOST_BYTES} bytes")
    return _unpacked(raw, member, path) if zipfile.is_zipfile(io.BytesIO(raw)) else raw


def begun(path: Path, most: int) -> bytes:
    """The first `most` bytes of a file. A device would be read, a pipe waited for, for ever.

    Raises:
        CaseError: it is no plain file, or cannot be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise CaseError("no plain file", file=path, allowed="a file with a table")
        with path.open("rb") as stream:
            return stream.read(most)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CaseError(f"cannot be read ({reason})", file=path) from None


def demand(columns: Mapping[str, Column], names: Sequence[str], path: Path, line: int) -> None:
    """Refuse a header that lacks a column.

    Raises:
        CaseError: a column is missing.
    """
    for column in columns.values():
        if column.published not in names:
            near = nearest(column.published, names)
            problem = f"the column {column.published} is missing"
            raise CaseError(problem, file=path, line=line, allowed=listed(names, 40), nearest=near)


def tidy(texts: pa.Table, columns: Mapping[str, Column], path: Path) -> pa.Table:
    """Published columns of text, renamed and each of its type.

    Raises:
        CaseError: a value is not of its type.
    """
    return pa.table({name: _typed(texts, column, path) for name, column in columns.items()})


def _unpacked(raw: bytes, member: str, path: Path) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        plain = [i for i in archive.infolist() if not i.filename.startswith("__MACOSX")]
        for info in plain:
            if info.filename.endswith(member):
                if info.file_size > MOST_BYTES:
                    raise CaseError("the file in the archive is too large", file=path)
                return archive.read(info)
        for info in plain:
            if info.filename.endswith(".zip") and info.file_size <= MOST_BYTES:
                return _unpacked(archive.read(info), member, path)
        names = listed(i.filename for i in plain)
    raise CaseError(f"no file that ends with {member}", file=path, found=names)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _names(line: str, delimiter: str) -> list[str]:
    return [name.strip().strip('"') for name in line.strip().rstrip(";").split(delimiter)]


def _typed(table: pa.Table, column: Column, path: Path) -> pa.ChunkedArray:
    found = pc.utf8_trim_whitespace(table[column.published])  # type: ignore[attr-defined]
    empty = pc.is_in(found, pa.array(["", "NA", *column.nothing]))  # type: ignore[attr-defined]
    found = pc.if_else(empty, pa.scalar(None, pa.string()), found)  # type: ignore[attr-defined]
    if column.kind == "date":
        found = pc.utf8_slice_codeunits(found, 0, 10)  # type: ignore[attr-defined]
    try:
        return found.cast(_TYPES[column.kind])
    except pa.ArrowInvalid as error:
        kind = {"whole": "whole numbers", "number": "numbers", "date": "dates"}[column.kind]
        raise CaseError(
            str(error).split("\n", maxsplit=1)[0], file=path, key=column.published, allowed=kind
        ) from None

"""From a sheet of a publisher's workbook (.xlsx) to an Arrow table with tidy columns.

A workbook is an archive of XML (ECMA-376): the names of its sheets, each sheet's rows of cells, and
the texts that cells share. What stands in a cell is read, not its formula or format.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa

from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.evidence.loaders.reading import MOST_BYTES, Column, demand, tidy

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOOK, _LINKS, _TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"


def read(path: str | Path, columns: Mapping[str, Column], sheet: str | None = None) -> pa.Table:
    """The columns of a sheet (default: the first), by tidy name; `nothing` and blanks become null.

    Rows above the header are skipped: the header is the first row that holds the first column's
    published name.

    Raises:
        CaseError: no workbook, no such sheet, a column is missing, or a value is not of its type.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            rows = list(_rows(archive, _place(archive, sheet, path), path))
    except OSError as error:
        raise CaseError(f"cannot be read ({error.strerror})", file=path) from None
    except (zipfile.BadZipFile, KeyError, ValueError, ElementTree.ParseError):
        raise CaseError("not a workbook", file=path, allowed="an .xlsx file") from None
    first = next(iter(columns.values())).published
    at = next((i for i, row in enumerate(rows) if first in row.values()), None)
    if at is None:
        raise CaseError("no header", file=path, allowed=f"a row with the column {first}")
    names = {text: place for place, text in reversed(rows[at].items())}
    demand(columns, list(rows[at].values()), path, at + 1)
    body = [row for row in rows[at + 1 :] if row]
    texts = {
        column.published: pa.array([row.get(names[column.published]) for row in body], pa.string())
        for column in columns.values()
    }
    return tidy(pa.table(texts), columns, path)


def _place(archive: zipfile.ZipFile, sheet: str | None, path: Path) -> str:
    """Where in the archive a sheet lies."""
    found = {
        str(each.get("name")).strip(): each.get(_LINK)
        for each in _parsed(archive, _BOOK, path).iter(f"{_MAIN}sheet")
    }
    wanted = sheet or next(iter(found), "")
    if wanted not in found:
        near = nearest(wanted, found)
        raise CaseError(
            "no such sheet", file=path, found=wanted, allowed=listed(found), nearest=near
        )
    for link in _parsed(archive, _LINKS, path):
        if link.get("Id") == found[wanted]:
            target = str(link.get("Target"))
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(wanted)


def _rows(archive: zipfile.ZipFile, place: str, path: Path) -> Iterator[dict[str, str]]:
    """A sheet's rows: texts by column letters; empty cells are left out."""
    shared: list[str] = []
    if _TEXTS in archive.namelist():
        shared = [_text(each) for each in _parsed(archive, _TEXTS, path).iter(f"{_MAIN}si")]
    for row in _parsed(archive, place, path).iter(f"{_MAIN}row"):
        found = {}
        for cell in row.iter(f"{_MAIN}c"):
            value = cell.find(f"{_MAIN}v")
            if cell.get("t") == "inlineStr":
                text = _text(cell)
            elif value is None or value.text is None or cell.get("t") == "e":
                continue
            elif cell.get("t") == "s":
                text = shared[int(value.text)]
            else:
                text = value.text if cell.get("t", "n") != "n" else _number(value.text)
            found[str(cell.get("r")).rstrip("0123456789")] = text.strip()
        yield found


def _number(text: str) -> str:
    """A number as a column of whole numbers can read it: programs write 1 also as 1.0 or 1E0."""
    number = float(text)
    return str(int(number)) if number.is_integer() else text


def _text(element: ElementTree.Element) -> str:
    """What a text says; how it is said aloud (phonetic runs) is left out."""
    parts = [element, *element.iter(f"{_MAIN}r"), *element.iter(f"{_MAIN}is")]
    return "".join(t.text or "" for part in parts for t in part.findall(f"{_MAIN}t"))


def _parsed(archive: zipfile.ZipFile, place: str, path: Path) -> ElementTree.Element:
    if archive.getinfo(place).file_size > MOST_BYTES:
        raise CaseError("the file in the archive is too large", file=path)
    return ElementTree.fromstring(archive.read(place))

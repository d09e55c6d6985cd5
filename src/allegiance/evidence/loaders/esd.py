"""UCDP External Support Dataset (ESD), triad-year version: who supported whom against whom, how.

One row is a supporter, the actor it supports, that actor's opponent and a year; a row without a
supporter says that there was none. The publisher gives it as text, workbook or Stata file.
Source: Meier, Karlén, Pettersson & Croicu (2023); version 18.1, 1975-2017. Licence: CC BY 4.0.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

from allegiance.cases.errors import CaseError
from allegiance.evidence.loaders import workbook
from allegiance.evidence.loaders.reading import Column, demand, read, tidy, unpacked

TRIADS = {
    "year": Column("year", "whole"),
    "conflict": Column("conflict_id", "whole"),
    "dyad": Column("dyad_id", "whole"),
    "active": Column("active", "whole"),
    "actor": Column("actor_name", "text"),
    "actor_nonstate": Column("actor_nonstate", "whole"),
    "supporter": Column("ext_name", "text"),
    "supporter_nonstate": Column("ext_nonstate", "whole"),
    "alleged": Column("ext_alleged", "whole"),
    "support": Column("ext_sup", "whole"),
}

KINDS = {
    "troops": "ext_x",
    "presence": "ext_p",
    "access": "ext_y",
    "weapons": "ext_w",
    "materiel": "ext_m",
    "training": "ext_t",
    "funding": "ext_f",
    "intelligence": "ext_i",
    "territory": "ext_l",
    "other": "ext_o",
    "unknown": "ext_u",
}
"""Kinds of support, and their columns: 1 where it was given."""


def support(path: str | Path) -> pa.Table:
    """Who supported whom, one supporter, actor, opponent and year a row; kinds are true or false.

    Rows that say that nobody did are left out; alleged support stands with `alleged` 1.

    Raises:
        CaseError: the file is not ESD by triads.
    """
    columns = {**TRIADS, **{name: Column(text, "whole") for name, text in KINDS.items()}}
    found = _read(Path(path), columns)
    found = found.filter(pc.equal(found["support"], 1))  # type: ignore[attr-defined]
    for name in KINDS:
        given = pc.fill_null(pc.equal(found[name], 1), False)  # type: ignore[attr-defined]
        found = found.set_column(found.schema.get_field_index(name), name, given)
    return found.drop_columns("support")


def supporters(support: pa.Table, actor: str, kind: str | None = None) -> pa.Table:
    """States that supported an actor by year, alleged ones left out: `year` and `supporter`.

    Only with one `kind` of support, where given.
    """
    names = ("actor", "year", "supporter", "supporter_nonstate", "alleged", kind or "year")
    rows = zip(*(support[name].to_pylist() for name in names), strict=True)
    found = {
        (year, supporter)
        for whom, year, supporter, nonstate, alleged, given in rows
        if whom == actor and supporter and not nonstate and not alleged and given
    }
    years, states = zip(*sorted(found), strict=True) if found else ((), ())
    return pa.table(
        {"year": pa.array(years, pa.int64()), "supporter": pa.array(states, pa.string())}
    )


def _read(path: Path, columns: dict[str, Column]) -> pa.Table:
    if path.suffix == ".xlsx":
        return workbook.read(path, columns)
    if path.suffix == ".csv" or path.name.endswith("csv.zip"):
        return read(path, columns)
    return _stata(path, columns)


def _stata(path: Path, columns: dict[str, Column]) -> pa.Table:
    import pandas as pd  # xarray brings it; needed for this format only

    try:
        raw = io.BytesIO(unpacked(path, ".dta"))
        frame = cast(pd.DataFrame, pd.read_stata(raw, convert_categoricals=False))
    except ValueError as error:
        allowed = "ESD by triads: .dta, .csv or .xlsx"
        raise CaseError(f"not a Stata file ({error})", file=path, allowed=allowed) from None
    demand(columns, [str(name) for name in frame.columns], path, 1)
    texts = {}
    for column in columns.values():
        found = pa.array(frame[column.published], from_pandas=True)
        if column.kind == "whole" and not pa.types.is_string(found.type):
            found = found.cast(pa.int64())
        texts[column.published] = found.cast(pa.string())
    return tidy(pa.table(texts), columns, path)

"""Alliance Treaty Obligations and Provisions (ATOP) 5.1: the dyad-year file.

Source: Leeds, Ritter, Mitchell & Long (2002). Free to use with citation.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from allegiance.evidence.loaders.reading import Column, read

OBLIGATIONS = ("defense", "offense", "neutral", "nonagg", "consul")
"""Kinds of obligation: to defend, to join an attack, neutrality, non-aggression, consultation."""

DYADS = {
    "one": Column("mem1", "whole"),
    "other": Column("mem2", "whole"),
    "year": Column("year", "whole"),
    "allied": Column("atopally", "whole"),
    **{name: Column(name, "whole") for name in OBLIGATIONS},
}


def dyads(path: str | Path) -> pa.Table:
    """Allied pairs of states, one pair and year a row, each pair once; obligations are booleans.

    States are Correlates of War numbers.

    Raises:
        CaseError: the file is not ATOP's dyad-year file.
    """
    table = read(path, DYADS, member="dy.csv")
    table = table.filter(pc.equal(table["allied"], 1))  # type: ignore[attr-defined]
    for name in ("allied", *OBLIGATIONS):
        bound = pc.equal(table[name], 1)  # type: ignore[attr-defined]
        table = table.set_column(table.schema.get_field_index(name), name, bound)
    return table

"""SIPRI Arms Transfers Database: the trade register as its website exports it (CSV).

Deliveries in trend-indicator values (TIV, million): volume of military capability, not money. The
figures are SIPRI's; its terms forbid passing on larger parts of them, so that a user exports the
file for himself.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyarrow as pa

from allegiance.evidence.loaders.reading import Column, read

REGISTER = {
    "deal": Column("SIPRI AT Database ID", "text"),
    "supplier": Column("Supplier", "text"),
    "recipient": Column("Recipient", "text"),
    "weapon": Column("Designation", "text"),
    "year": Column("Delivery year", "whole"),
    "volume": Column("TIV delivery values", "number"),
}


def deliveries(path: str | Path) -> pa.Table:
    """Deliveries, one deal and year a row; `volume` in million TIV.

    Raises:
        CaseError: the file is not the trade register.
    """
    return read(path, REGISTER)


def by_pair(deliveries: pa.Table) -> pa.Table:
    """Volume by supplier, recipient and year, in that order of columns; million TIV."""
    found: dict[tuple[str, str, int], float] = defaultdict(float)
    names = ("supplier", "recipient", "year", "volume")
    for *pair, volume in zip(*(deliveries[name].to_pylist() for name in names), strict=True):
        found[tuple(pair)] += volume or 0.0
    keys = sorted(found)
    columns = dict(zip(names, zip(*keys, strict=True), strict=False)) if keys else {}
    return pa.table({**columns, "volume": [found[key] for key in keys]})

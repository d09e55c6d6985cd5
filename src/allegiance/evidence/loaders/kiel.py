"""Kiel Institute, Ukraine Support Tracker: aid by donor, in the published workbook (.xlsx).

One row of the sheet is a part of an announced package. Months are counted from January 2022 = 1; 0
stands for a package without a month. Allocations are what is set aside for delivery; commitments
also hold what is only promised. Values are redistributed by the publisher where a package's parts
are not priced, so that they add up to its own totals (from about release 20 on).
Source: Trebesch et al., The Ukraine Support Tracker, Kiel Working Paper 2218.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pyarrow as pa

from allegiance.evidence.loaders import workbook
from allegiance.evidence.loaders.reading import Column

SHEET = "Bilateral Assistance, MAIN DATA"

PACKAGES = {
    "donor": Column("donor", "text"),
    "kind": Column("aid_type_general", "text"),
    "measure": Column("measure", "text"),
    "month": Column("month", "whole", (".",)),
    "value": Column("tot_sub_activity_value_EUR_redistr", "number", (".",)),
}

KINDS = ("Military", "Financial", "Humanitarian")


def packages(path: str | Path) -> pa.Table:
    """Parts of packages, one a row; `value` in EUR, `month` as the publisher counts.

    Raises:
        CaseError: the file is not the tracker's workbook.
    """
    return workbook.read(path, PACKAGES, SHEET)


def by_month(packages: pa.Table, donors: set[str] | None = None) -> pa.Table:
    """Allocations by month and kind, billion EUR: `month` (its first day; null: none is given).

    Only those of `donors`, where given. Corrections count as published, so that a month can be
    negative.
    """
    found: dict[int, dict[str, float]] = defaultdict(lambda: dict.fromkeys(KINDS, 0.0))
    rows = zip(*(packages[name].to_pylist() for name in PACKAGES), strict=True)
    for donor, kind, measure, month, value in rows:
        if measure != "Allocation" or kind not in KINDS or value is None:
            continue
        if donors is None or donor in donors:
            found[month or 0][kind] += value / 1e9
    months = sorted(found)
    days = [date(2022 + (m - 1) // 12, (m - 1) % 12 + 1, 1) if m else None for m in months]
    sums = {
        kind.lower(): pa.array([found[m][kind] for m in months], pa.float64()) for kind in KINDS
    }
    return pa.table({"month": pa.array(days, pa.date32()), **sums})

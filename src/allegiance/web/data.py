"""Results as CSV, for spreadsheets. RFC 4180, UTF-8, one header line, empty where there is none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from allegiance.engine.setup import Setup


def table(header: Iterable[str], lines: Iterable[Iterable[Any]]) -> bytes:
    """One table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    """A cell; text that a spreadsheet would take for a formula is quoted as text."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def runs(setup: Setup, values: np.ndarray) -> bytes:
    """A line a future: dates of events, values of quantities; `values` is [outcome, run]."""
    columns = []
    for outcome, numbers in zip(setup.outcomes.values(), values, strict=True):
        if outcome.event is None:
            columns.append([float(f"{x:.6g}") if np.isfinite(x) else None for x in numbers])
        else:
            start = setup.built.start
            days = (int(x) if np.isfinite(x) else None for x in np.floor(numbers))
            columns.append([d if d is None else start + timedelta(days=d) for d in days])
    lines = zip(range(values.shape[1]), *columns, strict=True)
    return table(["run", *setup.outcomes], lines)


def yearly(series: Mapping[str, Mapping[str, Any]]) -> bytes:
    """A line an address and year: the mean over the futures."""
    lines = ((a, year, x) for a, years in series.items() for year, x in years.items())
    return table(["address", "year", "mean"], lines)


def contrast(report: Mapping[str, Any]) -> bytes:
    """A line an outcome, then a line for what departed, `share` being that of the futures."""
    names = ("a", "b", "difference", "q05", "q95")
    lines: list[list[Any]] = [
        ["outcome", name, about["label"], about["unit"], "", *(about[key] for key in names), ""]
        for name, about in report["outcomes"].items()
    ]
    lines += [
        ["departs", e["address"], e["label"], e["unit"], e["first"], "", "", *_parted(e)]
        for e in report["chain"]
    ]
    return table(["what", "name", "label", "unit", "first", *names, "share"], lines)


def _parted(entry: Mapping[str, Any]) -> list[Any]:
    return [entry[key] for key in ("effect", "q05", "q95", "share")]


def fans(found: Mapping[str, Any]) -> bytes:
    """A line an address and date: quantiles over the futures."""
    levels = ("q05", "q25", "q50", "q75", "q95")
    lines = (
        [line["address"], fan["unit"], when, *(line[level][at] for level in levels)]
        for fan in found["fans"]
        for line in fan["lines"]
        for at, when in enumerate(found["dates"])
    )
    return table(["address", "unit", "date", *levels], lines)

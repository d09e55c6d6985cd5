"""Run tables and event logs as Arrow tables, for Parquet files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.engine import observe
from allegiance.engine.chunks import Chunk
from allegiance.engine.setup import Setup


def write(table: Any, path: Path) -> None:
    """Write an Arrow table."""
    from pyarrow import parquet

    parquet.write_table(table, path, compression="zstd")


def join(parts: Sequence[Path], path: Path) -> None:
    """Join files of one schema into one, a file at a time."""
    from pyarrow import parquet

    with parquet.ParquetWriter(path, parquet.read_schema(parts[0]), compression="zstd") as writer:
        for part in parts:
            writer.write_table(parquet.read_table(part))


def runs(setup: Setup, values: np.ndarray) -> Any:
    """A row a run: the date of each event's first occurrence, the value of each quantity.

    `values` is [outcome, run], as `outcomes.values` gives it; null where there is none.
    """
    import pyarrow as pa

    columns: dict[str, Any] = {"run": pa.array(np.arange(values.shape[1]), pa.int64())}
    for (name, outcome), numbers in zip(setup.outcomes.items(), values, strict=True):
        missing = ~np.isfinite(numbers)
        if outcome.event is None:
            columns[name] = pa.array(numbers, pa.float64(), mask=missing)
        else:
            days = np.floor(np.where(missing, 0.0, numbers)).astype("timedelta64[D]")
            dates = np.datetime64(setup.built.start, "D") + days
            columns[name] = pa.array(dates, pa.date32(), mask=missing)
    return pa.table(columns)


def events(setup: Setup, chunk: Chunk) -> Any:
    """A row an event, from a logged chunk: run, date, event, subject, object, day.

    `subject` and `object` are the names in the event's address, in its order. `date` is the first
    day of the step and `day` its distance from the start; both are exact for the first occurrence
    of the events that the case's outcomes name.
    """
    import pyarrow as pa

    built = setup.built
    places = observe.events(built.labels, observe.axis_sizes(built.world))
    names: dict[int, str] = {}
    for address, place in places.items():
        names.setdefault(place, address)  # a nickname comes after the name
    assert chunk.log is not None
    order = np.array(sorted(names))
    steps, flags, which = np.nonzero(chunk.log[:, order])
    days = steps * built.step_days
    for event, first in zip(setup.events, chunk.first, strict=True):
        with np.errstate(invalid="ignore"):
            exact = (order[flags] == places[event]) & (first[which] // built.step_days == steps)
        days = np.where(exact, first[which], days)
    parsed = [parse(names[place]) for place in order]
    objects = [address.object or (address.keys or (None,))[0] for address in parsed]
    subjects = [address.entity if address.region else address.subject for address in parsed]
    starts = np.datetime64(built.start, "D")

    def text(column: list[Any]) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array(flags, pa.int32()), pa.array(column)).cast(
            pa.string()
        )

    table = pa.table(
        {
            "run": pa.array(chunk.runs[which], pa.int64()),
            "date": pa.array(starts + np.floor(days).astype("timedelta64[D]"), pa.date32()),
            "event": text([address.noun for address in parsed]),
            "subject": text(subjects),
            "object": text(objects),
            "day": pa.array(days, pa.float64()),
        }
    )
    return table.sort_by([("run", "ascending"), ("day", "ascending")])

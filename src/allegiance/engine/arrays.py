"""Trajectories on disk: Zarr arrays whose first axis is cut as the chunks are.

No two chunks share a file, so that any process may write any of them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from allegiance.engine.chunks import Chunk
from allegiance.engine.durable import sync_all
from allegiance.engine.setup import Setup
from allegiance.engine.units import unit_of

FOLDER = "trajectories.zarr"
_GROUP_BYTES = 4_000_000
_LARGE = ("trajectory", "first_day")
_KEPT_BITS = 12


def _opened(folder: Path, mode: Any) -> Any:
    import zarr

    return zarr.open_group(folder / FOLDER, mode=mode, use_consolidated=False)


def write(folder: Path, setup: Setup, index: int, chunk: Chunk, width: int) -> list[Path]:
    """Write a chunk; return its files, which may still have to be brought to the disk.

    Raises:
        OSError: the disk is full or fails.
    """
    group = _opened(folder, "r+")
    runs = slice(index * width, index * width + len(chunk.runs))
    if setup.addresses:
        records = np.ascontiguousarray(chunk.records.transpose(2, 0, 1))
        _shorten(records[..., len(setup.reported) :])
        group["trajectory"][runs] = records
    if setup.events:
        group["first_day"][runs] = np.where(np.isfinite(chunk.first), chunk.first, np.nan).T
    places = [folder / FOLDER / name / "c" / str(index) for name in _LARGE]
    found = [path for place in places for path in place.rglob("*") if path.is_file()]
    return [path for path in found if path.suffix != ".partial"]


def _shorten(values: np.ndarray) -> None:
    """Round to _KEPT_BITS of the mantissa, one part in 8,000, in place: that packs far better."""
    drop = 23 - _KEPT_BITS
    bits = values.view(np.uint32)
    finite = np.isfinite(values)
    rounded = (bits + np.uint32(1 << (drop - 1))) & np.uint32(~((1 << drop) - 1) & 0xFFFFFFFF)
    np.copyto(bits, rounded, where=finite)


def read(folder: Path, setup: Setup, index: int, width: int) -> Chunk:
    """A chunk as it was written, without its log."""
    group = _opened(folder, "r")
    runs = slice(index * width, min((index + 1) * width, setup.runs))
    count = runs.stop - runs.start
    records = np.zeros((setup.built.steps, 0, count), np.float32)
    if setup.addresses:
        records = np.asarray(group["trajectory"][runs]).transpose(1, 2, 0)
    first = np.zeros((0, count))
    if setup.events:
        first = np.asarray(group["first_day"][runs]).T
    return Chunk(
        runs=np.arange(runs.start, runs.stop, dtype=np.uint32),
        records=records,
        first=np.where(np.isnan(first), np.inf, first),
        log=None,
    )


def create(folder: Path, setup: Setup, width: int, notes: dict[str, Any]) -> list[Path]:
    """Lay out the arrays anew and bring them to the disk; return their files."""
    import zarr
    from zarr.codecs import BloscCodec

    packed = [BloscCodec(cname="zstd", clevel=3, shuffle="shuffle")]
    built, steps = setup.built, setup.built.steps
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    group = zarr.create_group(folder / FOLDER, overwrite=True, attributes=notes)

    def array(name: str, dims: list[str], cut: list[int], dtype: Any, **about: Any) -> Any:
        lengths = {"run": setup.runs, "date": steps}
        lengths |= {"address": len(setup.addresses), "event": len(setup.events)}
        return group.create_array(
            name,
            shape=tuple(lengths[dim] for dim in dims),
            chunks=tuple(cut),
            dtype=dtype,
            dimension_names=dims,
            compressors="auto" if dtype is str else packed,
            attributes=about,
        )

    array("run", ["run"], [setup.runs], "i8")[:] = np.arange(setup.runs)
    days = [(built.calendar.date(step) - built.start).days for step in range(steps)]
    since = {"units": f"days since {built.start}", "calendar": "proleptic_gregorian"}
    array("date", ["date"], [steps], "i4", **since)[:] = np.array(days)
    if setup.addresses:
        many = len(setup.addresses)
        some = max(1, min(many, _GROUP_BYTES // (4 * width * steps)))
        array("address", ["address"], [many], str)[:] = np.array(setup.addresses, object)
        units = [unit_of(address) for address in setup.addresses]
        array("unit", ["address"], [many], str)[:] = np.array(units, object)
        array("trajectory", ["run", "date", "address"], [width, steps, some], "f4")
    if setup.events:
        many = len(setup.events)
        array("event", ["event"], [many], str)[:] = np.array(setup.events, object)
        meaning = f"days from {built.start} to the first occurrence; NaN: never"
        array("first_day", ["run", "event"], [width, many], "f8", description=meaning)
    made = [path for path in (folder / FOLDER).rglob("*") if path.is_file()]
    sync_all(made, folder)
    return made

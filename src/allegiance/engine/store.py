"""A folder of results that survives interruption: Zarr, Parquet, and a manifest that commits.

A chunk counts once the manifest names it, and the manifest is replaced in one step after the
chunk's data are on the disk. Whatever else lies in the folder is written again on resuming.
"""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from allegiance.cases.errors import CaseError
from allegiance.engine import tables
from allegiance.engine.chunks import Chunk
from allegiance.engine.setup import Setup
from allegiance.engine.units import unit_of
from allegiance.world.parameters import NAMES

MANIFEST = "manifest.json"
TRAJECTORIES = "trajectories.zarr"
_PARTS = "parts"
_GROUP_BYTES = 4_000_000
CASE = "case"
"""Folder that keeps the case's files, so that a store can be read without the case."""
_KEPT_BITS = 12
_PACKAGES = ("allegiance", "jax", "jaxlib", "numpy", "zarr", "pyarrow")


class Store:
    """One run's folder. Made before anything is simulated, so that a bad folder costs nothing.

    Raises:
        CaseError: the folder cannot be written, is not empty, or holds another run.
    """

    def __init__(self, folder: Path, setup: Setup, resume: bool = False) -> None:
        self.folder = folder
        self.setup = setup
        usable(folder)
        path = folder / MANIFEST
        if path.is_file() and resume:
            self.manifest = _read(path)
            same(self.manifest, identity(setup))
        elif any(folder.iterdir()):
            allowed = "a new or empty folder, or --resume with the folder of the same run"
            raise CaseError("the folder is not empty", key="--out", found=folder, allowed=allowed)
        else:
            self.manifest = {**identity(setup), **_circumstances(), "width": None, "chunks": []}

    @property
    def finished(self) -> frozenset[int]:
        """Numbers of the finished chunks."""
        return frozenset(self.manifest["chunks"])

    @property
    def width(self) -> int | None:
        """Runs in a chunk, None while nothing has been written."""
        return self.manifest["width"]

    @property
    def complete(self) -> bool:
        """Whether every run is finished."""
        done = len(self.manifest["chunks"]) * (self.width or 0)
        return done >= self.setup.runs

    @property
    def kept(self) -> str:
        """What an interruption leaves, in words."""
        done = min(len(self.finished) * (self.width or 0), self.setup.runs)
        return (
            f"{done} of {self.setup.runs} futures are kept in {self.folder}; "
            "the same command with --resume goes on from there"
        )

    def write(self, index: int, chunk: Chunk, width: int) -> None:
        """Write a finished chunk and commit it.

        Raises:
            OSError: the disk is full or fails; what was committed stays.
        """
        if self.width is None:
            self._create(width)
        group = self._group("r+")
        runs = slice(index * width, index * width + len(chunk.runs))
        if self.setup.addresses:
            records = np.ascontiguousarray(chunk.records.transpose(2, 0, 1))
            _shorten(records[..., len(self.setup.reported) :])
            group["trajectory"][runs] = records
        if self.setup.events:
            group["first_day"][runs] = np.where(np.isfinite(chunk.first), chunk.first, np.nan).T
        for name in ("trajectory", "first_day"):
            for file in (self.folder / TRAJECTORIES / name / "c" / str(index)).rglob("*"):
                _sync(file)
        if chunk.log is not None:
            parts = self.folder / _PARTS
            parts.mkdir(exist_ok=True)
            with replacing(parts / f"{index:06d}.parquet") as draft:
                tables.write(tables.events(self.setup, chunk), draft)
        self._commit(chunks=sorted({*self.manifest["chunks"], index}))

    def read(self, index: int) -> Chunk:
        """A finished chunk as it was written, without its log."""
        width, setup = self.width or 0, self.setup
        group = self._group("r")
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

    def finish(self, values: np.ndarray, report: dict[str, Any]) -> None:
        """Write the tables and the summary; `values` is [outcome, run]."""
        with replacing(self.folder / "runs.parquet") as draft:
            tables.write(tables.runs(self.setup, values), draft)
        parts = self.folder / _PARTS
        if parts.is_dir() and self.manifest["ended"] is None:
            with replacing(self.folder / "events.parquet") as draft:
                tables.join(sorted(parts.glob("*.parquet")), draft)
        self._keep_case()
        with replacing(self.folder / "summary.json") as draft:
            draft.write_text(json.dumps(report, indent=2, allow_nan=False, ensure_ascii=False))
        if self.manifest["ended"] is None:
            self._commit(ended=_now())
        shutil.rmtree(parts, ignore_errors=True)

    def _keep_case(self) -> None:
        """Copy the case's files, as they were read: levers stand in the manifest."""
        files = self.setup.scenario.files
        folder = self.folder / CASE / files.name
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(files.folder.glob("*.yaml")):
            with replacing(folder / file.name) as draft:
                shutil.copyfile(file, draft)

    def _group(self, mode: Any) -> Any:
        import zarr

        return zarr.open_group(self.folder / TRAJECTORIES, mode=mode, use_consolidated=False)

    def _create(self, width: int) -> None:
        """Lay out the arrays. Their first axis is cut as the chunks are, so none shares a file."""
        import zarr
        from zarr.codecs import BloscCodec

        self._commit()  # first, so that an interruption from here on can be resumed
        packed = [BloscCodec(cname="zstd", clevel=3, shuffle="shuffle")]
        setup = self.setup
        built, steps = setup.built, setup.built.steps
        group = zarr.create_group(
            self.folder / TRAJECTORIES,
            overwrite=True,
            attributes={k: self.manifest[k] for k in ("case", "theory", "levers", "seed")},
        )

        def array(name: str, dims: list[str], cut: list[int], dtype: Any, **notes: Any) -> Any:
            lengths = {"run": setup.runs, "date": steps}
            lengths |= {"address": len(setup.addresses), "event": len(setup.events)}
            return group.create_array(
                name,
                shape=tuple(lengths[dim] for dim in dims),
                chunks=tuple(cut),
                dtype=dtype,
                dimension_names=dims,
                compressors="auto" if dtype is str else packed,
                attributes=notes,
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
        self._commit(width=width)

    def _commit(self, **news: Any) -> None:
        manifest = {**self.manifest, **news}
        with replacing(self.folder / MANIFEST) as draft:
            draft.write_text(json.dumps(manifest, indent=2, allow_nan=False))
        self.manifest = manifest


def _shorten(values: np.ndarray) -> None:
    """Round to _KEPT_BITS of the mantissa, one part in 8,000, in place: that packs far better."""
    drop = 23 - _KEPT_BITS
    bits = values.view(np.uint32)
    finite = np.isfinite(values)
    rounded = (bits + np.uint32(1 << (drop - 1))) & np.uint32(~((1 << drop) - 1) & 0xFFFFFFFF)
    np.copyto(bits, rounded, where=finite)


def identity(setup: Setup) -> dict[str, Any]:
    """What makes a run this run and no other."""
    scenario = setup.scenario
    values = [float(f"{value:.7g}") for value in scenario.theory.values]
    return {
        "format": 1,
        "case": scenario.name,
        "digest": scenario.files.digest,
        "levers": list(scenario.levers),
        "theory": scenario.theory.name,
        "parameters": dict(zip(NAMES, values, strict=True)),
        **({"posterior": setup.draws.digest} if setup.draws else {}),
        "seed": setup.seed,
        "runs": setup.runs,
        "from": setup.built.start.isoformat(),
        "until": setup.until.isoformat(),
        "step_days": setup.built.step_days,
        "recorded": list(setup.addresses),
        "events": list(setup.events),
        "versions": {name: version(name) for name in _PACKAGES},
    }


def _circumstances() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "cores": os.cpu_count(),
        },
        "started": _now(),
        "ended": None,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def usable(folder: Path) -> None:
    """Make the folder where there is none, and try whether it takes a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        allowed = "a folder that can be written"
        raise CaseError(
            f"cannot be written ({reason})", key="--out", found=folder, allowed=allowed
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if {"chunks", "width", "ended"} <= found.keys():
            return found
    except (OSError, ValueError, AttributeError):
        pass
    raise CaseError("not a manifest", file=path, allowed="a folder that allegiance wrote")


def same(stored: dict[str, Any], asked: dict[str, Any], where: str = MANIFEST) -> None:
    """Refuse to resume another run."""
    for key, value in asked.items():
        if stored.get(key) != value:
            allowed = f"the same {key} as in {where}, or a new folder"
            raise CaseError(
                f"the folder holds another run: its {key} differs", key="--resume", allowed=allowed
            )


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place, on the disk, when all went well."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        yield draft
        _sync(draft)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lanes(width: int | None, devices: int) -> dict[str, int]:
    """Fields of `Plan` for chunks of `width` runs on at most `devices`; none for a new run."""
    if width is None:
        return {}
    shared = math.gcd(width, devices)
    return {"lane": width // shared, "devices": shared}

"""A folder of results that survives interruption: Zarr, Parquet, and records that commit.

A chunk counts once its record lies in `parts/`: a small file, put there in one step after the
chunk's data are on the disk, with the size and SHA-256 of each file of the chunk. Whatever else
lies in the folder is written again on resuming. Any process that knows the order may write any
chunk; two that write the same one write the same bytes. When all is done the manifest takes over
all seals, and the records go.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from allegiance.cases import reading, schema
from allegiance.cases.errors import CaseError
from allegiance.engine import arrays, durable, tables
from allegiance.engine.chunks import Chunk
from allegiance.engine.setup import Setup
from allegiance.world.parameters import NAMES

MANIFEST = "manifest.json"
SUMMARY = "summary.json"
TRAJECTORIES = arrays.FOLDER
PARTS = "parts"
CASE = "case"
"""Folder that keeps the case's files, so that a store can be read without the case."""

READ = (*schema.FILES, "dossier.yaml")
"""Files of a case that every run has read, wherever they link to."""
_PACKAGES = ("allegiance", "jax", "jaxlib", "numpy", "zarr", "pyarrow")
_FORM: Mapping[str, Callable[[Any], bool]] = {
    "width": lambda x: x is None or (type(x) is int and 0 < x < 2**32),
    "ended": lambda x: x is None or isinstance(x, str),
    "chunks": lambda x: isinstance(x, list) and all(type(i) is int and i >= 0 for i in x),
    "processors": lambda x: isinstance(x, list),
    "layout": durable.are_seals,
    "files": durable.are_seals,
}
"""What of a manifest is used without being compared with the order."""

_AGAIN = "a new folder, or results copied whole"


class Store(durable.Claimed):
    """One run's folder. Made before anything is simulated, so that a bad folder costs nothing.

    It is claimed for this run until the end of its outermost `with`. `anew` tells whether a
    resumption found nothing and begins from the start.

    Raises:
        CaseError: the folder cannot be written, is not empty, holds another run or is damaged.
    """

    def __init__(self, folder: Path, setup: Setup, resume: bool = False) -> None:
        self.setup, self.resume = setup, resume
        self.run = digest(setup)
        self.records: dict[int, dict[str, Any]] = {}
        if resume and not folder.exists():
            allowed = "a folder that an interrupted run has left; without --resume a run begins"
            raise CaseError("nothing to resume", key="--resume", found=folder, allowed=allowed)
        for parent in folder.absolute().parents:
            if (parent / MANIFEST).is_file():
                allowed = "a folder outside any other run's"
                raise CaseError("inside another run", key="--out", found=folder, allowed=allowed)
        super().__init__(folder)

    def _begun(self) -> None:
        folder, setup, resume = self.folder, self.setup, self.resume
        path = folder / MANIFEST
        self.anew = resume and not path.is_file()
        if path.is_file() and resume:
            self.manifest = read(folder)
            same(self.manifest, identity(setup))
            self._found()
        elif {*folder.iterdir()} - {*durable.drafts(folder)}:
            if resume and (folder / TRAJECTORIES).is_dir():
                raise CaseError("the manifest is missing", file=path, allowed=_AGAIN)
            held = "a case, not a run" if (folder / READ[0]).is_file() else "what is no run"
            problem = f"the folder is not empty: it holds {held}"
            key = "--resume" if resume else "--out"
            allowed = "a new or empty folder, or --resume with the folder of the same run"
            raise CaseError(problem, key=key, found=str(folder), allowed=allowed)
        else:
            fresh = {"width": None, "layout": {}, "chunks": [], "files": {}}
            self.manifest = {**identity(setup), **_circumstances(), **fresh}
        for draft in durable.drafts(folder):
            draft.unlink(missing_ok=True)

    def _found(self) -> None:
        """Take over what is finished, after comparing all of it with its seals."""
        if self.manifest["ended"] is not None:
            durable.verify(self.folder, self.manifest["files"], _AGAIN)
            return
        durable.verify(self.folder, self.manifest["layout"], _AGAIN)
        self.refresh()
        for index, record in self.records.items():
            remedy = f"remove {_record(self.folder, index)} and resume: it is simulated again"
            durable.verify(self.folder, record["files"], remedy)

    def refresh(self) -> None:
        """Look for records that other processes have written meanwhile."""
        for path in (self.folder / PARTS).glob("*.json"):
            index = int(path.stem) if re.fullmatch(r"[0-9]{6,10}", path.stem) else -1
            if index not in self.records:
                self.records[index] = recorded(path, index, self.run, self.width)

    @property
    def finished(self) -> frozenset[int]:
        """Numbers of the finished chunks."""
        return frozenset(self.manifest["chunks"] if self.manifest["ended"] else self.records)

    @property
    def width(self) -> int | None:
        """Runs in a chunk, None while nothing has been written."""
        return self.manifest["width"]

    @property
    def complete(self) -> bool:
        """Whether every run is finished."""
        return len(self.finished) * (self.width or 0) >= self.setup.runs

    @property
    def kept(self) -> str:
        """How many futures are finished, and how to go on."""
        self.refresh()
        done = min(len(self.finished) * (self.width or 0), self.setup.runs)
        return (
            f"{done} of {self.setup.runs} futures are kept in {self.folder}; "
            "the same command with --resume goes on from there"
        )

    def lay_out(self, width: int) -> None:
        """Make the arrays for chunks of `width` runs, unless they are there."""
        if self.width is not None:
            return
        self._commit()  # first, so that an interruption from here on can be resumed
        notes = {k: self.manifest[k] for k in ("case", "theory", "levers", "seed")}
        made = arrays.create(self.folder, self.setup, width, notes)
        self._commit(width=width, layout=durable.sealed(self.folder, made))

    def write(self, index: int, chunk: Chunk, width: int) -> None:
        """Write a finished chunk and commit it.

        Raises:
            OSError: the disk is full or fails; what was committed stays.
        """
        self.lay_out(width)
        self.records[index] = written(self.folder, self.setup, index, chunk, width, self.run)

    def read(self, index: int) -> Chunk:
        """A finished chunk as it was written, without its log."""
        return arrays.read(self.folder, self.setup, index, self.width or 0)

    def finish(self, values: np.ndarray, report: dict[str, Any]) -> None:
        """Write the tables and the summary; `values` is [outcome, run]."""
        folder, files = self.folder, dict(self.manifest["files"])
        if self.manifest["ended"] is None:
            self.refresh()
            with durable.replacing(folder / "runs.parquet") as draft:
                tables.write(tables.runs(self.setup, values), draft)
            made = [folder / "runs.parquet"]
            if parts := sorted((folder / PARTS).glob("*.parquet")):
                made.append(folder / "events.parquet")
                with durable.replacing(made[-1]) as draft:
                    tables.join(parts, draft)
            files = dict(self.manifest["layout"])
            for _, record in sorted(self.records.items()):
                files |= {k: v for k, v in record["files"].items() if k.startswith(TRAJECTORIES)}
            made += self._keep_case()
            files |= durable.sealed(folder, made)
        elif _told(durable.read_json(folder / SUMMARY)) != _told(report):
            files.pop(SUMMARY, None)
            self._commit(files=files)  # a summary about to change must not look damaged
        if SUMMARY not in files:
            text = json.dumps(report, indent=2, allow_nan=False, ensure_ascii=False)
            with durable.replacing(folder / SUMMARY) as draft:
                draft.write_text(text, encoding="utf-8")
            files |= durable.sealed(folder, [folder / SUMMARY])
            ended = self.manifest["ended"] or _now()
            made_on = sorted({record["processor"] for record in self.records.values()})
            made_on = made_on or self.manifest["processors"]
            chunks = sorted(self.finished)
            self._commit(files=files, ended=ended, chunks=chunks, processors=made_on)
        shutil.rmtree(folder / PARTS, ignore_errors=True)

    def _keep_case(self) -> list[Path]:
        """Copy the case's files, as they were read: levers stand in the manifest."""
        files = self.setup.scenario.files
        folder = self.folder / CASE / files.name
        folder.mkdir(parents=True, exist_ok=True)
        copies = []
        for file in sorted(files.folder.glob("*.yaml")):
            # What else a stranger's case links to was not read, and a run may be given away.
            if file.name not in READ and reading.leaves(file):
                continue
            with durable.replacing(folder / file.name) as draft:
                shutil.copyfile(file, draft)
            copies.append(folder / file.name)
        return copies

    def _commit(self, **news: Any) -> None:
        manifest = {**self.manifest, **news}
        durable.write_json(self.folder / MANIFEST, manifest)
        self.manifest = manifest


def written(
    folder: Path, setup: Setup, index: int, chunk: Chunk, width: int, run: str
) -> dict[str, Any]:
    """Write a chunk into a folder that is laid out, and commit it; return its record.

    `run` is the `digest` of the order.

    Raises:
        OSError: the disk is full or fails; the chunk does not count.
    """
    files = arrays.write(folder, setup, index, chunk, width)
    parts = folder / PARTS
    parts.mkdir(exist_ok=True)
    if chunk.log is not None:
        file = parts / f"{index:06d}.parquet"
        with durable.replacing(file) as draft:
            tables.write(tables.events(setup, chunk), draft)
        files.append(file)
    durable.sync_all(files, folder)
    record = {
        "run": run,
        "chunk": index,
        "width": width,
        "runs": [int(chunk.runs[0]), int(chunk.runs[-1])],
        "processor": processor(),
        "files": durable.sealed(folder, files),
    }
    durable.write_json(_record(folder, index), record)
    return record


def has(folder: Path, index: int, run: str, width: int) -> bool:
    """Whether a folder holds a chunk of a run, whole: another worker may have been there."""
    path = _record(folder, index)
    try:
        found = recorded(path, index, run, width) if path.is_file() else None
        durable.verify(folder, found["files"] if found else {}, "")
    except CaseError:
        return False
    return found is not None


def _record(folder: Path, index: int) -> Path:
    """Where a chunk's record lies."""
    return folder / PARTS / f"{index:06d}.json"


def recorded(path: Path, index: int, run: str, width: int | None) -> dict[str, Any]:
    """A chunk's record; it must be of the run whose digest is `run`.

    Raises:
        CaseError: it is damaged, or belongs to another run.
    """
    found = durable.read_json(path)
    remedy = "the record of a chunk; removed, the chunk is simulated again"
    whole = isinstance(found, dict) and durable.are_seals(found.get("files"))
    if not whole or not isinstance(found.get("processor"), str):
        raise CaseError("damaged: not the record of a chunk", file=path, allowed=remedy)
    asked = {"run": run, "chunk": index, "width": width}
    for key, value in asked.items():
        if found.get(key) != value:
            problem = f"the chunk belongs to another run: its {key} differs"
            raise CaseError(problem, file=path, found=found.get(key), allowed=f"{value}; {remedy}")
    return found


def _told(report: Any) -> Any:
    """A report without what differs from call to call."""
    return {k: v for k, v in report.items() if k != "seconds"} if isinstance(report, dict) else None


def identity(setup: Setup) -> dict[str, Any]:
    """What makes a run this run and no other."""
    scenario = setup.scenario
    values = [float(f"{value:.7g}") for value in scenario.theory.values]
    return {
        "format": 2,
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
        "versions": {name: version(name) for name in _PACKAGES} | {"model": model()},
    }


def digest(setup: Setup) -> str:
    """SHA-256 of a run's identity."""
    return hashlib.sha256(json.dumps(identity(setup), sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def model() -> str:
    """What the model's sources say, shortened to 16 digits: a change of a verb is a version too."""
    from allegiance.engine import executables

    return executables.sources()[:16]


@lru_cache(maxsize=1)
def processor() -> str:
    """The kind of processor, as 12 digits: on another kind a compiler may round otherwise."""
    from allegiance.engine import executables

    return hashlib.sha256(executables.machine().encode()).hexdigest()[:12]


def _circumstances() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "cores": os.cpu_count(),
        },
        "processors": [],
        "started": _now(),
        "ended": None,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def read(folder: Path) -> dict[str, Any]:
    """A folder's manifest.

    Raises:
        CaseError: it is missing, or none.
    """
    path = folder / MANIFEST
    found = durable.read_json(path)
    if not (isinstance(found, dict) and found.keys() >= _FORM.keys()) or not all(
        fits(found[key]) for key, fits in _FORM.items()
    ):
        allowed = "a folder that this version of allegiance wrote"
        raise CaseError("not a manifest", file=path, allowed=allowed)
    return found


def same(stored: Mapping[str, Any], asked: Mapping[str, Any], where: str = MANIFEST) -> None:
    """Refuse to resume another run.

    Raises:
        CaseError: something differs; what it was and what it is.
    """
    for key, value in asked.items():
        if stored.get(key) != value:
            plain = isinstance(value, str | int | float) and len(str(value)) < 40
            was = f" (there {stored.get(key)}, here {value})" if plain else ""
            allowed = f"the same {key} as in {where}, or a new folder"
            problem = f"the folder holds another run: its {key} differs{was}"
            raise CaseError(problem, key="--resume", allowed=allowed)

"""Files that survive a killed process and a lost power supply, and tell whether they are whole.

A file is written beside its place, brought to the disk, and renamed into its place; then the folder
is brought to the disk. A seal is a file's size and SHA-256, kept somewhere else: what has been
cut short, changed or taken away afterwards is found by it and named.
"""

from __future__ import annotations

import hashlib
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Self

from allegiance.cases.errors import CaseError
from allegiance.engine.claims import Claim

Seals = dict[str, dict[str, Any]]
"""`{"bytes": n, "sha256": hex}` by path below a folder."""

MOST_BYTES = 200_000_000
"""A larger JSON file is none of ours: a manifest takes 200 bytes a chunk file."""


def usable(folder: Path) -> Claim:
    """Make the folder where there is none, claim it, and try whether it takes a file.

    Raises:
        CaseError: it does not, or another run is writing to it.
    """
    allowed = "a folder that can be written"
    if not str(folder).strip() or "\0" in str(folder):
        raise CaseError("not a folder", key="--out", found=folder, allowed=allowed)
    claim = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        claim = Claim(folder)  # before anything is written, even the probe
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
        return claim
    except (OSError, ValueError) as error:
        if claim:
            claim.release()
        reason = getattr(error, "strerror", None) or type(error).__name__
        if isinstance(error, FileNotFoundError):  # though its parents were made where they could be
            reason = "no folder can be made there"
        raise CaseError(
            f"cannot be written ({reason})", key="--out", found=folder, allowed=allowed
        ) from None


class Claimed(ABC):
    """A folder that is written by one process at a time, from its making to the end of its `with`.

    That is the outermost `with`; it tells an error what is `kept`. A subclass has what `_begun`
    needs before it calls this class.

    Raises:
        CaseError: the folder cannot be written, another run is writing to it, or `_begun` refuses
            what it holds.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.claim, self._entered = folder, usable(folder), 0
        try:
            self._begun()
        except BaseException:
            self.claim.release()
            raise

    @abstractmethod
    def _begun(self) -> None:
        """Take the folder as it is, or refuse it."""

    @property
    @abstractmethod
    def kept(self) -> str:
        """What an interruption leaves, and how to go on, in words."""

    def __enter__(self) -> Self:
        self._entered += 1
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._entered -= 1
        if self._entered:
            return
        try:
            if isinstance(error, OSError | KeyboardInterrupt):
                error.add_note(self.kept)
        finally:
            self.claim.release()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place, on the disk, when all went well."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        yield draft
        sync(draft)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Bring a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(files: Iterable[Path], top: Path) -> None:
    """Bring files to the disk, and every folder between them and `top`, which lies above them."""
    folders: set[Path] = set()
    for file in files:
        sync(file)
        folders |= {parent for parent in file.parents if parent.is_relative_to(top)}
    for folder in sorted(folders, key=lambda path: -len(path.parts)):
        sync(folder)


def drafts(folder: Path) -> list[Path]:
    """Drafts, probes and partial files that a killed process has left anywhere below."""
    found = [*folder.rglob(".*.draft"), *folder.glob(".probe-*"), *folder.rglob("*.partial")]
    return [path for path in found if path.is_file() and not path.is_symlink()]


def sealed(folder: Path, files: Iterable[Path]) -> Seals:
    """Size and SHA-256 of files below a folder, by path, sorted."""
    return {str(PurePosixPath(p.relative_to(folder))): _seal(p) for p in sorted(files)}


def _seal(path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
            size += len(block)
    return {"bytes": size, "sha256": digest.hexdigest()}


def verify(folder: Path, seals: Mapping[str, Mapping[str, Any]], remedy: str) -> None:
    """Compare files with their seals; sizes first, since they cost nothing.

    Raises:
        CaseError: a file is missing, cut short or changed; it is named, and the `remedy`.
    """
    for name, seal in seals.items():
        path = folder / name
        try:
            size = path.stat().st_size
        except OSError:
            raise CaseError("a file is missing", file=path, allowed=remedy) from None
        if size != seal["bytes"]:
            problem = f"damaged: {size} bytes where {seal['bytes']} were written"
            raise CaseError(problem, file=path, allowed=remedy)
    for name, seal in seals.items():
        path = folder / name
        try:
            found = _seal(path)["sha256"]
        except OSError as error:
            problem = f"cannot be read ({error.strerror})"
            raise CaseError(problem, file=path, allowed=remedy) from None
        if found != seal["sha256"]:
            problem = f"damaged: SHA-256 {found[:16]}… where {seal['sha256'][:16]}… was written"
            raise CaseError(problem, file=path, allowed=remedy)


def write_json(path: Path, data: Any) -> None:
    """Write JSON in one step."""
    with replacing(path) as draft:
        draft.write_text(json.dumps(data, indent=1, allow_nan=False), encoding="utf-8")


def read_json(path: Path) -> Any:
    """JSON from a file; None where it cannot be read, is far too large or is none."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def are_seals(found: Any) -> bool:
    """Whether JSON is `Seals` whose paths stay below their folder."""
    return isinstance(found, dict) and all(
        isinstance(seal, dict)
        and isinstance(seal.get("sha256"), str)
        and type(seal.get("bytes")) is int
        and inside(name)
        for name, seal in found.items()
    )


def inside(name: str) -> bool:
    """Whether a relative path stays below the folder it starts from."""
    path = PurePosixPath(name)
    return not (path.is_absolute() or ".." in path.parts or "\0" in name or not path.parts)

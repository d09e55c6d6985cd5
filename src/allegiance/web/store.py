"""Finished results, by the content of what was asked: a bounded store in memory and on disk.

A result is a few named parts (`result.json`, `runs.csv`, ...). The key covers the order, the case's
files and the program, so that an equal request is answered at once and a changed case never by an
old result.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from allegiance import __version__
from allegiance.engine import cache

Parts = dict[str, bytes]

PARTS = frozenset({"result.json", "runs.csv", "series.csv", "contrast.csv", "report.html"})
"""Every name that a part may have."""

IN_MEMORY = 64 * 2**20
ON_DISK = 256 * 2**20

SOURCES = ("cases", "engine", "evidence", "explain", "show", "verbs", "web", "world")


def program() -> str:
    """Fingerprint of all that decides a result beside the order and the case's files."""
    return f"{__version__} {cache.fingerprint(SOURCES)}"


def key(*facts: Any) -> str:
    """Name of the result of an order; `facts` are plain data."""
    text = json.dumps([program(), *facts], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def default_folder() -> Path:
    """Where results lie on disk: beside the compiled programs."""
    return cache.folder() / "web"


class Store:
    """Results by key. A disk that is full or cannot be written costs nothing but time."""

    def __init__(self, folder: Path | None, memory: int = IN_MEMORY, disk: int = ON_DISK) -> None:
        self.folder, self.memory, self.disk = folder, memory, disk
        self._kept: OrderedDict[str, Parts] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Parts | None:
        """The parts of a result, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = self._read(key)
        if found:
            self._keep(key, found)
        return found

    def put(self, key: str, parts: Parts) -> None:
        """Keep a result; what was used longest ago goes first."""
        self._keep(key, parts)
        if self.folder is None:
            return
        partial = self.folder / f".{key}-{os.getpid()}"
        try:
            partial.mkdir(parents=True)
            for name, data in parts.items():
                (partial / name).write_bytes(data)
            _removed(self.folder / key)
            partial.rename(self.folder / key)
            self._prune()
        except OSError:
            _removed(partial)

    def _keep(self, key: str, parts: Parts) -> None:
        with self._lock:
            self._kept[key] = parts
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > self.memory:
                self._kept.popitem(last=False)

    def _read(self, key: str) -> Parts | None:
        if self.folder is None:
            return None
        try:
            files = [path for path in (self.folder / key).iterdir() if path.name in PARTS]
            found = {path.name: path.read_bytes() for path in files}
            os.utime(self.folder / key)
        except OSError:
            return None
        return found or None

    def _prune(self) -> None:
        assert self.folder is not None
        held = []
        for path in self.folder.iterdir():
            if path.is_dir() and not path.name.startswith("."):
                size = sum(file.stat().st_size for file in path.iterdir())
                held.append((path.stat().st_mtime, size, path))
        total = sum(size for _, size, _ in held)
        for _, size, path in sorted(held):
            if total <= self.disk:
                return
            _removed(path)
            total -= size


def _size(parts: Parts) -> int:
    return sum(map(len, parts.values()))


def _removed(folder: Path) -> None:
    try:
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()
    except OSError:
        pass

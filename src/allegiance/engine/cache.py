"""The user's cache folder, and fingerprints of the sources that what lies in it depends on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import platformdirs


def folder() -> Path:
    """Where compiled programs and results are kept; ALLEGIANCE_CACHE names another place."""
    return Path(os.environ.get("ALLEGIANCE_CACHE") or platformdirs.user_cache_dir("allegiance"))


@lru_cache(maxsize=4)
def fingerprint(folders: tuple[str, ...]) -> str:
    """SHA-256 of the package's sources and tables in some of its folders and all below them."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in _sources(package / name for name in folders):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources(folders: Iterable[Path]) -> list[Path]:
    found = (path for folder in folders for path in folder.rglob("*.*"))
    return sorted(path for path in found if path.suffix in (".py", ".csv"))

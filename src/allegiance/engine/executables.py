"""Compiled programs kept on disk, so that a warm start neither traces nor compiles.

The key covers all that went into a program: the sources, the versions, the machine's instruction
set, the options and the shapes. A file that cannot be read counts as absent. Files are pickles, as
JAX makes them: they belong in the user's own cache folder and nowhere else.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import jax
from jax.experimental import serialize_executable

from allegiance.engine import cache

on_miss: Callable[[], None] | None = None
"""Called when a program is not there and has to be compiled; a command sets it to say so."""

SOURCES = ("engine", "verbs", "world")


@lru_cache(maxsize=1)
def origin() -> str:
    """What every program of this installation on this machine depends on."""
    digest = hashlib.sha256(sources().encode())
    for fact in (
        jax.__version__,
        metadata.version("jaxlib"),
        machine(),
        os.environ.get("XLA_FLAGS", ""),
    ):
        digest.update(fact.encode() + b"\0")
    return digest.hexdigest()


def sources() -> str:
    """SHA-256 of the files that make up the model."""
    return cache.fingerprint(SOURCES)


def machine() -> str:
    """The kind of processor: model and instruction set."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.platform() + platform.processor()
    return "".join(sorted({line for line in lines if line.startswith(("flags", "model name"))}))


def key(*facts: Any) -> str:
    """Name of the program that `facts` describe."""
    return hashlib.sha256(repr((origin(), *facts)).encode()).hexdigest()[:32]


def load(folder: Path | None, name: str, arguments: Any, result: Any) -> Any:
    """The kept program for arguments and a result of these structures; None where there is none."""
    found = _loaded(folder, name, arguments, result)
    if found is None and on_miss is not None:
        on_miss()
    return found


def _loaded(folder: Path | None, name: str, arguments: Any, result: Any) -> Any:
    if folder is None:
        return None
    try:
        data = (folder / f"{name}.program").read_bytes()
        shape_in = jax.tree.structure((arguments, {}))
        return serialize_executable.deserialize_and_load(data, shape_in, jax.tree.structure(result))
    except Exception:  # whatever is wrong with the file, compiling helps
        return None


def keep(folder: Path | None, name: str, compiled: Any) -> None:
    """Keep a program; a disk that is full or cannot be written costs nothing but time."""
    if folder is None:
        return
    partial = folder / f".{name}-{os.getpid()}"
    try:
        partial.write_bytes(serialize_executable.serialize(compiled)[0])
        partial.replace(folder / f"{name}.program")
    except Exception:  # an executable that cannot be serialised is compiled again
        partial.unlink(missing_ok=True)

"""What all tests share."""

import os
import tempfile

import pytest

_cache = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Keep the compilation cache out of the user's folder, and empty at the start."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="allegiance-cache-")
        config.stash[_cache] = folder
        os.environ["ALLEGIANCE_CACHE"] = folder.name


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(_cache, None):
        folder.cleanup()

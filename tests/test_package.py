"""The installed package as a user meets it first."""

import importlib.metadata
import subprocess
import sys

import allegiance


def test_version_is_that_of_the_installed_package():
    assert allegiance.__version__ == importlib.metadata.version("allegiance")


def test_import_is_light():
    heavy = {"jax", "matplotlib", "pandas", "xarray", "arviz"}
    code = f"import sys, allegiance; print(*sorted({heavy!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

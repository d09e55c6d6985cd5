"""Processes that kill themselves with SIGKILL, each at its point of a run: `kills.py FOLDER`.

Each is forked from one that has imported everything and started nothing. The engine is a stand-in;
the store, its files and the signal are real.
"""

import os
import shutil
import signal
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

RUNS = 20


def stand_in():
    """The class that stands in for the engine, by its file: there is more than one conftest."""
    path = Path(__file__).parents[1] / "conftest.py"
    spec = spec_from_file_location("stand_in", path)
    assert spec
    assert spec.loader
    found = module_from_spec(spec)
    spec.loader.exec_module(found)
    return found.FakeRunner


def order():
    """The order that the tests run: three chunks of 8 futures."""
    from allegiance.cases.new import TEMPLATE
    from allegiance.engine import selection
    from allegiance.engine.scenario import load
    from allegiance.engine.setup import prepare

    template = load(TEMPLATE)
    extra = selection.headline(template.files.case)
    return prepare(template, runs=RUNS, by=["2001-12-31"], extra=extra, logged=True)


def due():
    """Whether nobody has died yet, where one death is wanted: all workers are armed alike."""
    marker = os.environ.get("KILLS_MARKER")
    return not marker or not Path(marker).exists()


def die():
    if marker := os.environ.get("KILLS_MARKER"):
        Path(marker).touch()
    os.kill(os.getpid(), signal.SIGKILL)


def dying(module, name, when, after=False):
    """Patch a function so that the process dies in the call for which `when(*arguments)` holds."""
    real = getattr(module, name)

    def patched(*arguments, **options):
        here = when(*arguments) and due()
        if here and not after:
            die()
        found = real(*arguments, **options)
        if here:
            die()
        return found

    setattr(module, name, patched)


def torn(path):
    """Leave half of what was to be written, as a machine that stops does."""
    size = path.stat().st_size
    with path.open("r+b") as stream:
        stream.truncate(size // 2)
    die()


def arm(point):
    """Make this process die at a point of the run."""
    from zarr.storage import _local

    from allegiance.engine import arrays, durable, store, tables

    def named(start):
        return lambda path, *_: path.name.startswith(start)

    if point == "before the manifest":
        dying(durable, "sync", named(".manifest"))
    elif point == "while the arrays are laid out":
        dying(_local, "_put", lambda path, *_: "address" in str(path))
    elif point == "before the first chunk":
        dying(arrays, "write", lambda *_: True)
    elif point == "inside the write of an array":
        put = _local._put

        def half(path, value, *rest, **options):
            if "trajectory/c/1/" in str(path) and due():
                put(path, value, *rest, **options)
                torn(path)
            return put(path, value, *rest, **options)

        _local._put = half
    elif point == "inside the write of a partial file":
        replace = Path.replace

        def half_moved(path, target):
            if "first_day/c/1/" in str(path):
                torn(path)
            return replace(path, target)

        setattr(Path, "replace", half_moved)  # noqa: B010, pyright would compare the types
    elif point == "between arrays and events":
        dying(tables, "events", lambda _, chunk: chunk.runs[0] == 8)
    elif point == "before the record":
        dying(durable, "sync", named(".000001.json"))
    elif point == "between chunks":
        dying(store, "written", lambda folder, setup, index, *_: index == 1, after=True)
    elif point == "before the tables":
        dying(tables, "runs", lambda *_: True)
    elif point == "before the summary":
        dying(durable, "sync", named(".summary"))
    elif point == "before the last manifest":
        dying(durable, "sync", lambda p: p.name.startswith(".manifest") and '"ended": "' in read(p))
    elif point == "while records are removed":
        dying(shutil, "rmtree", lambda path, **_: Path(path).name == "parts")
    else:
        raise SystemExit(f"no such point: {point}")


def read(path):
    return path.read_text(encoding="utf-8")


POINTS = (
    "before the manifest",
    "while the arrays are laid out",
    "before the first chunk",
    "inside the write of an array",
    "inside the write of a partial file",
    "between arrays and events",
    "before the record",
    "between chunks",
    "before the tables",
    "before the summary",
    "before the last manifest",
    "while records are removed",
)


def main(folder):
    """One killed run a point, each in a folder with its number."""
    import pandas  # pyarrow does, when it first makes a table
    import pyarrow.parquet
    import zarr.storage

    from allegiance.engine import program, simulate, store
    from allegiance.engine.store import Store

    simulate.Runner = stand_in()
    program.prepare = lambda: 1
    setup = order()
    assert zarr.storage
    assert pyarrow.parquet
    assert pandas
    assert store.digest(setup)  # the versions and sources are looked up once for all
    for number, point in enumerate(POINTS):
        child = os.fork()
        if child == 0:
            try:
                kept = Store(folder / str(number), setup)
                arm(point)
                simulate.tallied(setup, kept)
            finally:
                os._exit(99)
        status = os.waitpid(child, 0)[1]
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            raise SystemExit(f"{point}: it was not killed but left with {status}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

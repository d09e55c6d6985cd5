"""The toy world of these tests is the template with a dossier of one item, written as data.

Loaders read small files that a publisher on this machine serves.
"""

import io
import zipfile
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from allegiance.cases.loading import CaseFiles, load
from allegiance.cases.new import TEMPLATE, scaffold
from allegiance.evidence.schema import Item

PLAIN: dict[str, Any] = {
    "what": "harbour.control[government]",
    "when": {"from": "2001-06-01", "until": "2001-06-30", "aggregate": "mean"},
    "value": 0.6,
    "spread": {"sd": 0.3, "scale": "logit", "assumed": "a test"},
    "source": {"title": "A test", "by": "a tester", "date": "2001"},
    "grade": "B2",
    "use": "fit",
}
"""A sound item; tests change what they are about."""


@pytest.fixture(scope="session")
def toy() -> CaseFiles:
    return load(TEMPLATE)


@pytest.fixture(scope="session")
def item() -> Callable[..., Item]:
    """The plain item with other keys; None takes one away."""
    from datetime import date

    def dated(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: dated(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [dated(inner) for inner in value]
        is_date = isinstance(value, str) and len(value) == 10 and value[4] == "-" == value[7]
        return date.fromisoformat(value) if is_date else value

    def make(**changes: Any) -> Item:
        keys = {**PLAIN, **changes}
        return Item.model_validate(dated({k: v for k, v in keys.items() if v is not None}))

    return make


@pytest.fixture
def case(tmp_path: Path) -> Callable[..., Path]:
    """A case whose dossier holds the plain item, changed: `case(grade="C3")`; None takes away."""

    def write(**changes: Any) -> Path:
        folder = tmp_path / "mine"
        if not folder.exists():
            scaffold("mine", tmp_path)
        keys = {**PLAIN, **changes}
        with (folder / "dossier.yaml").open("w") as file:
            items = {"one": {k: v for k, v in keys.items() if v is not None}}
            yaml.safe_dump({"items": items}, file)
        _bare_dates(folder / "dossier.yaml")
        return folder

    return write


def _bare_dates(file: Path) -> None:
    """Dates stand without quotes, as people write them."""
    import re

    file.write_text(re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", file.read_text()))


@pytest.fixture
def file(tmp_path):
    """Write a file and return its path; with `within`, zipped under these names, outermost last."""

    def write(name, text, *within, encoding="utf-8"):
        raw = text.encode(encoding)
        for inner in within:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr("__MACOSX/._x.csv", "junk")
                archive.writestr("read_me.txt", "a note")
                archive.writestr(inner, raw)
            raw = packed.getvalue()
        (tmp_path / name).write_bytes(raw)
        return tmp_path / name

    return write


@pytest.fixture
def server(tmp_path):
    """A publisher on this machine; gives the address of a folder and the folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format, *args):
            pass

    shelf = tmp_path / "shelf"
    shelf.mkdir()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(shelf)))
    Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}", shelf
    httpd.shutdown()
    httpd.server_close()

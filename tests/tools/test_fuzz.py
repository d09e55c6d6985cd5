"""Inputs that once found a bug are refused now; `tools/fuzz.py` keeps those that it finds here."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from allegiance.cases.errors import CaseError

ROOT = Path(__file__).parents[2]
CORPUS = sorted((ROOT / "tests" / "corpus").iterdir())


@pytest.fixture(scope="module")
def fuzz() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "tools"))
    yield import_module("fuzz")
    sys.path.remove(str(ROOT / "tools"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_what_found_a_bug_is_refused_in_a_sentence(path: Path, fuzz: Any):
    target, data = path.name.split("-")[0], path.read_bytes()
    action, _ = fuzz.TARGETS[target]
    with pytest.raises(CaseError):
        action(data)
    assert fuzz.tried(target, data)[1] is None


def test_what_is_wrong_is_noticed_and_kept_once(fuzz: Any, tmp_path: Path, monkeypatch, capsys):
    def broken(data: bytes) -> None:
        if b"7" in data:
            raise KeyError("north")
        raise CaseError("refused")

    monkeypatch.setitem(fuzz.TARGETS, "name", (broken, lambda: [b"7", b"8"]))
    monkeypatch.setattr(fuzz, "CORPUS", tmp_path)
    tally = fuzz.Tally("name")
    for data in (b"7", b"77", b"8"):
        tally.tried(data)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"7"]
    assert "KeyError" in capsys.readouterr().err
    assert tally.told() >= 1
    assert "3 inputs, 1 wrong" in capsys.readouterr().out

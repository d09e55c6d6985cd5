import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from allegiance.cases import loading
from allegiance.cases.compile import compile_case
from allegiance.cases.errors import CaseError
from allegiance.cases.loading import load, shipped
from allegiance.cases.new import TEMPLATE, scaffold
from allegiance.cases.schema import FILES, json_schema


def test_import_is_light():
    heavy = {"jax", "matplotlib", "pandas", "xarray", "arviz"}
    code = f"import sys, allegiance.cases.loading; print(*sorted({heavy!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_loaded_case_is_immutable(toy):
    with pytest.raises(FrozenInstanceError):
        toy.digest = ""
    with pytest.raises(ValueError):
        toy.case.title = ""


def test_digest_is_of_the_content(toy, edited):
    folder = edited(
        ("# A small complete case", "\n\n# Another comment"), ("value: 1500,", "value: 1500.0,")
    )
    assert load(folder).digest == toy.digest
    assert load(edited(("value: 1500.0,", "value: 1501,"))).digest != toy.digest
    assert len(toy.digest) == 64


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "/",
        "~",
        "nowhere",
        "../template/../nowhere",
        "/etc/passwd",
        "/dev/zero",
        "a\0b",
        "Template",
        "shipped/../../x",
        "x" * 100_000,
        "a/" * 3000,
        "*",
        "\ud800",
        "-rf",
    ],
)
def test_path_tricks(name: str, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError) as caught:
        load(name)
    assert caught.value.allowed
    str(caught.value).encode("utf-8")
    assert len(str(caught.value)) < 1000


def test_a_file_is_no_folder():
    with pytest.raises(CaseError, match="folder, not the file"):
        load(TEMPLATE / "case.yaml")


def test_shipped_names(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "SHIPPED", tmp_path)
    assert shipped() == []
    scaffold("second", tmp_path)
    scaffold("first", tmp_path)
    (tmp_path / "Not_one").mkdir()
    (tmp_path / "empty").mkdir()
    assert shipped() == ["first", "second"]
    assert load("first").case.name == "first"
    with pytest.raises(CaseError) as caught:
        load("frist")
    assert caught.value.nearest == "first"
    with pytest.raises(CaseError):
        load("../" + tmp_path.name + "/nothing")


def test_folder_by_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(scaffold("mine", tmp_path))
    assert load(".").case.name == "mine"
    monkeypatch.chdir(tmp_path)
    assert load("mine").case.name == "mine"
    assert load(Path("mine")).folder == Path("mine")


@pytest.mark.parametrize("name", shipped())
def test_shipped_cases_compile(name: str):
    built = compile_case(load(name))
    stocks = [array for part in built.world for array in part]
    for array in (*built.case[2:], *built.given, *built.today, *stocks):
        assert np.isfinite(array).all()
    assert built.outcomes


@pytest.mark.parametrize("name", shipped())
def test_shipped_cases_are_what_an_editor_accepts(name: str, as_json):
    for document, file in zip(load(name).documents, FILES, strict=True):
        jsonschema.validate(as_json(document.data), json_schema(file))

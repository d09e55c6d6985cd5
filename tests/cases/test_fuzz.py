"""Whatever stands in a file: a case that compiles to finite numbers, or a CaseError."""

import copy
import random
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegiance.cases.addresses import parse as parse_address
from allegiance.cases.compile import compile_case
from allegiance.cases.errors import CaseError
from allegiance.cases.loading import CaseFiles, build
from allegiance.cases.reading import Document, parse

ODD = (
    *(None, True, 0, 1, -1, 10**17, 0.5, 1e308, 1e-320, float("nan"), float("inf")),
    *("", "north", "south", "harbour", "government", "autonomy", "harbour/port", "a->b.c", "x[y]"),
    *(date(1, 1, 1), date(9999, 12, 31), date(2001, 6, 1), date(2002, 12, 31)),
    *([], {}, [[]], [{}], {"values": {}}, {"value": 0, "assumed": "x"}, {"values": {"north": 1}}),
)

CHARACTERS = "ab:,-[]{}&*!|>'\"#%@` \n\t0123456789.~?\x00\x85\ufeff"


def refusal(action, *args) -> CaseError | None:
    """The error of an action, which may raise nothing else."""
    try:
        action(*args)
    except CaseError as error:
        return error
    return None


@given(st.text(alphabet=st.sampled_from(CHARACTERS), max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str):
    error = refusal(parse, text, "f")
    if error:
        assert error.file == "f"
        assert "\n" not in str(error)


@given(st.text(max_size=40))
def test_any_address_is_parsed_or_refused(text: str):
    error = refusal(parse_address, text)
    assert error is None or error.allowed


def places(value, here=()):
    """Every place in a tree of data."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*here, key)
            yield from places(item, (*here, key))


def mutated(toy: CaseFiles, chance: random.Random) -> tuple[Document, Document]:
    """The template with a few values replaced, removed or copied to another place."""
    data = [copy.deepcopy(document.data) for document in toy.documents]
    for _ in range(chance.randint(1, 3)):
        tree = chance.choice(data)
        *above, last = chance.choice(list(places(tree)))
        for key in above:
            tree = tree[key]
        kind = chance.randrange(4)
        if kind == 0:
            del tree[last]
        elif kind == 1 and isinstance(tree, dict):
            tree[chance.choice(ODD[11:20])] = copy.deepcopy(tree[last])
        else:
            tree[last] = copy.deepcopy(chance.choice(ODD))
    first, second = toy.documents
    return first._replace(data=data[0]), second._replace(data=data[1])


@pytest.mark.parametrize("seed", range(20))
def test_any_change_compiles_or_is_refused(toy: CaseFiles, seed: int):
    chance = random.Random(seed)
    for _ in range(25):
        documents = mutated(toy, chance)
        error = refusal(build, toy.folder, documents)
        if error:
            assert error.file
            assert error.line
            assert error.allowed
            continue
        built = compile_case(build(toy.folder, documents))
        stocks = [array for part in built.world for array in part]
        for array in (*built.case[2:], *built.given, *built.today, *stocks):
            assert np.isfinite(array).all()


def test_an_empty_document_is_refused():
    empty = Document("case.yaml", {}, {})
    with pytest.raises(CaseError, match="missing"):
        build(Path(), (empty, empty))

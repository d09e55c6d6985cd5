# ruff: noqa: E501 (one bad item a line)
"""A dossier is refused with file, line, key and what is allowed."""

import pytest

from allegiance.cases.errors import CaseError
from allegiance.cases.loading import load, shipped
from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.evidence import dossier, posteriors
from allegiance.evidence.provenance import given, givers

WINDOW = {"from": "2001-06-01", "until": "2001-06-30"}
FALL = {"what": "harbour.fallen", "when": None, "value": None, "spread": None}
NO_SPREAD = {"value": None, "spread": None}

BAD = {
    "unknown key": ({"wat": 1}, "wat", "unknown key", "what"),
    "no date": ({"when": None}, "items.one", "no date", None),
    "a word for a date": ({"when": "soon"}, "when", "no date", None),
    "no grade": ({"grade": "G1"}, "grade", "not a value", None),
    "no use": ({"use": "train"}, "use", "unknown word", None),
    "no source": ({"source": None}, "items.one.source", "missing", None),
    "two kinds": ({"bound": {"at_least": 0.1}}, "items.one", "not an item", None),
    "no kind": (NO_SPREAD, "items.one", "not an item", None),
    "no spread": ({"spread": None}, "items.one", "without its error", None),
    "no provenance of the spread": ({"spread": {"sd": 1, "scale": "logit"}}, "spread", "no provenance", None),
    "no scale": ({"spread": {"sd": 1, "assumed": "x"}}, "spread.scale", "missing", None),
    "two spreads": (
        {"spread": {"sd": 1, "interval": [0.1, 0.9], "scale": "logit", "assumed": "x"}},
        "spread", "not a spread", None,
    ),
    "empty interval": (
        {"spread": {"interval": [0.9, 0.1], "scale": "logit", "assumed": "x"}}, "spread", "empty", None,
    ),
    "value outside its interval": (
        {"spread": {"interval": [0.7, 0.9], "scale": "logit", "assumed": "x"}}, "value", "outside", None,
    ),
    "empty window": (
        {"when": {"from": "2001-07-01", "until": "2001-06-30", "aggregate": "mean"}},
        "when", "the window is empty", None,
    ),
    "contradictory bounds": (
        {**NO_SPREAD, "bound": {"at_least": 0.6, "at_most": 0.4}}, "bound", "contradict", None,
    ),
    "certainty on a logit scale": ({"value": 1.0}, "value", "not on a logit scale", None),
    "given arrivals": (
        {"what": "harbour/hills.arrivals[opposition]"}, "what", "given by volunteers", None,
    ),
    "no bound": ({**NO_SPREAD, "bound": {}}, "bound", "not a bound", None),
    "before the span": ({"when": "1999-01-01"}, "when", "outside the case's span", None),
    "after the span": ({"when": "2003-06-01"}, "when", "outside the case's span", None),
    "event after the span": (
        {**FALL, "event": {"by": "2010-01-01"}}, "event", "outside the case's span", None,
    ),
    "empty event window": (
        {**FALL, "event": {"between": ["2002-02-01", "2002-01-01"]}}, "event", "empty", None,
    ),
    "two kinds of event": (
        {**FALL, "event": {"by": "2001-06-01", "not_by": "2001-06-01"}}, "event", "not an event", None,
    ),
    "event with a spread": ({**FALL, "event": {"by": "2001-06-01"}, "when": "2001-06-01"}, "one", "own dates", None),
    "unknown address": (
        {"what": "harbour.controll[government]"}, "what", "no such quantity", "harbour.control[government]",
    ),
    "no address": ({"what": "the harbour"}, "what", "not an address", None),
    "quantity as an event": (
        {**FALL, "what": "harbour.control[government]", "event": {"by": "2001-06-01"}},
        "what", "no such event", None,
    ),
    "unknown second address": (
        {"plus": ["harbour.control[oposition]"]}, "plus[0]", "no such quantity", "harbour.control[opposition]",
    ),
    "the same twice": ({"plus": ["harbour.control[government]"]}, "one", "twice", None),
    "flow at a date": (
        {"what": "harbour.killed", "when": "2001-06-01"}, "when", "a flow is counted", None,
    ),
    "stock summed": ({"when": {**WINDOW, "aggregate": "sum"}}, "when", "not summed", None),
    "stock and flow": ({"plus": ["harbour.killed"]}, "one", "do not add up", None),
    "the first week": ({"when": "2001-01-03"}, "when", "the first week is given", None),
    "share on a log scale at 0": (
        {"value": 0, "spread": {"sd": 1, "scale": "log", "assumed": "x"}}, "one", "log scale", None,
    ),
    "amount on a logit scale": ({"value": 7}, "one", "logit scale", None),
    "ratio on a linear scale": (
        {"against": "2001-08-01", "spread": {"sd": 1, "scale": "linear", "assumed": "x"}},
        "scale", "a ratio", None,
    ),
    "order with itself": (
        {**FALL, "order": {"before": "harbour.fell"}}, "one", "twice", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_dossier_is_refused(name, case):
    changes, key, problem, near = BAD[name]
    folder = case(**changes)
    with pytest.raises(CaseError) as caught:
        dossier.load(load(folder))
    error = caught.value
    assert error.file == "mine/dossier.yaml"
    assert error.line
    assert key in (error.key or "")
    assert problem in error.problem
    assert error.allowed
    if near:
        assert error.nearest == near


def test_contradicting_bounds_are_both_told(case):
    folder = case(**NO_SPREAD, bound={"at_least": 0.6, "at_most": 0.4})
    with pytest.raises(CaseError) as caught:
        dossier.load(load(folder))
    assert "at_least 0.6, at_most 0.4" in str(caught.value)


def test_an_empty_posterior_is_told_with_its_line(tmp_path):
    (tmp_path / "posterior.yaml").write_text("{}\n")
    with pytest.raises(CaseError) as caught:
        posteriors.opened(tmp_path)
    assert caught.value.line == 1


def test_the_line_is_the_item_s_own(case):
    folder = case(grade="Z9")
    lines = (folder / "dossier.yaml").read_text().splitlines()
    with pytest.raises(CaseError) as caught:
        dossier.load(load(folder))
    assert "grade" in lines[(caught.value.line or 0) - 1]


GIVEN = {
    "sanctions": ({"what": "south->north.sanctions"}, "given by north_enters"),
    "a pinned entry": (
        {**FALL, "what": "harbour.entered[north]", "event": {"between": ["2001-04-01", "2001-04-30"]}},
        "given by north_enters",
    ),
    "a pinned pair at any other date": (
        {**FALL, "what": "harbour.left[north]", "event": {"not_by": "2002-06-01"}},
        "given by north_enters",
    ),
    "the commitment that follows": ({"what": "harbour.commitment[north]"}, "given by north_enters"),
    "strength beside a burden": (
        {"what": "north.strength", "spread": {"sd": 1, "scale": "linear", "assumed": "x"}},
        "given by war_on_the_border",
    ),
    "a pulse": (
        {**FALL, "what": "north.revealed", "event": {"by": "2002-01-01"}},
        "given by war_on_the_border",
    ),
    "a pulse by another event's order": (
        {**FALL, "order": {"before": "north.revealed"}}, "given by war_on_the_border",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
def test_nothing_given_is_scored(name, case):
    changes, problem = GIVEN[name]
    with pytest.raises(CaseError) as caught:
        dossier.load(load(case(**changes)))
    assert problem in caught.value.problem


def test_what_is_freed_may_be_scored(case):
    entered = {**FALL, "what": "harbour.entered[north]", "event": {"by": "2001-04-30"}}
    files = load(case(**entered))
    assert set(dossier.load(files.free("north_enters")).items) == {"one"}


def test_an_offensive_gives_its_theatre_s(toy):
    syria = given(load("syria"))
    assert syria["syria.offensive[opposition]"] == "opposition_offensive_2024"
    assert syria["syria.truce_broken"] == "opposition_offensive_2024"
    assert "harbour.offensive[opposition]" not in given(toy)


def test_all_givers_are_known():
    files = load("syria")
    of = givers(files)
    assert of["sahel.entered[european_union]"] == ["serval_2013", "barkhane_exit_2022"]
    assert of["ukraine->russia.attacked"] == ["crimea_2014", "ukraine_war_2022"]
    assert all(names[0] == given(files)[address] for address, names in of.items())


@pytest.mark.parametrize("name", [*shipped(), str(TEMPLATE)])
def test_no_shipped_dossier_holds_what_its_case_gives(name):
    files = load(name)
    if not dossier.present(files):
        pytest.skip("the case has no dossier")
    told = given(files)
    for id, item in dossier.load(files).items.items():
        for address in item.addresses:
            assert address not in told, f"{id} is given by {told[address]}"


def test_check_names_what_is_wrong(case, capsys):
    assert code(["check", str(case())]) == 0
    assert "1 dossier items" in capsys.readouterr().out
    assert code(["check", str(case(grade="Z9"))]) == 2
    said = capsys.readouterr().err
    assert "mine/dossier.yaml, line" in said
    assert "items.one.grade" in said


def test_contradicting_items_stand_side_by_side(case):
    folder = case()
    text = (folder / "dossier.yaml").read_text()
    other = text.removeprefix("items:\n").replace("  one:", "  two:").replace("0.6", "0.1")
    (folder / "dossier.yaml").write_text(text + other)
    assert [i.value for i in dossier.load(load(folder)).items.values()] == [0.6, 0.1]

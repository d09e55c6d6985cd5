"""A case as it was known on a day."""

from datetime import date

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.cases.cutting import cut
from allegiance.cases.errors import CaseError
from allegiance.cases.loading import CaseFiles, load
from allegiance.cases.new import TEMPLATE

DAY = date(2002, 1, 1)


@pytest.fixture(scope="module")
def toy() -> CaseFiles:
    return load(TEMPLATE)


def arrays(files):
    built = compile_case(files)
    return {
        f"{part}.{name}": array
        for part in ("given", "today")
        for name, array in getattr(built, part)._asdict().items()
    }


def test_nothing_later_is_left(toy):
    entries = cut(toy, DAY).timeline.entries
    assert list(entries) == ["north_enters", "volunteers", "war_on_the_border"]
    for entry in entries.values():
        assert entry.date < DAY
        for change in entry.inputs:
            assert all(when < DAY for when in change.path or ())
            assert change.date is None or change.date < DAY
    assert entries["north_enters"].inputs[0].path == {date(2001, 4, 15): 0.3}


def test_what_came_before_is_as_it_was(toy):
    whole, known = arrays(toy), arrays(cut(toy, DAY))
    before = (DAY - toy.case.start).days // 7
    for name, array in whole.items():
        # The line that led on to a later level is not known: it stays at its first.
        if name != "given.burden_force":
            assert np.array_equal(array[:before], known[name][:before]), name
    assert not np.array_equal(whole["today.truce"], known["today.truce"])
    assert not known["today.truce"].any()


def test_what_is_later_never_enters(toy):
    """Taking later entries away or moving them changes no bit."""
    known = arrays(cut(toy, DAY))
    later = toy.set("spring_truce.date", "2002-05-01")
    for other in (later, toy.without("spring_truce")):
        for name, array in arrays(cut(other, DAY)).items():
            assert np.array_equal(array, known[name]), name


def test_pulses_and_truces_end_where_knowledge_does(toy):
    entry = cut(toy, date(2001, 6, 11)).timeline.entries["volunteers"]
    assert entry.inputs[0].pulse == pytest.approx(1.0)  # 3 thousand over 30 days, 10 of them past
    assert entry.inputs[0].days == 10
    truce = cut(toy, date(2002, 3, 2)).timeline.entries["spring_truce"].truce
    assert truce
    assert truce.until is None


def test_choices_are_free_from_the_day_on(toy):
    known = cut(toy, DAY)
    assert known.pinned == toy.pinned != frozenset()
    released = arrays(known)["given.released"]
    step = (DAY - toy.case.start).days // 7
    assert released[:step].tolist() == [0.0] * step
    assert (released[step:] == 1.0).all()
    assert not arrays(toy)["given.released"].any()
    assert known.without("volunteers").released == DAY


def test_the_day_must_be_the_case_s(toy):
    for day in (toy.case.start, date(2003, 1, 2)):
        with pytest.raises(CaseError, match="span"):
            cut(toy, day)

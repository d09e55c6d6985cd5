"""Runs with numbers and motives of their own, and choices that a day sets free."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.cases.cutting import cut
from allegiance.engine.chunks import Plan, Runner
from allegiance.engine.setup import prepare
from allegiance.world.case import MOTIVES
from allegiance.world.parameters import NAMES

CONTROL = "harbour.control[government]"
DAY = date(2001, 3, 1)
FREE = (DAY - date(2001, 1, 1)).days


def ran(plan: Plan):
    chunks = [chunk for _, chunk in Runner(plan).chunks()]
    return (
        np.concatenate([chunk.runs for chunk in chunks]),
        np.concatenate([chunk.records for chunk in chunks], axis=2),
        np.concatenate([chunk.first for chunk in chunks], axis=1),
    )


def test_a_run_is_its_number(plan, calm):
    numbers = np.array([5, 3, 5, 0], np.uint32)
    _, records, first = ran(plan(calm, 6))
    runs, mine, passed = ran(plan(calm, 4, numbers=numbers))
    assert runs.tolist() == numbers.tolist()
    assert np.array_equal(mine, records[..., numbers], equal_nan=True)
    assert np.array_equal(passed, first[:, numbers])


def test_motives_are_each_run_s_own(plan, even, template):
    # What a plain run of the template records: its program is compiled for other tests too.
    plain = prepare(template, runs=8)
    narrow = plain.addresses.index(CONTROL)

    def fitted(motive):
        return plan(even, 8, motive=motive, record=plain.addresses, watch=plain.events)

    usual = np.repeat(even.case.motive[..., None], 8, axis=2)
    place = list(plan(even, 8).record).index(CONTROL)
    _, whole, _ = ran(plan(even, 8))
    _, same, _ = ran(fitted(usual))
    assert same[:, narrow] == pytest.approx(whole[:, place], abs=1e-4)
    changed = usual.copy()
    changed[0, :, 3] = np.eye(len(MOTIVES))[MOTIVES.index("stated")]
    _, other, _ = ran(fitted(changed))
    kept = [run for run in range(8) if run != 3]
    assert np.array_equal(other[..., kept], same[..., kept], equal_nan=True)
    assert not np.array_equal(other[:, narrow, 3], same[:, narrow, 3])


def test_what_was_pinned_is_free_from_the_day_on(plan, template, drawn):
    files = template.files.set("harbour.discipline[opposition]", 3.0)
    known = cut(replace(files, launches_pinned=frozenset({("harbour", "opposition")})), DAY)
    assert ("harbour", "north") in known.pinned
    eager = drawn(1, 0, ())[:, 0]
    eager[[NAMES.index("entry_cost"), NAMES.index("decision_rate")]] = 0.0, 4.0
    released = ran(plan(compile_case(known), 128, values=eager))[2]
    held = ran(plan(compile_case(replace(known, released=None)), 128, values=eager))[2]
    for event, name in ((1, "offensive"), (2, "entered")):
        assert np.isinf(held[event]).all(), name
        assert np.isfinite(released[event]).any(), name
        assert released[event].min() >= FREE - 7, name

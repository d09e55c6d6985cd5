"""What an item reads in a future, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from allegiance.cases.calendar import Calendar
from allegiance.engine.chunks import Chunk
from allegiance.evidence import record
from allegiance.evidence.schema import Window

A, B = "harbour.control[government]", "harbour.control[opposition]"


@pytest.fixture
def setup(template):
    from allegiance.engine.setup import prepare

    prepared = prepare(template, runs=2)
    return replace(
        prepared,
        addresses=(A, B, "harbour.killed"),
        events=("harbour.fallen", "harbour.seat_lost"),
    )


@pytest.fixture
def chunk(setup):
    """Two runs: quantities count the weeks (times 1, 10); the fall comes on day 40.5, or never."""
    weeks = np.arange(setup.built.steps, dtype=np.float32)
    records = np.stack([weeks[:, None] * [1, 10]] * 3, axis=1)
    first = np.array([[40.5, np.inf], [30.0, 50.0]])
    return Chunk(np.arange(2, dtype=np.uint32), records, first, None)


def test_a_date_reads_its_week(setup, chunk, item):
    read = record.read(setup, item(what=A, when="2001-01-16"), chunk)
    assert read.tolist() == [2.0, 20.0]


def test_a_sum_counts_parts_of_weeks(setup, chunk, item):
    # 2001-01-10 to 2001-01-18: five days of week 1 and four of week 2.
    window = {"from": "2001-01-10", "until": "2001-01-18", "aggregate": "sum"}
    read = record.read(setup, item(what="harbour.killed", when=window), chunk)
    assert read == pytest.approx([5 / 7 * 1 + 4 / 7 * 2, 5 / 7 * 10 + 4 / 7 * 20])


def test_a_mean_weighs_parts_of_weeks(setup, chunk, item):
    window = {"from": "2001-01-10", "until": "2001-01-18", "aggregate": "mean"}
    read = record.read(setup, item(what=A, when=window), chunk)
    assert read == pytest.approx([(5 * 1 + 4 * 2) / 9, (5 * 10 + 4 * 20) / 9])


def test_largest_and_last(setup, chunk, item):
    window = {"from": "2001-01-08", "until": "2001-02-01"}
    for aggregate in ("max", "last"):
        read = record.read(setup, item(when={**window, "aggregate": aggregate}), chunk)
        assert read.tolist() == [4.0, 40.0]


def test_addresses_add_up_and_ratios_divide(setup, chunk, item):
    both = item(plus=[B], when="2001-01-16")
    assert record.read(setup, both, chunk).tolist() == [4.0, 40.0]
    ratio = item(when="2001-01-16", against="2001-01-09")
    assert record.read(setup, ratio, chunk).tolist() == [2.0, 2.0]
    nothing = item(when="2001-01-16", against="2001-01-02")
    assert np.isnan(record.read(setup, nothing, chunk)).all()


def test_a_future_that_sees_nothing_reads_nothing(setup, chunk, item):
    records = chunk.records.copy()
    records[:, 0, 0] = np.nan
    blind = replace(chunk, records=records)
    window = {"from": "2001-01-10", "until": "2001-01-18", "aggregate": "mean"}
    read = record.read(setup, item(what=A, when=window), blind)
    assert np.isnan(read[0])
    assert read[1] > 0.0


@pytest.mark.parametrize(
    ("event", "happened"),
    [
        ({"by": "2001-02-10"}, [1, 0]),  # the end of day 40 is day 41.0
        ({"by": "2001-02-09"}, [0, 0]),
        ({"not_by": "2001-02-09"}, [1, 1]),
        ({"not_by": "2001-02-10"}, [0, 1]),
        ({"between": ["2001-02-10", "2001-02-10"]}, [1, 0]),
        ({"between": ["2001-02-11", "2001-03-01"]}, [0, 0]),
        ({"between": ["2001-01-09", "2001-02-09"]}, [0, 0]),
    ],
)
def test_events_keep_their_day(setup, chunk, item, event, happened):
    keys = {"what": "harbour.fallen", "when": None, "value": None, "spread": None}
    assert record.read(setup, item(**keys, event=event), chunk).tolist() == happened


def test_orders(setup, chunk, item):
    keys = {"when": None, "value": None, "spread": None}
    one = item(what="harbour.fallen", order={"before": "harbour.seat_lost"}, **keys)
    other = item(what="harbour.seat_lost", order={"before": "harbour.fallen"}, **keys)
    assert record.read(setup, one, chunk).tolist() == [0, 0]
    assert record.read(setup, other, chunk).tolist() == [1, 1]


def test_windows_cover_their_days():
    from datetime import date

    calendar = Calendar(date(2001, 1, 1), 10, 7.0)
    window = Window.model_validate(
        {"from": date(2001, 1, 3), "until": date(2001, 1, 20), "aggregate": "sum"}
    )
    shares = record.shares(calendar, window)
    assert shares.sum() * 7 == pytest.approx(18)
    assert shares[:4] * 7 == pytest.approx([5, 7, 6, 0])


def test_only_what_the_items_need_is_recorded(template, item):
    keys = {"when": None, "value": None, "spread": None}
    items = [
        item(when="2001-03-01"),
        item(what="harbour.fallen", event={"by": "2001-09-01"}, **keys),
    ]
    setup = record.order(template, items, runs=4, seed=1)
    assert setup.addresses == (A,)
    assert setup.events == ("harbour.fallen",)
    assert setup.until.isoformat() == "2001-09-01"

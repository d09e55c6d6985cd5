import math
from dataclasses import replace

import numpy as np
import pytest

from allegiance.cases.errors import CaseError
from allegiance.cases.schema import Outcome
from allegiance.engine.chunks import Chunk
from allegiance.engine.outcomes import Tally, days_by, plain, probability, summary, values
from allegiance.engine.setup import prepare

HELD = "harbour.control[government]"
KILLED = "harbour.killed"


@pytest.fixture(scope="module")
def setup(template):
    record = [HELD, KILLED]
    return prepare(template, runs=4, by=["2001-12-31"], record=record)


def chunk(setup, records=None, first=None, runs=4):
    shape = (setup.built.steps, len(setup.addresses), runs)
    records = np.zeros(shape, np.float32) if records is None else records
    first = np.full((len(setup.events), runs), np.inf) if first is None else first
    return Chunk(np.arange(runs, dtype=np.uint32), records, first, None)


def test_a_day_counts_until_it_ends(setup):
    last = days_by(setup, setup.until)
    assert last == 730.0
    first = np.array([[0.0, 364.9, 729.9, 730.0]])
    found = values(setup, chunk(setup, first=first))
    event = list(setup.outcomes).index("government_falls")
    assert found[event].tolist() == [0.0, 364.9, 729.9, math.inf]
    told = summary(setup, setup.outcomes["government_falls"], found[event])
    assert told["p"] == 0.75
    assert told["by"]["2001-12-31"]["p"] == 0.5
    assert told["median_date"] == "2001-12-31"


def test_a_quantity_is_read_in_the_step_that_contains_its_date(setup):
    records = np.zeros((setup.built.steps, len(setup.addresses), 4), np.float32)
    step = setup.built.calendar.step(setup.outcomes["ground_held"].at)
    records[step, setup.addresses.index(HELD)] = [0.1, 0.2, 0.3, np.nan]
    found = values(setup, chunk(setup, records))[list(setup.outcomes).index("ground_held")]
    assert found[:3] == pytest.approx([0.1, 0.2, 0.3])
    told = summary(setup, setup.outcomes["ground_held"], found)
    assert told["n"] == 3
    assert told["q50"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("reduce", "expected"), [("mean", 2.0), ("sum", 4.0), ("min", 1.0), ("max", 3.0)]
)
def test_reductions_pass_over_what_was_not_seen(setup, reduce, expected):
    outcome = Outcome.model_validate(
        {"label": "x", "quantity": HELD, "reduce": reduce}
        | {"from": setup.built.start, "until": setup.built.start.replace(day=15)}
    )
    one = replace(setup, built=setup.built._replace(outcomes={"x": outcome}))
    records = np.full((one.built.steps, len(one.addresses), 2), np.nan, np.float32)
    records[:3, one.addresses.index(HELD), 0] = [1.0, np.nan, 3.0]
    found = values(one, chunk(one, records, runs=2))[0]
    assert found[0] == expected
    assert math.isnan(found[1])


def test_a_date_after_the_end_gives_nothing(template):
    setup = prepare(template, runs=4, until="2001-06-30")
    found = values(setup, chunk(setup))[list(setup.outcomes).index("ground_held")]
    assert np.isnan(found).all()
    told = summary(setup, setup.outcomes["ground_held"], found)
    assert told["q50"] is None
    assert told["n"] == 0


def test_stocks_are_averaged_over_a_year_and_flows_summed(setup):
    records = np.ones((setup.built.steps, len(setup.addresses), 4), np.float32)
    tally = Tally(setup)
    tally.add(chunk(setup, records))
    series = tally.series()
    assert series[HELD] == {"2001": 1.0, "2002": 1.0}
    assert series[KILLED] == {"2001": 53.0, "2002": 52.0}  # weeks that begin in the year


def test_the_tally_does_not_depend_on_how_runs_are_cut(setup):
    draw = np.random.default_rng(1)
    records = draw.normal(size=(setup.built.steps, len(setup.addresses), 6)).astype(np.float32)
    first = draw.exponential(500.0, (len(setup.events), 6))
    whole, parts = Tally(setup), Tally(setup)
    whole.add(chunk(setup, records, first, 6))
    for cut in (slice(0, 4), slice(4, 6)):
        parts.add(chunk(setup, records[..., cut], first[:, cut], cut.stop - cut.start))
    assert whole.outcomes() == parts.outcomes()
    assert whole.series() == parts.series()


def test_errors_are_binomial_and_never_nothing():
    assert probability(25, 100) == {"p": 0.25, "se": pytest.approx(0.0433013)}
    for count in (0, 100):
        assert 0.005 < (probability(count, 100)["se"] or 0) < 0.01


def test_json_knows_no_nan():
    assert plain(math.nan) is None
    assert plain(math.inf) is None
    assert plain(1 / 3) == 0.333333


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ({"runs": 0}, "--runs"),
        ({"runs": -5}, "--runs"),
        ({"runs": True}, "--runs"),
        ({"seed": -1}, "--seed"),
        ({"seed": 2**32}, "--seed"),
        ({"until": "soon"}, "--until"),
        ({"until": "2000-01-01"}, "--until"),
        ({"by": ["2003-01-01"]}, "--by"),
        ({"by": ["2000-12-31"]}, "--by"),
        ({"by": ["x"]}, "--by"),
        ({"until": "2001-06-01", "by": ["2001-07-01"]}, "--by"),
        ({"record": ["north.gold"]}, "--record"),
    ],
)
def test_a_wrong_order_names_what_is_wrong(template, order, key):
    with pytest.raises(CaseError) as raised:
        prepare(template, **order)
    assert raised.value.key == key


def test_an_unknown_address_names_the_nearest(template):
    with pytest.raises(CaseError) as raised:
        prepare(template, record=["harbour.controll[government]"])
    assert raised.value.nearest == HELD

"""Labels carry no meaning: order permutes results to 1e-5, names and places in a batch exactly.

After some weeks the tolerance is ten times that: sums are rounded in another order, and a cascade
multiplies whatever it is given.
"""

import copy
import re
from dataclasses import replace

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.cases.constants import regions_of
from allegiance.cases.loading import build
from allegiance.engine import observe

WEEKS = 28
LANES = 16
FEW = 12


def readings(built, lab, **options):
    """Every quantity and event by address, step after step."""
    sizes = observe.axis_sizes(built.world)
    places = observe.catalogue(built.labels, sizes)
    flags = observe.events(built.labels, sizes)
    for moment in lab.walk(built, WEEKS, **options):
        rest = (moment.after, moment.news, moment.case, moment.theory, moment.dt)
        read = [observe.read(number, *rest) for number in range(len(observe.QUANTITIES))]
        events = observe.read_events(moment.news)
        found = {address: read[place.quantity][place.index] for address, place in places.items()}
        yield found | {f"event {address}": events[place] for address, place in flags.items()}


def turned(files, kind):
    """The same case with one kind of entity in reverse order, each keeping its noise stream."""

    def backwards(entities):
        streams = {name: {"stream": i} for i, name in enumerate(entities)}
        items = [(name, e.model_copy(update=streams[name])) for name, e in entities.items()]
        return dict(reversed(items))

    case = files.case
    if kind == "regions":
        order = {name: i for i, name in enumerate(regions_of(case))}
        theatres = {}
        for name, theatre in case.theatres.items():
            numbered = {
                place: region.model_copy(update={"stream": order[f"{name}/{place}"]})
                for place, region in theatre.regions.items()
            }
            theatres[name] = theatre.model_copy(
                update={"regions": dict(reversed(numbered.items()))}
            )
        changed = {"theatres": theatres}
    elif kind == "sides":
        changed = {"sides": [case.sides[0], *reversed(case.sides[1:])]}
    else:
        changed = {kind: backwards(getattr(case, kind))}
    return replace(files, case=case.model_copy(update=changed))


@pytest.fixture(scope="module")
def options(lab):
    """A world in which armies break, regimes fall and bases are lost."""
    # Bases are asked back often and at even odds, so that some are lost in these few weeks.
    talks = {"base_rate": 20.0, "base_value": 0.0, "estranged": 1.0}
    values = lab.with_value(lab.drawn(LANES, seed=11), recognition_rate=5.0, **talks)
    values[:, :10] = lab.with_value(values, margin=-2.7, sanction_rate=3.0)[:, :10]
    return {"values": values, "runs": range(LANES)}


@pytest.fixture(scope="module")
def straight(busy_built, lab, options):
    return list(readings(busy_built, lab, **options))


def test_the_world_is_eventful(straight):
    """Else the tests below would compare nothing with nothing."""
    happened = {
        address.split(".")[-1].split("[")[0]
        for found in straight
        for address, value in found.items()
        if address.startswith("event") and value.any()
    }
    assert happened >= {"entered", "left", "fell", "exiled", "recognised", "base_lost"}


@pytest.mark.parametrize("kind", ["powers", "clients", "theatres", "regions", "sides", "sites"])
def test_order_permutes_results(busy, lab, options, straight, kind):
    built = compile_case(turned(busy, kind))
    if kind == "sides":  # their streams are their places: let them follow
        stream = built.case.side_stream.copy()
        count = len(busy.case.sides)
        stream[1:count] = stream[1:count][::-1]
        built = built._replace(case=built.case._replace(side_stream=stream))
    for step, (one, other) in enumerate(
        zip(straight, readings(built, lab, **options), strict=True)
    ):
        assert one.keys() == other.keys()
        limit = 1e-5 if step < FEW else 1e-4
        for address, expected in one.items():
            near = np.isclose(other[address], expected, rtol=limit, atol=limit, equal_nan=True)
            assert near.all(), f"{address} in step {step}"


def test_permuting_runs_permutes_results_exactly(busy_built, lab, options, straight):
    order = np.random.default_rng(0).permutation(LANES)
    again = {"values": options["values"][:, order], "runs": order}
    for one, other in zip(straight, readings(busy_built, lab, **again), strict=True):
        for address, expected in one.items():
            assert np.array_equal(other[address], expected[order], equal_nan=True), address


def test_names_do_not_matter(busy, busy_built):
    """Every name is replaced by another; the arrays are the same, to the bit."""
    names = [
        *(*busy.case.powers, *busy.case.clients, *busy.case.sides, *busy.case.sites),
        *(*busy.case.theatres, *busy.timeline.entries),
        *(place for theatre in busy.case.theatres.values() for place in theatre.regions),
    ]
    new = {name: f"z{i}" for i, name in enumerate(dict.fromkeys(names))}
    word = re.compile(r"[a-z_][a-z0-9_]*")
    prose = ("label", "summary", "title", "assumed", "source", "unit", "note")

    def rename(tree):
        if isinstance(tree, dict):
            return {
                rename(key) if key not in prose else key: rename(item) if key not in prose else item
                for key, item in tree.items()
            }
        if isinstance(tree, list):
            return [rename(item) for item in tree]
        return word.sub(lambda m: new.get(m[0], m[0]), tree) if isinstance(tree, str) else tree

    documents = tuple(d._replace(data=rename(copy.deepcopy(d.data))) for d in busy.documents)
    assert "north" not in documents[0].data["powers"]
    renamed = compile_case(build(busy.folder, (documents[0], documents[1])))
    for one, other in zip(
        (*busy_built.case[2:], *busy_built.given, *busy_built.today),
        (*renamed.case[2:], *renamed.given, *renamed.today),
        strict=True,
    ):
        assert np.array_equal(one, other)
    for one, other in zip(busy_built.world, renamed.world, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))

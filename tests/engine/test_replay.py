"""Same seed, same bits: whatever the chunk, the devices, the company and the interruption."""

import copy

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.cases.loading import build

RUNS = 160


@pytest.fixture(scope="module")
def values(drawn):
    return drawn(RUNS, seed=2)


@pytest.fixture(scope="module")
def whole(even, plan, joined, values):
    """Chunks of 64 runs on each of two devices; each run has parameters of its own."""
    records, first = joined(plan(even, RUNS, values=values))
    assert 0.02 < np.isfinite(first[0]).mean() < 0.98
    return records, first


def same(one, other):
    """Equality of bits, in which a NaN equals itself."""

    def bits(array):
        return array.view(np.uint32 if array.dtype == np.float32 else np.uint64)

    return all(np.array_equal(bits(a), bits(b)) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(("lane", "devices"), [(16, 1), (16, 3), (64, 1), (128, 2)])
def test_the_width_of_a_chunk_changes_no_bit(even, plan, joined, values, whole, lane, devices):
    found = joined(plan(even, RUNS, values=values, lane=lane, devices=devices))
    assert same(found, whole)


def test_a_run_alone_is_the_run_among_many(even, plan, joined, values, whole):
    for run in (0, 37, 159):
        found = joined(plan(even, 1, values=values[:, run], first_run=run))
        assert same(found, [np.ascontiguousarray(part[..., run : run + 1]) for part in whole])


def test_resumed_chunks_are_those_that_were_missing(even, plan, joined, values, whole):
    order = plan(even, RUNS, values=values, devices=1)
    found = joined(order, skip=frozenset({0}))
    assert same(found, [np.ascontiguousarray(part[..., 64:]) for part in whole])


def test_another_seed_is_another_future(even, plan, joined, values, whole):
    records, _ = joined(plan(even, 4, values=values, seed=2))
    assert not np.array_equal(records, whole[0][..., :4], equal_nan=True)


@pytest.fixture
def compilations():
    """Names of the programs that XLA compiles or loads while a test runs."""
    import jax

    found = []

    def note(event: str, duration_secs: float, **about: str | int):
        if event == "/jax/core/compile/backend_compile_duration":
            found.append(about)

    jax.monitoring.register_event_duration_secs_listener(note)
    yield found
    jax.monitoring.unregister_event_duration_listener(note)


def test_another_case_of_the_shape_compiles_nothing(
    template, even, plan, joined, values, whole, compilations
):
    """A fourth client, another span, another theory: arguments of the same program."""
    del whole  # the program is there
    case, timeline = (copy.deepcopy(document.data) for document in template.files.documents)
    case["clients"]["island"] = copy.deepcopy(case["clients"]["valley"]) | {"label": "Island"}
    case["until"] = case["from"].replace(year=2004)
    del timeline["entries"]["volunteers"]
    first, second = template.files.documents
    documents = (first._replace(data=case), second._replace(data=timeline))
    other = compile_case(build(template.files.folder, documents))
    assert other.steps > even.steps
    switches = np.zeros_like(plan(even, 1).switches)
    records, _ = joined(plan(other, 3, seed=9, switches=switches))
    assert records.shape[0] == other.steps
    assert compilations == []


def test_compilations_are_noticed(compilations):
    import jax

    jax.jit(lambda x: x * 3.0 + 1.25)(np.ones(7, np.float32))
    assert compilations

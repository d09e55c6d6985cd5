"""Two patrons exchange their names: every number stays with its entity, to the bit.

Names never reach the noise. A draw hangs on the seed, the run, the week, the kind of draw and the
entity's number, which is its place in the file unless the file gives another. So the claim is
equality of each future, not of distributions; it would be the latter if patrons changed places in
the file, and that is held elsewhere (`properties/test_labels.py`).
"""

import re

import numpy as np
import pytest

from allegiance.cases import loading
from allegiance.cases.compile import compile_case
from allegiance.engine import observe, oracle, simulate
from allegiance.engine.scenario import Scenario
from allegiance.engine.setup import prepare
from allegiance.evidence import dossier

PAIRS = {
    "chad": ("france", "libya", "1982-12-31"),
    "oman_dhofar": ("britain", "iran", "1965-12-31"),
}
"""A shipped case, two of its powers, and the last day that is simulated."""

RUNS = 4


def exchange(one: str, two: str):
    """A function that exchanges two names, small or capitalised, wherever they stand as words."""
    pairs = {one: two, two: one, one.capitalize(): two.capitalize()}
    pairs[two.capitalize()] = one.capitalize()
    word = re.compile(rf"\b({'|'.join(pairs)})\b")
    return lambda text: word.sub(lambda found: pairs[found[0]], text)


@pytest.fixture(scope="module", params=PAIRS)
def two(request, tmp_path_factory):
    """A shipped case, the same with the names exchanged in all its files, and the exchange."""
    *names, until = PAIRS[request.param]
    swapped = exchange(*names)
    folder = loading.SHIPPED / request.param
    new = tmp_path_factory.mktemp("swapped") / request.param
    new.mkdir()
    for file in sorted(folder.glob("*.yaml")):
        (new / file.name).write_text(swapped(file.read_text(encoding="utf-8")), encoding="utf-8")
    return *(Scenario(loading.load(each)) for each in (folder, new)), swapped, until


def told(scenario: Scenario, until: str) -> dict[str, np.ndarray]:
    """Every quantity of every week and the first day of every event, by address."""
    built = compile_case(scenario.files)
    sizes = observe.axis_sizes(built.world)
    places, flags = (f(built.labels, sizes) for f in (observe.catalogue, observe.events))
    setup = prepare(scenario, runs=RUNS, until=until, record=places, watch=flags)
    chunk = oracle.simulate(simulate.plan(setup))
    found = {name: chunk.records[:, at] for at, name in enumerate(setup.addresses)}
    return found | {f"event {name}": chunk.first[at] for at, name in enumerate(setup.events)}


def test_every_future_stays_with_its_entity(two) -> None:
    *both, swapped, until = two
    first, second = (told(one, until) for one in both)
    assert {swapped(name) for name in first} == set(second)
    for name, expected in first.items():
        assert np.array_equal(second[swapped(name)], expected, equal_nan=True), name
    # Else names would have been exchanged between two that nothing tells apart, or by rote.
    differ = [n for n in first if not np.array_equal(first[n], second[n], equal_nan=True)]
    assert len(differ) > 10
    assert any(np.ptp(path[-1]) > 0.0 for name, path in first.items() if ".control[" in name)


def test_the_evidence_follows(two) -> None:
    first, second, swapped, _ = two
    items = dossier.items(first.files)
    again = dossier.items(second.files)
    assert len(items) > 5
    assert {name: swapped(str(item.what)) for name, item in items.items()} == {
        name: str(item.what) for name, item in again.items()
    }

"""Scenario discovery against planted boxes."""

import numpy as np
import pytest
from scipy.stats import binom

from allegiance.explain import prim
from allegiance.explain.prim import Limit

NAMES = "abcdef"


def _half(draw, hits, count=800):
    x = draw.random((6, count))
    return dict(zip(NAMES, x, strict=True)), hits(x, draw)


def _planted(x, draw):
    """Nine in ten where b < 0.4 and e > 0.3, one in ten elsewhere."""
    inside = (x[1] < 0.4) & (x[4] > 0.3)
    return draw.random(x.shape[1]) < np.where(inside, 0.9, 0.1)


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_box_is_found_and_measured(seed):
    draw = np.random.default_rng(seed)
    found = prim.discover(_half(draw, _planted), _half(draw, _planted))
    assert found
    limits = {(limit["name"], limit["sense"]): limit for limit in found["limits"]}
    assert set(limits) == {("b", "at most"), ("e", "at least")}
    assert limits["b", "at most"]["value"] == pytest.approx(0.4, abs=0.06)
    assert limits["e", "at least"]["value"] == pytest.approx(0.3, abs=0.08)
    assert limits["b", "at most"]["prior"] == pytest.approx(0.4, abs=0.08)
    assert all(limit["p"] < 0.01 for limit in found["limits"])
    known = {"density": 0.9, "coverage": 0.252 / 0.324, "mass": 0.28, "base": 0.324}
    for key, value in known.items():
        assert found[key] == pytest.approx(value, abs=0.09)
        assert found[f"{key}_q05"] <= found[key] <= found[f"{key}_q95"]


def test_noise_has_no_box():
    draw = np.random.default_rng(1)
    halves = [_half(draw, lambda x, d: d.random(x.shape[1]) < 0.3) for _ in range(20)]
    found = [prim.discover(*pair) for pair in zip(halves[::2], halves[1::2], strict=True)]
    assert sum(box is not None for box in found) <= 2


def test_a_box_that_the_other_half_does_not_know_is_dropped():
    draw = np.random.default_rng(2)
    find, check = _half(draw, _planted), _half(draw, lambda x, d: d.random(x.shape[1]) < 0.3)
    assert prim.discover(find, _half(draw, _planted)) is not None
    assert prim.discover(find, check) is None


def test_measures_are_of_the_other_half():
    """Where only half of the box's hits come again, density and mass say so."""
    draw = np.random.default_rng(3)

    def fainter(x, draw):
        return _planted(x, draw) & (draw.random(x.shape[1]) < 0.5)

    found = prim.discover(_half(draw, _planted), _half(draw, fainter))
    assert found
    assert found["density"] == pytest.approx(0.45, abs=0.08)


@pytest.mark.parametrize("share", [0.01, 0.99])
def test_few_hits_or_misses_are_no_ground_for_a_box(share):
    draw = np.random.default_rng(4)
    some = _half(draw, lambda x, d: x[0] < share, 300)
    assert prim.discover(some, _half(draw, _planted)) is None
    assert prim.discover(_half(draw, _planted), some) is None


def test_peeling_shaves_a_twentieth_and_stops_at_the_least_mass():
    draw = np.random.default_rng(5)
    x = draw.random((2, 1000))
    way = prim.peeled(x, draw.random(1000) < x[0])
    counts = [int(prim.inside(box, x).sum()) for box in way]
    assert counts[:3] == [1000, 950, 903]
    assert counts[-1] <= 50 < counts[-2]


def test_a_quasi_p_value_is_the_chance_of_the_hits_without_the_limit():
    x = np.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.1, 0.9, 0.1, 0.9, 0.1, 0.9]])
    hit = np.array([True, True, True, False, False, False])
    first, second = Limit(0, True, 0.35), Limit(1, False, 0.0)
    assert prim.doubts((first, second), x, hit) == pytest.approx(
        [binom.sf(2, 3, 0.5), binom.sf(2, 3, 1.0)]
    )


def test_the_interval_of_a_share():
    """Wilson's interval by hand for 8 of 10 at 90%."""
    low, high = prim.wilson(8, 10)
    assert low == pytest.approx(0.5407, abs=2e-3)
    assert high == pytest.approx(0.9315, abs=2e-3)
    assert prim.wilson(0, 0) == (0.0, 1.0)

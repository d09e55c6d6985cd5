"""Sobol' indices against functions whose indices are known."""

import numpy as np
import pytest
from scipy.special import ndtri

from allegiance.explain import sobol

A, B = 7.0, 0.1


def _ishigami(u):
    """Ishigami & Homma (1990) on [-pi, pi]^3; u [3, point] in the unit cube."""
    x, y, z = (2.0 * u - 1.0) * np.pi
    return np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x)


def _known():
    """Its variances by hand: of x alone, y alone, and x with z."""
    x = 0.5 * (1.0 + B * np.pi**4 / 5.0) ** 2
    y, xz = A**2 / 8.0, B**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    return x, y, xz, x + y + xz


def _within(row, key, value, tolerance):
    assert row[key] == pytest.approx(value, abs=tolerance)
    assert row[f"{key}_q05"] - tolerance <= value <= row[f"{key}_q95"] + tolerance
    assert 0.0 < row[f"{key}_q95"] - row[f"{key}_q05"] < 0.2


def test_ishigami():
    x, y, xz, all_ = _known()
    u = sobol.design("xyz", 1024, seed=3)
    assert u.shape == (3, 5 * 1024)
    told = sobol.indices("xyz", _ishigami(u), seed=3)
    found = {row["name"]: row for row in told["indices"]}
    _within(told, "together", xz / all_, 0.03)
    for name, first, total in (("x", x, x + xz), ("y", y, y), ("z", 0.0, xz)):
        _within(found[name], "first", first / all_, 0.03)
        _within(found[name], "total", total / all_, 0.03)


def test_a_group_has_one_index():
    x, y, xz, all_ = _known()
    groups = ("both", "y", "both")
    u = sobol.design(groups, 1024, seed=3)
    assert u.shape == (3, 4 * 1024)
    found = sobol.indices(groups, _ishigami(u), seed=3)
    both, other = found["indices"]
    assert (both["name"], other["name"]) == ("both", "y")
    _within(both, "first", (x + xz) / all_, 0.03)
    _within(both, "total", (x + xz) / all_, 0.03)
    _within(other, "first", y / all_, 0.03)


def test_noise_is_an_input_like_others():
    groups = ("a", "chance")
    u = sobol.design(groups, 1024, seed=5)
    y = u[0] + 0.5 * ndtri(u[1])
    share = 0.25 / (0.25 + 1.0 / 12.0)
    found = sobol.indices(groups, y, seed=5)
    a, chance = found["indices"]
    _within(found, "together", 0.0, 0.04)
    for key in ("first", "total"):
        _within(chance, key, share, 0.04)
        _within(a, key, 1.0 - share, 0.04)


def test_intervals_cover_what_is_known():
    """Of first indices over many small designs some nine in ten intervals hold the truth."""
    x, _, _, all_ = _known()
    covered = 0
    for seed in range(60):
        y = _ishigami(sobol.design("xyz", 128, seed))
        row = sobol.indices("xyz", y, seed)["indices"][0]
        covered += row["first_q05"] <= x / all_ <= row["first_q95"]
    assert covered >= 48


def test_the_same_seed_gives_the_same_bits_and_another_does_not():
    one, two, other = (sobol.design("xy", 64, seed) for seed in (0, 0, 1))
    assert (one == two).all()
    assert (one != other).any()
    y = one[0] * one[1]
    assert sobol.indices("xy", y, 0) == sobol.indices("xy", y, 0)


def test_the_ends_of_a_block_are_drawn_apart():
    u = sobol.design("xyz", 64, seed=1)
    one, two = sobol.apart(u, "xyz")
    assert one.shape == two.shape == (3, 64)
    assert (one != two).all()
    assert (u[1:, 1::5] == one[1:]).all()  # the block's second point changes x alone
    assert (u[0, 1::5] == two[0]).all()

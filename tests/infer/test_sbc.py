"""Simulation-based calibration on the small world: 200 data sets here, 2,000 in `make sbc`."""

import os
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

import allegiance as al
from allegiance.evidence import record
from allegiance.evidence.target import target
from allegiance.infer import ensemble, sbc
from allegiance.infer.space import space

from .conftest import level

DATASETS = int(os.environ.get("ALLEGIANCE_SBC", "200"))
TABLE = max(20_000, 20 * DATASETS)
FIT = ("conquest", "stretch", "margin", "air_multiplier")
DAYS = ("2001-01-17", "2001-01-31", "2001-02-14", "2001-03-07", "2001-04-04", "2001-06-06")


@pytest.fixture
def simulated(planted):
    """Points of the prior [parameter, simulation] and records of their futures [item, ...]."""
    folder = planted({f"item_{i}": level(day, 0.5, 0.4) for i, day in enumerate(DAYS)})
    scenario = al.load(folder)
    items, fitted = ensemble.dated(scenario), space(scenario, FIT)
    random = np.random.default_rng(17)
    z = random.normal(size=(fitted.size, TABLE + DATASETS))
    order = record.order(scenario, items.values(), z.shape[1], 23)
    read = record.readings(replace(order, draws=fitted.draws(z)), items).values
    data = []
    for item, members in zip(items.values(), read, strict=True):
        centers, variances = target(item).record(members)
        data.append(centers + np.sqrt(variances) * random.normal(size=members.shape))
    return z, np.array(data)


def test_posteriors_are_calibrated_and_the_check_would_tell(simulated):
    z, data = simulated
    below, spread = {"as it is": [], "too narrow": [], "shifted": []}, []
    for truth, observed in zip(z.T[TABLE:], data.T[TABLE:], strict=True):
        draws, weights = sbc.adjusted(z[:, :TABLE], data[:, :TABLE], observed)
        center = np.average(draws, axis=1, weights=weights)[:, None]
        spread.append(np.sqrt(np.cov(draws, aweights=weights).diagonal()))
        for how, made in (
            ("as it is", draws),
            ("too narrow", center + 0.6 * (draws - center)),
            ("shifted", draws + 0.4),
        ):
            below[how].append(sbc.probability_below(made, weights, truth))
    limit = sbc.limit(DATASETS, len(FIT), repeats=2000)
    least = {how: [sbc.least(p) for p in np.array(found).T] for how, found in below.items()}
    print(dict(zip(FIT, least["as it is"], strict=True)), "limit", limit)
    assert min(least["as it is"]) > limit
    # Of each parameter alone: a fit that is wrong in one of them is found out.
    assert max(least["too narrow"]) < limit
    assert max(least["shifted"]) < limit
    # Something is learnt, else the check would only look at the prior; not much, for what armies
    # hide moves the same items: 0.78 of the prior's spread is left of the rate of conquest.
    assert np.mean(spread, axis=0)[0] < 0.85


def test_a_known_posterior_is_met():
    """y = z + error: the posterior is normal with mean 4/5 y and variance 1/5."""
    random = np.random.default_rng(4)
    z = random.normal(size=(1, 20_000))
    data = np.vstack([z[0] + 0.5 * random.normal(size=20_000), np.ones(20_000)])
    draws, weights = sbc.adjusted(z, data, np.array([1.0, 1.0]))
    assert np.average(draws[0], weights=weights) == pytest.approx(0.8, abs=0.03)
    assert np.sqrt(np.cov(draws[0], aweights=weights)) == pytest.approx(np.sqrt(0.2), abs=0.03)


def test_the_band_is_simultaneous():
    """Of uniform data sets one in twenty leaves it, and more leave a pointwise one."""
    random = np.random.default_rng(8)
    limit = sbc.limit(100, 1, error=0.05, repeats=3000)
    found = np.array([sbc.least(random.uniform(size=100)) for _ in range(2000)])
    assert (found < limit).mean() == pytest.approx(0.05, abs=0.015)
    assert (found < 0.05).mean() > 0.3


def test_least_is_the_rarest_count():
    below = np.array([0.01, 0.02, 0.03, 0.04])  # all four below a quarter
    assert sbc.least(below) == pytest.approx(2 * binom.sf(3, 4, 0.25))

"""The sampler against posteriors that are known in closed form."""

import numpy as np
import pytest
from scipy.stats import norm

from allegiance.infer import sbc, smc

NOISE = np.random.default_rng(5).normal(size=400_000)


def linear(y, sd=0.1, noise=0.7):
    """y = z0 + noise of the future + error; z1 is not told of. Posterior of z0: normal."""

    def of(z, u):
        return norm.logpdf(y, z[0] + noise * NOISE[u], sd)

    return of


def last(likelihood, particles=1000, seed=3, budget=100_000, size=2):
    return [*smc.generations(likelihood, size, particles, seed, budget)][-1]


def test_noise_is_integrated_out():
    state = last(linear(1.5))
    variance = 0.7**2 + 0.1**2
    assert state.temperature == 1.0
    assert state.z[0].mean() == pytest.approx(1.5 / (1 + variance), abs=0.08)
    assert state.z[0].std() == pytest.approx(np.sqrt(variance / (1 + variance)), abs=0.06)
    assert state.z[1].mean() == pytest.approx(0.0, abs=0.12)
    assert state.z[1].std() == pytest.approx(1.0, abs=0.08)
    exact = norm.logpdf(1.5, 0.0, np.sqrt(1 + variance))
    assert state.log_evidence == pytest.approx(exact, abs=0.25)


def test_noise_that_all_share_would_be_taken_for_knowledge():
    shared = last(lambda z, u: linear(1.5)(z, np.zeros_like(u)))
    assert shared.z[0].std() < 0.5 * last(linear(1.5)).z[0].std()


def test_a_narrow_likelihood_takes_many_temperatures():
    wide, narrow = (
        [*smc.generations(linear(2.0, sd, 0.0), 1, 400, 1, 100_000)] for sd in (1, 0.01)
    )
    assert len(narrow) > len(wide) + 3
    assert narrow[-1].z[0].std() == pytest.approx(0.01, rel=0.2)
    rising = [state.temperature for state in narrow]
    assert rising == sorted(rising)


def test_a_last_temperature_makes_errors_wider():
    """A quarter of the log likelihood of an error of 0.2 is that of 0.4."""
    *_, state = smc.generations(linear(1.0, 0.2, 0.0), 1, 1000, 1, 100_000, last=0.25)
    assert state.temperature == 0.25
    assert state.z[0].std() == pytest.approx(0.4 / np.sqrt(1 + 0.4**2), rel=0.1)


def test_going_on_gives_the_same_bits():
    whole = [*smc.generations(linear(2.0), 2, 300, 7, 50_000)]
    rest = [*smc.generations(linear(2.0), 2, 300, 7, 50_000, whole[2])]
    assert len(rest) == len(whole) - 3
    for one, other in zip(whole[3:], rest, strict=True):
        for a, b in zip(one, other, strict=True):
            assert np.array_equal(a, b)


def test_the_budget_is_kept():
    simulated = 0

    def counted(z, u):
        nonlocal simulated
        simulated += z.shape[1]
        return linear(3.0, 0.001, 0.0)(z, u)

    state = last(counted, particles=100, budget=1500)
    assert state.temperature < 1.0
    assert simulated == state.futures <= 1500


def test_every_future_that_is_drawn_anew_is_new():
    seen = []

    def noted(z, u):
        seen.append(u)
        return linear(2.0)(z, u)

    last(noted, particles=100)
    drawn = np.concatenate([seen[0], *(u[u >= 100 * (i + 1)] for i, u in enumerate(seen[1:]))])
    assert len(np.unique(drawn)) == len(drawn)
    assert len(drawn) > 150


def test_systematic_resampling():
    assert smc.systematic(np.ones(7), 7, 0.999).tolist() == list(range(7))
    take = smc.systematic(np.array([0.5, 0.0, 0.25, 0.25]), 8, 0.3)
    assert np.bincount(take, minlength=4).tolist() == [4, 0, 2, 2]


def test_effective_histories():
    assert smc.histories(np.arange(10)) == pytest.approx(10.0)
    assert smc.histories(np.zeros(10)) == pytest.approx(1.0)
    assert smc.histories(np.array([1, 1, 2, 2])) == pytest.approx(2.0)


def test_the_sampler_is_calibrated():
    """150 truths from the prior: the posterior probabilities below them are uniform."""
    random = np.random.default_rng(11)
    below, narrow = [], []
    for seed in range(150):
        truth, noise = random.normal(), 0.7 * random.normal()
        state = last(linear(truth + noise + 0.1 * random.normal()), 100, seed, 10_000, size=1)
        below.append((state.z[0] < truth).mean())
        center = state.z[0].mean()
        narrow.append((center + 0.5 * (state.z[0] - center) < truth).mean())
    limit = sbc.limit(150, 1, repeats=2000)
    assert sbc.least(np.array(below)) > limit
    assert sbc.least(np.array(narrow)) < limit


def test_moves_go_on_until_enough_particles_have_histories_of_their_own(monkeypatch):
    """Where few futures fit, those that do are copied; new ones take their place in time."""
    found = last(linear(2.5, 0.02), particles=400, budget=400_000)
    assert found.renewals > 0
    assert smc.histories(found.u) >= smc.DISTINCT * 400
    monkeypatch.setattr(smc, "RENEWALS", 0)
    assert smc.histories(last(linear(2.5, 0.02), particles=400).u) < smc.DISTINCT * 400

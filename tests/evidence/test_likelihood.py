"""One future's likelihood, and ensembles whose members do not count the same."""

import numpy as np
import pytest

from allegiance.evidence import scores
from allegiance.evidence.likelihood import log_likelihood
from allegiance.evidence.scores import Mixture
from allegiance.evidence.target import target

EVENT = {"what": "harbour.fallen", "when": None, "value": None, "spread": None}
READ = np.array([0.2, 0.6, 0.9, np.nan])


def alone(t, values):
    return log_likelihood([t], np.asarray(values, float)[None])


def test_a_figure_s_likelihood_is_the_score_of_one_future(item):
    for grade in ("A1", "C3", "F6"):
        for keys in ({}, {"reporting": {"share": 0.7, "spread": 0.2, "assumed": "x"}}):
            t = target(item(grade=grade, **keys))
            mine = [scores.log_value(t.forecast(r[None]), t.y, t.truth, t.broad) for r in READ]
            assert alone(t, READ) == pytest.approx(mine)
    sharp = alone(target(item()), READ)
    assert sharp.argmax() == 1  # the record is 0.6


def test_a_statement_s_likelihood_is_the_score_of_a_sure_forecast(item):
    t = target(item(**EVENT, event={"by": "2001-06-01"}))
    mine = [scores.log_event(p, t.truth) for p in (1.0, 0.0)]
    assert alone(t, [1.0, 0.0]) == pytest.approx(mine)
    keys = {"value": None, "spread": {"sd": 0.5, "scale": "logit", "assumed": "x"}}
    t = target(item(**keys, bound={"at_least": 0.4, "at_most": 0.7}))
    mine = [scores.log_event(t.chance(t.forecast(r[None])), t.truth) for r in READ]
    assert alone(t, READ) == pytest.approx(mine)
    hard = target(item(value=None, spread=None, bound={"at_most": 0.7}))
    mine = [scores.log_event(p, hard.truth) for p in (1.0, 1.0, 0.0, 0.5)]
    assert alone(hard, READ) == pytest.approx(mine)


def test_items_multiply_and_none_rules_a_future_out(item):
    one, two = target(item()), target(item(value=0.3))
    both = log_likelihood([one, two], np.vstack([READ, READ]))
    assert both == pytest.approx(alone(one, READ) + alone(two, READ))
    far = target(item(spread={"sd": 0.001, "scale": "logit", "assumed": "x"}, grade="A1"))
    assert np.isfinite(alone(far, [0.001])).all()
    assert alone(far, [0.001]) < -4.5


def test_weights_count_as_copies_would():
    members, copies = np.array([0.0, 1.0, 4.0]), np.array([1, 3, 2])
    repeated = np.repeat(members, copies)
    widths = np.array([0.5, 1.0, 2.0])
    weighted = Mixture(members, widths, copies / 6.0)
    plain = Mixture(repeated, np.repeat(widths, copies))
    assert weighted.density(0.7) == pytest.approx(plain.density(0.7))
    assert weighted.below(0.7) == pytest.approx(plain.below(0.7))
    levels = np.array([0.1, 0.5, 0.9])
    assert weighted.quantiles(levels) == pytest.approx(plain.quantiles(levels))
    assert scores.crps(weighted, 2.0) == pytest.approx(scores.crps(plain, 2.0), rel=1e-6)
    assert scores.effective(copies / 6.0) == pytest.approx(36 / 14)


def test_a_kernel_under_equal_weights_is_the_plain_one():
    members = np.random.default_rng(0).normal(size=500)
    plain, equal = scores.kernel(members), scores.kernel(members, np.full(500, 0.1))
    assert equal == pytest.approx(plain, rel=0.02)
    few = np.where(np.arange(500) < 50, 1.0, 1e-9)
    assert scores.kernel(members, few) > 1.2 * plain


def test_futures_without_weight_are_as_if_they_were_not(item):
    t = target(item())
    members, weights = np.array([0.3, 0.5, 0.9]), np.array([0.5, 0.5, 0.0])
    some, two = t.forecast(members, weights), t.forecast(members[:2], np.ones(2))
    assert some
    assert two
    assert some.density(t.y) == pytest.approx(two.density(t.y))
    event = target(item(**EVENT, event={"by": "2001-06-01"}))
    assert event.holds(np.array([1.0, 0.0, 1.0]), np.array([0.0, 0.5, 0.5])) == pytest.approx(0.5)

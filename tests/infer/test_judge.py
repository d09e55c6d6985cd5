"""The judge on planted banks: it finds the truth, knows when it cannot, and says how sure it is."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from allegiance.evidence.schema import Item
from allegiance.evidence.target import target
from allegiance.infer import weighing
from allegiance.infer.judge import train
from allegiance.infer.records import simulated, table

NAMES = ("one", "two", "three")
ITEMS = 12
APART = np.array([[0.0] * ITEMS, [1.5] * ITEMS, [-1.5] * ITEMS])


@pytest.fixture(scope="module")
def told(figures, banks):
    """A judge of three theories, and the dossier that is typical of the second."""
    return train(figures(APART[1]), banks(APART, 256), seed=1)


def test_a_planted_theory_is_recovered(told, figures, banks):
    p, se = weighing.posterior([told])
    assert weighing.verdict(p, NAMES) == "two"
    assert se.max() < 0.05
    assert told.log_score > -0.5 * np.log(3)
    assert weighing.support(told, [str(i) for i in range(ITEMS)]).inside
    random = np.random.default_rng(4)
    worlds = banks(APART, 100, seed=9)
    logs = np.array(
        [
            told.judge.log_odds(
                told.judge.features(
                    np.array(
                        [
                            simulated(t, r, random)
                            for t, r in zip(figures(APART[1]), world, strict=True)
                        ]
                    )
                )
            )
            for world in worlds
        ]
    )
    found = weighing.recovered(NAMES, logs)
    assert (found.picked.sum(axis=1) == 100).all()
    assert (np.diag(found.guessed) >= 85).all()
    wrong, limit = found.wrong
    assert wrong <= 6
    assert wrong / 300 < limit < 0.06
    assert found.log_score > -0.4


def test_probabilities_are_calibrated(told):
    """What is given to a theory on held-out worlds is how often it is true."""
    for row in told.calibration():
        error = np.sqrt(row["forecast"] * (1.0 - row["forecast"]) / (row["n"] / 4.0))
        assert abs(row["forecast"] - row["observed"]) < 3.5 * error + 0.02


def test_items_that_repeat_each_other_do_not_count_twice(figures):
    """Ten copies of one weak item are as weak as one: naive Bayes would be sure."""
    random = np.random.default_rng(3)
    latent = [mean + random.normal(size=400) for mean in (0.0, 0.7)]
    readings = [np.exp(np.repeat(x[None], 10, axis=0)) for x in latent]
    found = train(figures([1.5] * 10, width=0.05), readings, seed=2)
    p, _ = weighing.posterior([found])
    # Two normals 0.7 apart, at 1.5: odds of exp(0.7 * (1.5 - 0.35)).
    assert p[1] == pytest.approx(1.0 / (1.0 + np.exp(-0.7 * 1.15)), abs=0.1)
    logs = found.likelihoods.sum(axis=1)
    naive = logs - np.logaddexp.reduce(logs, axis=1, keepdims=True)
    assert found.log_score > naive[np.arange(len(found.true)), found.true].mean() + 0.3


def test_identical_theories_cannot_be_told_apart(figures, banks):
    means = np.zeros((3, ITEMS))
    found = train(figures(np.linspace(-1, 1, ITEMS)), banks(means, 256), seed=1)
    p, _ = weighing.posterior([found])
    np.testing.assert_allclose(p, 1.0 / 3.0, atol=0.06)
    assert weighing.verdict(p, NAMES) == "not identifiable"
    assert found.log_score == pytest.approx(-np.log(3), abs=0.01)


def test_the_error_of_the_odds_shrinks_with_the_bank(figures, banks):
    means = np.array([[0.0] * 3, [0.8] * 3])

    def error(runs: int) -> float:
        found = [
            weighing.posterior([train(figures([0.8] * 3), banks(means, runs, seed), seed)])[1].max()
            for seed in range(3)
        ]
        return float(np.mean(found))

    # Sixteen times the futures: a quarter of the error, within its own.
    assert error(1600) < 0.6 * error(100)


def test_a_dossier_outside_all_theories_warns(figures, banks):
    names = [str(i) for i in range(ITEMS)]
    far = [9.0, 9.0, *APART[1][2:-1], -9.0]
    found = weighing.support(train(figures(far), banks(APART, 256), seed=1), names)
    assert not found.inside
    assert set(found.items) == {"0", "1", str(ITEMS - 1)}


def test_contradictory_items_weaken_each_other(figures, banks):
    """Half say one theory, half the other: no verdict, and no error."""
    means = np.array([[0.0] * ITEMS, [1.5] * ITEMS])
    torn = [0.0, 1.5] * (ITEMS // 2)
    p, _ = weighing.posterior([train(figures(torn), banks(means, 256), seed=1)])
    assert weighing.verdict(p, NAMES) == "not identifiable"


def test_what_is_not_read_tells_nothing_unless_one_theory_reads_it(figures, banks):
    readings = banks(np.zeros((2, 3)), 400)
    for bank in readings:
        bank[0] = np.nan  # read in no future at all
        bank[1, ::2] = np.nan
    readings[1][2, 40:] = np.nan  # read in a tenth of the second theory's
    found = train(figures([0.0, 0.0, 0.0]), readings, seed=1)
    ratios = weighing.matrix(found)
    np.testing.assert_allclose(ratios[:2], 0.0, atol=0.1)
    assert ratios[2, 0] - ratios[2, 1] == pytest.approx(np.log(10.0), abs=0.5)
    assert np.isfinite(weighing.posterior([found])[0]).all()


def _statement(**keys):
    base = {
        "what": "harbour.government.force",
        "source": {"title": "A test", "by": "a tester", "date": "2001"},
        "grade": "C3",
        "use": "fit",
    }
    return target(Item.model_validate(base | keys))


KINDS = {
    "figure": None,
    "event": {"what": "harbour.fallen", "event": {"by": date(2001, 6, 1)}},
    "bound": {"when": date(2001, 6, 1), "bound": {"at_least": 1.5}},
    "doubtful bound": {
        "when": date(2001, 6, 1),
        "bound": {"at_least": 1.5},
        "spread": {"sd": 0.5, "scale": "log", "assumed": "a test"},
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_simulated_as_they_are_judged(figures, kind):
    """Under its own theory a record's likelihood ratio to any other has mean 1."""
    keys = KINDS[kind]
    item = _statement(**keys) if keys else figures([0.3], grade="C3")[0]
    random = np.random.default_rng(2)
    if kind == "event":
        readings = [(random.random(4000) < p).astype(float) for p in (0.3, 0.6)]
    else:
        readings = [np.exp(mean + 0.5 * random.normal(size=4000)) for mean in (0.0, 0.6)]
    judged = table(item, readings)
    for true in (0, 1):
        logs = judged.of(simulated(item, readings[true], random))
        ratio = np.exp(logs[1 - true] - logs[true])
        assert ratio.mean() == pytest.approx(1.0, abs=0.06)
        assert logs[true].mean() > logs[1 - true].mean() + 0.01


def test_cases_add_up(told):
    alone, _ = weighing.posterior([told])
    both, _ = weighing.posterior([told, told])
    odds = np.log(alone) - np.log(alone[1])
    np.testing.assert_allclose(np.log(both) - np.log(both[1]), 2.0 * odds, rtol=1e-3)


def test_a_verdict_needs_nine_tenths():
    assert weighing.verdict(np.array([0.89, 0.11]), NAMES) == weighing.ABSTAIN
    assert weighing.verdict(np.array([0.05, 0.95]), NAMES) == "two"


def test_no_wrong_verdict_still_has_a_limit():
    """Clopper and Pearson: none of 59 leaves room for 5%."""
    counts = np.array([[0, 0, 59]])
    found = weighing.Recovery(("one", "two"), counts, np.array([[30, 29]]), -0.7)
    found = replace(found, picked=np.array([[0, 0, 59], [0, 0, 0]]))
    assert found.wrong == (0, pytest.approx(0.0495, abs=0.001))
    assert found.abstained == 1.0

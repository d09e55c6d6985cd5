"""One parameter set for several cases: what each case says, and what the others say of it."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal

import allegiance as al
from allegiance.cases.errors import CaseError
from allegiance.cases.new import scaffold
from allegiance.engine.draws import Draws
from allegiance.evidence import record
from allegiance.infer import ensemble, pooled

from .conftest import level, text_of

DAYS = ("2001-01-20", "2001-02-03", "2001-02-17", "2001-03-03")
SMALL: dict[str, Any] = {"vectors": 64, "futures": 2, "rounds": 2, "seed": 5}


def items(values):
    return {
        f"item_{i}": level(day, float(v), 0.3)
        for i, (day, v) in enumerate(zip(DAYS, values, strict=True))
    }


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Three cases whose evidence comes from the model itself: slow conquest twice, fast once."""
    made = []
    for name, rate in (("slow", 4.0), ("also_slow", 4.0), ("fast", 25.0)):
        folder = scaffold(name, tmp_path_factory.mktemp("pool"))
        (folder / "dossier.yaml").write_text(text_of(items([0.5] * 4)))
        world = al.load(folder)
        blind = ensemble.dated(world)
        true = Draws("truth", "", {"conquest": np.array([rate])}, {})
        read = record.readings(record.order(world, blind.values(), 64, 9, true), blind).values
        (folder / "dossier.yaml").write_text(text_of(items(read[:, 7])))
        made.append(al.load(folder))
    return made


@pytest.fixture(scope="module")
def found(worlds):
    return pooled.pool(worlds, **SMALL)


def test_a_case_left_out_says_nothing(found):
    members = {name: m for name, m in found.members.items() if name != "fast"}
    without = pooled.Pool(found.space, found.z, found.offset, members, found.futures)
    assert np.array_equal(found.weights(without="fast"), without.weights())
    assert found.weights().sum() == pytest.approx(1.0)


def test_the_others_speak(found):
    """Two slow worlds expect a slow third one; the fast world makes it faster."""
    slow = found.parameters(without="fast")["conquest"][0]
    mixed = found.parameters(without="slow")["conquest"][0]
    assert slow < mixed


def test_no_few_lucky_vectors_have_all_the_weight(found):
    """What many records say is tempered until FEWEST vectors are effective, and no further."""
    assert found.effective() == pytest.approx(pooled.FEWEST, rel=1e-6)
    assert 0.0 < found.temperature() < found.temperature(without="fast") <= 1.0
    silent = pooled.Pool(found.space, found.z, found.offset, {}, found.futures)
    assert silent.temperature() == 1.0


def test_rounds_count_as_one_mixture(found):
    z, size = found.z, found.space.size
    law: Any = multivariate_normal
    mean, spread = np.full(size, 0.3), 0.5 * np.eye(size)
    prior = law.pdf(z.T, np.zeros(size), np.eye(size))
    near = law.pdf(z.T, mean, spread)
    share = pooled.PRIOR_SHARE
    told = np.log(prior) - np.log(0.5 * prior + 0.5 * (share * prior + (1 - share) * near))
    assert pooled._offset(z, [None, (mean, spread)]) == pytest.approx(told)
    assert np.all(pooled._offset(z, [None]) == 0.0)
    # Whatever was proposed later, a quarter of every round but the first is the prior's.
    assert found.offset.max() <= -np.log(0.5 + 0.5 * share) + 1e-9


def test_weights_of_futures_are_those_of_their_vectors(found):
    of = found.of_futures("fast").reshape(-1, found.futures)
    assert of.sum() == pytest.approx(1.0)
    assert np.ptp(of, axis=1).max() == 0.0
    assert of.sum(axis=1) == pytest.approx(found.weights(without="fast"))


def test_the_same_seed_gives_the_same_pool(worlds, found):
    again = pooled.pool(worlds, **SMALL)
    assert np.array_equal(again.z, found.z)
    assert np.array_equal(again.members["fast"].loglik, found.members["fast"].loglik)


def test_nothing_to_pool_is_refused():
    with pytest.raises(CaseError, match="no cases"):
        pooled.pool([])

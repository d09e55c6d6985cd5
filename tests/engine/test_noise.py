"""The generator: known answers, moments, and what a draw may depend on."""

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.engine import noise
from allegiance.world.draws import PAIRS, Draws

# Random123, tests/kat_vectors, threefry2x32 with 20 rounds: counter, key, answer.
KNOWN = (
    ((0x00000000, 0x00000000), (0x00000000, 0x00000000), (0x6B200159, 0x99BA4EFE)),
    ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
    ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xC4923A9C, 0x483DF7A0)),
)


@pytest.fixture(scope="module")
def built(template):
    return compile_case(template.files)


def drawn(built, runs, step=0, seed=1) -> Draws:
    words, sizes = noise.streams(built.case), noise.shapes(built.case)
    numbers = np.asarray(runs, np.uint32)
    return noise.draw(np.uint32(seed), numbers, np.uint32(step), words, sizes)


def words(first, second):
    return np.array([first], np.uint32), np.array([second], np.uint32)


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(counter, key, answer):
    found = noise.threefry(words(*key), words(*counter))
    assert tuple(int(word[0]) for word in found) == answer


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers_compiled(counter, key, answer):
    import jax
    import jax.numpy as jnp

    found = jax.jit(noise.threefry)(*jax.tree.map(jnp.asarray, (words(*key), words(*counter))))
    assert tuple(int(word[0]) for word in found) == answer


@pytest.fixture(scope="module")
def many(built) -> dict[str, np.ndarray]:
    """Two steps of many runs, by name [entity, run and step]."""
    pieces = [drawn(built, range(20_000), step) for step in range(2)]
    return {
        name: np.concatenate([getattr(p, name) for p in pieces], axis=-1).reshape(-1, 40_000)
        for name in Draws._fields
    }


LAW = {name: law for left, right, _, law in PAIRS for name in (left, right) if name}
UNIFORM = [name for name, law in LAW.items() if law == "uniform"]
NORMAL = [name for name, law in LAW.items() if law == "normal"]


@pytest.mark.parametrize("name", UNIFORM)
def test_uniform_numbers_are_uniform(many, name):
    x = many[name].astype(float)
    assert x.min() > 0.0
    assert x.max() < 1.0
    error = 4.5 / np.sqrt(x.size)
    for moment in (1, 2, 3, 4):
        spread = np.sqrt(1 / (2 * moment + 1) - 1 / (moment + 1) ** 2)
        assert abs((x**moment).mean() - 1 / (moment + 1)) < spread * error
    counts = np.histogram(x, 64, (0.0, 1.0))[0]
    assert ((counts - x.size / 64) ** 2 / (x.size / 64)).sum() < 63 + 5 * np.sqrt(2 * 63)


@pytest.mark.parametrize("name", NORMAL)
def test_normal_numbers_are_normal(many, name):
    x = many[name].astype(float)
    error = 4.5 / np.sqrt(x.size)
    for moment, mean, spread in ((1, 0, 1), (2, 1, 2**0.5), (3, 0, 15**0.5), (4, 3, 96**0.5)):
        assert abs((x**moment).mean() - mean) < spread * error
    assert abs((x < -1.959964).mean() - 0.025) < 0.156 * error
    assert abs(x).max() < 6.5


def test_no_logarithm_of_zero():
    """The least and the greatest word give a finite normal number."""
    for word in (0, 0xFFFFFFFF):
        u = noise._uniform(np.array([word], np.uint32), np)
        assert 0.0 < u[0] < 1.0
        assert np.isfinite(np.sqrt(-2.0 * np.log(u)))


def test_draws_do_not_know_each_other(many):
    """Sites, entities, neighbours in run and in step: no correlation."""
    rows = np.concatenate([np.argsort(np.argsort(many[name], axis=1), axis=1) for name in LAW])
    rows = rows / rows.shape[1] - 0.5
    correlation = np.corrcoef(rows) - np.eye(len(rows))
    limit = 5.0 / np.sqrt(rows.shape[1])
    assert abs(correlation).max() < limit
    for shift in (1, 20_000):  # the next run, the next step
        shifted = (rows * np.roll(rows, shift, axis=1)).mean(axis=1) * 12.0
        assert abs(shifted).max() < limit


def test_a_draw_depends_on_run_and_not_on_place(built):
    alone, among = drawn(built, [5]), drawn(built, [9, 5, 0, 2**31])
    for one, other in zip(alone, among, strict=True):
        assert np.array_equal(one[..., 0], other[..., 1])
    for changed in (drawn(built, [6]), drawn(built, [5], step=1), drawn(built, [5], seed=2)):
        for one, other in zip(alone, changed, strict=True):
            assert not np.isin(one, other).any()


def test_worlds_that_differ_in_one_lever_share_their_noise(template, built):
    pulled = template.files.set("north.force", 20).without("volunteers")
    other = compile_case(pulled)
    for one, two in zip(drawn(built, range(8)), drawn(other, range(8)), strict=True):
        assert np.array_equal(one, two)


def worth(built, runs, seed=1):
    """What the armies of some runs are worth [k, s, run]."""
    words, sizes = noise.streams(built.case), noise.shapes(built.case)
    numbers = np.asarray(runs, np.uint32)
    return noise.opened(built.world, np.uint32(seed), numbers, words, sizes).theatres.worth


def test_what_an_army_is_worth_belongs_to_its_future(template, built):
    """To run and seed, not to the place in a batch; a lever leaves it, and no week draws it."""
    found = worth(built, [9, 5, 0])
    assert np.array_equal(worth(built, [5])[..., 0], found[..., 1])
    for other in (worth(built, [6])[..., 0], worth(built, [5], seed=2)[..., 0]):
        assert not np.isin(other, found).any()
    pulled = compile_case(template.files.set("north.force", 20).without("volunteers"))
    assert np.array_equal(worth(pulled, [9, 5, 0]), found)
    many = worth(built, range(20_000)).reshape(-1, 20_000)
    assert abs(many.mean(axis=1)).max() < 0.04
    assert abs(many.std(axis=1) - 1.0).max() < 0.03
    weeks = [drawn(built, [9, 5, 0], step).fortune for step in range(20)]
    assert not np.isin(found, weeks).any()


def test_every_counter_is_used_once(built):
    assert len(np.unique(noise.streams(built.case))) == len(noise.streams(built.case))


def test_both_engines_draw_the_same(built):
    import jax
    import jax.numpy as jnp

    sizes = noise.shapes(built.case)
    numbers = np.arange(64, dtype=np.uint32)
    seed, step, streams = np.uint32(3), np.uint32(17), noise.streams(built.case)
    slow = noise.draw(seed, numbers, step, streams, sizes)
    compiled = jax.jit(lambda *a: noise.draw(a[0], a[1], a[2], a[3], sizes))
    fast = compiled(*jax.tree.map(jnp.asarray, (seed, numbers, step, streams)))
    for one, other in zip(slow, fast, strict=True):
        assert np.asarray(other) == pytest.approx(one, abs=2e-6)

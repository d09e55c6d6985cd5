"""Counter-based noise: every draw is a function of (seed, run, step, site, entities).

Threefry-2x32 with 20 rounds (Salmon et al. 2011), the generator behind `jax.random`, written over
whole arrays: key (seed, run), counter (step, site and entity). `jax.random` itself takes one key
for all counters, would need a `vmap` over runs, and is not there for the NumPy oracle; a test holds
this one against its known answers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.world.arrays import Array, apart, namespace
from allegiance.world.case import Case
from allegiance.world.draws import PAIRS, Draws
from allegiance.world.nouns import World

OPENING = 2**32 - 1
"""Number of no step: its draws set what stays as it is through a whole future."""

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA


def threefry(key: tuple[Array, Array], counter: tuple[Array, Array]) -> tuple[Array, Array]:
    """Two random words for each key and counter; all uint32 and of one shape."""
    xp = namespace(key[1])
    k0, k1 = key
    schedule = (k0, k1, k0 ^ k1 ^ xp.asarray(_PARITY, dtype=xp.uint32))
    x0, x1 = counter[0] + k0, counter[1] + k1
    for group in range(5):
        for rotation in _ROTATIONS[group % 2]:
            x0 = x0 + x1
            x1 = (x1 << np.uint32(rotation)) | (x1 >> np.uint32(32 - rotation))
            x1 = x1 ^ x0
        x0 = x0 + schedule[(group + 1) % 3]
        x1 = x1 + schedule[(group + 2) % 3] + np.uint32(group + 1)
    return x0, x1


def streams(case: Case) -> Array:
    """Second counter word of every pair of draws, from the entities' stream numbers [draw, 1]."""
    axes = {
        "k": np.asarray(case.theatre_stream),
        "p": np.asarray(case.power_stream),
        "q": np.asarray(case.power_stream),
        "s": np.asarray(case.side_stream),
        "b": np.asarray(case.site_stream),
        "c": np.asarray(case.client_stream),
    }
    words = []
    for site, (_, _, letters, _) in enumerate(PAIRS):
        first = axes[letters[0]].astype(np.uint32).reshape(-1)
        word = first[:, None] * np.uint32(256)
        if len(letters) == 2:
            word = word + axes[letters[1]].astype(np.uint32).reshape(-1)[None]
        words.append(word.reshape(-1) + np.uint32(site << 16))
    return np.concatenate(words)[:, None]


def shapes(case: Case) -> dict[str, int]:
    """Padded length of each axis, by letter."""
    return {
        "k": case.theatre_stream.shape[0],
        "p": case.power_stream.shape[0],
        "q": case.power_stream.shape[0],
        "s": case.side_stream.shape[0],
        "b": case.site_stream.shape[0],
        "c": case.client_stream.shape[0],
    }


def draw(seed: Array, runs: Array, step: Array, words: Array, sizes: dict[str, int]) -> Draws:
    """All noise of one step.

    `seed` and `step` are uint32 scalars, `runs` [run] and `words` [draw, 1] uint32 arrays.
    """
    xp = namespace(runs)

    def words_of(seed: Array, step: Array, words: Array, runs: Array) -> tuple[Array, Array]:
        wide = xp.zeros((words.shape[0], runs.shape[0]), dtype=xp.uint32)
        return threefry((wide + seed, wide + runs[None]), (wide + step, wide + words))

    first, second = apart(words_of, seed, step, words, runs)
    u0, u1 = _uniform(first, xp), _uniform(second, xp)
    found: dict[str, Any] = {}
    at = 0
    for left, right, letters, law in PAIRS:
        lengths = [sizes[letter] for letter in letters]
        count = math.prod(lengths)
        a, b = u0[at : at + count], u1[at : at + count]
        if law == "normal":
            # Box-Muller; the uniforms are never 0, so the logarithm is finite.
            radius = xp.sqrt(-2.0 * xp.log(a))
            a, b = radius * xp.cos(2.0 * math.pi * b), radius * xp.sin(2.0 * math.pi * b)
        found[left] = a.reshape([*lengths, -1])
        if right:
            found[right] = b.reshape([*lengths, -1])
        at += count
    return Draws(**found)


def opened(world: World, seed: Array, runs: Array, words: Array, sizes: dict[str, int]) -> World:
    """The world before the first step, with what no case can tell of it: the armies' worth.

    `world` has its run axis; each run's worth is its own, whatever the step it begins with.
    """
    lasting = draw(seed, runs, namespace(runs).asarray(OPENING, dtype=np.uint32), words, sizes)
    return world._replace(theatres=world.theatres._replace(worth=lasting.fortune))


def _uniform(bits: Array, xp: Any) -> Array:
    """Uniform in (0, 1), open at both ends, from the upper 23 bits: of 24, the last rounds to 1."""
    return (bits >> 9).astype(xp.float32) * np.float32(2.0**-23) + np.float32(2.0**-24)

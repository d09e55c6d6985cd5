"""S49 recognition race: the first to recognise a new regime gains what the next is denied.

Influence by order of recognition is 1 for the first and `1 - crowding` for the second; off, both
gain the same.
"""

import numpy as np

from allegiance.verbs.bargain import bargain


def influence(toy, edit, theory, first: str, second: str) -> tuple[float, float]:
    """Influence with the new regime of the power that recognises first, and of the second."""
    harbour = toy["harbour"]
    world = edit(toy.world, theatres={"fallen": 1.0})
    for name in (first, second):
        noise = toy.noise(recognition={(0, toy[name]): 0.0})
        world, news = bargain(*toy.call(theory, world, noise=noise))
        assert news.recognised[harbour, toy[name], 0] == 1.0
    gained = world.ties.recognition[harbour, :, 0]
    return gained[toy[first]], gained[toy[second]]


def test_the_second_gains_less(toy, edit) -> None:
    theory = toy.theory(crowding=0.4, recognition_rate=1.0)
    for order in (("north", "south"), ("south", "north")):
        np.testing.assert_allclose(influence(toy, edit, theory, *order), (1.0, 0.6), rtol=1e-5)


def test_who_comes_late_in_the_week_is_recognised_at_the_hazard(toy, edit, grid) -> None:
    world = edit(toy.world, theatres={"fallen": 1.0})
    theory = toy.theory(recognition_rate=2.0)
    noise = toy.noise(recognition=grid(1000))
    _, news = bargain(*toy.call(theory, world, noise=noise, dt=0.25))
    found = news.recognised[toy["harbour"]].mean(axis=-1)
    np.testing.assert_allclose(found, 1.0 - np.exp(-2.0 * 0.25), atol=1e-3)


def test_off_order_does_not_matter(toy, edit) -> None:
    theory = toy.theory(off=["S49"], crowding=0.4, recognition_rate=1.0)
    assert influence(toy, edit, theory, "north", "south") == (1.0, 1.0)

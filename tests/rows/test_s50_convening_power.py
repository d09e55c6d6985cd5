"""S50 convening power: who comes to a summit, and which summits are put off, show clout.

A client comes with log-odds `rest + tie * alignment + clout * (believed - real strength)`, the last
where it is negative; a summit whose mean log-odds fall short of the quorum is put off. Off, nobody
comes and nothing is put off.
"""

import numpy as np

from allegiance.engine import observe
from allegiance.verbs.bargain import bargain

VALUES = {"summit_rest": 0.5, "summit_tie": 3.0, "summit_clout": 3.0, "summit_quorum": -1.5}
ALIGNED = np.array([0.7, 0.2, 0.1])


def summit(toy, edit, grid, theory, weakness: float, called: float = 1.0):
    """Share of runs in which each client comes to North [client], and in which it is put off."""
    north = toy["north"]
    case = edit(toy.case, given={"summit": {north: called}})
    start = toy.case.strength_start
    world = edit(toy.world, beliefs={"mean": start - weakness})
    aligned = {(client, north): share for client, share in enumerate(ALIGNED)}
    world = edit(world, ties={"alignment": aligned})
    noise = toy.noise(summit=grid(2000))
    _, news = bargain(*toy.call(theory, world, case=case, noise=noise))
    assert np.all(news.attended[:, toy["south"]] == 0.0)
    return news.attended[:, north].mean(axis=-1), news.put_off[north].mean()


def test_attendance_shows_clout(toy, edit, grid) -> None:
    for weakness in (-0.5, 0.0, 0.4):
        came, put_off = summit(toy, edit, grid, toy.theory(**VALUES), weakness)
        odds = 0.5 + 3.0 * ALIGNED - 3.0 * max(weakness, 0.0)
        np.testing.assert_allclose(came, 1.0 / (1.0 + np.exp(-odds)), atol=1e-3)
        assert put_off == 0.0


def test_a_summit_that_few_would_come_to_is_put_off(toy, edit, grid) -> None:
    came, put_off = summit(toy, edit, grid, toy.theory(**VALUES), weakness=1.2)
    assert put_off == 1.0
    assert np.all(came == 0.0)


def test_nobody_comes_uncalled(toy, edit, grid) -> None:
    came, put_off = summit(toy, edit, grid, toy.theory(**VALUES), weakness=1.2, called=0.0)
    assert np.all(came == 0.0)
    assert put_off == 0.0


def test_attendance_has_an_address(toy) -> None:
    known = observe.events(toy.labels, observe.axis_sizes(toy.world))
    assert {"harbour->north.attended", "north.put_off"} <= set(known)


def test_off_nobody_comes(toy, edit, grid) -> None:
    for weakness in (0.0, 1.2):
        theory = toy.theory(off=["S50"], **VALUES)
        came, put_off = summit(toy, edit, grid, theory, weakness)
        assert np.all(came == 0.0)
        assert put_off == 0.0

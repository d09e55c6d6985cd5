"""S54 street backlash: public anger forces the new ruler to renegotiate; debts are disputed.

After a fall an angry street reopens the question of an open base at hazard `backlash * anger`, with
`anger = tanh(grievance)`, and debts to the patron fade at `repudiation * anger`; a deal on the base
settles a part of the anger. Off, or without a fall, nothing of it happens.
"""

import numpy as np

from allegiance.verbs.bargain import bargain

GRIEVANCE = np.array([0.0, 0.5, 1.5])
VALUES = {
    "base_rate": 1.0,
    "base_value": 0.0,
    "estranged": 0.1,
    "backlash": 2.0,
    "repudiation": 0.4,
    "concession": 0.3,
    "shelter_cost": 0.0,
}


def conceded(toy, edit, grid, theory, fallen: float = 1.0):
    """By grievance: share of open bases that are closed within half a year, and the debt left."""
    harbour, north, site = toy["harbour"], toy["north"], toy["naval_base"]
    closed, debts = [], []
    for grievance in GRIEVANCE:
        world = edit(
            toy.world,
            theatres={"fallen": fallen},
            ties={
                "grievance": {(harbour, north): grievance},
                "alignment": {(harbour, north): 0.5},
                "debt": {(harbour, north): 4.0},
            },
        )
        # Even the best terms are refused: what is asked is lost.
        noise = toy.noise(base=grid(2000), terms=1.0)
        after, news = bargain(*toy.call(theory, world, noise=noise, dt=0.5))
        closed.append(news.base_lost[site].mean())
        debts.append(after.ties.debt[harbour, north].mean())
    return np.array(closed), np.array(debts)


def test_an_angry_street_reopens_the_base_and_disputes_debts(toy, edit, grid) -> None:
    closed, debts = conceded(toy, edit, grid, toy.theory(**VALUES))
    anger = np.tanh(GRIEVANCE)
    np.testing.assert_allclose(closed, 1.0 - np.exp(-2.0 * anger * 0.5), atol=1e-3)
    np.testing.assert_allclose(debts, 4.0 * np.exp(-0.4 * anger * 0.5), rtol=1e-4)
    assert closed[2] > 0.5


def agreed(toy, edit, theory, fallen: float = 1.0) -> np.ndarray:
    """Harbour's grievance against North after the base question was asked and settled [run]."""
    harbour, north, site = toy["harbour"], toy["north"], toy["naval_base"]
    world = edit(
        toy.world,
        theatres={"fallen": fallen},
        ties={"grievance": {(harbour, north): GRIEVANCE}},
        sites={"access": {site: 0.5}},
    )
    after, _ = bargain(*toy.call(theory, world, noise=toy.noise(base=0.0, terms=0.0)))
    assert np.all(after.sites.access[site] == 1.0)
    return after.ties.grievance[harbour, north]


def test_a_deal_is_a_concession_to_the_street(toy, edit) -> None:
    left = agreed(toy, edit, toy.theory(**VALUES))
    np.testing.assert_allclose(left, 0.7 * GRIEVANCE, rtol=1e-5)
    np.testing.assert_allclose(agreed(toy, edit, toy.theory(**VALUES), fallen=0.0), GRIEVANCE)


def test_while_the_old_ruler_stands_nothing_is_asked(toy, edit, grid) -> None:
    closed, debts = conceded(toy, edit, grid, toy.theory(**VALUES), fallen=0.0)
    assert np.all(closed == 0.0)
    assert np.all(debts == 4.0)


def test_off_the_street_is_not_heard(toy, edit, grid) -> None:
    theory = toy.theory(off=["S54"], **VALUES)
    closed, debts = conceded(toy, edit, grid, theory)
    assert np.all(closed == 0.0)
    assert np.all(debts == 4.0)
    np.testing.assert_array_equal(agreed(toy, edit, theory), GRIEVANCE.astype(np.float32))

"""S43 ideological betrayal: rivals sell inconsistency as treason.

While South broadcasts North's inconsistency, each client's evidence against North grows by `treason
* trust * broadcast * kinship with South * South's credibility` a year, and its alignment to North
falls; off, nobody listens.
"""

import numpy as np

from allegiance.verbs.trust import trust
from allegiance.world import measures

VALUES = {"treason": 2.0, "forgetting": 0.0, "spillover": 0.5}


def told(toy, edit, level: float):
    """The case while South broadcasts at `level` against North."""
    return edit(toy.case, given={"denounces": {(toy["south"], toy["north"]): level}})


def learned(toy, edit, theory, level: float, believed: float = 3.0) -> np.ndarray:
    """Evidence against each power after a quarter [client, power]."""
    world = edit(toy.world, beliefs={"believed": believed, "doubted": 1.0})
    after, _ = trust(*toy.call(theory, world, case=told(toy, edit, level), dt=0.25))
    return (after.ties.beta - world.ties.beta)[..., 0]


def test_a_broadcast_is_heard_by_regimes_like_the_speakers(toy, edit) -> None:
    north, south = toy["north"], toy["south"]
    kinship = toy.case.kinship[south, :, 0]
    trusted = measures.kept_word(toy.world)[:, north, 0]
    assert kinship[toy["coast"]] > 2.0 * kinship[toy["harbour"]] > 0.0
    for level in (0.5, 1.0):
        found = learned(toy, edit, toy.theory(**VALUES), level)
        heard = level * 0.75 * kinship
        np.testing.assert_allclose(found[:, north], 2.0 * 0.25 * heard * trusted, rtol=1e-4)
        assert np.all(found[:, south] == 0.0)


def test_a_speaker_without_credit_is_not_believed(toy, edit) -> None:
    theory = toy.theory(**VALUES)
    liar, honest = (learned(toy, edit, theory, 1.0, believed)[:, 0] for believed in (0.1, 9.0))
    assert np.all(liar < 0.2 * honest)


def test_alignment_to_the_denounced_is_lost(toy, edit) -> None:
    """Whole weeks with the same noise, a year of broadcasts: every run loses alignment."""
    coast, north = toy["coast"], toy["north"]
    shares = {}
    for off in ((), ("S43",)):
        case = told(toy, edit, 1.0)
        *_, (world, _) = toy.weeks(52, toy.theory(off=off, **VALUES), case=case, runs=16)
        shares[off] = world.ties.alignment[coast, north]
    lost = shares[("S43",)] - shares[()]
    assert np.all(lost > 0.01 * shares[("S43",)])
    assert np.all(lost < shares[("S43",)])


def test_off_nobody_listens(toy, edit) -> None:
    assert np.all(learned(toy, edit, toy.theory(off=["S43"], **VALUES), 1.0) == 0.0)

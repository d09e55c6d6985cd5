"""S41 trust spillover: abandoning one client lowers the confidence of the others.

A third party adds to its evidence against the patron `spillover * likeness` of what the abandoned
client learned; off, only the client itself learns.
"""

import numpy as np

from allegiance.verbs.trust import trust
from allegiance.world import measures


def learned(toy, edit, theory) -> np.ndarray:
    """Evidence against North at the end of Harbour's crisis, in which it sent nothing [c]."""
    harbour, north = toy["harbour"], toy["north"]
    world = edit(
        toy.world,
        ties={"owed": {(harbour, north): 1.0}, "honoured": 0.0},
        clients={"alarm": {harbour: 0.4}},
    )
    after, news = trust(*toy.call(theory, world))
    assert news.failed[harbour, north, 0] == 1.0
    return (after.ties.beta - world.ties.beta)[:, north, 0]


VALUES = {
    "crisis_alarm": 0.5,
    "crisis_scale": 0.05,
    "stakes": 2.0,
    "trust_loss": 2.0,
    "forgetting": 0.0,
    "suspicion": 0.0,
}


def test_others_learn_by_likeness(toy, edit) -> None:
    harbour = toy["harbour"]
    found = learned(toy, edit, toy.theory(spillover=0.3, **VALUES))
    own = 2.0 * 2.0 * 0.5
    assert abs(found[harbour] - own) < 1e-4
    likeness = toy.case.likeness[: len(found), harbour, 0]
    for other in ("valley", "coast"):
        assert likeness[toy[other]] > 0.1
        assert abs(found[toy[other]] - 0.3 * likeness[toy[other]] * own) < 1e-4


def test_abandonment_is_heard_abroad(toy, edit) -> None:
    """Whole weeks: Valley's crisis ends in the ninth, and North, bound elsewhere, sent nobody."""
    valley, north, harbour = toy["valley"], toy["north"], toy["harbour"]
    base = edit(toy.case, contender=0.0)
    bound = edit(base, given={"danger": {valley: 0.9}, "burden_force": {(0, north): 1e3}})
    over = edit(base, given={"burden_force": {(0, north): 1e3}})
    fall = {}
    for off in ((), ("S41",)):
        # No crisis may run in Harbour itself: its alarm stays below the threshold.
        theory = toy.theory(off=off, spillover=0.3, **VALUES, alarm_threshold=6.0)
        history = list(toy.weeks(9, theory, case=lambda w: bound if w < 8 else over, runs=16))
        kept = np.array([measures.kept_word(world)[:, north] for world, _ in history])
        failed = np.array([news.failed[valley, north] for _, news in history])
        assert np.all(failed[8] == 1.0)
        fall[off] = kept[7] - kept[8]
    assert np.all(fall[()][harbour] > 0.01)
    assert np.all(np.abs(fall[("S41",)][harbour]) < 1e-6)
    assert np.all(fall[("S41",)][valley] > 0.05)


def test_off_only_the_client_itself_learns(toy, edit) -> None:
    found = learned(toy, edit, toy.theory(off=["S41"], spillover=0.9, **VALUES))
    assert found[toy["harbour"]] > 1.0
    assert found[toy["valley"]] == found[toy["coast"]] == 0.0

"""S42 enter, then leave: worse for reputation than steady abstention.

Trust under two policies, stay out against enter and leave: who leaves gains evidence against its
word, more when the client is in danger; off, both policies leave trust alike.
"""

import numpy as np

from allegiance.verbs.trust import trust
from allegiance.world import measures

IN, OUT, NONE = 1.0, 0.0, -1.0


def test_leaving_counts_more_in_danger(toy, edit) -> None:
    harbour, north = toy["harbour"], toy["north"]
    theory = toy.theory(leaving_cost=1.5, crisis_alarm=0.5, forgetting=0.0)
    for alarm, weight in ((0.2, 0.3), (0.8, 1.0)):
        world = edit(toy.world, clients={"alarm": {harbour: alarm}}, ties={"owed": 0.0})
        call = toy.call(theory, edit(world, ties={"pledge": 0.0}))
        call = call._replace(now=edit(call.now, left={(0, north): 1.0}))
        after, _ = trust(*call)
        found = (after.ties.beta - world.ties.beta)[harbour, north, 0]
        assert abs(found - 1.5 * weight) < 1e-5


def trust_after(toy, edit, theory, enters: bool) -> np.ndarray:
    """Harbour's trust in North after ten weeks; who enters in the third leaves in the ninth."""
    harbour, north = toy["harbour"], toy["north"]
    case = edit(toy.case, contender=0.0, pinned=1.0)

    def given(week: int):
        choice = {2: IN, 8: OUT}.get(week, NONE) if enters else NONE
        return edit(case, given={"choice": {(0, north): choice}})

    *_, (world, _) = toy.weeks(10, theory, case=given, runs=16)
    return measures.kept_word(world)[harbour, north]


VALUES = {"leaving_cost": 1.5, "forgetting": 0.0, "alarm_threshold": 6.0, "crisis_alarm": 0.5}
"""A threshold so high that no crisis runs: what is left is the policy alone."""


def test_enter_and_leave_is_worse_than_stay_out(toy, edit) -> None:
    theory = toy.theory(**VALUES)
    out, left = (trust_after(toy, edit, theory, enters) for enters in (False, True))
    here = (toy["harbour"], toy["north"], 0)
    alpha, beta = toy.world.ties.alpha[here], toy.world.ties.beta[here]
    np.testing.assert_allclose(out, alpha / (alpha + beta), rtol=1e-4)
    np.testing.assert_allclose(left, alpha / (alpha + beta + 0.3 * 1.5), rtol=1e-4)
    assert np.all(left < out - 0.02)


def test_off_both_policies_leave_trust_alike(toy, edit) -> None:
    theory = toy.theory(off=["S42"], **VALUES)
    out, left = (trust_after(toy, edit, theory, enters) for enters in (False, True))
    np.testing.assert_array_equal(out, left)

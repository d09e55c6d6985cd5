"""S44 enemy's friend: détente with the client's enemy splits the bloc.

A client's evidence against its patron grows by `enemy_friend * trust` a year while the patron sides
with its enemy, or is in détente with a power that the client counts as its rival; its look-alikes,
whose enemy that is not, learn nothing by it. Off, it does not care.
"""

import numpy as np

from allegiance.verbs.trust import trust
from allegiance.world import measures

VALUES = {"enemy_friend": 6.0, "forgetting": 0.0, "spillover": 0.2}
SIDING = np.array([0.0, 0.5, 1.0])


def after_a_quarter(toy, edit, theory, case):
    """Evidence against each power [client, power, run], and the trust that is left."""
    world = toy.world
    after, _ = trust(*toy.call(theory, world, case=case, dt=0.25))
    return after.ties.beta - world.ties.beta, measures.kept_word(after)


def siding(toy, edit):
    """North sides with Harbour's enemy."""
    place = (toy["harbour"], toy["north"])
    return edit(toy.case, given={"sides_with_enemy": {place: SIDING}})


def settled(toy, edit):
    """South, which Harbour counts as its rival, comes to terms with North."""
    south = toy.case.client_on.shape[0] + toy["south"]
    given = {"detente": {(toy["south"], toy["north"]): SIDING}}
    return edit(toy.case, enemy={(toy["harbour"], south): 1.0}, given=given)


def test_siding_with_the_enemy_costs_trust(toy, edit) -> None:
    harbour, north = toy["harbour"], toy["north"]
    found, trusted = after_a_quarter(toy, edit, toy.theory(**VALUES), siding(toy, edit))
    own = 6.0 * 0.25 * SIDING * 0.6  # the template's trust
    np.testing.assert_allclose(found[harbour, north], own, rtol=1e-5)
    assert np.all(np.diff(trusted[harbour, north]) < -0.03)


def test_others_do_not_learn_it_by_spillover(toy, edit) -> None:
    harbour, north = toy["harbour"], toy["north"]
    assert np.max(toy.case.likeness[: toy.case.client_on.shape[0], harbour, 0]) > 0.1
    for case in (siding(toy, edit), settled(toy, edit)):
        found, _ = after_a_quarter(toy, edit, toy.theory(**VALUES), case)
        assert found[harbour, north, -1] > 0.5
        others = np.delete(found, harbour, axis=0)
        assert np.all(others == 0.0)


def test_detente_with_a_rival_power_costs_trust(toy, edit) -> None:
    harbour, north, south = toy["harbour"], toy["north"], toy["south"]
    found, _ = after_a_quarter(toy, edit, toy.theory(**VALUES), settled(toy, edit))
    np.testing.assert_allclose(found[harbour, north], 6.0 * 0.25 * SIDING * 0.6, rtol=1e-5)
    assert np.all(found[harbour, south] == 0.0)


def test_who_expects_nothing_is_not_betrayed(toy, edit) -> None:
    harbour, north = toy["harbour"], toy["north"]
    found = []
    for alpha in (0.5, 2.0, 8.0):
        world = edit(toy.world, ties={"alpha": {(harbour, north): alpha}})
        world = edit(world, ties={"beta": {(harbour, north): 2.0}})
        case = siding(toy, edit)
        after, _ = trust(*toy.call(toy.theory(**VALUES), world, case=case, dt=0.25))
        found.append((after.ties.beta - world.ties.beta)[harbour, north, -1])
    np.testing.assert_allclose(found, 6.0 * 0.25 * np.array([0.2, 0.5, 0.8]), rtol=1e-4)


def test_off_the_client_does_not_care(toy, edit) -> None:
    theory = toy.theory(off=["S44"], **VALUES)
    for case in (siding(toy, edit), settled(toy, edit)):
        found, _ = after_a_quarter(toy, edit, theory, case)
        assert np.all(found == 0.0)

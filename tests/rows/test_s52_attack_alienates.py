"""S52 attack alienates: an attacked population turns to the other bloc for good.

An attack leaves a grievance: the attacker loses as much pull, its rivals gain `bloc_turn` times as
much. It fades over a generation. While the attacker occupies the country its regime does not act on
it; the people do not forget. Off, an attack is forgotten at once.
"""

import numpy as np

from allegiance.verbs.align import align

VALUES = {
    "alignment_sharpness": 1.0,
    "alignment_rate": 1.0,
    "attack_grievance": 2.0,
    "grievance_fade": 0.03,
    "bloc_turn": 0.4,
}


def attacked(toy, edit, theory, occupied: float = 0.0):
    """Valley's ties just after an attack by North, and ten years later."""
    place = (toy["valley"], toy["north"])
    held = {"occupied": {place: occupied}}
    case = edit(toy.case, given={"attacked": {place: 1.0}, **held})
    hit, news = align(*toy.call(theory, case=case))
    assert news.attacked[(*place, 0)] == 1.0
    later, _ = align(*toy.call(theory, hit, case=edit(toy.case, given=held), dt=10.0))
    return hit.ties, later.ties


def odds(toy, ties) -> np.ndarray:
    """Log-odds of each power against autonomy in Valley [power]."""
    shares = ties.alignment[toy["valley"], :, 0]
    return np.log(shares[:-1] / shares[-1])


def test_the_attacked_turns_to_the_other_bloc_and_stays(toy, edit) -> None:
    valley, north, south = toy["valley"], toy["north"], toy["south"]
    hit, later = attacked(toy, edit, toy.theory(off=["S02"], **VALUES))
    assert abs(hit.grievance[valley, north, 0] - 2.0) < 1e-5
    left = 2.0 * np.exp(-0.3)
    assert abs(later.grievance[valley, north, 0] - left) < 1e-4
    calm, _ = align(*toy.call(toy.theory(off=["S02"], **VALUES), dt=10.0))
    turn = odds(toy, later) - odds(toy, calm.ties)
    np.testing.assert_allclose(turn[[north, south]], [-left, 0.4 * left], atol=2e-3)
    share = later.alignment[valley, south, 0]
    assert share > 1.3 * calm.ties.alignment[valley, south, 0]


def test_an_occupied_regime_turns_once_the_occupier_has_gone(toy, edit) -> None:
    valley, north, south = toy["valley"], toy["north"], toy["south"]
    theory = toy.theory(off=["S02"], **VALUES)
    calm, _ = align(*toy.call(theory, dt=10.0))
    for occupied in (0.5, 1.0):
        _, held = attacked(toy, edit, theory, occupied)
        left = 2.0 * np.exp(-0.3)
        assert abs(held.grievance[valley, north, 0] - left) < 1e-4  # the people do not forget
        turn = odds(toy, held) - odds(toy, calm.ties)
        felt = left * (1.0 - occupied)
        np.testing.assert_allclose(turn[[north, south]], [-felt, 0.4 * felt], atol=2e-3)
    free, _ = align(*toy.call(theory, toy.world._replace(ties=held), dt=10.0))
    later, _ = align(*toy.call(theory, calm, dt=10.0))
    turn = odds(toy, free.ties) - odds(toy, later.ties)
    assert turn[north] < -1.0
    assert turn[south] > 0.4


def test_occupation_without_an_attack_changes_nothing(toy, edit) -> None:
    held = edit(toy.case, given={"occupied": 1.0})
    theory = toy.theory(**VALUES)
    occupied, _ = align(*toy.call(theory, case=held, dt=1.0))
    free, _ = align(*toy.call(theory, dt=1.0))
    np.testing.assert_array_equal(occupied.ties.alignment, free.ties.alignment)


def test_others_do_not_turn(toy, edit) -> None:
    _, later = attacked(toy, edit, toy.theory(off=["S02"], **VALUES))
    calm, _ = align(*toy.call(toy.theory(off=["S02"], **VALUES), dt=10.0))
    coast = toy["coast"]
    np.testing.assert_allclose(later.alignment[coast], calm.ties.alignment[coast], rtol=1e-3)


def test_off_an_attack_is_forgotten(toy, edit) -> None:
    theory = toy.theory(off=["S02", "S52"], **VALUES)
    hit, later = attacked(toy, edit, theory)
    assert np.all(hit.grievance == 0.0)
    calm, _ = align(*toy.call(theory))
    np.testing.assert_array_equal(hit.alignment, calm.ties.alignment)
    assert np.all(later.grievance == 0.0)

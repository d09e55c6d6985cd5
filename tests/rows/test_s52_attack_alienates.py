"""S52 attack alienates: an attacked population turns to the other bloc for good.

An attack leaves a grievance: the attacker loses as much pull, its rivals gain `bloc_turn` times as
much. It fades over a generation. Off, an attack is forgotten at once.
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


def attacked(toy, edit, theory):
    """Valley's ties just after an attack by North, and ten years later."""
    case = edit(toy.case, given={"attacked": {(toy["valley"], toy["north"]): 1.0}})
    hit, news = align(*toy.call(theory, case=case))
    assert news.attacked[toy["valley"], toy["north"], 0] == 1.0
    later, _ = align(*toy.call(theory, hit, dt=10.0))
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

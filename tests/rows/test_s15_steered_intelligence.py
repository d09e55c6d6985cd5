"""S15 steered intelligence: signals fed by others change a patron's decisions on its allies.

A patron that is fed alarm reads its client's danger as `a + w (1 - a)`, one that is fed calm as
`(1 - w) a`, and goes in, or stays away, with the logit of what it reads. The weight `w` grows
towards `steering` times the effort, and is lost again when the signal stops.
"""

import numpy as np

from allegiance.verbs.decide import decide
from allegiance.verbs.witness import witness

ALARM, STEERING, SHARP, COST = 0.4, 0.5, 6.0, 0.4
VALUES = {
    "steering": STEERING,
    "steering_rate": 12.0,
    "choice_sharpness": SHARP,
    "entry_cost": COST,
    "home_brake": 0.0,
    "rival_deterrence": 0.0,
}
SETTLED = 100.0
"""Years after which a belief stands still."""


def steered(toy, edit, theory, world=None, dt: float = SETTLED, **fed: float):
    """The world once North has listened for `dt` years."""
    case = edit(toy.case, given={noun: {(0, toy["north"]): x} for noun, x in fed.items()})
    return witness(*toy.call(theory, world, case=case, dt=dt))[0]


def entry(toy, edit, grid, theory, world) -> float:
    """Probability that North goes in for its client's survival; nothing else is worth it."""
    north = toy["north"]
    world = edit(world, clients={"alarm": {toy["harbour"]: ALARM}})
    case = edit(toy.case, motive=0.0, stake=0.0)
    case = edit(case, motive={(north, 0): 1.0}, stake={(0, north, 0): 1.0})
    noise = toy.noise(opportunity=0.0, choice=grid(1000))
    _, news = decide(*toy.call(theory, world, case=case, noise=noise))
    return news.entered[0, north].mean()


def logit(gain: float) -> float:
    return 1.0 / (1.0 + np.exp(-SHARP * (gain - COST)))


def test_fed_signals_change_the_decision(toy, edit, grid) -> None:
    theory = toy.theory(**VALUES)
    left_alone = entry(toy, edit, grid, theory, steered(toy, edit, theory))
    alarmed = entry(toy, edit, grid, theory, steered(toy, edit, theory, fed_alarm=1.0))
    calmed = entry(toy, edit, grid, theory, steered(toy, edit, theory, fed_calm=1.0))
    assert abs(left_alone - logit(ALARM)) < 2e-3
    assert abs(alarmed - logit(ALARM + STEERING * (1.0 - ALARM))) < 2e-3
    assert abs(calmed - logit((1.0 - STEERING) * ALARM)) < 2e-3
    assert alarmed > left_alone + 0.2
    assert calmed < left_alone - 0.2


def test_who_believes_is_not_deceived_at_once_or_for_ever(toy, edit) -> None:
    theory, north = toy.theory(**VALUES), toy["north"]
    month = steered(toy, edit, theory, dt=1.0 / 12.0, fed_alarm=1.0)
    weight = STEERING * (1.0 - np.exp(-1.0))
    np.testing.assert_allclose(month.theatres.steered[0, north], weight, rtol=1e-5)
    later = steered(toy, edit, theory, month, dt=1.0 / 12.0)
    np.testing.assert_allclose(later.theatres.steered[0, north], weight * np.exp(-1.0), rtol=1e-5)
    # Nobody else listens.
    assert np.all(month.theatres.steered[0, toy["south"]] == 0.0)


def test_off_signals_are_not_heard(toy, edit, grid) -> None:
    theory = toy.theory(off=["S15"], **VALUES)
    found = {
        entry(toy, edit, grid, theory, steered(toy, edit, theory, **fed))
        for fed in ({}, {"fed_alarm": 1.0}, {"fed_calm": 1.0})
    }
    assert len(found) == 1


def test_without_a_signal_the_row_changes_nothing(toy, edit, grid) -> None:
    values = {
        entry(toy, edit, grid, theory, steered(toy, edit, theory))
        for theory in (toy.theory(**VALUES), toy.theory(off=["S15"], **VALUES))
    }
    assert len(values) == 1

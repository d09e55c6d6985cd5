"""S45 denied technology: a refusal drives a programme, pre-emption is weighed, a third deters it.

The programme takes `programme_years`; the one who refused strikes at hazard `preemption * s^2 (1 -
retaliation * s^4) * (1 - alignment) * (1 - deterrence * others' protection)`, s being the
programme's progress. Off, none of it happens.
"""

import numpy as np
import pytest

from allegiance.verbs.press import press
from allegiance.world.parameters import PARAMETERS

VALUES = {
    "programme_years": 5.0,
    "preemption": 1.0,
    "retaliation": 0.9,
    "deterrence": 0.8,
    "setback": 0.4,
    "attack_grievance": 3.0,
}
ALIGNED = 0.2


def refused(toy, edit, level: float = 1.0, **more):
    """The case in which North denies Valley a technology."""
    return edit(toy.case, given={"refusal": {(toy["valley"], toy["north"]): level}, **more})


def struck(toy, edit, grid, theory, programme: float, case) -> float:
    """Probability that North strikes Valley's programme within half a year."""
    valley, north = toy["valley"], toy["north"]
    world = edit(
        toy.world,
        clients={"self_help": {valley: programme}},
        ties={"alignment": {(valley, north): ALIGNED}},
    )
    noise = toy.noise(preemption=grid(2000))
    after, news = press(*toy.call(theory, world, case=case, noise=noise, dt=0.5))
    assert news.attacked.sum() == news.attacked[valley, north].sum()
    hit = news.attacked[valley, north]
    left = np.where(hit > 0, 1.0 - theory["setback"], 1.0)
    np.testing.assert_allclose(after.clients.self_help[valley], programme * left, atol=1e-5)
    np.testing.assert_allclose(after.ties.grievance[valley, north], 3.0 * hit, rtol=1e-5)
    return hit.mean()


def test_a_refusal_drives_a_programme(toy, edit) -> None:
    valley, theory = toy["valley"], toy.theory(**VALUES)
    for level, years, expected in ((1.0, 2.0, 0.4), (0.5, 2.0, 0.2), (1.0, 9.0, 1.0)):
        after, _ = press(*toy.call(theory, case=refused(toy, edit, level), dt=years))
        np.testing.assert_allclose(after.clients.self_help[valley], expected, rtol=1e-5)
        assert after.clients.self_help.sum() == after.clients.self_help[valley].sum()


def test_who_is_not_refused_builds_nothing(toy) -> None:
    after, _ = press(*toy.call(toy.theory(**VALUES), dt=5.0))
    assert np.all(after.clients.self_help == 0.0)


PROGRESS = np.array([0.0, 0.25, 0.5, 0.75, 0.9, 1.0])


@pytest.mark.parametrize("retaliation", [0.0, 0.9, 1.0])
def test_pre_emption_weighs_the_threat_and_the_answer(toy, edit, grid, retaliation) -> None:
    # No weeks pass on the programme here: what matters is how far it is.
    values = VALUES | {"programme_years": 1e6, "retaliation": retaliation}
    theory, case = toy.theory(**values), refused(toy, edit)
    found = [struck(toy, edit, grid, theory, s, case) for s in PROGRESS]
    hazard = (1.0 - ALIGNED) * PROGRESS**2 * (1.0 - retaliation * PROGRESS**4)
    np.testing.assert_allclose(found, 1.0 - np.exp(-0.5 * hazard), atol=1e-3)


def test_it_rises_with_the_programme_and_falls_once_it_can_answer(toy, edit, grid) -> None:
    theory = toy.theory(**VALUES | {"programme_years": 1e6})
    found = [struck(toy, edit, grid, theory, s, refused(toy, edit)) for s in PROGRESS]
    rising, falling = np.diff(found[:4]), np.diff(found[3:])
    assert np.all(rising > 0.005)
    assert np.all(falling < -0.005)
    assert found[-1] < 0.5 * max(found)


def test_the_base_rate_is_the_published_one() -> None:
    """One raid in a hundred programme-years, a third of the programmes facing a hostile power."""
    value = {parameter.name: parameter.value for parameter in PARAMETERS}
    progress = (np.arange(1000) + 0.5) / 1000
    threat = progress**2 * (1.0 - value["retaliation"] * progress**4)
    assert value["preemption"] * threat.mean() / 3.0 == pytest.approx(0.01, rel=0.1)


def test_a_third_power_deters_it(toy, edit, grid) -> None:
    theory = toy.theory(**VALUES | {"programme_years": 1e6})
    valley, north, south = toy["valley"], toy["north"], toy["south"]
    found = []
    for protector in (south, north):
        case = refused(toy, edit, deters={(valley, protector): 1.0})
        found.append(struck(toy, edit, grid, theory, 0.5, case))
    near = 0.25 * (1.0 - 0.9 * 0.0625)
    expected = 1.0 - np.exp(-0.5 * (1.0 - ALIGNED) * near * np.array([0.2, 1.0]))
    np.testing.assert_allclose(found, expected, atol=1e-3)  # nobody deters itself


def test_a_declared_rival_weighs_it_too(toy, edit, grid) -> None:
    theory, valley, north = toy.theory(**VALUES | {"retaliation": 0.0}), toy["valley"], toy["north"]
    column = toy.case.client_on.shape[0] + north
    case = edit(toy.case, enemy={(valley, column): 1.0})
    assert abs(struck(toy, edit, grid, theory, 1.0, case) - (1.0 - np.exp(-0.4))) < 1e-3
    assert struck(toy, edit, grid, theory, 1.0, toy.case) == 0.0


def test_off_there_is_no_programme_and_no_strike(toy, edit, grid) -> None:
    theory = toy.theory(off=["S45"], **VALUES)
    after, _ = press(*toy.call(theory, case=refused(toy, edit), dt=5.0))
    assert np.all(after.clients.self_help == 0.0)
    assert struck(toy, edit, grid, theory, 1.0, refused(toy, edit)) == 0.0

"""S57 legitimacy: an invitation by a tyrant is not consent.

Compliance: the government's men drift away at `evasion (1 - L)`. Resistance: where foreigners do
a part of its fighting, `resistance (1 - L)` times that part of its enemies' backers take up arms a
year. Harm costs it legitimacy; where nobody disputes it (`L = 1`), nothing happens. Those around
it overthrow it at the rate `coup_rate (1 - L) / 0.5`.
"""

import numpy as np

from allegiance.engine.theories import DEFAULT
from allegiance.verbs.rule import rule

LEGITIMACY = np.array([1.0, 0.7, 0.3])
EVASION, RESISTANCE, EROSION = 0.3, 0.2, 100.0
VALUES = {"evasion": EVASION, "resistance": RESISTANCE, "erosion": EROSION}


def ruled(toy, edit, theory, foreign: float = 0.5, killed: float = 0.0, dt: float = 0.5):
    """The world after half a year of such a government."""
    government = toy["government"]
    world = edit(toy.world, theatres={"legitimacy": {(0, government): LEGITIMACY}})
    world = edit(world, clients={"dependence": {toy["harbour"]: foreign}})
    call = toy.call(theory, world, dt=dt)
    last = edit(call.last, killed={(toy["harbour/hills"],): killed})
    return rule(*call._replace(last=last))[0]


def force(world, side: int) -> np.ndarray:
    """Men of a side, thousand [run]."""
    return world.regions.force[:, side].sum(axis=0)


def test_the_less_legitimate_the_fewer_obey(toy, edit) -> None:
    found = force(ruled(toy, edit, toy.theory(**VALUES)), toy["government"])
    before = force(toy.world, toy["government"])
    expected = before * np.exp(-EVASION * (1.0 - LEGITIMACY) * 0.5)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert found[0] > found[1] > found[2]


def test_the_less_legitimate_the_more_resist_its_guests(toy, edit) -> None:
    opposition, theory = toy["opposition"], toy.theory(**VALUES)
    before = force(toy.world, opposition)
    joined = force(ruled(toy, edit, theory), opposition) - before
    case = toy.case
    backers = (case.backing[:, opposition] * case.population)[:, 0].sum()
    men = case.mobilised[0, opposition, 0] * backers
    expected = RESISTANCE * (1.0 - LEGITIMACY) * 0.5 * 0.5 * men
    np.testing.assert_allclose(joined, expected, rtol=1e-4, atol=1e-4)
    assert joined[2] > joined[1] + 0.1 > joined[0] + 0.2
    # Without guests there is nobody whom they would have to drive out.
    alone = force(ruled(toy, edit, theory, foreign=0.0), opposition)
    np.testing.assert_array_equal(alone, before + 0.0 * alone)


def test_harm_costs_legitimacy(toy, edit) -> None:
    population = toy.case.population.sum()
    killed = 0.01 * 1000.0 * population  # one in a hundred
    found = ruled(toy, edit, toy.theory(**VALUES), killed=killed)
    left = found.theatres.legitimacy[0, toy["government"]]
    odds = np.log(LEGITIMACY[1:] / (1.0 - LEGITIMACY[1:])) - EROSION * 0.01
    np.testing.assert_allclose(left[1:], 1.0 / (1.0 + np.exp(-odds)), rtol=1e-4)
    assert left[0] == 1.0  # undisputed


def test_off_a_tyrant_is_as_good_as_any(toy, edit) -> None:
    world = ruled(toy, edit, toy.theory(off=["S57"], **VALUES), killed=50.0)
    for side in (toy["government"], toy["opposition"]):
        assert np.all(force(world, side) == force(toy.world, side))
    kept = world.theatres.legitimacy[0, toy["government"]]
    np.testing.assert_array_equal(kept, LEGITIMACY.astype(np.float32))


RUNS = 64


def test_a_disputed_government_holds_less_after_half_a_year(toy, edit, war) -> None:
    """The same futures of an even war, the government once undisputed and once not."""
    held = {}
    army = toy.world.regions.force[:, toy["government"]]
    weak = {(r, toy["government"]): 0.6 * men for r, men in enumerate(army)}
    for legitimacy in (1.0, 0.3):
        world = edit(toy.world, theatres={"legitimacy": {(0, toy["government"]): legitimacy}})
        world = edit(world, regions={"force": weak})
        theory = toy.theory(**war | VALUES | {"decision_rate": 0.0})
        *_, (after, _) = toy.weeks(26, theory, world, edit(toy.case, own_air=0.0), runs=RUNS)
        share = (toy.case.in_theatre[0] * toy.case.people)[:, 0]
        held[legitimacy] = share @ after.regions.control[:, toy["government"]]
    lost = held[1.0] - held[0.3]
    error = lost.std() / np.sqrt(RUNS)
    # A hundredth of the people is a difference that one can see; the test knows it to 0.0005.
    assert lost.mean() > max(0.01, 4.0 * error)


LOTS = 2000


def overthrown(toy, edit, theory, legitimacy: float, fallen: float = 0.0):
    """Half a year of a government in many futures, whose lots lie evenly from 0 to 1."""
    legitimate = {(0, toy["government"]): legitimacy}
    world = edit(toy.world, theatres={"legitimacy": legitimate, "fallen": fallen})
    lots = (np.arange(LOTS) + 0.5) / LOTS
    noise = toy.noise(LOTS, coup={(0, toy["government"]): lots})
    return rule(*toy.call(theory, world, noise=noise, dt=0.5))[1]


def test_a_disputed_government_is_overthrown_from_within(toy, edit) -> None:
    theory = toy.theory(coup_rate=0.4)
    for legitimacy in (0.75, 0.25):
        now = overthrown(toy, edit, theory, legitimacy)
        hazard = 0.4 * (1.0 - legitimacy) / 0.5
        share = (now.overthrown[0] > 0).mean()
        assert abs(share - (1.0 - np.exp(-hazard * 0.5))) <= 1.5 / LOTS
        # Its army and its war are the next one's: no enemy has won.
        assert now.fell.max() == now.seat_lost.max() == 0.0


def test_nobody_is_overthrown_after_the_fall_or_where_none_disputes(toy, edit) -> None:
    theory, off = toy.theory(coup_rate=0.4), toy.theory(off=["S57"], coup_rate=0.4)
    assert overthrown(toy, edit, theory, 0.2).overthrown.max() == 1.0
    assert overthrown(toy, edit, theory, 1.0).overthrown.max() == 0.0
    assert overthrown(toy, edit, off, 0.2).overthrown.max() == 0.0
    never = dict(DEFAULT.set("coup_rate", "0").changed)  # as `--set` does it: coups alone are off
    assert overthrown(toy, edit, toy.theory(**never), 0.2).overthrown.max() == 0.0
    assert overthrown(toy, edit, theory, 0.2, fallen=1.0).overthrown.max() == 0.0

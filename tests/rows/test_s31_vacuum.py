"""S31 vacuum: a third party takes what the leaving patron no longer covers.

After North has left, South, its rival, looks at the war as often as in a crisis and finds more
there, in proportion to what it wants; it comes, it strikes and its side gains ground. Who is
neither a rival nor a neighbour gains nothing, and a power that was never there leaves no room.
"""

import numpy as np
import pytest

from allegiance.verbs.decide import decide, vacuum

SHARP, COST, GAIN, WANTED = 6.0, 0.5, 0.4, 0.8
CHOICE = {
    "decision_rate": 1.0,
    "crisis_attention": 6.0,
    "choice_sharpness": SHARP,
    "entry_cost": COST,
    "vacuum_gain": GAIN,
    "cover_memory": 1.0,
    "home_brake": 0.0,
    "rival_deterrence": 0.0,
    "emboldenment": 0.0,
}


def third_party(toy, edit):
    """South wants only what it announces, which is nothing now: no named enemy holds ground."""
    south = toy["south"]
    case = edit(toy.case, motive=0.0, stake=0.0)
    case = edit(case, motive={(south, 4): 1.0}, stake={(0, south, 4): WANTED})
    return edit(case, named_enemy=0.0)


def after_exit(toy, edit, covered: float = 1.0, now: float = 0.0):
    """A world in which North has drawn down from `covered` to `now`."""
    north = {(0, toy["north"]): covered}, {(0, toy["north"]): now}
    return edit(toy.world, theatres={"covered": north[0], "commitment": north[1]})


def entry(toy, edit, grid, theory, world, **noise) -> float:
    draws = toy.noise(**{"opportunity": 0.0, "choice": grid(1000)} | noise)
    case = third_party(toy, edit)
    _, news = decide(*toy.call(theory, world, case=case, noise=draws))
    return news.entered[0, toy["south"]].mean()


@pytest.mark.parametrize("left_over", [1.0, 0.5, 0.0])
def test_the_less_is_covered_the_likelier_a_rival_comes(toy, edit, grid, left_over) -> None:
    found = entry(toy, edit, grid, toy.theory(**CHOICE), after_exit(toy, edit, now=left_over))
    room = 1.0 - left_over
    expected = 1.0 / (1.0 + np.exp(-SHARP * (GAIN * room * WANTED - COST)))
    assert abs(found - expected) < 2e-3


def test_the_question_comes_up_as_in_a_crisis(toy, edit, grid) -> None:
    """With the choice certain, the share of runs that enter is that of opportunities."""
    theory = toy.theory(**CHOICE | {"entry_cost": 0.0, "choice_sharpness": 60.0})
    calm = {"clients": {"alarm": 0.0}}
    draws = {"opportunity": grid(20000), "choice": 0.9}
    left = edit(after_exit(toy, edit), **calm)
    found = entry(toy, edit, grid, theory, left, **draws)
    assert abs(found - (1.0 - np.exp(-7.0 * toy.dt))) < 1e-3
    stayed = edit(after_exit(toy, edit, now=1.0), **calm)
    assert entry(toy, edit, grid, theory, stayed, **draws) < 0.5 * found


def test_room_is_for_rivals_and_neighbours(toy, edit) -> None:
    north, south, harbour = toy["north"], toy["south"], toy["harbour"]
    world = after_exit(toy, edit)
    for rival, near in ((1.0, 0.0), (0.0, 1.0), (0.0, 0.25), (0.0, 0.0), (1.0, 1.0)):
        case = edit(toy.case, rival={(south, north): rival})
        case = edit(case, proximity={(harbour, south): near})
        room = vacuum(world, case)
        assert abs(room[0, south, 0] - max(rival, near)) < 1e-6
        assert room[0, north, 0] == 0.0


def test_cover_is_remembered_for_a_while(toy, edit) -> None:
    """It is taken for granted at once and forgotten at `cover_memory`; only exits leave room."""
    theory, north = toy.theory(**CHOICE), toy["north"]
    inside = edit(toy.world, theatres={"commitment": {(0, north): 1.0}})
    world, _ = decide(*toy.call(theory, inside, dt=0.1))
    assert np.all(world.theatres.covered[0, north] == 1.0)
    assert np.all(vacuum(world, toy.case) == 0.0)
    world, _ = decide(*toy.call(theory, after_exit(toy, edit), dt=0.5))
    np.testing.assert_allclose(world.theatres.covered[0, north], np.exp(-0.5), rtol=1e-5)


RUNS = 300


def half_a_year(toy, edit, theory):
    """South's strikes, thousand sorties, and the opposition's ground, half a year after [run]."""
    case = edit(third_party(toy, edit), given={"air": {(0, toy["south"]): 12.0}}, own_air=0.0)
    world = edit(after_exit(toy, edit), clients={"alarm": {toy["harbour"]: 0.5}})
    strikes = np.zeros(RUNS)
    for now, news in toy.weeks(26, theory, world, case, runs=RUNS):
        strikes = strikes + news.strikes[0, toy["south"]].sum(axis=0) * toy.dt
        world = now
    land = (case.in_theatre[0] * case.area)[:, 0] @ world.regions.control[:, toy["opposition"]]
    return strikes, land


def test_a_third_party_strikes_and_gains_after_the_exit(toy, edit, war) -> None:
    values = war | CHOICE | {"vacuum_gain": 1.0}
    on = half_a_year(toy, edit, toy.theory(**values))
    off = half_a_year(toy, edit, toy.theory(off=["S31"], **values))
    for more, less, least in ((on[0], off[0], 0.2), (on[1], off[1], 0.05)):
        gained = more - less
        error = gained.std() / np.sqrt(RUNS)
        assert gained.mean() > max(least, 4.0 * error)


def test_off_an_exit_leaves_no_room(toy, edit, grid) -> None:
    theory = toy.theory(off=["S31"], **CHOICE)
    found = {entry(toy, edit, grid, theory, after_exit(toy, edit, now=x)) for x in (0.0, 0.5, 1.0)}
    assert len(found) == 1
    world, _ = decide(*toy.call(theory, after_exit(toy, edit), dt=0.5))
    assert np.all(world.theatres.covered[0, toy["north"]] == 1.0)

"""S32 cohesion cascade: an army stops fighting within days.

From the first defeat to the fall it takes days; the army that lost its nerve does not come back by
the same way. Off, cohesion stays where it was and a government falls only with its seat.
"""

import numpy as np

from allegiance.verbs.hold import hold

RUNS = 100
NERVE = {
    "weight_of_odds": 0.0,
    "weight_of_help": 0.0,
    "weight_of_pay": 0.0,
    "weight_of_defeat": 0.0,
    "margin": 0.0,
    "desertion": 0.0,
    "broken_army": 0.3,
    "cohesion_days": 1.0,
}
"""Only the mood moves nerve, which then lies that far above the fold."""


def follow(toy, edit, theory, moods: np.ndarray, fights: float = 0.97) -> np.ndarray:
    """Cohesion of the government's army, day by day, as its mood changes [day]."""
    world = edit(toy.world, theatres={"cohesion": fights})
    found = []
    for mood in moods:
        world = edit(world, theatres={"mood": mood})
        world, _ = hold(*toy.call(theory, world, dt=toy.dt / 7.0))
        found.append(world.theatres.cohesion[0, toy["government"], 0])
    return np.array(found)


def days_to_break(cohesion: np.ndarray) -> int:
    """Days from the last on which nine in ten of those at first fight to the army's end."""
    whole = np.flatnonzero(cohesion > 0.8 * cohesion[0])[-1]
    return int(np.argmax(cohesion < 0.3) - whole)


def test_an_army_breaks_within_days(toy, edit) -> None:
    """Mood sinks over half a year; soldiers who lean on each other break in a week of it."""
    sinking = np.linspace(1.5, -1.5, 180)
    leaning = follow(toy, edit, toy.theory(coupling=8.0, **NERVE), sinking)
    assert leaning[60] > 0.85
    assert days_to_break(leaning) <= 14
    # Below a coupling of 4 there is no cascade: those who fight grow fewer with the mood.
    alone = follow(toy, edit, toy.theory(coupling=1.0, **NERVE), np.linspace(3.0, -3.0, 180))
    assert days_to_break(alone) > 30


def test_it_does_not_come_back_by_the_same_way(toy, edit) -> None:
    """The folds lie `2 |h*|` apart: 2.13 at a coupling of 8."""
    theory = toy.theory(coupling=8.0, **NERVE)
    broken = follow(toy, edit, theory, np.full(40, -0.3))
    assert broken[0] > 0.8
    assert broken[-1] < 0.2
    for mood, back in ((0.3, False), (2.0, False), (2.3, True)):
        again = follow(toy, edit, theory, np.full(60, mood), fights=float(broken[-1]))
        assert (again[-1] > 0.8) == back
    held = follow(toy, edit, theory, np.full(60, 0.3))
    assert np.all(held > 0.8)


ATTACK = {"margin": 0.3, "conquest": 8.0}
"""An army near its fold, and a war slow enough for its seat to outlast it."""


def offensive(toy, edit, theory):
    """Whether the government fell [week, run], how, and cohesion; the attack comes in week two."""
    government, opposition = toy["government"], toy["opposition"]
    case = edit(toy.case, contender=0.0, own_air=0.0)
    army = toy.world.regions.force[:, government]
    here = {(region, government): 0.5 * men for region, men in enumerate(army)}
    here[toy["harbour/hills"], opposition] = 26.0
    world = edit(toy.world, regions={"force": here})
    attack = edit(toy.days, launch={(0, 0, opposition): 1.0})
    weeks = toy.weeks(5, theory, world, case, lambda w: attack if w == 2 else toy.days, runs=RUNS)
    history = list(weeks)
    fallen = np.array([after.theatres.fallen[0] for after, _ in history])
    seat = np.array([news.seat_lost[0] for _, news in history]).sum(axis=0)
    return fallen, seat, np.array([w.theatres.cohesion[0, government] for w, _ in history])


def test_from_first_defeat_to_fall_it_takes_weeks_at_most(toy, edit, war) -> None:
    fallen, seat, cohesion = offensive(toy, edit, toy.theory(**war | ATTACK))
    assert np.all(fallen[1] == 0.0)
    # All fall within three weeks: four fifths is more than four errors (0.04) below that.
    assert fallen[4].mean() > 0.8
    assert np.all(cohesion[1] > 0.8)
    assert (seat[fallen[4] > 0] == 0.0).mean() > 0.8


def test_off_the_army_fights_on(toy, edit, war) -> None:
    fallen, seat, cohesion = offensive(toy, edit, toy.theory(off=["S32"], **war | ATTACK))
    assert np.all(cohesion == cohesion[0])
    np.testing.assert_array_equal(fallen[4], seat)
    assert fallen[4].mean() < 0.5


def test_bands_that_hide_outlast_the_odds_and_come_back(toy, edit) -> None:
    """Who holds next to nothing neither counts the odds nor flees with the rest; an army does."""
    world = edit(toy.world, theatres={"mood": 0.0, "cohesion": 0.1})
    small = world.regions.control.copy()
    small[:, toy["opposition"]], small[:, toy["government"]] = 0.002, 0.998
    world = edit(world, regions={"control": small})
    theory = {**NERVE, "margin": 1.8}

    def after(refuge: float) -> np.ndarray:
        weak = world
        for _ in range(30):
            weak, _ = hold(*toy.call(toy.theory(refuge=refuge, **theory), weak, dt=toy.dt / 7.0))
        return weak.theatres.cohesion[0, :, 0]

    hidden, seen = after(0.1), after(1e-9)
    assert hidden[toy["opposition"]] > 0.5 > 0.2 > seen[toy["opposition"]]
    # A government has nowhere to hide.
    assert hidden[toy["government"]] < 0.2
    np.testing.assert_array_equal(hidden[toy["government"]], seen[toy["government"]])

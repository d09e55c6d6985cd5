"""S23 removing alternatives: moderates are hit first; only the regime and extremists remain.

Of two sides that press the client alike, the moderate one draws `1 + moderates_first` times the
strikes, and the moderate share of the opposition falls; off, it stays where it was. The client's
own air force chooses like its patron.
"""

import numpy as np

from allegiance.verbs.strike import strike


def bombed(crowded, edit, theory, weeks: int, own_air: float = 0.0, air: float = 12.0):
    """Moderate share of the opposition's fighters by week, and North's first strikes [side]."""
    north, hills = crowded["north"], crowded["harbour/hills"]
    moderate, radical = crowded["opposition"], crowded["radicals"]
    own = {(0, crowded["government"]): own_air}
    case = edit(crowded.case, own_air=own, motive={north: 0.0})
    case = edit(case, motive={(north, 0): 1.0})
    world = edit(crowded.world, theatres={"air": {(0, north): air}})
    # As many people live under the one as under the other.
    control = np.full((3, 3, 1), 1e-3)
    control[:, crowded["government"]] = 0.998
    control[hills, :, 0] = [0.2, 0.4, 0.4]
    world = edit(world, regions={"control": control})
    # All in the hills, ten thousand each: they press the client alike.
    world = edit(world, regions={"force": 0.0})
    world = edit(world, regions={"force": {(hills, moderate): 10.0, (hills, radical): 10.0}})
    share, strikes = [], []
    for _ in range(weeks):
        world, news = strike(*crowded.call(theory, world, case=case))
        force = world.regions.force.sum(axis=0)[:, 0]
        share.append(force[moderate] / (force[moderate] + force[radical]))
        strikes.append(news.strikes[0, north, :, 0])
    return np.array(share), strikes[0]


VALUES = {"moderates_first": 1.0, "sortie_kills": 1.0}
OTHERS = ["S28", "S24"]
"""Rows that move fighters by other ways."""


def test_moderates_draw_the_strikes_and_dwindle(crowded, edit) -> None:
    share, strikes = bombed(crowded, edit, crowded.theory(off=OTHERS, **VALUES), 26)
    moderate, radical = strikes[crowded["opposition"]], strikes[crowded["radicals"]]
    assert abs(moderate / radical - 2.0) < 1e-3
    assert np.all(np.diff(share) < 0.0)
    assert share[-1] < share[0] - 0.03


def test_the_clients_own_air_force_does_the_same(crowded, edit) -> None:
    """Twice the sorties fall on the moderates; one sortie puts one fighter out of action."""
    theory = crowded.theory(off=OTHERS, **VALUES)
    share, _ = bombed(crowded, edit, theory, 26, own_air=12.0, air=0.0)
    sorties = 12.0 * 26 * crowded.dt
    moderate, radical = 10.0 - sorties * 2.0 / 3.0, 10.0 - sorties / 3.0
    np.testing.assert_allclose(share[-1], moderate / (moderate + radical), rtol=0.01)
    assert np.all(np.diff(share) < 0.0)
    off = crowded.theory(off=["S23", *OTHERS], **VALUES)
    share, _ = bombed(crowded, edit, off, 26, own_air=12.0, air=0.0)
    np.testing.assert_allclose(share, 0.5, atol=1e-5)


def test_off_strikes_favour_nobody(crowded, edit) -> None:
    share, strikes = bombed(crowded, edit, crowded.theory(off=["S23", *OTHERS], **VALUES), 26)
    assert strikes[crowded["opposition"]] == strikes[crowded["radicals"]] > 0.0
    np.testing.assert_allclose(share, 0.5, atol=1e-5)

"""S01 protection for fealty: a regime trades policy loyalty for survival.

Alignment to the patron rises with delivered protection: in log-odds against autonomy, by the
sharpness times the weight of aid times the help delivered.
"""

import numpy as np

from allegiance.verbs.align import align

DELIVERED = np.array([0.0, 0.5, 1.0])


def log_odds(toy, edit, theory) -> np.ndarray:
    """Log of the alignment to North over autonomy once it has settled, by help delivered."""
    harbour, north = toy["harbour"], toy["north"]
    world = edit(toy.world, ties={"delivered": {(harbour, north): DELIVERED}})
    after, _ = align(*toy.call(theory, world, dt=1000.0))
    share = after.ties.alignment[harbour]
    return np.log(share[north] / share[-1])


def test_help_delivered_draws_the_client_closer(toy, edit) -> None:
    values = {"alignment_sharpness": 1.5, "weight_of_aid": 0.8, "alignment_rate": 1.0}
    found = log_odds(toy, edit, toy.theory(off=["S02"], **values))
    np.testing.assert_allclose(found - found[0], 1.5 * 0.8 * DELIVERED, atol=1e-5)


def test_off_help_buys_no_loyalty(toy, edit) -> None:
    found = log_odds(toy, edit, toy.theory(off=["S01"], alignment_rate=1.0))
    assert np.all(found == found[0])

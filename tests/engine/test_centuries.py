"""Two hundred years week by week in the compiled engine: finite, and shares stay shares."""

from datetime import date

import numpy as np
import pytest

from allegiance.engine import simulate
from allegiance.engine.setup import prepare

from .conftest import WAR


@pytest.mark.slow
def test_two_hundred_years_of_weeks_stay_finite(template):
    for address, value in WAR.items():
        template = template.set(address, value)
    setup = prepare(template, runs=64, until=date(2200, 12, 31))
    assert setup.built.steps == 10_436
    (chunk,) = simulate.chunks(setup)
    ground = chunk.records[:, setup.addresses.index("harbour.control[government]")]
    assert ground.shape == (10_436, 64)
    assert ((ground > 0.0) & (ground < 1.0)).all()
    strikes = chunk.records[:, setup.addresses.index("north.strikes.off_target_share")]
    assert np.isfinite(strikes[~np.isnan(strikes)]).all()
    assert np.ptp(ground[-520:], axis=0).max() > 0.0, "the war goes on to the end"
    assert np.isfinite(chunk.first).any(), "some governments fall"

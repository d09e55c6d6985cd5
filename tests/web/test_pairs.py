"""A world that parts late from another has the bits of one that was run from the start."""

import numpy as np
import pytest

from allegiance.engine import simulate
from allegiance.engine.resume import alike
from allegiance.web.pairs import Kept, Pair
from allegiance.web.recording import Meter, order


@pytest.mark.slow
def test_a_shared_past_changes_no_bit(template, monkeypatch):
    monkeypatch.setattr(Pair, "last", Kept())
    worlds = {
        "late": template.without("spring_truce"),  # of the second compiled year
        "early": template.without("north_enters"),
        "row": template.without("S07"),
        "theory": template.under("stated"),
    }
    a = order(template, runs=5)
    begins = {"late": 1, "early": 0, "row": 0, "theory": 0}
    simulated = []
    for name, world in worlds.items():
        b = order(world, runs=5)
        assert alike(simulate.plan(a), simulate.plan(b)) == begins[name]
        meter = Meter(lambda share, phase: None, lambda: False)
        pair = Pair("the template", (a, b), a, meter)
        both = zip(pair.chunks(pair.a), pair.chunks(pair.b), strict=True)
        for (one, two), plain_a, plain_b in zip(
            both, simulate.chunks(a), simulate.chunks(b), strict=True
        ):
            for chunk, plain in ((one, plain_a), (two, plain_b)):
                np.testing.assert_array_equal(chunk.records, plain.records)
                np.testing.assert_array_equal(chunk.first, plain.first)
        assert meter.done == meter.total
        simulated.append(meter.total)
    # Three compiled years: all of both worlds at first, then those of the other world alone.
    assert simulated == [3 + 2, 3, 3, 3]

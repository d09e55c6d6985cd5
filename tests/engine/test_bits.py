"""A future is the same, bit for bit, however many are simulated beside it."""

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.cases.loading import load
from allegiance.cases.new import TEMPLATE
from allegiance.engine.chunks import Plan, Runner
from allegiance.world.parameters import PARAMETERS
from allegiance.world.rows import ROWS


@pytest.fixture(scope="module")
def simulate():
    built = compile_case(load(TEMPLATE))
    values = np.array([parameter.value for parameter in PARAMETERS], np.float32)
    switches = np.ones(len(ROWS), np.float32)

    def simulated(lane, devices, runs=40, first_run=0):
        record = ("harbour.control[government]", "harbour.killed", "harbour.government.cohesion")
        plan = Plan(built, values, switches, runs, 5, record, first_run=first_run)
        runner = Runner(Plan(**{**vars(plan), "lane": lane, "devices": devices}))
        chunks = [chunk for _, chunk in runner.chunks()]
        assert np.concatenate([chunk.runs for chunk in chunks]).tolist() == list(
            range(first_run, first_run + runs)
        )
        return np.concatenate([chunk.records for chunk in chunks], axis=2)

    return simulated


@pytest.mark.slow
def test_the_number_of_cores_changes_no_bit(simulate):
    one = simulate(16, 1)
    assert one.shape[2] == 40
    assert np.ptp(one, axis=2).max() > 0
    assert np.array_equal(simulate(16, 2), one)
    assert np.array_equal(simulate(16, 3), one)
    assert np.array_equal(simulate(16, 2, runs=1, first_run=33), one[:, :, 33:34])


@pytest.mark.slow
@pytest.mark.parametrize("lane", [64, 128])
def test_the_width_of_a_lane_changes_no_bit(simulate, lane):
    assert np.array_equal(simulate(lane, 2), simulate(16, 2))

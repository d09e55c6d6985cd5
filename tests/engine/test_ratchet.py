"""Cost of a week, held against committed figures: a new mechanism's price is seen.

`ALLEGIANCE_UPDATE_RATCHET=1 pytest tests/engine/test_ratchet.py` writes the figures anew, on
purpose and in the commit that explains why.
"""

import json
import os
from pathlib import Path

import pytest

from allegiance.engine import noise
from allegiance.engine.chunks import Runner
from allegiance.engine.program import LANE

FILE = Path(__file__).with_name("ratchet.json")
MOST = 1.1


@pytest.fixture(scope="module")
def figures(calm, plan):
    """Of the template's shape: XLA's count of operations, and the random numbers of a week."""
    found = {
        "draws_per_week": 2 * len(noise.streams(calm.case)),  # a counter gives two
        "flops_per_run_week": round(Runner(plan(calm, 1)).program.flops / LANE),
    }
    if os.environ.get("ALLEGIANCE_UPDATE_RATCHET"):
        FILE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return found


@pytest.mark.parametrize("figure", ["draws_per_week", "flops_per_run_week"])
def test_a_week_costs_no_more(figures, figure):
    allowed = json.loads(FILE.read_text(encoding="utf-8"))[figure]
    assert figures[figure] > 0
    assert figures[figure] / allowed <= MOST, f"{figure}: {figures[figure]} against {allowed}"

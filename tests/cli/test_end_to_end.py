"""The whole program with the compiled engine: one program, one small case."""

import json

import numpy as np
import pytest

import allegiance as al
from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code


@pytest.mark.slow
def test_a_run_can_be_opened_and_told_in_probabilities(tmp_path, capsys):
    folder = tmp_path / "out"
    order = ["run", str(TEMPLATE), "--runs", "5", "--out", str(folder), "--json"]
    assert code(order) == 0
    told = json.loads(capsys.readouterr().out)
    futures = al.open_run(folder)
    held = futures.trajectory("harbour.control[government]")
    assert np.isfinite(held.values).all()
    assert held.values[:, 0] == pytest.approx(0.5, abs=0.3)
    share = futures.outcome("strikes_elsewhere")
    assert told["outcomes"]["strikes_elsewhere"]["q50"] == pytest.approx(np.median(share), rel=1e-5)
    assert code([*order, "--resume"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert {**again, "seconds": 0} == {**told, "seconds": 0}

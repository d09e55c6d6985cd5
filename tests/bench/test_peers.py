"""The peers of the benchmark go through the oracle's states when given its noise."""

from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from allegiance.engine import noise, oracle
from allegiance.engine.scenario import Scenario
from allegiance.engine.setup import prepare
from allegiance.engine.simulate import plan
from allegiance.world.draws import PAIRS
from allegiance.world.rows import IDS

RUNS = 4


@pytest.fixture(params=["mesa", "agentpy"])
def peer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    reason = f"{request.param} is not installed; `make bench` installs it"
    pytest.importorskip(request.param, reason=reason)
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    return import_module(f"bench.peer_{request.param}")


@pytest.fixture
def week(peer):
    """What all peers do in a week; `peer` has put it within reach."""
    return import_module("bench.peer_week")


def _stocks(model) -> dict[str, list]:
    """What the peer holds, under the oracle's names."""
    war, powers, clients = model.war, model.powers, model.clients
    found = {f"powers.{n}": [getattr(p, n) for p in powers] for n in ("treasury", "force")}
    for name in ("support", "impunity", "fear", "success", "income_loss", "exports"):
        found[f"powers.{name}"] = [getattr(p, name) for p in powers]
    for name in ("capital", "dependence", "alarm", "losing"):
        found[f"clients.{name}"] = [getattr(c, name) for c in clients]
    for name in ("alpha", "beta", "owed", "honoured", "delivered", "alignment", "recognition"):
        found[f"ties.{name}"] = [getattr(c, name) for c in clients]
    found["ties.grievance"] = [c.grievance for c in clients]
    for name in ("mean", "variance", "doubted"):
        found[f"beliefs.{name}"] = [getattr(c, name) for c in clients]
    found["rivalries.sanctions"] = [p.sanctions for p in powers]
    for name in ("cohesion", "mood", "fortune", "defeat", "pay", "posture", "campaign", "spent"):
        found[f"theatres.{name}"] = [[getattr(s, name) for s in war.sides]]
    for name in ("commitment", "deployed", "air", "exile"):
        found[f"theatres.{name}"] = [[getattr(p, name) for p in powers]]
    found["theatres.fallen"] = [war.fallen]
    for name in ("force", "control", "siege", "displaced", "killed"):
        found[f"regions.{name}"] = [getattr(r, name) for r in war.regions]
    found["sites.access"] = [base.access for base in model.bases]
    return found


def _week(draws, run: int, sizes: tuple[int, int, int], noise_type):
    """One run's noise of a week as the peer takes it."""
    p, s, b = sizes
    cut = {"kp": np.s_[0, :p, run], "ks": np.s_[0, :s, run], "p": np.s_[:p, run]}
    cut |= {"b": np.s_[:b, run], "pq": np.s_[:p, :p, run]}
    letters = {n: pair[2] for pair in PAIRS for n in pair[:2] if n in noise_type._fields}
    found = {name: getattr(draws, name)[cut[letters[name]]].tolist() for name in letters}
    return noise_type(**found)


EVENTFUL = {
    "margin": -3.4,
    "broken_army": 0.95,
    "offensive_rate": 3,
    "decision_rate": 3,
    "entry_cost": 0.1,
}
EVENTFUL |= {"base_rate": 5, "recognition_rate": 3}


@pytest.mark.slow
@pytest.mark.parametrize("eventful", [False, True])
def test_a_peer_steps_like_the_oracle(peer, week, template: Scenario, eventful: bool):
    # The peers' armies are worth their paper.
    template = template.set("parameter.hidden_worth", 0.0)
    scenario = template.free("north_enters") if eventful else template
    for name, value in EVENTFUL.items() if eventful else ():
        scenario = scenario.set(f"parameter.{name}", value)
    order = plan(prepare(scenario, runs=RUNS, seed=3))
    switches = order.switches * np.array([row not in week.LEFT_OUT for row in IDS], np.float32)
    order = replace(order, switches=switches)
    built = order.built
    inputs = week.Inputs(built, order.values)
    sizes = tuple(inputs.counts[kind] for kind in ("powers", "sides", "sites"))
    words, shapes = noise.streams(built.case), noise.shapes(built.case)
    runs = np.arange(RUNS, dtype=np.uint32)

    @lru_cache
    def drawn(at: int):
        return noise.draw(np.uint32(order.seed), runs, np.uint32(at), words, shapes)

    def draws(run: int):
        return lambda at: _week(drawn(at), run, sizes, week.Noise)

    models = [peer.Small(inputs, draws=draws(run)) for run in range(RUNS)]
    state = oracle.opening(order)
    for at in range(built.steps):
        state = oracle.step(order, state, at)
        for run, model in enumerate(models):
            peer.advance(model)
            for name, found in _stocks(model).items():
                kind, stock = name.split(".")
                exact = getattr(getattr(state.world, kind), stock)[..., run]
                found = np.asarray(found)
                exact = exact[tuple(slice(n) for n in found.shape)]
                where = f"{name} of run {run} in week {at}"
                np.testing.assert_allclose(found, exact, rtol=2e-3, atol=2e-4, err_msg=where)
    assert not eventful or np.any(state.world.theatres.fallen), "falls should be seen"


def test_a_peers_own_noise_has_the_laws_of_the_model(peer, week, template: Scenario):
    """Shapes as the oracle's noise is cut to, uniform or normal as the table of draws says."""
    order = plan(prepare(template, runs=1))
    model = peer.Small(week.Inputs(order.built, order.values), seed=5)
    weeks = [model.draw(at) for at in range(2000)]
    words, shapes = noise.streams(order.built.case), noise.shapes(order.built.case)
    exact = noise.draw(np.uint32(1), np.zeros(1, np.uint32), np.uint32(0), words, shapes)
    sizes = tuple(model.inputs.counts[kind] for kind in ("powers", "sides", "sites"))
    for name, values in _week(exact, 0, sizes, week.Noise)._asdict().items():
        found = np.array([getattr(drawn, name) for drawn in weeks])
        assert found.shape[1:] == np.shape(values), name
        law = next(pair[3] for pair in PAIRS if name in pair[:2])
        mean, spread = (0.5, 12**-0.5) if law == "uniform" else (0.0, 1.0)
        assert np.mean(found, axis=0) == pytest.approx(mean, abs=5 * spread / 2000**0.5), name
        assert np.std(found, axis=0) == pytest.approx(spread, rel=0.1), name
        assert not np.any(found[0] == found[1]), f"{name} is drawn anew every week"

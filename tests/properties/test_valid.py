"""Shares stay on their simplex, probabilities in [0, 1], and nothing is ever NaN or infinite."""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from allegiance.cases.compile import compile_case
from allegiance.cases.errors import CaseError
from allegiance.cases.settable import levers_of
from allegiance.engine import observe

SHARES = {
    *("powers.support", "clients.dependence", "clients.alarm", "ties.pledge", "ties.asked"),
    *("ties.delivered", "ties.recognition", "ties.alignment", "rivalries.sanctions"),
    *("theatres.cohesion", "theatres.posture", "theatres.campaign", "theatres.rules"),
    *("theatres.fallen", "theatres.commitment", "theatres.short", "theatres.exile"),
    *("regions.control", "regions.siege", "sites.holder", "sites.access"),
    *(
        "theatres.deterring",
        "theatres.regrouped",
        "theatres.covered",
        "theatres.legitimacy",
        "clients.strain",
    ),
    *("powers.leverage", "powers.protest", "clients.self_help", "clients.sanctions"),
}
AT_LEAST_ZERO = {
    *("powers.treasury", "powers.force", "powers.anger", "powers.impunity", "powers.fear"),
    *("powers.income_loss", "clients.treasury", "clients.capital", "ties.owed", "ties.honoured"),
    *("ties.alpha", "ties.beta", "ties.debt", "ties.grievance", "beliefs.variance"),
    *("beliefs.believed", "beliefs.doubted", "theatres.pay", "theatres.spent"),
    *("theatres.deployed", "theatres.air", "regions.force", "regions.displaced"),
    *("regions.killed", "powers.exports", "clients.investment", "rivalries.price"),
}
NEVER_NEGATIVE_NEWS = {"strikes", "killed", "losses", "lost", "fell_day"}
ROUND = 1e-5


def sound(moment, lab) -> None:
    """The whole of the invariant for one step."""
    for name, array in lab.stocks(moment.after).items():
        assert np.isfinite(array).all(), f"{name} is not finite"
        if name in SHARES | AT_LEAST_ZERO:
            assert array.min() >= -ROUND, f"{name} is {array.min()}"
        if name in SHARES:
            assert array.max() <= 1.0 + ROUND, f"{name} is {array.max()}"
    for name, array in moment.news._asdict().items():
        assert np.isfinite(array).all(), f"news.{name} is not finite"
        assert array.min() >= -ROUND, f"news.{name} is {array.min()}"
        if name in dict(observe.EVENTS):
            assert np.isin(array, (0.0, 1.0)).all(), f"news.{name} is no flag"
    on_simplex = {
        "alignment": moment.after.ties.alignment,
        "control": moment.after.regions.control,
        "rules": moment.after.theatres.rules * moment.case.theatre_on[:, None],
    }
    for name, shares in on_simplex.items():
        whole = shares.sum(axis=1)
        if name == "rules":
            whole = whole + (1.0 - moment.case.theatre_on)
        assert whole == pytest.approx(1.0, abs=2e-4), name
    for number, quantity in enumerate(observe.QUANTITIES):
        read = observe.read(
            number, moment.after, moment.news, moment.case, moment.theory, moment.dt
        )
        assert not np.isinf(read).any(), quantity.noun
        # Only the shares of strikes have nothing to say where nobody strikes.
        assert quantity.noun.endswith("_share") or not np.isnan(read).any(), quantity.noun


@pytest.mark.parametrize("seed", [1, 2])
def test_under_parameters_from_their_priors(busy_built, lab, seed):
    values = lab.drawn(48, seed)
    for moment in lab.walk(busy_built, 60, values=values, runs=range(48), seed=seed):
        sound(moment, lab)


def test_every_stock_is_judged_or_free_in_sign(busy_built, lab):
    free = {
        *("powers.success", "clients.losing", "beliefs.mean", "rivalries.detente", "theatres.mood"),
        *("theatres.fortune", "theatres.worth", "theatres.ground", "theatres.defeat"),
        "theatres.steered",
    }
    assert set(lab.stocks(busy_built.world)) == SHARES | AT_LEAST_ZERO | free


FACTORS = (0.0, 1e-3, 0.3, 0.9, 1.1, 3.0, 30.0)
EDGES = (0.0, 0.02, 0.5, 0.98, 1.0)


@given(st.data())
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_for_any_valid_case(busy, lab, data):
    """A few figures of the case are moved within their ranges, to the edges most of all."""
    levers = levers_of(busy)
    figures = sorted(
        a for a, lever in levers.items() if lever.kind in ("figure", "table", "shares")
    )
    files = busy
    for address in data.draw(st.lists(st.sampled_from(figures), min_size=1, max_size=6)):
        lever = levers[address]
        inner = busy.documents[0].data
        for part in lever.place:
            inner = inner.get(part, {})
        old = inner.get("value", 1.0) if lever.kind == "figure" else inner.get("values", {})
        old = old.get(lever.key, 0.5) if isinstance(old, dict) else old
        value = data.draw(
            st.sampled_from(EDGES)
            if lever.kind == "shares"
            else st.sampled_from(FACTORS).map(lambda factor, old=old: factor * old)
        )
        try:
            files = files.set(address, value)
        except CaseError:
            assume(False)
    built = compile_case(files)
    start = data.draw(st.integers(0, 40))
    values = lab.drawn(8, seed=data.draw(st.integers(0, 99)))
    for moment in lab.walk(built, 5, values=values, runs=range(8), start=start):
        sound(moment, lab)


ABSENT = (
    "harbour/hills.force[opposition]",
    "harbour/capital.force[opposition]",
    "harbour/hills.force[radicals]",
    "island/shore.force[opposition]",
    "island/city.force[opposition]",
    "harbour/port.force[government]",
)


@pytest.mark.parametrize("backing", [0.0, 0.25])
def test_an_absent_side_is_no_infinity(busy, lab, backing):
    """Sides without a man, without a region and, in one world, without a backer."""
    files = busy
    known = levers_of(busy)
    for address in ABSENT:
        assert address in known
        files = files.set(address, 0.0)
    for region in ("harbour/capital", "harbour/port", "harbour/hills"):
        files = files.set(f"{region}.control[government]", 1.0)
        files = files.set(f"{region}.backing[radicals]", 0.0)
        files = files.set(f"{region}.backing[opposition]", backing)
    for moment in lab.walk(compile_case(files), 40, values=lab.drawn(8, 4), runs=range(8)):
        sound(moment, lab)


def test_a_world_without_wars_or_bases(toy, lab):
    """Powers and clients alone: every other axis is padding."""
    case = toy.case.model_copy(update={"theatres": {}, "sites": {}, "inputs": {}, "outcomes": {}})
    timeline = toy.timeline.model_copy(update={"entries": {}})
    from dataclasses import replace

    files = replace(toy, case=case, timeline=timeline, pinned=frozenset())
    for moment in lab.walk(compile_case(files), 10, values=lab.drawn(8, 6), runs=range(8)):
        sound(moment, lab)

from datetime import date

import numpy as np
import pytest

from allegiance.cases.compile import Built, compile_case
from allegiance.cases.errors import CaseError
from allegiance.cases.loading import load


def arrays(built: Built) -> list[np.ndarray]:
    return [*built.case[3:], *built.given, *built.today, *(a for part in built.world for a in part)]


def test_levers_are_pure_and_recorded(toy):
    before = compile_case(toy)
    changed = toy.without("volunteers").free("north_enters").set("north.treasury", 7)
    assert changed.levers == (
        "--without volunteers",
        "--free north_enters",
        "--set north.treasury=7",
    )
    assert changed.digest == toy.digest
    assert toy.levers == ()
    for one, other in zip(arrays(before), arrays(compile_case(toy)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_without_an_entry_into_a_war(toy):
    built = compile_case(toy.without("north_enters"))
    assert built.case.pinned[0, 0] == 1
    assert built.given.blocked[:, 0, 0].all()
    assert (built.given.choice == -1).all()
    assert not built.given.sanctions.any()
    assert not built.case.sanctions_pinned.any()


def test_without_a_withdrawal(edited):
    leave = "  north_leaves:\n    date: 2002-05-01\n    label: out\n    assumed: a test\n"
    leave += "    decision: {power: north, theatre: harbour, choice: leave}\n"
    files = load(edited(("entries:\n", f"entries:\n{leave}"), file="timeline.yaml"))
    built = compile_case(files.without("north_leaves"))
    assert built.case.pinned[0, 0] == 1
    assert not built.given.blocked.any()
    assert sorted(set(built.given.choice.ravel())) == [-1, 1]
    freed = compile_case(files.free("north_leaves"))
    assert not freed.case.pinned.any()
    assert (freed.given.choice == -1).all()
    assert freed.given.sanctions.any()
    blocked = compile_case(files.without("north_enters").free("north_leaves"))
    assert blocked.given.blocked.all(axis=0)[0, 0]


def test_without_an_offensive(edited):
    attack = "  attack:\n    date: 2002-05-01\n    label: attack\n    assumed: a test\n"
    attack += "    offensive: {theatre: harbour, side: opposition}\n"
    files = load(edited(("entries:\n", f"entries:\n{attack}"), file="timeline.yaml"))
    assert compile_case(files).today.launch.sum() == 1
    built = compile_case(files.without("attack"))
    assert built.case.launches_pinned.sum() == 1
    assert not built.today.launch.any()
    freed = compile_case(files.free("attack"))
    assert not freed.case.launches_pinned.any()
    assert not freed.today.launch.any()


def test_without_takes_inputs_along(toy):
    built = compile_case(toy.without("war_on_the_border"))
    assert not built.given.burden_force.any()
    assert not built.given.danger.any()
    assert not built.given.revealed.any()
    assert not compile_case(toy.without("spring_truce")).today.truce.any()


def test_free_keeps_the_rest(toy):
    built = compile_case(toy.free("north_enters"))
    assert not built.case.pinned.any()
    assert built.given.sanctions[-1, 1, 0] == pytest.approx(0.6)


@pytest.mark.parametrize("lever", ["without", "free"])
@pytest.mark.parametrize("id", ["", "north_enter", "S99", "s07", "\x1b[31m" * 1000])
def test_unknown_ids(toy, lever: str, id: str):
    with pytest.raises(CaseError) as caught:
        getattr(toy, lever)(id)
    assert caught.value.allowed
    assert len(str(caught.value)) < 1000
    if id == "north_enter":
        assert caught.value.nearest == "north_enters"


def test_rows_belong_to_the_theory(toy):
    with pytest.raises(CaseError, match="theory"):
        toy.without("S07")


def test_nothing_to_free(toy):
    with pytest.raises(CaseError, match="pins nothing") as caught:
        toy.free("volunteers")
    assert caught.value.allowed == "north_enters"


def test_set_stocks_and_constants(toy):
    built = compile_case(
        toy.set("north.treasury", "7")
        .set("harbour/hills.force[government]", 3)
        .set("valley->north.trust", 0.25)
        .set("valley->north.affinity", -1)
        .set("coast->north.pledge", 0.5)
        .set("coast.gdp", 1e3)
        .set("harbour.mobilised[government]", 30)
        .set("harbour.own_air[opposition]", 1)
        .set("harbour.air[north]", 2)
        .set("harbour.commitment[south]", 0.5)
        .set("harbour.restraint[south]", 0.9)
        .set("naval_base.access", 0.5)
        .set("naval_base.holder", "south")
        .set("harbour.stake[north,stated]", 1)
        .set("harbour.cohesion[government]", 0.5)
        .set("harbour.legitimacy[government]", 0.4)
        .set("valley.population", 5)
        .set("valley.hosts[harbour]", 0.2)
    )
    assert built.world.powers.treasury[0] == 7
    assert built.world.regions.force[2, 0] == 3
    assert built.case.resting_alpha[1, 0] == pytest.approx(1.5)
    assert built.world.ties.beta[1, 0] == pytest.approx(4.5)
    assert built.case.affinity[1, 0] == -1
    assert built.world.ties.pledge[2, 0] == 0.5
    assert built.case.client_gdp[2] == 1000
    assert built.case.mobilised[0].tolist() == [30, 15]
    assert built.case.own_air[0].tolist() == [4, 1]
    assert (built.given.air[:, 0, 0] == 2).all()
    assert built.world.theatres.commitment[0].tolist() == [0, 0.5]
    assert built.given.restraint[0, 0, 1] == pytest.approx(0.9)
    assert built.world.sites.access[0] == 0.5
    assert built.world.sites.holder[0].tolist() == [0, 1]
    assert built.case.stake[0, 0, 4] == 1
    assert built.world.theatres.cohesion[0, 0] == 0.5
    assert built.world.theatres.legitimacy[0].tolist() == [pytest.approx(0.4), 1]
    assert built.case.hosts[:, 0].tolist() == [0, pytest.approx(0.04), 0, 0]


def test_shares_give_way_in_proportion(toy):
    motive = compile_case(toy.set("north.motive[status]", 0.6)).case.motive[0]
    np.testing.assert_allclose(motive, [0.175, 0.125, 0.6, 0.05, 0.05], rtol=1e-6)
    control = toy.set("harbour/capital.control[opposition]", 0.5).case
    values = control.theatres["harbour"].regions["capital"].control.values
    assert values == {"government": pytest.approx(0.5), "opposition": 0.5}
    alignment = compile_case(toy.set("harbour->south.alignment", 0.24)).world.ties.alignment[0]
    np.testing.assert_allclose(alignment, [0.56, 0.24, 0.2], rtol=1e-5)


@pytest.mark.parametrize(
    ("address", "value", "words"),
    [
        ("north.treasury", -1, "at least 0"),
        ("north.treasury", "much", "finite"),
        ("north.treasury", "nan", "finite"),
        ("north.treasury", "inf", "finite"),
        ("north.treasury", True, "finite"),
        ("north.treasury", None, "finite"),
        ("north.force", 0, "above 0"),
        ("north.motive[status]", 1.5, "share"),
        ("harbour.fallen", 1, "simulates"),
        ("north.strikes.off_target_share", 1, "simulates"),
        ("north.strength", 1, "derive|set force"),
        ("harbour.government.cohesion", 1, "simulates"),
        ("north.recruits", 1, "inputs"),
        ("nrth.treasury", 1, "nearest: north.treasury"),
        ("north.tresury", 1, "nearest: north.treasury"),
        ("north", 1, "not an address"),
        ("naval_base.holder", "west", "no such power"),
        ("spring_truce.date", "2001-13-01", "YYYY-MM-DD"),
        ("spring_truce.date", 5, "YYYY-MM-DD"),
        ("spring_truce.date", "2004-01-01", "span"),
        ("spring_truce.date", "9999-12-31", "range|span|less"),
        ("harbour.trust_weight", "9" * 400, "finite|at most"),
    ],
)
def test_refused(toy, address: str, value: object, words: str):
    with pytest.raises(CaseError, match=words) as caught:
        toy.set(address, value)
    assert "\n" not in str(caught.value)


def test_a_moved_entry_takes_its_inputs_along(toy):
    moved = toy.set("war_on_the_border.date", "2002-11-01")
    entry = moved.timeline.entries["war_on_the_border"]
    assert entry.date == date(2002, 11, 1)
    assert list(entry.inputs[0].path or {}) == [date(2002, 11, 1), date(2003, 6, 1)]
    assert entry.inputs[1].date == date(2002, 12, 15)
    built = compile_case(moved)
    step = built.calendar.step(date(2002, 11, 1))
    assert not built.given.burden_force[: step - 1].any()
    assert built.given.burden_force[step + 1, 0, 0] > 35
    truce = toy.set("spring_truce.date", date(2002, 3, 11)).timeline.entries["spring_truce"].truce
    assert truce is not None
    assert truce.until == date(2002, 7, 11)

"""Worlds of odd shapes: finite and conserved, or refused with a reason."""

import copy
from datetime import date

import numpy as np
import pytest

from allegiance.cases.compile import MOST_STEPS, compile_case
from allegiance.cases.errors import CaseError
from allegiance.cases.loading import build
from allegiance.world.parameters import PARAMETERS


def sound(moment, lab) -> None:
    """Nothing is NaN or infinite, and what is shared out adds up."""
    for name, array in {**lab.stocks(moment.after), **moment.news._asdict()}.items():
        assert np.isfinite(array).all(), f"{name} is not finite"
    for shares in (moment.after.ties.alignment, moment.after.regions.control):
        if shares.size:
            assert shares.sum(axis=1) == pytest.approx(1.0, abs=2e-4)
    for stock in (moment.after.powers.force, moment.after.powers.treasury):
        assert stock.min() >= -1e-5


@pytest.fixture
def shaped(toy):
    """The template with its data changed: `shaped(change)`, which gets the case and entries."""

    def make(change):
        case, timeline = (copy.deepcopy(document.data) for document in toy.documents)
        change(case, timeline["entries"])
        first, second = toy.documents
        return build(toy.folder, (first._replace(data=case), second._replace(data=timeline)))

    return make


def alone(case, entries):
    """No war, no site, no input: only who is there."""
    entries.clear()
    for key in ("theatres", "sites", "inputs", "outcomes"):
        case[key] = {}


def keep(case, powers, clients):
    """Only these actors, and of every table only what names them."""
    case["powers"] = {k: v for k, v in case["powers"].items() if k in powers}
    case["clients"] = {k: v for k, v in case["clients"].items() if k in clients}
    for actor in (*case["powers"].values(), *case["clients"].values()):
        if "rivals" in actor:
            actor["rivals"] = [name for name in actor["rivals"] if name in powers]
        for key in ("trade", "kinship", "pledge", "trust", "affinity", "proximity", "rents"):
            if key in actor:
                held = actor[key]["values"]
                actor[key]["values"] = {k: v for k, v in held.items() if k in powers}
        for key in ("likeness", "need", "debt", "hosts"):
            actor.pop(key, None)
        if "alignment" in actor:
            actor["alignment"]["values"] = dict.fromkeys(powers[:1], 0.5) | {"autonomy": 0.5}


def test_two_hundred_years_stay_finite(toy, lab):
    """Long after the timeline's end: steps of a year, all inputs at their last level."""
    built = compile_case(toy, date(2200, 12, 31), step_days=366.0)
    assert built.steps == 200
    values = lab.drawn(4, 3)
    for moment in lab.walk(built, built.steps, values=values):
        sound(moment, lab)


def test_more_steps_than_a_run_may_have_are_refused(toy):
    with pytest.raises(CaseError, match="too many steps") as raised:
        compile_case(toy, date(2200, 12, 31), step_days=3.0)
    assert str(MOST_STEPS) in (raised.value.allowed or "")


def test_every_parameter_at_either_end_of_its_range(busy_built, lab):
    """One lane for each end of each parameter, the others at their values."""
    lanes = 2 * len(PARAMETERS)
    ends = np.repeat(lab.defaults[:, None], lanes, axis=1)
    for row, parameter in enumerate(PARAMETERS):
        ends[row, 2 * row], ends[row, 2 * row + 1] = parameter.range
    for moment in lab.walk(busy_built, 12, values=ends, runs=range(lanes), start=20):
        sound(moment, lab)


def test_one_power_and_one_client(shaped, lab):
    def change(case, entries):
        alone(case, entries)
        keep(case, ["north"], ["valley"])

    built = compile_case(shaped(change))
    for moment in lab.walk(built, 30, values=lab.drawn(8, 6), runs=range(8)):
        sound(moment, lab)


@pytest.mark.parametrize("kind", ["powers", "clients"])
def test_no_powers_and_no_clients_are_refused(kind, shaped):
    def change(case, entries):
        alone(case, entries)
        keep(case, ["north"], ["valley"])
        case[kind] = {}

    with pytest.raises(CaseError) as raised:
        shaped(change)
    told = [raised.value, *raised.value.others]
    assert any(
        kind in (error.key or "") and "at least 1" in (error.allowed or "") for error in told
    )


def many(powers, clients):
    """A change that makes so many actors of the template's."""

    def change(case, entries):
        alone(case, entries)
        for number in range(powers - 2):
            case["powers"][f"p{number}"] = copy.deepcopy(case["powers"]["north"])
            case["powers"][f"p{number}"]["rivals"] = []
        for number in range(clients - 3):
            case["clients"][f"c{number}"] = copy.deepcopy(case["clients"]["valley"])

    return change


def test_two_hundred_actors_are_run_or_refused_with_a_reason(shaped, lab):
    with pytest.raises(CaseError, match="too many powers") as raised:
        compile_case(shaped(many(100, 100)))
    assert raised.value.allowed == "32"
    built = compile_case(shaped(many(8, 192)))
    for moment in lab.walk(built, 2, runs=range(2)):
        sound(moment, lab)


def test_a_theatre_without_people_or_soldiers(shaped, lab):
    def change(case, entries):
        for region in case["theatres"]["harbour"]["regions"].values():
            region["force"]["values"] = {}
            region["backing"]["values"] = {}
        case["theatres"]["harbour"]["mobilised"]["values"] = {}
        case["theatres"]["harbour"]["own_air"]["values"] = {}

    built = compile_case(shaped(change))
    for moment in lab.walk(built, 40, values=lab.drawn(8, 6), runs=range(8)):
        sound(moment, lab)


def test_a_theatre_without_regions_binds_its_powers_and_a_war_needs_ground(shaped, lab):
    def unfought(case, entries):
        alone(case, entries)
        case["theatres"] = {
            "far": {"label": "Elsewhere", "client": "coast", "sides": ["government"]}
        }

    built = compile_case(shaped(unfought))
    for moment in lab.walk(built, 30, values=lab.drawn(8, 6), runs=range(8)):
        sound(moment, lab)

    def groundless(case, entries):
        case["theatres"]["harbour"]["regions"] = {}
        case["sites"] = {}

    with pytest.raises(CaseError, match="0 seats of government"):
        shaped(groundless)


@pytest.mark.parametrize("figure", ["population", "area"])
def test_regions_without_people_or_land_are_refused(figure, shaped):
    def change(case, entries):
        for region in case["theatres"]["harbour"]["regions"].values():
            region[figure]["value"] = 0

    with pytest.raises(CaseError) as raised:
        shaped(change)
    assert figure in (raised.value.key or "")

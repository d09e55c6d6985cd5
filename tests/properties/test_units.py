"""Rescaling money, force or air effort with its parameters changes nothing.

A power of two leaves the rounding of sums and products as it was, so what differs is a number in
the code that has a unit and does not say so. Known exception: the thresholds that only decide what
is recorded (strikes of fewer than a tenth of a sortie have no share), and `TINY` of `world.arrays`,
which must stay far below any unit used.
"""

import math

import numpy as np
import pytest

from allegiance.world.case import Given, Today
from allegiance.world.parameters import PARAMETERS

WEEKS = 26
LANES = 12

STOCKS = {
    "money": {"powers.treasury", "clients.treasury", "ties.debt"},
    "force": {"powers.force", "theatres.deployed", "theatres.spent", "regions.force"},
    "air": {"theatres.air"},
}
CONSTANTS = {
    "money": {"gdp", "surplus", "peak_treasury", "client_gdp", "rents", "arms_exports"},
    "force": {"peak_force", "need", "mobilised", "upkeep_start"},
    "air": {"air_capacity", "own_air"},
}
INPUTS = {
    "money": {"burden_money"},
    "force": {"burden_force", "burden_losses", "recruits", "ground", "sponsor", "arrivals"},
    "air": {"burden_air", "air"},
}
PARAMETER = {
    "cost_of_force": {"money": 1, "force": -1},
    "cost_of_sorties": {"money": 1, "air": -1},
    "men_per_sortie": {"force": 1, "air": -1},
    "air_half": {"air": 1, "force": -1},
    "sortie_kills": {"force": 1, "air": -1},
    "sortie_harm": {"air": -1},
    "crossfire": {"force": -1},
    "noticed_losses": {"force": 1},
}
"""Powers of each unit; civilians are persons of another kind, and are not rescaled."""

NEWS = {"force": {"losses", "lost", "toll"}, "air": {"strikes"}}


def test_every_parameter_with_a_unit_is_listed():
    plain = {"1", "share", "share-years", "log", "log^2", "1/year", "1/log^2", "log^2/year"}
    plain |= {"years", "days", "1/days"}
    units = {p.name for p in PARAMETERS if p.unit not in plain}
    assert units | {"crossfire"} == set(PARAMETER)


def rescaled(built, unit, factor):
    """The same case counted in another unit."""

    def change(tree, names):
        known = {n: a * np.float32(factor) for n, a in tree._asdict().items() if n in names}
        return tree._replace(**known)

    world = {}
    for noun, part in built.world._asdict().items():
        names = {s.split(".")[1] for s in STOCKS[unit] if s.split(".")[0] == noun}
        world[noun] = change(part, names)
    case = change(built.case, CONSTANTS[unit])
    if unit == "force":
        zero = case.strength_zero + np.float32(math.log(factor))
        case = case._replace(strength_zero=zero)
    return built._replace(
        case=case,
        world=built.world._replace(**world),
        given=Given(*change(built.given, INPUTS[unit])),
        today=Today(*change(built.today, INPUTS[unit])),
    )


@pytest.fixture(scope="module")
def values(lab):
    values = lab.drawn(LANES, seed=21)
    values[:, :6] = lab.with_value(values, margin=-2.7, decision_rate=4.0)[:, :6]
    return values


@pytest.fixture(scope="module")
def usual(busy_built, lab, values):
    moments = list(lab.walk(busy_built, WEEKS, values=values, runs=range(LANES)))
    assert sum(moment.news.fell.sum() for moment in moments) > 0
    return moments


@pytest.mark.parametrize("factor", [1024.0, 1.0 / 32.0])
@pytest.mark.parametrize("unit", ["money", "force", "air"])
def test_units_do_not_matter(busy_built, lab, values, usual, unit, factor):
    names = [p.name for p in PARAMETERS]
    scaled = values.copy()
    for name, powers in PARAMETER.items():
        scaled[names.index(name)] *= factor ** powers.get(unit, 0)
    other = rescaled(busy_built, unit, factor)
    walk = lab.walk(other, WEEKS, values=scaled, runs=range(LANES))
    for step, (one, two) in enumerate(zip(usual, walk, strict=True)):
        expected, found = lab.stocks(one.after), lab.stocks(two.after)
        expected |= {f"news.{name}": array for name, array in one.news._asdict().items()}
        found |= {f"news.{name}": array for name, array in two.news._asdict().items()}
        carries = STOCKS[unit] | {f"news.{name}" for name in NEWS.get(unit, ())}
        for name, array in expected.items():
            same = found[name] / factor if name in carries else found[name]
            least = 2e-6 if name in carries else 1e-4  # less than a man, a sortie, a fee
            near = np.isclose(same, array, rtol=1e-4, atol=least)
            assert near.all(), f"{name} in step {step}: {np.abs(same - array).max()}"

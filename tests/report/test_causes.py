"""Why a government fell, what became of the ties, and which other world to ask for."""

import datetime
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from allegiance.cases.loading import load
from allegiance.engine.selection import story
from allegiance.show.report import causes
from allegiance.show.report.bonds import bonds

DATES = np.datetime64("2011-03-15") + np.arange(160) * np.timedelta64(7, "D")
FALL = 1050.0


class Made:
    """Futures in which every quantity stands still but those that are given."""

    def __init__(self, moves: dict[str, float], case: Any, level: float = 0.5) -> None:
        self.moves, self.known, self.level = moves, set(story(case)), level
        self.dates = DATES
        days = np.full(6, FALL)
        self.futures = SimpleNamespace(values={"assad_falls": days, "russia_enters": days})

    def __contains__(self, address: str) -> bool:
        return address in self.known

    def missing(self, addresses):
        return [address for address in addresses if address not in self]

    def paths(self, address: str) -> np.ndarray:
        """[run, date]; a move is a line through the year before the event."""
        ramp = np.maximum((np.arange(160) - 90) / 60.0, 0.0)
        return np.tile(self.level + self.moves.get(address, 0.0) * ramp, (6, 1))

    def fan(self, address: str, factor: float = 1.0, steps: Any = slice(None)) -> np.ndarray:
        return np.quantile(self.paths(address)[:, steps], (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)


@pytest.fixture(scope="module")
def run():
    files = load("syria")
    return cast(Any, SimpleNamespace(scenario=SimpleNamespace(files=files)))


def told(run, moves, outcome="assad_falls"):
    inputs = Made(moves, run.scenario.files.case)
    return causes.before(run, cast(Any, inputs), outcome, "syria")


def test_what_brings_an_army_down_leads_and_what_moved_against_it_is_named(run):
    rows = told(
        run,
        {
            "russia.strength": 0.4,
            "syria.deployed[russia]": -0.3,
            "syria.short[russia]": 0.2,
            "syria.government.odds": -0.2,
            "syria.government.cohesion": -0.05,
            "syria.government.defeat": -0.1,
        },
    )
    moved = {
        kind: [r["address"] for r in rows if r["moved"] == kind] for kind in ("with", "against")
    }
    # Cohesion moved least and stands first: it is the army's end itself.
    assert moved["with"] == [
        "syria.government.cohesion",
        "syria.government.odds",
        "syria.short[russia]",
        "syria.deployed[russia]",
    ]
    assert moved["against"] == ["syria.government.defeat", "russia.strength"]
    assert all(row["moved"] == "hardly" for row in rows if row["address"].endswith(".pay"))


def test_logarithms_are_told_as_ratios(run):
    rows = {row["address"]: row for row in told(run, {"syria.government.odds": -0.2})}
    odds = rows["syria.government.odds"]
    assert odds["unit"] == "to 1"
    assert odds["numbers"][0] == pytest.approx(np.exp(0.5), rel=0.05)
    assert rows["syria.government.cohesion"]["numbers"][0] == pytest.approx(50.0)


def test_of_other_events_the_equations_of_an_army_say_nothing(run):
    rows = told(run, {"syria.government.cohesion": -0.2}, "russia_enters")
    assert {row["moved"] for row in rows} == {"moved", "hardly"}


def test_a_report_is_given_what_the_equation_of_an_army_reads(run):
    recorded = set(story(run.scenario.files.case))
    wanted = [sign.address for sign in causes.signs(run, "syria")]
    assert set(wanted) <= recorded
    assert "syria.fallen" in recorded


def test_ties_give_the_mean_difference_of_both_worlds_with_its_interval(run):
    case = run.scenario.files.case
    tie = "armenia->russia.trust"
    here, there = Made({tie: -0.1}, case), Made({tie: 0.1}, case)
    here.paths = lambda address, old=here.paths: old(address) + _skewed(address, tie)
    found = bonds(run, cast(Any, here), "assad_falls", ["russia"], "syria", cast(Any, there))
    assert [(bond["noun"], len(bond["rows"]) > 3) for bond in found] == [
        ("trust", True),
        ("alignment", True),
    ]
    trust, alignment = found
    (row,) = trust["apart"]
    assert row["label"] == case.clients["armenia"].label
    # Of one future in six the end lies 0.3 above: the means differ by 0.18, the medians by 0.23.
    assert row["differs"]["difference"] == pytest.approx(0.18)
    assert row["differs"]["q05"] < 0.18 < row["differs"]["q95"]
    assert [r["label"] for r in trust["lost"]] == [row["label"]]
    assert alignment["apart"] == []


def _skewed(address: str, tie: str) -> np.ndarray:
    return np.where(np.arange(6) == 0, 0.3, 0.0)[:, None] * (address == tie)


def test_without_another_world_nothing_differs(run):
    inputs = Made({}, run.scenario.files.case)
    found = bonds(run, cast(Any, inputs), None, ["russia"], "syria")
    assert all(row["differs"] is None and row["before"] is None for b in found for row in b["rows"])


def test_the_other_world_proposed_lifts_the_largest_burden_of_the_first_patron(run):
    found = causes.burdens(run, "syria")
    assert found[0] == "ukraine_war_2022"
    assert "iran_credit_2013" not in found


def made(entries: dict[str, Any], fought: bool = True) -> Any:
    """A war in harbour whose government two powers back."""
    there = SimpleNamespace(backs="government")
    war = SimpleNamespace(fought=fought, powers={"a": there, "b": there})
    case = SimpleNamespace(
        theatres={"harbour": war}, powers={"a": 0, "b": 0, "c": 0}, sides=["government"]
    )
    files = SimpleNamespace(timeline=SimpleNamespace(entries=entries), case=case)
    return cast(Any, SimpleNamespace(scenario=SimpleNamespace(files=files)))


def entry(*changes: tuple[str, float], pins: str | None = None) -> Any:
    """An entry of the timeline with such paths."""
    day = datetime.date(2001, 1, 1)
    inputs = [SimpleNamespace(address=a, path={day: x}, pulse=None) for a, x in changes]
    return SimpleNamespace(inputs=inputs, decision=pins and SimpleNamespace(theatre=pins))


def test_a_burden_of_the_first_patron_goes_before_larger_ones_of_others():
    entries = {
        "others": entry(("far.burden_force[b]", 900.0), ("far.burden_money[b]", 50.0)),
        "small": entry(("far.burden_force[a]", 10.0)),
        "large": entry(("off.burden_force[a]", 20.0)),
        "here": entry(("harbour.burden_force[a]", 99.0)),
        "strangers": entry(("far.burden_force[c]", 9.0), ("far.burden_air[c]", 9.0)),
    }
    assert causes.burdens(made(entries), "harbour") == ["large", "small", "others", "strangers"]


def test_without_burdens_it_is_a_pinned_decision():
    entries = {"plain": entry(("a.income", 1.0)), "pins": entry(pins="harbour")}
    assert causes.burdens(made(entries, False), "harbour") == ["pins"]
    assert causes.burdens(made(entries, False), None) == []

"""The shipped small wars: sound, finite, and true to the published series that they cite.

The series are third parties' data and no part of the project: their tests are skipped where the
folder (`ALLEGIANCE_DATA`, by default `../shared/data`) is absent.
"""

from datetime import date

import numpy as np
import pytest

import allegiance as al
from allegiance.cases.loading import CaseFiles, load
from allegiance.cases.schema import DatedInput
from allegiance.evidence import dossier

from .series import rows, series

WARS = (
    "afghanistan_soviet",
    "afghanistan_us",
    "angola",
    "armenia",
    "chad",
    "iran_us",
    "oman_dhofar",
    "sahel",
    "south_vietnam",
)

UNIFORM = ("legitimacy", "reserve", "discipline")
"""Constants of a theatre that no published figure gives: one rule for all these cases."""


@pytest.fixture(params=WARS)
def files(request) -> CaseFiles:
    return load(request.param)


def theatre(files: CaseFiles):
    """The one war of a case."""
    (found,) = (t for t in files.case.theatres.values() if t.fought)
    return found


def level(files: CaseFiles, address: str, day: date) -> float:
    """Change of a dated input on a day, by its linear path."""
    found: list[DatedInput] = [
        change
        for entry in files.timeline.entries.values()
        for change in entry.inputs
        if change.address == address and change.path and change.shape == "linear"
    ]
    return sum(
        float(np.interp(day.toordinal(), [d.toordinal() for d in c.path], list(c.path.values())))
        for c in found
        if c.path
    )


def test_own_forces_add_up_to_what_the_government_can_pay(files: CaseFiles):
    war = theatre(files)
    total = sum(region.force.values.get("government", 0) for region in war.regions.values())
    assert war.upkeep is not None
    assert total == pytest.approx(war.upkeep.value, rel=0.02)


def test_what_nobody_published_follows_one_rule(files: CaseFiles):
    war = theatre(files)
    rebels = set(war.sides) - {"government"}
    given = {name: getattr(war, name).values for name in UNIFORM}
    # 1: undisputed by those whom it conscripts, because who contests its rule is another state.
    assert set(given["legitimacy"].values()) <= {0.33, 0.67, 1.0}
    assert set(given["reserve"].values()) == {4}
    assert given["discipline"] == dict.fromkeys(rebels, 0.5)


def test_fit_ends_before_hold_begins(files: CaseFiles):
    items = dossier.load(files).items.values()
    days = {use: [i.date for i in items if i.use == use and i.date] for use in ("fit", "hold")}
    assert all(days.values())
    assert max(days["fit"]) < min(days["hold"])


def test_it_can_be_confronted(files: CaseFiles, fake_engine):
    """Every item finds what it reads: nothing is simulated, since each case is a program."""
    check(al.confront(files.case.name, runs=8, seed=1))


@pytest.mark.slow
def test_it_can_be_confronted_with_real_futures():
    check(al.confront("chad", runs=8, seed=1))


def check(found: al.Confrontation) -> None:
    assert all(np.isfinite(row.score) for row in found.rows)
    assert all(np.isfinite(value) for row in found.rows for value in row.log.values())


@series
@pytest.mark.parametrize(
    ("case", "state", "year"),
    [
        ("afghanistan_soviet", "Afghanistan", 1978),
        ("sahel", "Mali", 2013),
        ("south_vietnam", "Republic of Vietnam", 1963),
    ],
)
def test_men_under_arms_at_the_start(case: str, state: str, year: int):
    (row,) = rows("cinc_selected_1945_2015.csv", name=state, year=f"{year}.0")
    upkeep = theatre(load(case)).upkeep
    assert upkeep is not None
    assert upkeep.value == pytest.approx(float(row["milper"]), rel=0.01)


@series
@pytest.mark.parametrize(
    ("case", "item", "country", "year"),
    [
        ("afghanistan_soviet", "killed_1985", "Afghanistan", 1985),
        ("south_vietnam", "dead_1968", "Vietnam, Republic of", 1968),
        ("angola", "killed_1985", "Angola", 1985),
        ("angola", "killed_1990", "Angola", 1990),
        ("chad", "killed_1984", "Chad", 1984),
        ("chad", "killed_1987", "Chad", 1987),
    ],
)
def test_battle_deaths(case: str, item: str, country: str, year: int):
    (row,) = rows(
        "battle_deaths_country_year_client_wars_to_2010.csv",
        country_name=country,
        year=f"{year}.0",
    )
    held = dossier.load(load(case)).items[item]
    assert held.spread is not None
    assert held.spread.interval is not None
    assert held.value == pytest.approx(float(row["best"]) / 1000, rel=0.02)
    assert held.spread.interval[0] == pytest.approx(float(row["low"]) / 1000, rel=0.02)
    assert held.spread.interval[1] == pytest.approx(float(row["high"]) / 1000, rel=0.02)


@series
def test_deaths_by_year_move_as_the_series_does():
    series = {
        int(float(r["year"])): float(r["best"])
        for r in rows("battle_deaths_country_year_client_wars_to_2010.csv")
        if r["country_name"] == "Afghanistan"
    }
    assert series[1990] < series[1989]
    vietnam = {
        int(float(r["year"])): float(r["best"])
        for r in rows("battle_deaths_country_year_client_wars_to_2010.csv")
        if r["country_name"] == "Vietnam, Republic of"
    }
    assert vietnam[1974] > vietnam[1973]


@series
@pytest.mark.parametrize(
    ("case", "sponsor", "client"),
    [
        ("angola", "Cuba", "Angola"),
        ("oman_dhofar", "UK", "Oman"),
        ("oman_dhofar", "Iran", "Oman"),
    ],
)
def test_who_stood_by_the_ruler(case: str, sponsor: str, client: str):
    spells = rows("client_regimes_derived_1946_2010.csv", sponsor=sponsor, client=client)
    years = {int(s["spons_start"]) for s in spells} | {int(s["spons_end"]) for s in spells}
    power = {"Cuba": "cuba", "UK": "britain", "Iran": "iran"}[sponsor]
    (entry,) = (
        e for e in load(case).timeline.entries.values() if e.decision and e.decision.power == power
    )
    assert min(years) <= entry.date.year <= max(years)


@series
def test_kabul_in_the_series():
    items = dossier.load(load("afghanistan_soviet")).items
    (army,) = rows("cinc_selected_1945_2015.csv", name="Afghanistan", year="1980.0")
    assert items["army_1980_cow"].value == float(army["milper"])
    (fled,) = rows("displacement_client_countries_year_to_2010.csv", coo_iso="AFG", year="1985.0")
    assert items["refugees_1985"].value == pytest.approx(float(fled["refugees"]) / 1000, rel=0.01)


@series
def test_luanda_in_the_series():
    items = dossier.load(load("angola")).items
    (army,) = rows("cinc_selected_1945_2015.csv", name="Angola", year="1977.0")
    assert items["army_1977"].value == float(army["milper"])
    spells = rows("client_regimes_derived_1946_2010.csv", client="Angola")
    assert {s["outcome"] for s in spells} == {"censored_2010-12-31"}
    assert items["stands_1991"].event is not None
    deaths = {
        int(float(r["year"])): float(r["best"])
        for r in rows("battle_deaths_country_year_client_wars_to_2010.csv", country_name="Angola")
    }
    bound = items["losses_1990"].bound
    assert bound is not None
    assert bound.at_least is not None
    assert bound.at_most is not None
    assert bound.at_least < deaths[1990] / deaths[1989] < bound.at_most


@series
def test_american_troops_in_the_series():
    files = load("south_vietnam")
    start = theatre(files).powers["united_states"].ground.value
    counted = {
        int(r["year"]): float(r["troops_ad"]) / 1000
        for r in rows("us_troops_client_countries_year_1950_2010.csv", countryname="Vietnam")
    }
    allies = {1966: 37, 1967: 56, 1968: 63, 1969: 68, 1970: 69, 1971: 61}
    for year, others in allies.items():
        given = start + level(files, "south_vietnam.ground[united_states]", date(year, 7, 31))
        assert given - others == pytest.approx(counted[year], rel=0.15), year


@series
@pytest.mark.parametrize(
    ("case", "sponsor", "client", "item"),
    [
        ("afghanistan_soviet", "USSR/Russia", "Afghanistan", "falls_1992"),
        ("chad", "France", "Chad", "falls_1990"),
    ],
)
def test_ends_of_regimes(case: str, sponsor: str, client: str, item: str):
    spells = rows("client_regimes_derived_1946_2010.csv", sponsor=sponsor, client=client)
    ends = {r["regime_end"] for r in spells if r["regime_end"]}
    event = dossier.load(load(case)).items[item].event
    assert event is not None
    assert event.between is not None
    first, last = event.between
    assert any(first <= date.fromisoformat(end) <= last for end in ends)

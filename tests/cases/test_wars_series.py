"""Figures of Afghanistan 2001-21, Iran 1953-79 and Armenia 1994-2023 against the series they cite.

The series are third parties' data and no part of the project: these tests are skipped where the
folder (`ALLEGIANCE_DATA`, by default `../shared/data`) is absent.
"""

from datetime import date

import numpy as np
import pytest

from allegiance.cases.loading import load
from allegiance.evidence import dossier

from .series import rows, series

pytestmark = series


def under_arms(state: str, year: int) -> float:
    (row,) = rows("cinc_selected_1945_2015.csv", name=state, year=f"{year}.0")
    return float(row["milper"])


def level(case: str, address: str, day: date) -> float:
    """Start level and dated changes of an input on a day: steps hold, lines are read straight."""
    files = load(case)
    start = files.case.inputs.get(address)
    total = start.value if start else 0.0
    for entry in files.timeline.entries.values():
        for change in entry.inputs:
            if change.address != address or not change.path:
                continue
            days = [d.toordinal() for d in change.path]
            values = list(change.path.values())
            if change.shape == "linear":
                total += float(np.interp(day.toordinal(), days, values, left=0.0))
            else:
                passed = [v for d, v in zip(days, values, strict=True) if d <= day.toordinal()]
                total += passed[-1] if passed else 0.0
    return total


@pytest.mark.parametrize(
    ("case", "theatre", "state", "year"),
    [("afghanistan_us", "afghanistan", "Afghanistan", 2002), ("iran_us", "iran", "Iran", 1953)],
)
def test_men_under_arms_at_the_start(case: str, theatre: str, state: str, year: int):
    upkeep = load(case).case.theatres[theatre].upkeep
    assert upkeep is not None
    assert upkeep.value == under_arms(state, year)


@pytest.mark.parametrize(
    ("case", "theatre", "sponsor", "state", "years"),
    [
        (
            "afghanistan_us",
            "afghanistan",
            "united_states",
            "Afghanistan",
            (2010, 2011, 2012, 2013, 2014, 2015),
        ),
        ("iran_us", "iran", "united_states", "Iran", (1957, 1959, 1962, 1967, 1970, 1974, 1977)),
    ],
)
def test_growth_of_the_army(case: str, theatre: str, sponsor: str, state: str, years):
    upkeep = load(case).case.theatres[theatre].upkeep
    assert upkeep is not None
    for year in years:
        paid = level(case, f"{theatre}.sponsor[{sponsor},government]", date(year, 7, 1))
        assert upkeep.value + paid == pytest.approx(under_arms(state, year), rel=0.03), year


@pytest.mark.parametrize("year", [1994, 1995, 2000, 2007, 2015])
def test_the_other_side_of_karabakh(year: int):
    paid = level("armenia", "karabakh.sponsor[baku,azerbaijan]", date(year, 12, 31))
    assert paid == pytest.approx(under_arms("Azerbaijan", year), rel=0.01)


def test_whose_arms_the_patron_sold():
    (entry,) = (
        e
        for n, e in load("armenia").timeline.entries.items()
        if n == "patron_arms_enemy_2013" and e.source
    )
    for recipient, told in (("Azerbaijan", "2,016 units"), ("Armenia", "177 to Armenia")):
        found = rows(
            "sipri_tiv_supplier_recipient_year_2000_2015.csv",
            Supplier="Russia",
            Recipient=recipient,
        )
        assert told.startswith(f"{sum(float(r['tiv']) for r in found):,.0f}")
        assert told in str(entry.source)


@pytest.mark.parametrize(
    ("case", "item", "country", "year"),
    [
        ("afghanistan_us", "killed_2004", "Afghanistan", 2004),
        ("afghanistan_us", "killed_2009", "Afghanistan", 2009),
        ("armenia", "killed_2008", "Azerbaijan", 2008),
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
    assert held.value == pytest.approx(float(row["best"]) / 1000)
    assert held.spread.interval[1] == pytest.approx(float(row["high"]) / 1000)


def test_the_war_of_the_taliban_grew_as_the_series_says():
    series = {
        int(float(r["year"])): float(r["best"])
        for r in rows(
            "battle_deaths_country_year_client_wars_to_2010.csv", country_name="Afghanistan"
        )
    }
    bound = dossier.load(load("afghanistan_us")).items["war_grows_2009"].bound
    assert bound is not None
    assert bound.at_least is not None
    assert series[2009] / series[2005] > bound.at_least


def test_the_end_in_tehran():
    (spell,) = rows("client_regimes_derived_1946_2010.csv", sponsor="USA", client="Iran")
    event = dossier.load(load("iran_us")).items["falls_1979"].event
    assert event is not None
    assert event.between is not None
    first, last = event.between
    assert spell["how_regime_ended"] == "popular uprising"
    assert first <= date.fromisoformat(spell["regime_end"]) <= last

"""The shipped case of an alliance that breaks: sound, finite, and true to the published series.

The series are third parties' data and no part of the project: their tests are skipped where the
folder (`ALLEGIANCE_DATA`, by default `../shared/data`) is absent.
"""

import numpy as np
import pytest

import allegiance as al
from allegiance.cases.names import input_at, names_of
from allegiance.cases.schema import CaseFile, TimelineFile
from allegiance.evidence import dossier
from allegiance.world.parameters import PARAMETERS

from .series import rows, series

UNDER_ARMS = {
    "soviet_union": "Russia",
    "united_states": "United States of America",
    "peking": "China",
}
"""Powers and their names in the National Material Capabilities."""

VOTES = {
    "poland": "Poland",
    "yugoslavia": "Serbia",
    "india": "India",
    "pakistan": "Pakistan",
    "egypt": "Egypt",
    "afghanistan": "Afghanistan",
    "ethiopia": "Ethiopia",
    "cuba": "Cuba",
}
"""Clients that voted in 1950, and their names in the ideal-point series."""


ALLOWED_TO_ACCUSE = [
    ("united_states", "soviet_union"),
    ("peking", "soviet_union"),
    ("soviet_union", "peking"),
]
"""Who broadcasts against whom: nothing in the model decides to."""


@pytest.fixture(scope="module")
def scenario():
    return al.load("sino_soviet")


@pytest.fixture(scope="module")
def case(scenario) -> CaseFile:
    return scenario.files.case


@pytest.fixture(scope="module")
def timeline(scenario) -> TimelineFile:
    return scenario.files.timeline


@pytest.fixture(scope="module")
def futures(scenario, case):
    ties = [f"{c}->{p}.alignment" for c in case.clients for p in case.powers]
    return al.simulate(scenario, runs=8, seed=1, record=[*ties, "soviet_union.strength"])


def level(timeline: TimelineFile, address: str, year: int) -> float:
    """Mean over a year of what the entries add to an input that starts at 0."""
    days = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
    total = np.zeros(len(days))
    for entry in timeline.entries.values():
        for change in entry.inputs:
            if change.address == address and change.path:
                dates = np.array(list(change.path), "datetime64[D]")
                values = np.array([0.0, *change.path.values()])
                total += values[np.searchsorted(dates, days, side="right")]
    return float(total.mean())


def test_the_span_and_the_actors(case):
    assert (str(case.start), str(case.until)) == ("1950-02-14", "1972-12-31")
    assert set(case.powers) == {"soviet_union", "united_states", "peking"}
    assert {"china", "albania", "yugoslavia", "india", "north_korea"} < set(case.clients)
    assert not any(theatre.fought for theatre in case.theatres.values())


def test_what_it_is_held_against_is_not_given(case, timeline):
    """The break must come out of the model: no blow between the two, no danger, no lost trade."""
    for entry in timeline.entries.values():
        for change in entry.inputs:
            found, where = input_at(change.address, case, names_of(case))
            noun = found.noun
            assert not (noun == "attacked" and where[0] == "china"), change.address
            assert not (noun == "sanctions" and where[0] != "united_states"), change.address
            if noun == "danger" and where == ("china",):
                # A danger from Moscow would call on Moscow's own pledge of help.
                assert max(change.path or {entry.date: 0}).year < 1965, change.address
            if noun == "sides_with_enemy":
                assert "peking" not in where or where[0] == "india", change.address
            if noun == "deals":
                assert where[0] not in ("china", "albania", "north_korea"), change.address
            if noun == "detente":
                assert set(where) == {"soviet_union", "united_states"}, change.address
            if noun == "denounces":
                assert where in ALLOWED_TO_ACCUSE, change.address
    # Its broadcasts are given, so what it makes of them itself must not be.
    assert case.clients["china"].kinship.values.get("peking", 0.0) == 0.0
    assert "soviet_union" not in case.clients["china"].rivals


def test_futures_are_finite(futures, case):
    for name, outcome in case.outcomes.items():
        if outcome.quantity:
            values = futures.values[name]
            assert np.isfinite(values).all(), name
            if outcome.quantity.endswith(("alignment", "trust", "autonomy")):
                assert ((values >= 0) & (values <= 1)).all(), name


def test_it_starts_at_rest(futures, case):
    """Affinities are solved, so that nothing drifts before anything happens."""
    for name, client in case.clients.items():
        for power in case.powers:
            path = futures.trajectory(f"{name}->{power}.alignment").sel(date="1950-06-13")
            assert float(path.mean()) == pytest.approx(client.alignment.values[power], abs=0.004), (
                f"{name}->{power}"
            )


def test_the_split_comes_out_of_the_mechanisms(scenario, futures):
    """Without what is claimed (S39, S43-S45) China would have stayed; with it it goes."""

    def of(found, date: str) -> float:
        path = found.trajectory("china->soviet_union.alignment").sel(date=date, method="nearest")
        return float(path.median("run"))

    assert of(futures, "1956-02-13") > 0.6
    assert of(futures, "1969-03-02") < 0.4
    tie = "china->soviet_union.alignment"
    without = scenario
    for row in ("S39", "S43", "S44", "S45"):
        without = without.without(row)
    assert of(al.simulate(without, runs=8, seed=1, record=[tie]), "1969-03-02") > 0.55


def test_who_installed_the_regime_keeps_it(futures):
    """Hungary and Czechoslovakia were attacked and stayed: S52 speaks of peoples."""
    for tie, date in (("hungary", "1958-12-31"), ("czechoslovakia", "1970-12-31")):
        path = futures.trajectory(f"{tie}->soviet_union.alignment").sel(date=date, method="nearest")
        assert float(path.median("run")) > 0.65, tie


def test_nothing_that_is_given_is_held(scenario):
    """Items read from given acts, or that a mechanism was made for, may only be fitted to."""
    items = dossier.load(scenario.files).items
    assert len(items) == 29
    held = {name for name, item in items.items() if item.use == "hold"}
    assert not held & {"north_vietnam_1968", "pakistan_peking_1965", "czechoslovakia_1970"}
    assert "bomb_1964" in held
    words = next(p.source for p in PARAMETERS if p.name == "programme_years")
    assert "1964" not in words  # else the bomb of that year may not be held
    for name in held:
        assert "pen letter" not in items[name].source.title, name


def test_the_wars_bind_moscow(futures):
    """Force on the border and in Czechoslovakia is missing elsewhere."""
    strength = futures.trajectory("soviet_union.strength").mean("run")
    assert float(strength.sel(date="1972-06-01", method="nearest")) < float(
        strength.sel(date="1955-01-01", method="nearest")
    )


@series
def test_force_is_two_fifths_of_the_men_under_arms(case):
    found = {
        (row["name"], int(float(row["year"]))): float(row["milper"])
        for row in rows("cinc_selected_1945_2015.csv")
        if row["milper"]
    }
    for power, name in UNDER_ARMS.items():
        start = case.powers[power].force.value
        assert start == pytest.approx(0.4 * found[name, 1950], rel=0.01), power
        peak = 0.4 * max(found[name, year] for year in range(1950, 1973))
        assert case.powers[power].peak_force.value == pytest.approx(peak, rel=0.01), power


@series
def test_order_of_capability(case):
    """The case has no index of capability; what it has of one must not contradict it."""
    share = {
        row["name"]: float(row["cinc"])
        for row in rows("cinc_selected_1945_2015.csv")
        if row["year"] == "1950.0"
    }
    by_index = sorted(UNDER_ARMS, key=lambda power: -share[UNDER_ARMS[power]])
    by_means = sorted(UNDER_ARMS, key=lambda power: -case.powers[power].gdp.value)
    assert by_index == by_means == ["united_states", "soviet_union", "peking"]


@series
@pytest.mark.parametrize(
    ("war", "code", "years"), [("korea", "732", (1951, 1956)), ("vietnam", "816", (1966, 1973))]
)
def test_american_troops(timeline, war, code, years):
    troops = {
        int(row["year"]): float(row["troops_ad"]) / 1000
        for row in rows("us_troops_client_countries_year_1950_2010.csv")
        if row["ccode"] == code
    }
    for year in range(*years):
        given = level(timeline, f"{war}.burden_force[united_states]", year)
        assert given == pytest.approx(troops[year], rel=0.05, abs=3), year


@series
def test_pledges_of_defence_are_treaties_of_defence(case):
    """A strong pledge of Moscow has a pact behind it, and where there is none it is weaker."""
    allied = {
        row["partner"]
        for row in rows("alliance_links_with_russia_ussr_by_year.csv")
        if 1950 <= float(row["year"]) <= 1972 and row["atop_defense"] == "1.0"
    }
    names = {"east_germany": "German Democratic Republic"}
    for name, client in case.clients.items():
        partner = names.get(name, name.replace("_", " ").title())
        pledged = client.pledge.values.get("soviet_union", 0.0)
        assert (pledged >= 0.6) == (partner in allied or name == "cuba"), name


@series
def test_alignment_follows_the_votes_of_1950(case):
    def of(power: str) -> dict[str, str]:
        found = rows(f"unga_idealpoint_distance_to_{power}_1946_2015.csv")
        return next(row for row in found if row["year"] == "1950")

    usa, russia = of("usa"), of("russia")
    votes = [float(usa[VOTES[name]]) - float(russia[VOTES[name]]) for name in VOTES]
    shares = [case.clients[name].alignment.values for name in VOTES]
    leaning = [share["soviet_union"] - share["united_states"] for share in shares]
    assert np.corrcoef(np.argsort(np.argsort(votes)), np.argsort(np.argsort(leaning)))[0, 1] > 0.7


@series
@pytest.mark.parametrize(
    ("who", "year", "distance"),
    [
        ("Serbia", 1950, 1.8),
        ("Serbia", 1957, 1.7),
        ("Serbia", 1969, 0.4),
        ("Romania", 1968, 0.8),
        ("Poland", 1968, 0.1),
        ("Hungary", 1958, 0.03),
        ("Cuba", 1963, 0.1),
        ("Egypt", 1968, 0.7),
    ],
)
def test_votes_that_the_readme_cites(scenario, who, year, distance):
    found = rows("unga_idealpoint_distance_to_russia_1946_2015.csv")
    row = next(row for row in found if row["year"] == str(year))
    assert float(row[who]) == pytest.approx(distance, abs=0.5 * 10 ** -len(str(distance)[2:]))
    assert f"{distance}" in (scenario.files.folder / "README.md").read_text()

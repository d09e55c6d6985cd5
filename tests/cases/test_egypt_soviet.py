"""The shipped case of a client that changes its patron: sound, true to the published series.

The series are third parties' data and no part of the project: their tests are skipped where the
folder (`ALLEGIANCE_DATA`, by default `../shared/data`) is absent.
"""

import numpy as np
import pytest

import allegiance as al
from allegiance.cases.loading import CaseFiles, load
from allegiance.evidence import dossier

from .series import rows, series

COUNTED = {
    "soviet_union": (("Russia", 1955),),
    "united_states": (("United States of America", 1955),),
    "britain_france": (("United Kingdom", 1955), ("France", 1955)),
}


@pytest.fixture(scope="module")
def files() -> CaseFiles:
    return load("egypt_soviet")


def distance(power: str, client: str, year: int) -> float:
    """Distance of two states' votes in a year."""
    (row,) = rows(f"unga_idealpoint_distance_to_{power}_1946_2015.csv", year=str(year))
    return float(row[client])


def test_nothing_is_fought_out_and_nothing_is_pinned(files: CaseFiles):
    assert not any(theatre.fought for theatre in files.case.theatres.values())
    assert not any(entry.decision for entry in files.timeline.entries.values())


def test_what_it_is_held_against_is_not_given(files: CaseFiles):
    """The advisers' departure and the treaty's end are the client's own acts."""
    given = [
        (day, change.address)
        for entry in files.timeline.entries.values()
        for change in entry.inputs
        for day in change.path or {}
    ]
    dealt = {day for day, address in given if address == "egypt->soviet_union.deals"}
    assert not any(day.year in (1971, 1972, 1976) for day in dealt)
    assert all(day.year < 1976 for day, address in given if address.startswith("egypt"))


def test_fit_ends_before_hold_begins(files: CaseFiles):
    items = dossier.load(files).items.values()
    days = {use: [i.date for i in items if i.use == use and i.date] for use in ("fit", "hold")}
    assert all(days.values())
    assert max(days["fit"]) < min(days["hold"])


def test_it_can_be_confronted(fake_engine):
    found = al.confront("egypt_soviet", runs=8, seed=1)
    assert all(np.isfinite(row.score) for row in found.rows)


@series
@pytest.mark.parametrize("power", sorted(COUNTED))
def test_force_is_two_fifths_of_the_men_under_arms(files: CaseFiles, power: str):
    men = sum(
        float(row["milper"])
        for name, year in COUNTED[power]
        for row in rows("cinc_selected_1945_2015.csv", name=name, year=f"{year}.0")
    )
    assert files.case.powers[power].force.value == pytest.approx(0.4 * men, rel=0.001)


@series
@pytest.mark.parametrize(
    ("item", "power", "client", "year", "votes"),
    [
        ("courted_1957", "russia", "Egypt", 1957, "1.5 from Moscow's"),
        ("courted_1957", "usa", "Egypt", 1957, "2.4 from Washington's"),
        ("nearer_1969", "russia", "Egypt", 1963, "2.0 from Moscow's in 1963"),
        ("moscow_1969", "russia", "Egypt", 1969, "0.0 from Moscow's"),
        ("moscow_1969", "usa", "Egypt", 1969, "3.9 from Washington's"),
        ("cooler_1974", "russia", "Egypt", 1974, "2.1 from Moscow's"),
        ("cooler_1974", "usa", "Egypt", 1974, "2.2 from Washington's"),
        ("damascus_1976", "russia", "Syria", 1976, "1.0 from Moscow's"),
        ("israel_1976", "usa", "Israel", 1976, "0.0 from Washington's"),
    ],
)
def test_votes(files: CaseFiles, item: str, power: str, client: str, year: int, votes: str):
    assert votes in dossier.load(files).items[item].source.title
    told = float(votes.split(maxsplit=1)[0])
    assert told == pytest.approx(distance(power, client, year), abs=0.051)

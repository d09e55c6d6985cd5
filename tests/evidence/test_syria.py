"""The shipped dossier: what it holds, and that it can be confronted."""

from datetime import date

import numpy as np
import pytest

import allegiance as al
from allegiance.cases.loading import load
from allegiance.evidence import dossier, posteriors
from allegiance.evidence.provenance import given
from allegiance.infer import ensemble
from allegiance.infer.space import space


@pytest.fixture(scope="module")
def items():
    return dossier.load(load("syria")).items


def test_fit_ends_where_hold_begins(items):
    for name, item in items.items():
        if item.date:
            assert (item.date <= date(2018, 12, 31)) == (item.use == "fit"), name


def test_all_five_texts_and_the_public_series_are_heard(items):
    assert len(items) >= 60
    texts = {i.source.title[-2] for i in items.values() if "source text" in i.source.title}
    assert texts == set("ABCDE")
    by = " ".join(i.source.by for i in items.values())
    for publisher in ("Uppsala", "UNHCR", "Airwars", "Jusoor", "Jane", "Voeten", "Levada"):
        assert publisher in by
    kinds = [
        sum(getattr(i, kind) is not None for i in items.values())
        for kind in ("value", "bound", "event", "order", "reporting", "against")
    ]
    assert min(kinds) >= 1


def test_what_can_tell_unable_from_unwilling_is_heard(items):
    """The patron's conduct while it was overstretched, before it was, and in other places."""

    def dated(what, first, last):
        found = [i for i in items.values() if i.what.startswith(what) and i.date]
        return [i for i in found if date(first, 1, 1) <= i.date <= date(last, 12, 31)]

    for year in (2022, 2023, 2024):
        assert dated("russia.strikes", year, year), year
    assert dated("armenia->russia.", 2020, 2021)
    assert dated("armenia->russia.", 2022, 2023)
    assert any(i.what == "kazakhstan->russia.helped" for i in dated("kazakhstan", 2022, 2022))
    assert len(dated("sahel.deployed[russia]", 2022, 2025)) >= 2
    before = dated("belarus->russia.helped", 2020, 2021) + dated(
        "venezuela->russia.helped", 2019, 2019
    )
    assert len(before) == 2


def test_the_public_series_are_there_by_year(items):
    def years(start):
        return {i.date.year for name, i in items.items() if name.startswith(start) and i.date}

    assert years("battle_deaths_") == set(range(2011, 2019))
    assert years("deaths_second_half_") == {2012, 2013, 2014, 2015, 2017, 2018}
    assert years("harm_incidents_") >= {2015, 2017, 2018}
    assert years("displaced_") >= {2012, 2013, 2015, 2018}
    assert years("area_government_") >= {2015, 2017, 2018, 2020, 2024}
    assert sum(name.startswith("votes_") for name in items) >= 10


def test_nothing_that_the_timeline_gives_is_scored(items):
    files = load("syria")
    told = given(files)
    for name, item in items.items():
        assert not {dossier.plain(a, {}) for a in item.addresses} & set(told), name


def test_contradictions_stand(items):
    empty, kept = items["bases_empty_2025"], items["hmeimim_kept_2025"]
    assert empty.what == kept.what
    assert empty.bound.at_most < kept.bound.at_least


def test_the_shipped_posterior_is_of_this_case_and_this_evidence():
    """Whoever changes case, dossier or priors fits anew, or ships none."""
    scenario = al.load("syria")
    found = posteriors.chosen(scenario, None)
    assert found is not None
    kept = found.file
    used = {
        name: item
        for name, item in ensemble.dated(scenario).items()
        if item.use == "fit" and item.date and item.date <= kept.until
    }
    assert (kept.digest, kept.levers) == (scenario.files.digest, [])
    assert kept.dossier == ensemble.hashed(used)
    assert kept.priors == space(scenario).hash
    assert kept.temperature == kept.share == pytest.approx(12 / len(used), rel=1e-5)
    assert kept.ess >= 400
    assert kept.until < date(2019, 1, 1)


@pytest.mark.slow
def test_it_can_be_confronted(items):
    found = al.confront("syria", runs=32, seed=1)
    assert [row.id for row in found.rows] == list(items)
    assert all(np.isfinite(row.score) for row in found.rows)
    assert all(np.isfinite(score) for row in found.rows for score in row.log.values())
    read = [row for row in found.rows if row.target.valued and np.isfinite(row.quantiles[1])]
    assert len(read) == sum(row.target.valued for row in found.rows)
    assert 0.4 < (found.coverage("hold") or 0.0) < 1.0

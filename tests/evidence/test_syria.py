"""The shipped dossier: what it holds, and that it can be confronted."""

from datetime import date

import numpy as np
import pytest

import allegiance as al
from allegiance.cases.loading import load
from allegiance.evidence import dossier


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


def test_contradictions_stand(items):
    empty, kept = items["bases_empty_2025"], items["hmeimim_kept_2025"]
    assert empty.what == kept.what
    assert empty.bound.at_most < kept.bound.at_least


@pytest.mark.slow
def test_it_can_be_confronted(items):
    found = al.confront("syria", runs=32, seed=1)
    assert [row.id for row in found.rows] == list(items)
    assert all(np.isfinite(row.score) for row in found.rows)
    assert all(np.isfinite(score) for row in found.rows for score in row.log.values())
    read = [row for row in found.rows if row.target.valued and np.isfinite(row.quantiles[1])]
    assert len(read) == sum(row.target.valued for row in found.rows)
    assert 0.4 < (found.coverage("hold") or 0.0) < 1.0

"""Pledges kept: what counts as a test and as keeping, and the published rates beside."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest

from allegiance.cases.thin import Record
from allegiance.panel import futures, pledges
from allegiance.panel.years import Origin
from allegiance.show import judged

NEVER = np.inf


def origin(year: int, client: str = "Harbour", *, war: bool = True, support=("pact",)) -> Origin:
    record = Record(
        **{
            "kind": "insurgency" if war else "peace",
            "client": client,
            "patron": "North",
            "from": date(year, 1, 1),
            "until": date(year + 5, 1, 1),
            "support": list(support),
            "figures": {},
        }
    )
    return Origin("North", client, year, record, war, "troops" in support, 5.0, None, None)


@dataclass
class Some:
    """A chunk of futures, of which only first days are read."""

    first: np.ndarray


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """First days of the fall, of entry and of leaving, by event, in place of the engine's."""
    told: dict[str, Any] = {"client.overthrown": [NEVER] * 4}

    def chunks(setup):
        first = np.array([told[event] for event in setup.events])
        yield Some(first[:, :2])
        yield Some(first[:, 2:])

    monkeypatch.setattr(pledges.simulate, "chunks", chunks)
    return told


def test_who_is_not_there_keeps_its_pledge_by_going_in_in_time(days) -> None:
    days["client.fallen"] = [NEVER, 50.0, 50.0, NEVER]
    days[pledges.ENTERED] = [100.0, 49.0, 51.0, NEVER]
    days[pledges.LEFT] = [NEVER] * 4
    assert pledges.kept(origin(1960).record).tolist() == [True, True, False, False]


def test_who_is_there_keeps_it_by_not_leaving_a_government_that_stands(days) -> None:
    days["client.fallen"] = [NEVER, 50.0, 50.0, NEVER]
    days[pledges.ENTERED] = [NEVER] * 4
    days[pledges.LEFT] = [100.0, 49.0, 51.0, NEVER]
    record = origin(1960, support=("pact", "troops")).record
    assert pledges.kept(record).tolist() == [False, False, True, True]


def test_a_war_is_one_test_and_needs_a_pact() -> None:
    found = [origin(year, war=year != 1963) for year in range(1960, 1966)]
    found += [origin(1960, "Coast", support=("arms",)), origin(1970, "Coast")]
    assert [(o.client, o.year) for o in pledges.tests(found)] == [
        ("Harbour", 1960),
        ("Harbour", 1964),
        ("Coast", 1970),
    ]


def test_eras_are_told_apart_and_held_against_what_is_published(monkeypatch) -> None:
    def kept(record: Record, seed: int) -> np.ndarray:
        del seed
        share = 0.2 if record.start.year < 2004 else 0.9
        return np.arange(futures.LANE) < share * futures.LANE

    monkeypatch.setattr(pledges, "kept", kept)
    monkeypatch.setattr(pledges.years, "content", lambda record: str(record.start))
    found = [origin(1950 + n, f"c{n}") for n in range(20)]
    found += [origin(2005, "late", support=("pact", "troops"))]
    told = pledges.by_era(found)
    first, second, third = told["eras"]
    assert (first["n"], second["n"], third["n"]) == (0, 20, 1)
    assert first["model"] is None
    assert second["model"] == pytest.approx(0.2, abs=0.01)
    assert second["outside"] == second["model"]
    assert second["inside"] is None
    assert third["inside"] == pytest.approx(0.9, abs=0.01)
    (rate,) = second["published"]
    assert rate["share"] == 0.22
    assert rate["agrees"] is False  # all clients alike: the interval is a point
    assert "less than" in told["verdict"]
    assert "no test" in told["verdict"]
    shown = list(judged.survival({"origins": 21, "regimes_fallen": 0, "by_armed_opponent": 0,
                                  "horizons": {}, "pledges": told}))  # fmt: skip
    assert told["verdict"] in str(shown[-1])

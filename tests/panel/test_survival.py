"""Spell-years: what is known before, what counts as a fall, and who learns from whom."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allegiance.cases.errors import CaseError
from allegiance.panel import survival, years

HEAD = "sponsor,client,regime,regime_start,regime_end,spons_start,spons_end,tier,outcome,"
HEAD += "how_regime_ended\n"
SPELLS = HEAD + (
    "North,Harbour,H1,1950-03-01,1958-05-02,1952,1958,A,regime_ended_while_sponsored,"
    "insurgency/civil-war defeat\n"
    "North,Harbour,H2,1958-05-02,,1958,1970,A,censored_1970-12-31,\n"
    "South,Coast,C1,1940-01-01,1960-07-01,1955,1960,A,regime_ended_while_sponsored,-> personal\n"
    "South,Valley,V1,1940-01-01,1966-07-01,1955,1966,B,regime_ended_while_sponsored,"
    "military coup\n"
)
NMC = "ccode,year,milper,tpop\n1,1956,40,5000\n2,1956,600,90000\n1,1957,80,5000\n"
DEATHS = "gwcode,year,best,source\n1,1957,2000,An invented count\n1,1958,9000,An invented count\n"


def indicators() -> str:
    lines = ["sponsor_ccode,sponsor,client_ccode,client,year,indicators"]
    lines += [
        f"2,North,1,Harbour,{y},{'pact+troops_for_govt' if y == 1957 else 'pact'}"
        for y in range(1952, 1971)
    ]
    lines += [f"4,South,3,Coast,{y},arms_dep50" for y in range(1955, 1961)]
    lines += [f"4,South,5,Valley,{y},esd_support" for y in range(1955, 1967)]
    lines += ["2,North,9,Island,1957,troops_for_govt"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, ...]:
    texts = {"spells": SPELLS, "indicators": indicators(), "nmc": NMC, "deaths": DEATHS}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tuple(tmp_path / f"{name}.csv" for name in texts)


def test_a_record_knows_the_year_before_and_nothing_later(files) -> None:
    found = years.tables(*files)
    record = years.record_of(found, "North", "Harbour", 1958)
    value = {name: figure.value for name, figure in record.figures.items()}
    assert record.kind == "insurgency"
    assert record.support == ["pact", "troops"]
    assert value["army"] == 80
    assert value["deaths"] == 2.0
    assert value["patron_there"] == 1.0
    assert "patron_force" not in value
    earlier = years.record_of(found, "North", "Harbour", 1957)
    assert earlier.kind == "peace"
    assert earlier.figures["patron_force"].value == 100
    assert "deaths" not in earlier.figures


def test_other_wars_bind_the_sponsor(files) -> None:
    found = years.tables(*files)
    record = years.record_of(found, "North", "Harbour", 1958)
    assert record.figures["patron_bound"].value == pytest.approx(5.0)
    assert "patron_bound" not in years.record_of(found, "North", "Harbour", 1957).figures


def test_origins_are_standing_sponsored_regimes(files) -> None:
    found = list(years.origins(years.tables(*files)))
    first = [o.year for o in found if o.client == "Harbour" and o.fell]
    second = [o.year for o in found if o.client == "Harbour" and not o.fell]
    assert first == list(range(1953, 1959))
    assert second == list(range(1959, 1971))
    assert [o.year for o in found if o.client == "Coast"] == list(range(1956, 1961))
    assert not [o for o in found if o.client == "Valley"]


def test_a_reclassification_is_no_fall_and_the_end_of_the_panel_no_survival(files) -> None:
    found = {(o.client, o.year): o for o in years.origins(years.tables(*files))}
    assert found["Coast", 1960].outcome(1, 1970) == 0.0
    assert found["Harbour", 1958].outcome(1, 1970) == 1.0
    assert found["Harbour", 1955].outcome(3, 1970) == 0.0
    assert found["Harbour", 1955].outcome(5, 1970) == 1.0
    assert found["Harbour", 1969].outcome(3, 1970) is None


def test_like_records_are_run_once(files, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def falls(record, **options) -> np.ndarray:
        asked.append(options["seed"])
        return np.where(np.arange(64) < 16, 300.0, np.inf)

    monkeypatch.setattr(survival.futures, "falls", falls)
    found = list(years.origins(years.tables(*files)))
    p = survival.probabilities(found)
    assert p.shape == (len(found), 3)
    contents = {years.content(years.coarse(origin.record)) for origin in found}
    assert len(asked) == survival.VARIANTS * len(contents) < survival.VARIANTS * len(found)
    assert len(set(asked)) == survival.VARIANTS
    assert p[0] == pytest.approx((16 * survival.VARIANTS + 0.5) / (64 * survival.VARIANTS + 1))


def test_rounding_keeps_the_size_and_the_kind(files) -> None:
    record = years.record_of(years.tables(*files), "North", "Harbour", 1958)
    rounded = years.coarse(record)
    assert rounded.kind == record.kind
    for name, figure in record.figures.items():
        assert rounded.figures[name].value == pytest.approx(figure.value, rel=0.13)
    assert years.content(rounded) != years.content(record)


def _origins(count: int = 400) -> tuple[list[years.Origin], np.ndarray]:
    """Regimes of two sponsors, of which those at war fall within the year or stand for good."""
    random = np.random.default_rng(3)
    record: Any = None  # no forecaster here reads one
    found = []
    for number in range(count):
        year, war = 1950 + number % 40, random.random() < 0.3
        fell = year if war and random.random() < 0.5 else None
        found.append(
            years.Origin(
                "NS"[number % 2],
                f"c{number % 60}",
                year,
                record,
                war,
                False,
                5.0,
                fell,
                "military coup" if fell else None,
            )
        )
    return found, np.array([o.war for o in found])


def test_a_model_that_knows_the_wars_wins_over_the_base_rate() -> None:
    found, war = _origins()
    knows = np.where(war, 0.5, 0.01)[:, None].repeat(3, axis=1)
    told = survival.against(found, knows, 1995, 1)
    assert told["horizons"]["1"]["intervals"]["base_rate"]["verdict"] == "win"
    assert told["horizons"]["1"]["intervals"]["logit"]["verdict"] == "tie"
    blind = np.where(war, 0.01, 0.5)[:, None].repeat(3, axis=1)
    assert (
        survival.against(found, blind, 1995, 1)["horizons"]["1"]["intervals"]["logit"]["verdict"]
        == "lose"
    )


def test_nobody_learns_from_what_had_not_happened_yet() -> None:
    """All falls come after 1980: whatever is forecast from before knows of none."""
    found, _ = _origins()
    late = [o._replace(fell=o.fell if o.year >= 1980 else None) for o in found]
    told = survival.against(late, np.full((len(late), 3), 0.1), 1995, 1)
    assert told["horizons"]["1"]["split"].endswith("from 1985 on")
    none = [o._replace(fell=None) for o in found]
    nothing = survival.against(none, np.full((len(none), 3), 0.1), 1995, 1)
    assert nothing["n"] == 0
    assert nothing["verdict"].startswith("Undecided")


def test_a_wrong_file_is_named(files) -> None:
    with pytest.raises(CaseError, match="sponsor_ccode"):
        years.tables(files[0], files[0])
    with pytest.raises(CaseError, match="tier"):
        list(years.origins(years.tables(*files), "C"))


def test_the_published_panel_reads() -> None:
    """Only where the data folder lies beside the checkout, or ALLEGIANCE_DATA names it."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("ALLEGIANCE_DATA", beside))
    if not (folder / "client_regimes_derived_1946_2010.csv").is_file():
        pytest.skip("the derived panel of client regimes is not there: it is not ours to ship")
    read = years.tables(
        folder / "client_regimes_derived_1946_2010.csv",
        folder / "sponsor_client_year_indicators_1946_2010.csv",
    )
    found = list(years.origins(read))
    falls = {(o.sponsor, o.client, o.fell) for o in found if o.fell}
    assert years.last_year(read) == 2010
    assert len(falls) == 32
    assert 2000 < len(found) < 3000

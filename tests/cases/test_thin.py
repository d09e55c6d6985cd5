"""Thin cases: one rule and one shape for all, provenance kept, labels without meaning."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.cases.errors import CaseError
from allegiance.cases.loading import load
from allegiance.cases.thin import Record, built, records, written
from allegiance.cases.thin.record import FIGURES, completed
from allegiance.cases.thin.shape import REGIONS, control

FILE = """
records:
  hill_war:
    kind: insurgency
    client: Harbour
    patron: North
    from: 2001-01-01
    until: 2005-12-31
    support: [pact, arms]
    figures:
      population: {value: 4, source: "An invented census of 2000, table 1"}
      army: {value: 30, low: 20, high: 40, source: "An invented yearbook of 2000, p. 3"}
      rebels: {value: 12, assumed: "an invented count"}
      economy: {value: 0.8, assumed: "an invented bad year"}
"""


def record(kind: str = "insurgency", support=("pact",), **figures: float) -> Record:
    return Record(
        **{
            "kind": kind,
            "client": "Harbour",
            "patron": "North",
            "from": dt.date(2001, 1, 1),
            "until": dt.date(2005, 12, 31),
            "support": list(support),
            "figures": {n: {"value": v, "assumed": "invented"} for n, v in figures.items()},
        }
    )


def arrays(case):
    """Shapes and types of everything that a compiled program is made for."""
    made = compile_case(case)
    trees = (made.case, made.given, made.today, made.world)
    return [(np.shape(a), np.asarray(a).dtype) for tree in trees for a in _leaves(tree)]


def _leaves(tree):
    if isinstance(tree, tuple):
        return [leaf for part in tree for leaf in _leaves(part)]
    return [tree]


def test_all_kinds_share_one_shape() -> None:
    shapes = [arrays(built(record(kind))) for kind in ("peace", "insurgency", "invasion")]
    assert shapes[0] == shapes[1] == shapes[2]


def test_standing_forces_are_at_rest() -> None:
    """What the land can bear equals the forces of the record: nobody is raised or sent home."""
    files = built(record(army=40, rebels=10, sponsored=5, lost=0.3))
    theatre = files.case.theatres["client"]
    people = {name: region.population.value for name, region in theatre.regions.items()}
    held, ours, theirs = control(0.3), 0.0, 0.0
    assert theatre.mobilised
    for name, region in theatre.regions.items():
        back = region.backing.values
        ours += people[name] * back["government"] * (1 - held[name])
        theirs += people[name] * back["challenger"] * (held[name] + 0.2 * (1 - held[name]))
    assert theatre.mobilised.values["government"] * ours == pytest.approx(40, rel=1e-4)
    assert theatre.mobilised.values["challenger"] * theirs == pytest.approx(10, rel=1e-4)
    men = [region.force.values for region in theatre.regions.values()]
    assert sum(m["government"] for m in men) == pytest.approx(40, rel=1e-4)
    assert sum(m["challenger"] for m in men) == pytest.approx(15, rel=1e-4)


@pytest.mark.parametrize("lost", [0.0, 0.1, 0.35, 0.7])
def test_lost_ground_adds_up_and_spares_the_seat(lost: float) -> None:
    held = control(lost)
    assert sum(REGIONS[name][0] * share for name, share in held.items()) == pytest.approx(lost)
    assert held["seat"] == 0.0
    assert all(0.0 <= share <= 0.95 for share in held.values())


def test_a_source_stays_a_source_and_a_gap_is_assumed(tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_text(FILE)
    found = records(tmp_path / "some.yaml")["hill_war"]
    folder = written(found, "hill_war", tmp_path)
    case = load(folder).case
    upkeep, gdp = case.theatres["client"].upkeep, case.clients["client"].gdp
    assert upkeep
    assert gdp.assumed
    assert upkeep.source == "An invented yearbook of 2000, p. 3"
    assert gdp.assumed.startswith("by rule")
    assert gdp.value == pytest.approx(6.0)
    assert "rebels" in (folder / "README.md").read_text()
    in_memory = built(found, "hill_war")
    assert in_memory.case.model_dump() == case.model_dump()


def test_labels_carry_no_meaning() -> None:
    first = record(army=20)
    other = first.model_copy(update={"client": "X", "patron": "Y", "rival": "Z"})
    one, two = compile_case(built(first)), compile_case(built(other))
    before = _leaves(one.case) + _leaves(one.world)
    for a, b in zip(before, _leaves(two.case) + _leaves(two.world), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_rule_fills_from_what_is_known() -> None:
    some = completed(record(population=5, deaths=2))
    assert some["army"].value == 30
    assert some["rebels"].value == 6
    assert completed(record("peace", army=50))["rebels"].value == 0.5
    assert completed(record("invasion", army=50))["sponsored"].value == 50
    assert completed(record(support=("arms",), patron_force=90))["patron_offer"].value == 4.5
    assert completed(record(support=(), patron_force=90))["patron_offer"].value == 0
    assert completed(record(support=("pact",), patron_force=90))["patron_offer"].value == 9


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (("army: {value: 30", "army: {value: -1"), "range"),
        (("rebels:", "rebells:"), "nearest: rebels"),
        (("until: 2005", "until: 1999"), "span"),
        (("kind: insurgency", "kind: war"), "peace"),
        (('assumed: "an invented count"', 'note: "none"'), "provenance"),
    ],
)
def test_a_wrong_record_is_refused_by_name(tmp_path: Path, change, word: str) -> None:
    (tmp_path / "some.yaml").write_text(FILE.replace(*change))
    with pytest.raises(CaseError) as error:
        written(records(tmp_path / "some.yaml")["hill_war"], "hill_war", tmp_path)
    assert word in str(error.value)
    assert "hill_war" in str(error.value)


def test_any_record_within_its_ranges_makes_a_sound_case() -> None:
    """The ends of all ranges, and draws between them: the case checks, and nothing is NaN."""
    random = np.random.default_rng(5)
    for number in range(60):
        figures = {}
        for name, rule in FIGURES.items():
            ends = (rule.low, rule.high, float(random.uniform(rule.low, rule.high)))
            if random.random() < 0.7:
                figures[name] = ends[random.integers(3)]
        kind = ("peace", "insurgency", "invasion")[number % 3]
        made = compile_case(built(record(kind, ("troops", "arms")[: number % 2], **figures)))
        for array in (*_leaves(made.case), *_leaves(made.world)):
            assert np.isfinite(np.asarray(array, float)).all(), figures

"""Ablation and what follows from it: which case uses which row. The engine is a stand-in."""

import json

import numpy as np
import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.engine.setup import prepare
from allegiance.explain import uses
from allegiance.explain.ablation import ablated, affordable, each, effects
from allegiance.world.rows import IDS


@pytest.fixture
def one_case(monkeypatch, tmp_path):
    """The template as the only shipped case, and an empty record of uses."""
    monkeypatch.setattr(uses, "shipped", lambda: [str(TEMPLATE)])
    monkeypatch.setattr(uses, "FILE", tmp_path / "uses.json")
    return str(TEMPLATE)


@pytest.mark.parametrize(
    ("steps", "rows", "runs"), [(800, 58, 64), (104, 58, 512), (104, 300, 64), (800, 9, 384)]
)
def test_futures_are_as_many_as_time_allows(steps, rows, runs) -> None:
    assert affordable(steps, rows) == runs


def test_orders_are_worked_on_side_by_side_and_come_in_order(template, monkeypatch) -> None:
    from allegiance.engine import program

    monkeypatch.setattr(program, "prepare", lambda: 4)
    setup = prepare(template, runs=10)
    found = each(lambda order: order.scenario.theory.off, ablated(setup, IDS), setup.runs)
    assert list(found) == [(id,) for id in IDS]


def test_an_effect_is_that_of_its_own_row(template, fake_engine) -> None:
    """In the stand-in engine each row that is off lowers the second half of every path by 1."""
    setup = prepare(template.without("S01"), runs=20)
    found = dict(effects(setup, ["S01", "S02"]))
    assert found["S01"]["ground_held"]["difference"] == 0.0
    assert found["S02"]["ground_held"]["difference"] == pytest.approx(-1.0, abs=1e-5)


def test_a_row_is_used_where_it_changes_a_bit_early_or_late(one_case, monkeypatch) -> None:
    """S01 acts from the first week on, S02 from the second year on, nothing else at all."""

    def prints(setup):
        off, built = setup.scenario.theory.off, setup.built
        seen.append((off, built.steps))
        path = np.zeros(built.steps)
        path[0 if off == ("S01",) else 60 if off == ("S02",) else built.steps :] = 1.0
        return [path.tobytes()]

    seen = []
    monkeypatch.setattr(uses, "_prints", prints)
    assert uses.used(one_case) == ["S01", "S02"]
    lengths = sorted({steps for _, steps in seen})
    assert lengths[0] == 53
    assert lengths[-1] == 105
    assert ("S01",) not in {off for off, steps in seen if steps == 105}


def test_a_row_that_chooses_is_used_where_the_model_may_choose(one_case, monkeypatch) -> None:
    """S03 changes something only where no entry of the timeline takes the decision."""

    def prints(setup):
        entries = setup.scenario.files.timeline.entries.values()
        given.append(any(entry.decision for entry in entries))
        return [setup.scenario.theory.off == ("S03",) and not given[-1]]

    given = []
    monkeypatch.setattr(uses, "_prints", prints)
    assert uses.used(one_case) == ["S03"]
    assert given[0]
    assert not given[-1]


def test_only_what_has_changed_is_found_out_anew(one_case, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(uses, "used", lambda case: asked.append(case) or ["S07"])
    for mark in ("one", "one", "two"):
        monkeypatch.setattr(uses, "made_from", lambda case, mark=mark: mark)
        uses.FILE.write_text(json.dumps(uses.renewed()))
    assert asked == [one_case] * 2
    assert uses.stored() == {one_case: ["S07"]}


def test_the_fingerprint_follows_the_case(template, tmp_path) -> None:
    import shutil

    shutil.copytree(TEMPLATE, tmp_path / "template")
    before = uses.made_from(str(tmp_path / "template"))
    assert before == uses.made_from(str(TEMPLATE))
    file = tmp_path / "template" / "case.yaml"
    file.write_text(file.read_text().replace("treasury: {value: 40", "treasury: {value: 41"))
    assert uses.made_from(str(tmp_path / "template")) != before

"""What drives an outcome, from simulation to plain data. The engine is a stand-in."""

import json

import numpy as np
import pytest

import allegiance as al
from allegiance.engine import simulate
from allegiance.explain import drivers
from allegiance.explain.ablation import ablated
from allegiance.show import driving, tables
from allegiance.world.parameters import NAMES
from allegiance.world.rows import IDS

FALLS = "government_falls"
LEAST = 64 * (14 + 1 + 58 + 4)
"""Of the template: ten parameters, motives, chance and two; as it stands; 58 rows, four entries."""


@pytest.fixture
def planted(fake_engine, monkeypatch):
    """A government that falls where conquest is above 12, in three of four futures; never without
    S08; ground held follows margin, and is not defined where `holes` says so."""

    class Planted(fake_engine):
        width = 4096
        holes = False

        def _chunk(self, low):
            from allegiance.engine.chunks import Chunk

            plan = self.plan
            run = np.arange(low, min(low + self.width, plan.runs))
            number = run if plan.numbers is None else plan.numbers[run]
            values = np.asarray(plan.values, float)
            values = values[:, run] if values.ndim == 2 else np.repeat(values[:, None], len(run), 1)
            luck = np.random.default_rng(7).random(4099)[number.astype(np.int64) % 4099]
            falls = (values[NAMES.index("conquest")] > 12.0) & (luck < 0.75)
            falls &= plan.switches[IDS.index("S08")] > 0.0
            held = values[NAMES.index("margin")]
            if self.holes:
                held = np.where(luck < 0.2, np.nan, held)
            records = np.repeat(
                np.broadcast_to(held, (len(plan.record), len(run)))[None], plan.built.steps, 0
            )
            first = np.tile(np.where(falls, 100.0, np.inf), (len(plan.watch), 1))
            return Chunk(run, records.astype(np.float32), first, None)

    monkeypatch.setattr(simulate, "Runner", Planted)
    return Planted


def test_what_was_planted_is_found(template, planted):
    report = al.drivers(template, FALLS, 8000).summary()
    assert report["points"] == 256
    found = {row["name"]: row for row in report["sobol"]["indices"]}
    top = [row["name"] for row in report["sobol"]["indices"][:2]]
    assert set(top) == {"conquest", "chance"}
    p = 0.4137  # lognormal(11, 0.4) above 12
    spread, known = 0.75 * p * (1.0 - 0.75 * p), 0.75**2 * p * (1.0 - p)
    assert found["conquest"]["first"] == pytest.approx(known / spread, abs=0.12)
    assert found["chance"]["total"] == pytest.approx(1.0 - known / spread, abs=0.12)
    assert found["stretch"]["total"] == 0.0
    assert report["over_priors"]["p"] == pytest.approx(0.75 * p, abs=0.05)
    box = report["boxes"][0]
    assert box["when"] == "it happens"
    assert [limit["name"] for limit in box["limits"]] == ["conquest"]
    assert box["text"].startswith("conquest is at least 1")
    assert box["limits"][0]["value"] == pytest.approx(12.0, abs=0.8)
    assert report["boxes"][1]["limits"][0]["sense"] == "at most"
    json.dumps(report, allow_nan=False)


def test_the_row_that_matters_comes_first(template, planted):
    report = al.drivers(template.set("parameter.conquest", 13), FALLS, LEAST).summary()
    first, second = report["rows"][:2]
    assert first["id"] == "S08"
    assert first["difference"] == pytest.approx(-0.75, abs=0.15)
    assert first["q95"] < 0.0
    assert second["difference"] == 0.0
    assert report["at_values"]["p"] == first["a"]
    assert {entry["id"] for entry in report["entries"]} == set(template.files.timeline.entries)


def test_a_row_that_is_off_is_not_switched_off_again(template, planted):
    report = al.drivers(template.without("S07"), FALLS, LEAST).summary()
    assert "S07" not in {row["id"] for row in report["rows"]}
    assert report["levers"] == ["--without S07"]


def test_an_entry_taken_away_is_out_of_the_world(template):
    order = drivers.order(template, FALLS).setup
    other = ablated(order, ["war_on_the_border"])[0]
    assert other.scenario.levers == ("--without war_on_the_border",)
    same = [np.array_equal(a, b) for a, b in zip(order.built.given, other.built.given, strict=True)]
    assert not all(same)


def test_an_undefined_outcome_is_said_to_be_so(template, planted, monkeypatch, capsys):
    monkeypatch.setattr(planted, "holes", True)
    report = al.drivers(template, "ground_held", 8000).summary()
    assert report["sobol"] is None
    assert "Not defined in" in report["notes"][0]
    assert report["over_priors"]["n"] < 512
    assert [limit["name"] for limit in report["boxes"][0]["limits"]] == ["margin"]
    tables.printed(*driving.parts(report))
    told = capsys.readouterr().out
    assert "nan" not in told.lower()
    assert "Note: Not defined in" in told


def test_a_quantity_is_parted_at_its_median(template, planted):
    report = al.drivers(template, "ground_held", 8000).summary()
    assert report["sobol"]["indices"][0]["name"] == "margin"
    assert report["sobol"]["indices"][0]["total"] == pytest.approx(1.0, abs=0.05)
    high, low = report["boxes"]
    assert (high["base"], low["base"]) == pytest.approx((0.5, 0.5), abs=0.03)
    assert high["limits"][0]["value"] == pytest.approx(1.6, abs=0.1)  # normal(1.6, 0.5)
    assert high["text"].startswith("margin is at least")


def test_what_never_happens_has_no_spread_to_explain(template, planted, capsys):
    report = al.drivers(template.without("S08"), FALLS, LEAST).summary()
    assert (report["sobol"], report["boxes"]) == (None, [])
    assert "happens in none of" in report["notes"][0]
    tables.printed(*driving.parts(report))
    assert "almost no chance" in capsys.readouterr().out


def test_progress_ends_at_the_number_of_futures(template, planted):
    asked = drivers.order(template, FALLS, LEAST)
    seen = []
    drivers.explained(asked, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == asked.size.futures == LEAST


@pytest.mark.parametrize(
    ("steps", "blocks", "taken", "runs", "points", "pairs"),
    [
        (772, 14, 112, None, 512, 64),  # a long case: the least number of pairs
        (104, 13, 62, None, 2048, 512),
        (104, 13, 62, 64 * 76, 64, 64),
        (104, 13, 62, 20_000, 512, 192),
    ],
)
def test_half_of_the_futures_are_the_designs(steps, blocks, taken, runs, points, pairs):
    found = drivers.size(steps, blocks, taken, runs)
    assert (found.points, found.pairs) == (points, pairs)
    assert runs is None or found.futures <= runs


def test_too_few_runs_are_refused():
    with pytest.raises(al.CaseError, match="too few"):
        drivers.size(104, 13, 62, 64 * 76 - 1)


@pytest.mark.parametrize(("blocks", "taken"), [(13, 62), (2, 400)])
def test_no_more_runs_are_taken_than_the_largest_design_uses(blocks, taken):
    least = 64 * (blocks + taken + 1)
    with pytest.raises(al.CaseError, match=f"allowed: from {least:,} to ") as refused:
        drivers.size(104, blocks, taken, 2_000_000_000)
    most = int(str(refused.value.allowed).split()[3].replace(",", "").rstrip(":"))
    largest = drivers.size(104, blocks, taken, most)
    assert (largest.points, largest.pairs) == (2048, 512)
    fewer = drivers.size(104, blocks, taken, most - 1)
    assert (fewer.points, fewer.pairs) != (2048, 512)
    with pytest.raises(al.CaseError, match="more than it can use"):
        drivers.size(104, blocks, taken, most + 1)

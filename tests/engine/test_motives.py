"""Motives drawn for each run: the same whatever stands beside them, and as wide as asked."""

import csv
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from allegiance.engine import motives, oracle
from allegiance.engine.setup import prepare
from allegiance.engine.theories import DEFAULT, THEORIES, WIDTHS, named
from allegiance.world.case import MOTIVES

RUNS = 96


@pytest.mark.parametrize("name", THEORIES)
def test_a_theory_differs_in_motives_and_at_most_one_switch(name):
    theory = named(name)
    assert (theory.switches != DEFAULT.switches).sum() <= 1
    assert np.array_equal(theory.values, DEFAULT.values)
    if theory.motive is not None:
        assert sum(theory.motive) == pytest.approx(1.0)
        assert min(theory.motive) > 0.0


def test_every_number_of_a_theory_has_a_tag_and_a_reason():
    text = (files("allegiance.engine") / "theories.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    known = {"summary", "off", "concentration", *MOTIVES}
    for line in lines:
        assert line["what"] in known
        assert line["tag"] in ("assumed", "documented", "estimated")
        assert len(line["source"]) > 4
    assert {"default", "unable", "unwilling", "disposable", "stated"} <= {
        x["theory"] for x in lines
    }


def test_the_default_theory_leaves_the_motives_to_the_case(template):
    assert motives.motives(prepare(template, runs=4)) is None


def test_a_draw_does_not_depend_on_the_runs_beside_it():
    alpha = np.array([3.0, 1.0, 1.0, 0.5, 2.0])
    many, few = (motives.dirichlet(alpha, 7, runs, stream=2) for runs in (500, 3))
    assert np.array_equal(many[:, :3], few)
    assert not np.array_equal(many[:, :3], motives.dirichlet(alpha, 8, 3, stream=2))
    assert not np.array_equal(many[:, :3], motives.dirichlet(alpha, 7, 3, stream=1))


def test_a_width_of_a_half_halves_the_deviation():
    theory = named("unable")
    assert theory.motive is not None
    found = {}
    for name, width in WIDTHS.items():
        alpha = replace(theory, width=width).dirichlet
        assert alpha is not None
        found[name] = motives.dirichlet(alpha, 1, 20_000, 0)
    for drawn in found.values():
        np.testing.assert_allclose(drawn.sum(axis=0), 1.0, rtol=1e-5)
        np.testing.assert_allclose(drawn.mean(axis=1), theory.motive, atol=0.01)
    deviation = {name: drawn[0].std() for name, drawn in found.items()}
    assert deviation["half"] == pytest.approx(deviation["given"] / 2.0, rel=0.03)
    assert deviation["double"] == pytest.approx(deviation["given"] * 2.0, rel=0.03)


def test_only_patrons_are_drawn_and_a_lever_wins(template):
    setup = prepare(template.under("unable"), runs=4)
    drawn = motives.motives(setup)
    assert drawn is not None
    north, south = (setup.built.labels.powers.index(name) for name in ("north", "south"))
    given = setup.built.case.motive[..., None]
    assert motives.patrons(template.files) == ("north",)
    assert np.ptp(drawn[north], axis=-1).min() > 0.0
    assert np.array_equal(drawn[south], np.repeat(given[south], 4, axis=-1))
    set_by_hand = prepare(template.under("unable").set("north.motive[status]", 0.6), runs=4)
    kept = motives.motives(set_by_hand)
    assert kept is not None
    assert np.array_equal(
        kept[north], np.repeat(set_by_hand.built.case.motive[north][:, None], 4, axis=1)
    )


def test_motives_of_their_own_reach_each_run(even, plan, joined):
    """The case's own motives change no bit; a run's motives are its own, whatever the company."""
    given = np.repeat(even.case.motive[..., None], RUNS, axis=-1).astype(np.float32)
    plain = joined(plan(even, RUNS))
    same = joined(plan(even, RUNS, motive=given))
    for one, other in zip(plain, same, strict=True):
        assert np.array_equal(one, other, equal_nan=True)
    drawn = given.copy()
    drawn[0] = motives.dirichlet(np.full(5, 0.7), 3, RUNS, 0)
    whole = joined(plan(even, RUNS, motive=drawn))
    assert not np.array_equal(whole[0], plain[0], equal_nan=True)
    alone = joined(plan(even, 1, motive=drawn[..., 70:71], first_run=70))
    for one, other in zip(whole, alone, strict=True):
        assert np.array_equal(one[..., 70:71], other, equal_nan=True)
    slow = oracle.simulate(plan(even._replace(steps=20), 4, motive=drawn))
    fast, _ = joined(plan(even._replace(steps=20), 4, motive=drawn))
    np.testing.assert_allclose(fast, slow.records, rtol=1e-3, atol=1e-4, equal_nan=True)

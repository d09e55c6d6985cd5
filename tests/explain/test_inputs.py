"""The uncertain inputs: names, groups, levers, priors."""

import numpy as np
import pytest

import allegiance as al
from allegiance.explain.inputs import CHANCE, inputs
from allegiance.world.parameters import FREE, NAMES


def test_by_default_the_free_parameters_and_the_marked_motives(template):
    found = inputs(template)
    assert found.names == (*FREE, "north.motive", CHANCE)
    assert len(found.of) == len(FREE) + 4 + 1  # five motives are four breaks of a stick
    assert [told["name"] for told in found.described] == [*FREE, "north.motive"]
    assert found.described[0]["prior"] == "normal(1.6, 0.5)"


def test_all_parameters_are_grouped_by_verb(template):
    found = inputs(template, ["all"])
    assert {"hold", "fight", "trust", "north.motive", CHANCE} <= set(found.names)
    assert len(found.names) <= 16
    assert len(found.of) == len(NAMES) + 5


def test_what_a_lever_has_set_does_not_vary(template):
    set_ = template.set("parameter.conquest", 9).set("north.motive[status]", 0.5)
    assert "conquest" not in inputs(set_).names
    assert "north.motive" not in inputs(set_).names
    assert "conquest" not in [told["name"] for told in inputs(set_, ["all"]).described]
    with pytest.raises(al.CaseError, match="set by hand"):
        inputs(set_, ["conquest"])


def test_a_theory_brings_its_own_prior_of_motives(template):
    found = inputs(template.under("disposable"), ["conquest"])
    assert found.names == ("conquest", "north.motive", CHANCE)
    points = np.random.default_rng(1).random((len(found.of), 4000))
    drawn = found.draws(points).motives["north"]
    theory = template.under("disposable").theory
    assert drawn.mean(axis=1) == pytest.approx(theory.motive, abs=0.02)
    assert drawn.sum(axis=0) == pytest.approx(1.0)


@pytest.mark.parametrize("over", [["conqest"], ["free", "conquest"], ["north"], ["south.motive"]])
def test_a_wrong_name_is_refused(template, over):
    with pytest.raises(al.CaseError, match="--over"):
        inputs(template, over)


def test_points_become_parameters_and_run_numbers(template):
    found = inputs(template, ["coupling"])
    draws = found.draws(np.array([[0.0, 0.5, 0.75], [0.0, 0.25, 0.5]]))
    assert draws.values["coupling"] == pytest.approx([5.0, 8.0, 9.5])  # uniform(5, 11)
    assert draws.numbers is not None
    assert draws.numbers.tolist() == [0, 2**29, 2**30]
    assert set(found.assumptions(np.array([[0.5], [0.5]]))) == {"coupling"}

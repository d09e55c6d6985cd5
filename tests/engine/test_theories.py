import numpy as np
import pytest

from allegiance.cases.errors import CaseError
from allegiance.engine.scenario import Scenario, assignment
from allegiance.engine.theories import DEFAULT, named
from allegiance.world.parameters import NAMES, PARAMETERS
from allegiance.world.rows import IDS


def test_the_default_theory_has_every_row_on_and_the_values_of_the_table():
    theory = named("default")
    assert theory.switches.tolist() == [1.0] * len(IDS)
    assert theory.values == pytest.approx([p.value for p in PARAMETERS])


def test_an_unknown_theory_names_the_nearest():
    with pytest.raises(CaseError) as raised:
        named("defalt")
    assert raised.value.nearest == "default"


def test_a_row_is_switched_off_and_nothing_else():
    assert np.flatnonzero(DEFAULT.without("S07").switches == 0).tolist() == [IDS.index("S07")]


def test_a_parameter_is_set():
    theory = DEFAULT.set("stretch", "0.5")
    assert theory.values[NAMES.index("stretch")] == 0.5
    assert theory.levers == ("--set parameter.stretch=0.5",)


@pytest.mark.parametrize("value", ["nan", "inf", "much", True, None, "-1"])
def test_a_wrong_value_of_a_share_is_refused(value):
    share = next(p.name for p in PARAMETERS if p.prior.kind == "beta")
    with pytest.raises(CaseError, match=f"parameter.{share}"):
        DEFAULT.set(share, value)


def test_an_unknown_parameter_names_the_nearest():
    with pytest.raises(CaseError) as raised:
        DEFAULT.set("strech", 1)
    assert raised.value.nearest == "stretch"


def test_levers_of_case_and_theory_go_where_they_belong(template: Scenario):
    pulled = template.without("S07").without("north_enters").set("parameter.stretch", 0.5)
    assert pulled.theory.off == ("S07",)
    assert "north_enters" not in pulled.files.timeline.entries
    assert pulled.levers == (
        "--without north_enters",
        "--without S07",
        "--set parameter.stretch=0.5",
    )
    assert template.levers == ()


def test_another_theory_keeps_what_was_changed(template: Scenario):
    assert template.without("S07").under("default").theory.off == ("S07",)


@pytest.mark.parametrize("text", ["a", "=1", "a=", " = "])
def test_an_assignment_has_two_sides(text):
    with pytest.raises(CaseError, match="not an assignment"):
        assignment(text)


def test_an_assignment_is_split_at_the_first_sign():
    assert assignment(" a.b = 2001-01-01 ") == ("a.b", "2001-01-01")

import pytest

from allegiance.engine import observe, selection
from allegiance.engine.setup import prepare
from allegiance.engine.units import UNITS, unit_of

INDICES = {
    *("anger", "impunity", "fear", "success", "leverage", "protest", "strain", "concentration"),
    *("grievance", "mood", "campaign"),
}


def test_every_quantity_has_a_unit_or_is_an_index():
    nouns = {quantity.noun.split(".")[-1] for quantity in observe.QUANTITIES}
    assert nouns - set(UNITS) <= INDICES


def test_units_are_found_by_address():
    assert unit_of("north.treasury") == "bn USD"
    assert unit_of("harbour/hills.control[opposition]") == "share"
    assert unit_of("nonsense") == ""


@pytest.mark.parametrize("choose", [selection.headline, selection.chain])
def test_what_is_recorded_by_default_exists(template, choose):
    chosen = choose(template.files.case)
    assert set(chosen) <= set(prepare(template, extra=chosen).addresses)
    assert len(chosen) == len(set(chosen))

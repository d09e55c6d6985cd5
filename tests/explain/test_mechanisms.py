"""What is told of mechanisms and parameters: rows have tests and cases, figures have sources."""

import re
from pathlib import Path

from allegiance.explain.rows import listed, parameter_table
from allegiance.world.parameters import PARAMETERS

ROOT = Path(__file__).parents[2]


def test_every_mechanism_is_used_by_a_shipped_case() -> None:
    """By the kept record: `make uses` renews it."""
    assert [row["id"] for row in listed() if not row["cases"]] == []


def test_every_mechanism_has_a_test_that_exists() -> None:
    rows = listed()
    assert len(rows) == 58
    for row in rows:
        file, name = row["test"].split("::")
        assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_a_third_of_the_parameters_is_documented() -> None:
    documented = sum(parameter.tag == "documented" for parameter in PARAMETERS)
    assert 3 * documented >= len(PARAMETERS)
    assert parameter_table()["shares"]["documented"] == round(documented / len(PARAMETERS), 4)


def test_a_documented_parameter_names_a_number_and_its_source() -> None:
    found = [parameter for parameter in PARAMETERS if parameter.tag == "documented"]
    assert found
    for parameter in found:
        assert re.search(r"\d", parameter.source), parameter.name
        assert re.search(r"[A-Z]|our count", parameter.source), parameter.name
        assert not parameter.source.startswith("assumed"), parameter.name

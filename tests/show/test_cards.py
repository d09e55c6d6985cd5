"""What the terminal shows of parameters and cases, at the widths that terminals have."""

import io

import pytest
from rich.console import Console

from allegiance.cases.loading import load
from allegiance.cases.summary import describe
from allegiance.explain.rows import listed, parameter_table
from allegiance.show import cards


def shown(parts, width: int) -> str:
    text = io.StringIO()
    console = Console(file=text, width=width, highlight=False, markup=False)
    for part in parts:
        console.print(part)
    return text.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_of_parameters_shows_tag_and_source_whole(width: int) -> None:
    text = shown(cards.parameters(parameter_table()), width)
    assert max(map(len, text.splitlines())) <= width
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("coup_rate"))
    told = " ".join(" ".join(lines[at : at + 8]).split())
    assert "documented" in lines[at]
    assert lines[at + 1].split()[:3] == ["0.025", "1/year", "rule"]
    assert "lognormal(0.025, 0.3)" in lines[at + 2]
    assert "[Geddes, Wright" in told
    assert sum("[" in line for line in lines) >= len(parameter_table()["parameters"])


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_that_one_may_have_to_type_is_cut_off(width: int) -> None:
    tables = (
        cards.parameters(parameter_table()),
        cards.mechanisms(listed()),
        cards.case(describe(load("syria"))),
    )
    assert not [line for parts in tables for line in shown(parts, width).split("\n") if "…" in line]

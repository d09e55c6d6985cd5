"""Support from an invented file in the format of the External Support Dataset."""

from pathlib import Path

import pytest

from allegiance.cases.errors import CaseError
from allegiance.cases.loading import load
from allegiance.panel import supported, years
from allegiance.panel.drafting import drafted

INDICATORS = """sponsor_ccode,sponsor,client_ccode,client,year,indicators
2,UNL,1,Harbour,1999,pact
2,UNL,3,Valley,1999,pact
4,South,3,Valley,1999,pact
"""
KINDS = "xpywmtfilou"
HEAD = "year,conflict_id,dyad_id,active,actor_name,actor_nonstate,ext_name,ext_nonstate,ext_sup,"
HEAD += ",".join(f"ext_{kind}" for kind in KINDS) + ",ext_alleged\n"


def row(actor: str, supporter: str, kind: str = "w", year: int = 1999, flag: str = "") -> str:
    """A line of the dataset: one kind of support."""
    given = ",".join(str(int(each == kind)) for each in KINDS)
    whose, by, alleged = (
        int(flag == each) for each in ("actor_nonstate", "ext_nonstate", "alleged")
    )
    return f"{year},1,1,1,{actor},{whose},{supporter},{by},1,{given},{alleged}\n"


NORTH = "Government of United Northern Lands"
HARBOUR = "Government of Harbour (Old Harbour)"


@pytest.fixture
def files(tmp_path: Path):
    """Indicators and a table of support with the given lines."""

    def write(*lines: str) -> list[Path]:
        (tmp_path / "indicators.csv").write_text(INDICATORS)
        (tmp_path / "esd.csv").write_text(HEAD + "".join(lines))
        return [tmp_path / "indicators.csv", tmp_path / "esd.csv"]

    return write


def test_names_are_matched_by_bracket_and_initials() -> None:
    assert supported.names(HARBOUR) == {"harbour (old harbour)", "harbour", "old harbour", "oh"}
    assert "unl" in supported.names(NORTH)
    assert "usa" in supported.names("Government of Union of Shores and Atolls")
    assert supported.names("Government of Harbour") == {"harbour"}


def test_support_makes_a_war_and_says_what_is_given(files, tmp_path: Path) -> None:
    given = files(row(HARBOUR, NORTH), row("Government of Valley", NORTH, "x"))
    folder = drafted("harbour_2000", tmp_path, given, None, "Harbour", "UNL", 2000)
    case = load(folder).case
    assert "insurgency" in case.summary
    assert case.clients["client"].pledge.values["patron"] == 0.6  # the pact; arms are less
    assert case.inputs["client.burden_force[patron]"].value == pytest.approx(5.0)  # in the valley
    alone = drafted("quiet_2000", tmp_path, given[:1], None, "Harbour", "UNL", 2000)
    assert "peace" in load(alone).case.summary


def test_troops_are_troops_and_a_year_is_that_year(files, tmp_path: Path) -> None:
    given = files(row(HARBOUR, NORTH, "x"), row(HARBOUR, NORTH, year=1990))
    found = supported.joined(years.tables(None, given[0]), given[1], {})
    assert found.kinds["UNL", "Harbour", 1999] == ("pact", "esd_support", "troops_for_govt")
    assert found.kinds["UNL", "Harbour", 1990] == ("esd_support",)
    record = years.record_of(found, "UNL", "Harbour", 2000)
    assert set(record.support) == {
        "arms",
        "pact",
        "troops",
    }
    assert years.record_of(found, "UNL", "Harbour", 1991).support == ["arms"]


@pytest.mark.parametrize("field", ["alleged", "actor_nonstate", "ext_nonstate"])
def test_what_is_alleged_or_not_between_states_is_left_out(files, field: str) -> None:
    given = files(row(HARBOUR, NORTH, flag=field), row("Government of Valley", NORTH))
    found = supported.joined(years.tables(None, given[0]), given[1], {})
    assert found.fighting == {("Valley", 1999)}
    assert found.kinds["UNL", "Harbour", 1999] == ("pact",)


def test_a_name_that_the_table_lacks_is_refused(files, tmp_path: Path) -> None:
    given = files(row(HARBOUR, NORTH))
    with pytest.raises(CaseError, match=r"--sponsor.*not in the table of support"):
        drafted("valley_2000", tmp_path, given, None, "Harbour", "South", 2000)

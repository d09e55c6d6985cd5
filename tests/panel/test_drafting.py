"""`allegiance new --from-data`: from a record or from tables to a case that loads."""

import os
from pathlib import Path

import pytest

from allegiance.cases.errors import CaseError
from allegiance.cases.loading import load
from allegiance.evidence.loaders import regimes, unga
from allegiance.panel.drafting import drafted

INDICATORS = """sponsor_ccode,sponsor,client_ccode,client,year,indicators
2,North,1,Harbour,1999,pact+esd_support
"""
NMC = "ccode,year,milper,tpop\n1,1999,40,5000\n2,1999,600,90000\n"


@pytest.fixture
def tables(tmp_path: Path) -> list[Path]:
    for name, text in {"indicators": INDICATORS, "nmc": NMC}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return [tmp_path / "nmc.csv", tmp_path / "indicators.csv"]


def test_tables_are_known_by_their_columns(tables, tmp_path: Path) -> None:
    folder = drafted("harbour_2000", tmp_path, tables, None, "Harbour", "North", 2000)
    case = load(folder).case
    upkeep = case.theatres["client"].upkeep
    assert upkeep
    assert upkeep.value == 40
    assert upkeep.source
    assert case.powers["patron"].force.value == 100
    assert case.clients["client"].pledge.values["patron"] == 0.6
    assert case.start.isoformat() == "2000-01-01"


@pytest.mark.parametrize(
    ("client", "sponsor", "year", "word"),
    [
        ("Harbor", "North", 2000, "nearest: Harbour"),
        ("Harbour", None, 2000, "--sponsor"),
        ("Harbour", "North", 1990, "sponsorship"),
        ("Harbour", "North", 99999, "--year"),
    ],
)
def test_what_the_tables_do_not_say_is_refused(tables, tmp_path, client, sponsor, year, word):
    with pytest.raises(CaseError) as error:
        drafted("some", tmp_path, tables, None, client, sponsor, year)
    assert word in str(error.value)
    assert not (tmp_path / "some").exists()


@pytest.fixture
def endless(tmp_path: Path) -> list[Path]:
    """A device that gives zeros for ever, and a pipe that nobody writes to."""
    os.mkfifo(tmp_path / "pipe")
    return [path for path in (Path("/dev/zero"), tmp_path / "pipe") if path.exists()]


def test_what_never_ends_is_not_read(endless, tables, tmp_path: Path) -> None:
    for path in endless:
        for use in (
            lambda path: drafted("some", tmp_path, [path], None, "Harbour", "North", 2000),
            regimes.spells,
            unga.ideal_points,
        ):
            with pytest.raises(CaseError, match="no plain file") as error:
                use(path)
            assert error.value.file == str(path)


def test_a_table_without_a_header_is_told(tables, tmp_path: Path) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text("2,North,1,Harbour,1999,pact\n3,South,1,Harbour,1999,pact\n")
    for use in (
        lambda: drafted("some", tmp_path, [bare], None, "Harbour", "North", 2000),
        lambda: regimes.indicators(bare),
    ):
        with pytest.raises(CaseError, match=r"no header line.*2,North,1.*sponsor_ccode") as error:
            use()
        assert error.value.file == str(bare)
        assert "above the rows" in str(error.value)


def test_other_files_are_refused(tables, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for data in ([tmp_path / "other.csv"], [tmp_path / "gone.csv"], tables[:1], tables[:1] * 2):
        with pytest.raises(CaseError):
            drafted("some", tmp_path, data, None, "Harbour", "North", 2000)
    (tmp_path / "r.yaml").write_text("records: {}\n")
    with pytest.raises(CaseError, match="no such record"):
        drafted("some", tmp_path, [tmp_path / "r.yaml"])
    with pytest.raises(CaseError, match="two kinds"):
        drafted("some", tmp_path, [tmp_path / "r.yaml", tables[0]])

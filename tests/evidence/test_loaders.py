"""Loaders against tiny files in the publishers' formats; every line here is invented."""

from datetime import date

import pytest

from allegiance.cases.errors import CaseError
from allegiance.evidence.loaders import atop, cow, fetching, sipri, ucdp, unga

GED = (
    "id,relid,year,type_of_violence,conflict_new_id,dyad_new_id,side_a,side_b,country,"
    "date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low\n"
    '1,X-1,2001,1,7,70,"Government of Harbour, the",Hills,Harbour,'
    "2001-01-10 00:00:00.000,2001-01-10 00:00:00.000,3,2,0,0,5,6,5\n"
    "2,X-2,2001,1,7,70,Government of Harbour,Hills,Harbour,"
    "2001-01-30 00:00:00.000,2001-02-02 00:00:00.000,0,0,4,4,8,9,4\n"
)
NMC = (
    "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\r\n"
    "HRB,900,2001,3823,17,80,254,8659,101,.0396,2025\r\n"
    "VAL,901,2001,-9,5,0,10,-9,20,.001,2025\r\n"
)
ATOP = (
    "dyad,mem1,mem2,year,atopally,defense,offense,neutral,nonagg,consul\n"
    "900901,900,901,2001,1,1,0,0,0,1\n"
    "900902,900,902,2001,0,0,0,0,0,0\n"
)
SIPRI = (
    "Trade Register\nInformation generated: 2001-01-01\n\n"
    "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,"
    "Order date,Order date is estimate,Numbers delivered,Numbers delivered is estimate,"
    "Delivery year,Delivery year is estimate,Status,SIPRI estimate,TIV deal unit,"
    "TIV delivery values,Local production;\n"
    "A1,North,Harbour,Boat-5,patrol craft,Ships,2000,No,2,No,2001,No,New,1,6,12.5,No;\n"
    "A2,North,Harbour,Radar-é,radar,Sensors,2000,No,1,Yes,2001,No,New,1,3,3,No;\n"
    "A3,South,Coast,Jet-1,fighter,Aircraft,1999,No,1,No,2002,No,New,1,9,9,No;\n"
)
UNGA = (
    "ccode\tiso3c\tCountryname\tyear\tNVotesFP\tIdealPointFP\tQ5%FP\n"
    "900\tHRB\tHarbour\t2001\t60\t-0.5\t-0.6\n"
    "901\tVAL\tValley\t2001\t61\t0.25\t0.1\n"
    "901\tVAL\tValley\t2002\t61\tNA\tNA\n"
)


def test_ged(file):
    for path in (file("ged.csv", GED), file("ged.zip", GED, "GEDEvent_v25_1.csv")):
        events = ucdp.events(path)
        assert events["side_a"][0].as_py() == "Government of Harbour, the"
        assert events["begins"].to_pylist() == [date(2001, 1, 10), date(2001, 1, 30)]
        assert events["best"].to_pylist() == [5, 8]
    months = ucdp.by_month(events)
    # The second event has two days in each month.
    assert months.to_pylist() == [
        {"month": date(2001, 1, 1), "deaths": 9.0},
        {"month": date(2001, 2, 1), "deaths": 4.0},
    ]


def test_nmc(file):
    path = file("NMCv7.zip", NMC, "NMC-70-abridged.csv", "NMC-v7-abridged.zip")
    table = cow.capabilities(path)
    assert table["spending"].to_pylist() == [3823.0, None]
    assert table["population"].to_pylist() == [8659.0, None]
    assert table["share"].to_pylist() == [0.0396, 0.001]


def test_atop(file):
    pairs = atop.dyads(file("atop.zip", ATOP, "ATOP 5.1 (.csv)/atop5_1dy.csv"))
    assert pairs.num_rows == 1
    row = pairs.to_pylist()[0]
    assert (row["one"], row["other"], row["year"]) == (900, 901, 2001)
    assert [row[name] for name in atop.OBLIGATIONS] == [True, False, False, False, True]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_sipri(file, encoding):
    table = sipri.deliveries(file("register.csv", SIPRI, encoding=encoding))
    assert table["weapon"][1].as_py() == "Radar-é"
    assert sipri.by_pair(table).to_pylist() == [
        {"supplier": "North", "recipient": "Harbour", "year": 2001, "volume": 15.5},
        {"supplier": "South", "recipient": "Coast", "year": 2002, "volume": 9.0},
    ]


def test_unga(file):
    for path in (file("points.tab", UNGA), file("points.csv", UNGA.replace("\t", ","))):
        points = unga.ideal_points(path)
        assert points["point"].to_pylist() == [-0.5, 0.25, None]
        gaps = unga.distance(points, "HRB", "VAL")
        assert gaps.to_pylist() == [{"year": 2001, "distance": 0.75}]


def test_what_is_not_the_publishers_is_refused(file, tmp_path):
    with pytest.raises(CaseError, match="the column best is missing") as caught:
        ucdp.events(file("ged.csv", GED.replace(",best,", ",best_est,")))
    assert caught.value.nearest == "best_est"
    with pytest.raises(CaseError, match="no header"):
        cow.capabilities(file("other.csv", "a,b\n1,2\n"))
    with pytest.raises(CaseError) as caught:
        cow.capabilities(file("nmc.csv", NMC.replace(",17,", ",many,")))
    assert caught.value.key == "milper"
    with pytest.raises(CaseError, match="cannot be read"):
        atop.dyads(tmp_path / "nowhere.csv")
    with pytest.raises(CaseError, match=r"ends with dy\.csv"):
        atop.dyads(file("atop.zip", ATOP, "atop5_1a.csv"))


def test_a_file_is_fetched_once(server, tmp_path):
    pytest.importorskip("pooch", reason="pooch (the extra `data`) is not installed")
    address, shelf = server
    (shelf / "ged.csv").write_text(GED)
    path = fetching.fetch("ged", tmp_path / "data", url=f"{address}/ged.csv")
    assert ucdp.events(path).num_rows == 2
    (shelf / "ged.csv").unlink()
    assert fetching.fetch("ged", tmp_path / "data", url=f"{address}/ged.csv") == path


def test_a_changed_file_is_refused(server, tmp_path):
    pytest.importorskip("pooch", reason="pooch (the extra `data`) is not installed")
    address, shelf = server
    (shelf / "ged.csv").write_text(GED)
    with pytest.raises(CaseError, match="hash"):
        fetching.fetch("ged", tmp_path / "data", url=f"{address}/ged.csv", sha256="0" * 64)


def test_what_may_not_be_downloaded_says_so(tmp_path):
    with pytest.raises(CaseError, match="no free download"):
        fetching.fetch("sipri", tmp_path)
    with pytest.raises(CaseError, match="no such source") as caught:
        fetching.fetch("gde", tmp_path)
    assert caught.value.nearest == "ged"

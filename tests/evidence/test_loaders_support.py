"""Loaders of support, aid and harm against tiny files in the publishers' formats; all invented."""

import io
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import pandas as pd
import pytest

from allegiance.cases.errors import CaseError
from allegiance.evidence.loaders import airwars, esd, fetching, kiel

ESD = (
    "year,conflict_id,dyad_id,dyad_name,location,active,civil,actor_id,actor_name,actor_nonstate,"
    "ext_id,ext_name,ext_nonstate,ext_sup,ext_x,ext_p,ext_y,ext_w,ext_m,ext_t,ext_f,ext_i,ext_l,"
    "ext_o,ext_u,ext_sum,ext_alleged,ext_coalition,ext_coalition_name,ext_elements,ext_bothsides\n"
    '2001,1,70,"Harbour, the - Hills",Harbour,1,1,9,Government of Harbour,0,'
    "3,Government of North,0,1,1,0,0,1,0,0,0,0,0,0,0,2,0,0,,0,0\n"
    '2001,1,71,"Harbour, the - Coast",Harbour,1,1,9,Government of Harbour,0,'
    "3,Government of North,0,1,1,0,0,1,0,0,0,0,0,0,0,2,0,0,,0,0\n"
    '2002,1,70,"Harbour, the - Hills",Harbour,1,1,9,Government of Harbour,0,'
    "4,Government of South,0,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,,0,0\n"
    '2002,1,70,"Harbour, the - Hills",Harbour,1,1,9,Government of Harbour,0,'
    "5,Government of West,0,1,0,0,0,0,0,0,0,0,0,0,1,1,1,0,,0,0\n"
    '2002,1,70,"Harbour, the - Hills",Harbour,1,1,9,Government of Harbour,0,'
    "6,Brothers of the Hills,1,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,,0,0\n"
    '2002,1,70,"Harbour, the - Hills",Harbour,1,1,8,Hills,1,,,,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,,,\n'
)

INCIDENTS = (
    "id,post_id,code,post_status,permalink,date,date_type,date_end,country_name,country_slug,"
    "civilian_harm_reported,civilian_harm_status_name,civilian_harm_status_slug,"
    "civilian_non_combatants_killed_min,civilian_non_combatants_killed_max,"
    "civilian_non_combatants_injured_min,civilian_non_combatants_injured_max,summary,"
    "belligerent_north-military,belligerent_south-military,belligerent_1_belligerent_slug\n"
    "1,11,H001,publish,https://x/1,2001-01-10,date,,Harbour,harbour,1,Fair,fair,3,5,1,2,"
    '"Shells, it is said;\nthe ""old"" quay was hit.",1,,north-military\n'
    "2,12,H002,publish,https://x/2,2001-01-31,date,,Harbour,harbour,1,Weak,weak,,,,,"
    '"No figures",1,1,north-military\n'
    "3,13,H003,publish,https://x/3,2001-02-01,date,,Harbour,harbour,1,Fair,fair,7,7,0,0,"
    '"Another\'s",,1,south-military\n'
    "4,14,H004,publish,https://x/4,2001-03-05,date,,Harbour,harbour,1,Discounted,discounted,1,2,,,"
    "x,1,,north-military\n"
)

HEADER = (
    *("activity_id", "sub_activity_id", "donor", "announcement_date", "aid_type_general"),
    *("aid_type_specific", "measure", "tot_sub_activity_value_EUR"),
    *("tot_sub_activity_value_EUR_redistr", "month", "month_exists_dummy"),
)
PACKAGES = (
    ("A1", "A1_1", "Northland", 44600, "Military", "Weapons", "Allocation", 1e9, 1.5e9, 2, 1),
    ("A1", "A1_2", "Northland", 44600, "Military", "Weapons", "Allocation", ".", ".", 2, 1),
    ("A2", "A2_1", "Northland", 44640, "Humanitarian ", "Food", "Allocation", 2e8, 2e8, 3, 1),
    ("A3", "A3_1", "Southland", 45000, "Financial", "Loan", "Allocation", 4e9, 4e9, 14, 1),
    ("A4", "A4_1", "Southland", ".", "Financial", "Loan", "Allocation", 3e9, 3e9, 0, 0),
    ("A5", "A5_1", "Southland", 45000, "Financial", "Loan", "Commitment", 9e9, 9e9, 14, 1),
)


def letters(column):
    """A column's letters: A to Z, then AA and on."""
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


def workbook(sheets):
    """The bytes of a workbook with sheets of rows: headers shared, other texts in their cells."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    shared = list(dict.fromkeys(t for rows in sheets.values() for t in rows[0]))

    def cell(place, value, head):
        if value is None:
            return ""
        if head:
            return f'<c r="{place}" t="s"><v>{shared.index(value)}</v></c>'
        if isinstance(value, str):
            text = f'<is><t xml:space="preserve">{escape(value)}</t></is>'
            return f'<c r="{place}" t="inlineStr">{text}</c>'
        return f'<c r="{place}"><v>{value}</v></c>'

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        names, targets = "", ""
        for n, (name, rows) in enumerate(sheets.items(), 1):
            names += f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
            targets += f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>'
            body = "".join(
                f'<row r="{r}">'
                + "".join(cell(f"{letters(c)}{r}", v, r == 1) for c, v in enumerate(row))
                + "</row>"
                for r, row in enumerate(rows, 1)
            )
            sheet = f"<worksheet {main}><sheetData>{body}</sheetData></worksheet>"
            archive.writestr(f"xl/worksheets/sheet{n}.xml", sheet)
        book = f'<workbook {main} xmlns:r="{links}"><sheets>{names}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{targets}</Relationships>")
        texts = "".join(f"<si><r><t>{escape(t)}</t></r></si>" for t in shared)
        archive.writestr("xl/sharedStrings.xml", f"<sst {main}>{texts}</sst>")
    return packed.getvalue()


def frame():
    return pd.read_csv(io.StringIO(ESD))


def stata():
    """ESD as Stata keeps it: numbers with gaps as floats, texts with gaps as blanks."""
    found, packed, archived = io.BytesIO(), io.BytesIO(), frame()
    texts = archived.select_dtypes(exclude="number").columns
    archived[texts] = archived[texts].fillna("").astype(str)
    archived.to_stata(found, write_index=False)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ucdp-esd-ty-181.dta", found.getvalue())
    return packed.getvalue()


def served(server, name, raw, tmp_path):
    """Fetch a file from the publisher on this machine."""
    pytest.importorskip("pooch", reason="pooch (the extra `data`) is not installed")
    address, shelf = server
    (shelf / name).write_bytes(raw)
    source = name.split("-")[0]
    return fetching.fetch(source, tmp_path / "data", url=f"{address}/{name}")


def esd_workbook():
    """ESD as a workbook: numbers as a program with floats writes them, empty cells left out."""
    rows = frame().astype(object).where(frame().notna(), None).values.tolist()
    return workbook({"Sheet1": [list(frame().columns), *rows]})


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("esd-ty.csv", ESD.encode),
        ("esd-ty.zip", stata),
        ("esd-ty.xlsx", esd_workbook),
    ],
)
def test_esd_in_each_of_its_formats(server, tmp_path, name, raw):
    found = esd.support(served(server, name, raw(), tmp_path))
    assert found.num_rows == 5  # the row without a supporter is left out
    first = found.to_pylist()[0]
    assert (first["year"], first["actor"]) == (2001, "Government of Harbour")
    assert [kind for kind in esd.KINDS if first[kind]] == ["troops", "weapons"]
    assert esd.supporters(found, "Government of Harbour").to_pylist() == [
        {"year": 2001, "supporter": "Government of North"},
        {"year": 2002, "supporter": "Government of South"},
    ]
    assert esd.supporters(found, "Government of Harbour", "troops")["year"].to_pylist() == [2001]
    assert esd.supporters(found, "Hills").num_rows == 0


def test_airwars(server, tmp_path):
    path = served(server, "airwars-incidents.csv", INCIDENTS.encode(), tmp_path)
    found = airwars.incidents(path, "north-military")
    assert found["code"].to_pylist() == ["H001", "H002", "H004"]
    assert found["begins"][0].as_py() == date(2001, 1, 10)
    assert found["injured_most"].to_pylist() == [2, None, None]
    months = airwars.by_month(found).to_pylist()
    january = {"month": date(2001, 1, 1), "incidents": 2, "killed_least": 3, "killed_most": 5}
    assert months[0] == january
    assert [m["month"].month for m in months] == [1, 3]
    assert airwars.by_month(found, ("fair",)).to_pylist() == [january | {"incidents": 1}]


def test_kiel(server, tmp_path):
    raw = workbook({"Read me": [["a"]], kiel.SHEET: [HEADER, *PACKAGES]})
    found = kiel.packages(served(server, "kiel-tracker.xlsx", raw, tmp_path))
    assert found["value"].to_pylist() == [1.5e9, None, 2e8, 4e9, 3e9, 9e9]
    assert kiel.by_month(found).to_pylist() == [
        {"month": None, "military": 0.0, "financial": 3.0, "humanitarian": 0.0},
        {"month": date(2022, 2, 1), "military": 1.5, "financial": 0.0, "humanitarian": 0.0},
        {"month": date(2022, 3, 1), "military": 0.0, "financial": 0.0, "humanitarian": 0.2},
        {"month": date(2023, 2, 1), "military": 0.0, "financial": 4.0, "humanitarian": 0.0},
    ]
    assert kiel.by_month(found, {"Northland"}).num_rows == 2


def test_what_is_not_the_publishers_is_refused(file, tmp_path):
    with pytest.raises(CaseError, match="the column belligerent_west-military is missing"):
        airwars.incidents(file("incidents.csv", INCIDENTS), "west-military")
    with pytest.raises(CaseError, match="the column ext_sup is missing"):
        esd.support(file("esd.csv", ESD.replace(",ext_sup,", ",ext_support,")))
    with pytest.raises(CaseError, match="not a Stata file"):
        esd.support(file("esd.dta", "year"))
    path = tmp_path / "tracker.xlsx"
    for text, sheets in (
        ("no such sheet", {"Bilateral Assistance": [HEADER]}),
        ("no header", {kiel.SHEET: [["a"], ["b"]]}),
        ("the column measure is missing", {kiel.SHEET: [["donor", "aid_type_general"]]}),
    ):
        path.write_bytes(workbook(sheets))
        with pytest.raises(CaseError, match=text):
            kiel.packages(path)
    wrong = [*PACKAGES[0][:9], "May", 1]
    path.write_bytes(workbook({kiel.SHEET: [HEADER, wrong]}))
    with pytest.raises(CaseError) as caught:
        kiel.packages(path)
    assert caught.value.key == "month"
    path.write_text("no archive")
    with pytest.raises(CaseError, match="not a workbook"):
        kiel.packages(path)
    with pytest.raises(CaseError, match="cannot be read"):
        kiel.packages(tmp_path / "nowhere.xlsx")

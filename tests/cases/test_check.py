# ruff: noqa: E501 (one bad input a line)
"""Every bad input is refused with file, line, key and what is allowed."""

import pytest

from allegiance.cases.errors import CaseError
from allegiance.cases.loading import load
from allegiance.cases.new import TEMPLATE

CASE = {
    "unknown key": ("    gdp: {value: 1500,", "    gpd: {value: 1500,", "powers.north.gpd", "gdp"),
    "unknown key in a figure": ("value: 1500, unit", "value: 1500, units", "units", "unit"),
    "missing key": ("    openness: {value: 0.4, assumed: \"foreign trade over GDP\"}\n", "", "openness", None),
    "share above 1": ("support: {value: 0.65", "support: {value: 1.65", "support.value", None),
    "share below 0": ("support: {value: 0.65", "support: {value: -0.65", "support.value", None),
    "text for a number": ("support: {value: 0.65", "support: {value: nan", "support.value", None),
    "truth for a number": ("support: {value: 0.65", "support: {value: true", "support.value", None),
    "number for text": ("label: North", "label: 12", "powers.north.label", None),
    "value outside its range": ("low: 40, high: 90", "low: 70, high: 90", "powers.north.force", None),
    "no provenance": (', assumed: "a middle-sized economy"', "", "powers.north.gdp", None),
    "two provenances": ("{value: 9000,", '{value: 9000, source: "a",', "powers.south.gdp", None),
    "no name": ("  north:\n    label", "  North:\n    label", "powers.North", None),
    "year 9999": ("until: 2002-12-31", "until: 9999-12-31", "until", None),
    "year 1": ("from: 2001-01-01", "from: 0001-01-01", "from", None),
    "no span": ("until: 2002-12-31", "until: 2000-12-31", "until", None),
    "datetime": ("until: 2002-12-31", "until: 2002-12-31T00:00:00", "until", None),
    "tie to a missing actor": ("pledge: {values: {north: 0.8}", "pledge: {values: {norht: 0.8}",
                               "clients.harbour.pledge.values.norht", "north"),
    "alignment to a missing actor": ("south: 0.05, autonomy: 0.25", "west: 0.05, autonomy: 0.25",
                                     "clients.harbour.alignment.values.west", None),
    "likeness of a missing actor": ("values: {valley: 0.6}", "values: {vale: 0.6}",
                                    "clients.harbour.likeness.values.vale", "valley"),
    "two sides with one name": ("sides: [government, opposition]      #",
                                "sides: [government, government]      #", "sides[1]", None),
    "reserved side": ("sides: [government, opposition]      #",
                      "sides: [government, opposition, civilians]      #", "sides[2]", None),
    "actors with one name": ("  valley:\n", "  north:\n", "clients.north", None),
    "site with an actor's name": ("  naval_base:\n", "  valley:\n", "sites.valley", None),
    "motives that do not sum": ("survival: 0.35, reach", "survival: 0.45, reach",
                                "powers.north.motive", None),
    "unknown motive": ("survival: 0.35, reach", "survivel: 0.35, reach",
                       "powers.north.motive.values.survivel", "survival"),
    "alignment that does not sum": ("north: 0.7, south: 0.05", "north: 0.6, south: 0.05",
                                    "clients.harbour.alignment", None),
    "certain trust": ("trust: {values: {north: 0.6}", "trust: {values: {north: 1}",
                      "clients.harbour.trust.values.north", None),
    "its own rival": ("rivals: [south]", "rivals: [north]", "powers.north.rivals[0]", None),
    "its own enemy": ('    proximity: {values: {north: 1.0}, assumed: "a common border"}\n',
                      '    proximity: {values: {north: 1.0}, assumed: "a common border"}\n    rivals: [valley]\n',
                      "clients.valley.rivals[0]", None),
    "unknown enemy": ('    proximity: {values: {north: 1.0}, assumed: "a common border"}\n',
                      '    proximity: {values: {north: 1.0}, assumed: "a common border"}\n    rivals: [coats]\n',
                      "clients.valley.rivals[0]", "coast"),
    "veto by number": ("    rivals: [south]\n", "    rivals: [south]\n    veto: 1\n", "powers.north.veto", None),
    "summit as a level": ("harbour.restraint[south]", "north.summit", "inputs.north.summit", None),
    "need beside a war": ("    rents: {values: {north: 0.3}, unit: bn USD a year,",
                          "    need: {values: {north: 0.3}, unit: bn USD a year,",
                          "clients.harbour.need", None),
    "refugees among nobody": (
        '    proximity: {values: {north: 1.0}, assumed: "a common border"}\n',
        '    hosts: {values: {harbour: 0.2}, assumed: "a test"}\n    proximity: {values: {north: 1.0}, assumed: "a common border"}\n',
        "clients.valley.hosts", None),
    "refugees from nowhere": (
        '    proximity: {values: {north: 1.0}, assumed: "a common border"}\n',
        '    hosts: {values: {harbor: 0.2}, assumed: "a test"}\n    proximity: {values: {north: 1.0}, assumed: "a common border"}\n',
        "clients.valley.hosts.values.harbor", "harbour"),
    "more refugees than displaced": (
        '    proximity: {values: {north: 1.0}, assumed: "a common border"}\n',
        '    population: {value: 5, assumed: "a test"}\n    hosts: {values: {harbour: 1.0}, assumed: "a test"}\n'
        '    proximity: {values: {north: 1.0}, assumed: "a common border"}\n'
        '    likeness: {values: {coast: 0.2}, assumed: "a test"}\n  islet:\n'
        '    label: Islet\n    gdp: {value: 1, assumed: "a test"}\n    revenue: {value: 0.2, assumed: "a test"}\n'
        '    kinship: {values: {}, assumed: "a test"}\n    alignment: {values: {autonomy: 1}, assumed: "a test"}\n'
        '    pledge: {values: {}, assumed: "a test"}\n    trust: {values: {}, assumed: "a test"}\n'
        '    trust_weight: {value: 6, assumed: "a test"}\n    affinity: {values: {}, assumed: "a test"}\n'
        '    proximity: {values: {}, assumed: "a test"}\n    population: {value: 5, assumed: "a test"}\n'
        '    hosts: {values: {harbour: 0.1}, assumed: "a test"}\n',
        "clients.valley.hosts.values.harbour", None),
    "legitimacy of an absent side": (
        "    challengers: [opposition]        #",
        '    legitimacy: {values: {junta: 0.2}, assumed: "a test"}\n    challengers: [opposition]        #',
        "theatres.harbour.legitimacy.values.junta", None),
    "unknown client": ("    client: harbour                  #", "    client: harbor                  #",
                       "theatres.harbour.client", "harbour"),
    "absent side": ("backs: opposition", "backs: opposition_", "theatres.harbour.powers.south.backs",
                    "opposition"),
    "government as challenger": ("challengers: [opposition]", "challengers: [government]",
                                 "theatres.harbour.challengers[0]", None),
    "hostile to itself": ("hostile: [[government, opposition]]", "hostile: [[government, government]]",
                          "theatres.harbour.hostile[0][1]", None),
    "three hostile": ("hostile: [[government, opposition]]",
                      "hostile: [[government, opposition, government]]",
                      "theatres.harbour.hostile[0]", None),
    "no upkeep": ('    upkeep: {value: 60, assumed: "thousand persons the government can pay at the '
                  'start"}\n', "", "theatres.harbour", None),
    "no seat": ("        seat: true\n", "", "theatres.harbour.regions", None),
    "two seats": ("        neighbours: [capital]\n", "        neighbours: [capital]\n        seat: true\n",
                  "theatres.harbour.regions", None),
    "one-sided neighbours": ("neighbours: [port, hills]", "neighbours: [port]",
                             "theatres.harbour.regions.hills.neighbours[0]", None),
    "unknown neighbour": ("neighbours: [port, hills]", "neighbours: [port, hill]",
                          "theatres.harbour.regions.capital.neighbours[1]", "hills"),
    "backing above 1": ("{government: 0.5, opposition: 0.3}", "{government: 0.8, opposition: 0.3}",
                        "theatres.harbour.regions.capital.backing", None),
    "control that does not sum": ("{government: 0.95, opposition: 0.05}",
                                  "{government: 0.85, opposition: 0.05}",
                                  "theatres.harbour.regions.capital.control", None),
    "no population": ("population: {value: 3,", "population: {value: 0,",
                      "theatres.harbour.regions.capital.population.value", None),
    "longitude": ("lon: 10.0", "lon: 1000", "theatres.harbour.regions.capital.lon", None),
    "unknown region of a site": ("region: harbour/port", "region: harbour/prot", "sites.naval_base.region",
                                 "harbour/port"),
    "site on another's soil": ("    client: harbour\n    region", "    client: coast\n    region",
                               "sites.naval_base.region", None),
    "unknown holder": ("holder: north", "holder: nort", "sites.naval_base.holder", "north"),
    "stream twice": ("    label: South\n", "    label: South\n    stream: 0\n",
                     "powers.south.stream", None),
    "stream of the padding": ("    label: South\n", "    label: South\n    stream: 200\n",
                              "powers.south.stream", None),
    "unknown input": ("harbour.restraint[south]", "harbour.restrain[south]",
                      "inputs.harbour.restrain[south]", "restraint"),
    "unknown key of an input": ("harbour.restraint[south]", "harbour.restraint[sout]",
                                "inputs.harbour.restraint[sout]", "south"),
    "too many keys": ("harbour.restraint[south]", "harbour.restraint[south,north]",
                      "inputs.harbour.restraint[south,north]", None),
    "no address": ("harbour.restraint[south]", "harbour.restraint[south",
                   "inputs.harbour.restraint[south", None),
    "tie where none is": ("harbour.restraint[south]", "harbour->south.restraint",
                          "inputs.harbour->south.restraint", None),
    "level of a pulse": ("harbour.restraint[south]", "north.revealed", "inputs.north.revealed", None),
    "level of an offer": ("harbour.restraint[south]", "harbour.air[south]", "inputs.harbour.air[south]",
                          None),
    "nothing consumes it": ("harbour.restraint[south]", "harbour.danger", "inputs.harbour.danger", None),
    "level out of range": ("harbour.restraint[south]: {value: 0.5", "harbour.restraint[south]: {value: 5",
                           "inputs.harbour.restraint[south]", None),
    "signals to nobody": ("harbour.restraint[south]", "harbour.fed_alarm[sout]",
                          "inputs.harbour.fed_alarm[sout]", "south"),
    "propaganda without end": ("harbour.restraint[south]: {value: 0.5", "north.propaganda: {value: 5",
                               "inputs.north.propaganda", None),
    "populists of a side": ("harbour.restraint[south]", "coast->opposition.populists",
                            "inputs.coast->opposition.populists", None),
    "unknown actor of an outcome": ("event: harbour.fallen", "event: harbor.fallen",
                                    "outcomes.government_falls.event", "harbour"),
    "unknown side of an outcome": ("quantity: harbour.control[government]",
                                   "quantity: harbour.control[goverment]",
                                   "outcomes.ground_held.quantity", "government"),
    "outcome after the end": ("at: 2002-03-01", "at: 2003-03-01", "outcomes.ground_held.at", None),
    "outcome without a date": ("    at: 2002-03-01\n", "", "outcomes.ground_held", None),
    "event with a date": ("event: harbour.fallen", "event: harbour.fallen\n    at: 2002-03-01",
                          "outcomes.government_falls", None),
    "unknown reduction": ("reduce: mean", "reduce: median", "outcomes.strikes_elsewhere.reduce", None),
}  # fmt: skip

TIMELINE = {
    "date before the span": ("date: 2001-06-01", "date: 2000-06-01", "entries.volunteers.date", None),
    "path after the span": ("2002-01-01: 0.6", "2003-01-01: 0.6",
                            "entries.north_enters.inputs[0].path.2003-01-01", None),
    "pulse after the span": ("date: 2001-12-15", "date: 2003-12-15",
                             "entries.war_on_the_border.inputs[1].date", None),
    "year 0": ("date: 2001-06-01", "date: 0000-06-01", "entries.volunteers.date", None),
    "year 9999": ("date: 2001-06-01", "date: 9999-06-01", "entries.volunteers.date", None),
    "text for a level": ("2002-01-01: 0.6", "2002-01-01: much",
                         "entries.north_enters.inputs[0].path.2002-01-01", None),
    "unknown power": ("{power: north, theatre", "{power: nort, theatre",
                      "entries.north_enters.decision.power", "north"),
    "unknown choice": ("choice: enter", "choice: entre", "entries.north_enters.decision.choice", None),
    "unknown theatre": ("truce: {theatre: harbour", "truce: {theatre: harbor",
                        "entries.spring_truce.truce.theatre", "harbour"),
    "truce among friends": ("between: [[government, opposition]]", "between: [[opposition, opposition]]",
                            "entries.spring_truce.truce.between[0]", None),
    "truce that ends first": ("until: 2002-07-01", "until: 2002-02-01",
                              "entries.spring_truce.truce.until", None),
    "truce above 1": ("level: 0.9", "level: 1.9", "entries.spring_truce.truce.level", None),
    "unknown address": ("harbour.burden_force[north]", "harbour.burden_forces[north]",
                        "entries.war_on_the_border.inputs[0].address", "burden_force"),
    "unknown region": ("harbour/hills.arrivals", "harbour/hill.arrivals",
                       "entries.volunteers.inputs[0].address", "harbour/hills"),
    "path of a pulse": ("pulse: 3, days: 30", "path: {2001-06-01: 3}",
                        "entries.volunteers.inputs[0]", None),
    "path of a summit": ("north.revealed\", pulse: 1, date: 2001-12-15",
                         "north.summit\", path: {2001-12-15: 1}",
                         "entries.war_on_the_border.inputs[1]", None),
    "self-denunciation": ("valley.danger", "north->north.denounces",
                          "entries.war_on_the_border.inputs[2].address", None),
    "days of a moment": ("pulse: 1, date: 2001-12-15", "pulse: 1, days: 30",
                         "entries.war_on_the_border.inputs[1].days", None),
    "path and pulse": ("pulse: 3, days: 30", "pulse: 3, path: {2001-06-01: 3}",
                       "entries.volunteers.inputs[0]", None),
    "empty path": ("path: {2001-11-01: 0.4}", "path: {}", "entries.war_on_the_border.inputs[2].path",
                   None),
    "unknown shape": ("45}, shape: linear", "45}, shape: cubic", "entries.war_on_the_border.inputs[0].shape", None),
    "nothing in it": ("    truce: {theatre: harbour, between: [[government, opposition]], level: 0.9, "
                      "until: 2002-07-01}\n", "", "entries.spring_truce", None),
    "no provenance": ("    assumed: an invented event\n", "", "entries.north_enters", None),
    "name of a mechanism": ("  volunteers:", "  s07:", "entries.s07", None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASE)
def test_wrong_case(name: str, edited):
    refused(edited, "case.yaml", *CASE[name])


@pytest.mark.parametrize("name", TIMELINE)
def test_wrong_timeline(name: str, edited):
    refused(edited, "timeline.yaml", *TIMELINE[name])


def refused(edited, file: str, old: str, new: str, key: str, near: str | None) -> None:
    folder = edited((old, new), file=file)
    with pytest.raises(CaseError) as caught:
        load(folder)
    error = caught.value
    where = next((e for e in (error, *error.others) if (e.key or "").endswith(key)), error)
    assert (where.key or "").endswith(key), str(error)
    assert where.file == f"template/{file}"
    assert where.allowed
    assert where.line is not None
    assert near in (None, where.nearest)
    text = (folder / file).read_text().splitlines()
    last = key.rsplit(".", 1)[-1].partition("[")[0]
    if last in new:
        assert last in text[where.line - 1]
    shown = str(where)
    assert "\n" not in shown
    assert f"template/{file}, line {where.line}, " in shown


def test_the_line_is_that_of_the_key(edited):
    folder = edited(("support: {value: 0.65", "support: {value: 1.65"))
    lines = (folder / "case.yaml").read_text().splitlines()
    with pytest.raises(CaseError) as caught:
        load(folder)
    assert "support: {value: 1.65" in lines[(caught.value.line or 0) - 1]
    assert caught.value.found == "1.65"
    assert "1" in (caught.value.allowed or "")


def test_name_must_be_the_folder_s(edited):
    with pytest.raises(CaseError, match=r"case\.yaml, line \d+, name: .* folder"):
        load(edited(("name: template", "name: other")))


def test_several_errors_at_once(edited):
    folder = edited(
        ("support: {value: 0.65", "support: {value: 1.65"), ("label: South", "label: 3")
    )
    with pytest.raises(CaseError) as caught:
        load(folder)
    assert len(caught.value.others) == 1
    assert "(and 1 more)" in str(caught.value)


def test_errors_are_bounded(edited):
    many = ", ".join(f"x{i}: 0.001" for i in range(5000))
    folder = edited(("trade: {values: {south: 0.3}", f"trade: {{values: {{{many}}}"))
    with pytest.raises(CaseError) as caught:
        load(folder)
    assert len(caught.value.others) == 19
    assert len(str(caught.value)) < 1000


def test_missing_files(tmp_path):
    folder = tmp_path / "template"
    folder.mkdir()
    (folder / "case.yaml").write_text((TEMPLATE / "case.yaml").read_text())
    with pytest.raises(CaseError, match=r"timeline\.yaml: there is no such file"):
        load(folder)


def test_too_many_of_a_kind(edited):
    sides = ", ".join(f"side{i}" for i in range(9))
    with pytest.raises(CaseError, match="too many sides"):
        load(edited(("sides: [government, opposition]      #", f"sides: [{sides}]      #")))


def test_a_power_outside_the_theatre_decides_nothing(edited):
    folder = edited(("      south:\n        backs", "      # south:\n        # backs"))
    text = (folder / "case.yaml").read_text()
    start = text.index("      # south:\n")
    end = text.index("    regions:      ")
    (folder / "case.yaml").write_text(text[:start] + text[end:])
    load(folder)
    edited(("{power: north, theatre", "{power: south, theatre"), file="timeline.yaml")
    with pytest.raises(CaseError, match="no such power in this theatre"):
        load(folder)


def test_theatre_that_is_not_simulated(edited):
    border = "  border:\n    label: A war elsewhere\n    client: valley\n    sides: [government]\n"
    folder = edited(("theatres:   ", f"theatres:\n{border}#"))
    load(folder)
    edited(
        (
            "harbour.sponsor[south,opposition]: {value: 2",
            "border.sponsor[south,government]: {value: 2",
        )
    )
    with pytest.raises(CaseError, match="nothing consumes it"):
        load(folder)


def test_a_misspelled_key_comes_before_the_missing_one(edited):
    with pytest.raises(CaseError, match=r"powers\.north\.gpd: unknown key.*nearest: gdp"):
        load(edited(("    gdp: {value: 1500,", "    gpd: {value: 1500,")))

import copy
import json

import jsonschema
import pytest

from allegiance.cases.loading import load
from allegiance.cases.schema import FILES, json_schema
from allegiance.cases.summary import describe


@pytest.mark.parametrize("file", FILES)
def test_json_schema_accepts_the_template(toy, as_json, file: str):
    schema = json_schema(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    document = toy.documents[list(FILES).index(file)]
    jsonschema.validate(as_json(document.data), schema)
    json.dumps(schema)


def test_json_schema_refuses(toy, as_json):
    good = as_json(toy.documents[0].data)
    schema = json_schema()
    for change in (
        lambda d: d["powers"]["north"].update(gpd=1),
        lambda d: d["powers"]["north"]["support"].update(value=1.5),
        lambda d: d["powers"]["north"]["support"].pop("assumed"),
        lambda d: d["powers"]["north"]["support"].update(source="both"),
        lambda d: d["outcomes"]["government_falls"].update(quantity="a.b"),
        lambda d: d.pop("sides"),
    ):
        bad = copy.deepcopy(good)
        change(bad)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)


def test_summary(toy):
    found = describe(toy)
    json.dumps(found, allow_nan=False)
    assert (found["name"], found["from"], found["until"]) == (
        "template",
        "2001-01-01",
        "2002-12-31",
    )
    assert found["powers"] == {"north": "North", "south": "South"}
    assert found["theatres"]["harbour"]["simulated"]
    assert [entry["id"] for entry in found["timeline"]] == list(toy.timeline.entries)
    assert found["timeline"][0]["gives"] == ["north: enter in harbour", "south->north.sanctions"]
    assert found["shares"] == {"documented": 0.0, "assumed": 1.0}
    # 2 powers x (11 figures + 5 motives + 1 trade) and a weight, likeness, and so on: by hand.
    powers, sites, inputs = 2 * (11 + 5 + 1) + 1, 2 + 1, 2
    clients = (2 + 1 + 2 + 1 + 3 + 1 + 1 + 1 + 2 + 1) + (2 + 2 + 3 + 1 + 2 + 1 + 1 + 1 + 1)
    clients += 2 + 2 + 3 + 1 + 1 + 1 + 1 + 2
    theatre = 1 + 2 + 1 + 2 * (3 + 5) + (2 + 2 + 2 + 2 + 2) + (2 + 2 + 1 + 1) + (2 + 2 + 2 + 2)
    timeline = 2 + 1 + 2 + 1 + 1 + 1
    assert found["figures"] == 1 + powers + clients + theatre + sites + inputs + timeline


def test_summary_counts_sources(edited):
    folder = edited(('assumed: "a middle-sized economy"', 'source: "a yearbook, 2001"'))
    edited(("    assumed: an invented event", "    source: a chronicle"), file="timeline.yaml")
    found = describe(load(folder))
    assert found["shares"]["documented"] == pytest.approx(1 / found["figures"])
    # A dated input without a provenance of its own has its entry's.
    own = "\n        assumed: South answers with sanctions"
    edited((own, ""), file="timeline.yaml")
    found = describe(load(folder))
    assert found["shares"]["documented"] == pytest.approx(3 / found["figures"])

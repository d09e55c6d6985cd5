"""What a report shows of `explain`: both levels, clear effects, shares with intervals, commands."""

import html
import json
import re
import shlex
from functools import cache

import pytest

from allegiance.cli.main import code
from allegiance.show.report import commands
from allegiance.show.report.page import write

EVENT = {"kind": "event", "label": "it falls", "median_date": "2002-04-19"}
LEVELS = {
    "at_values": {**EVENT, "p": 1.0, "se": 0.01, "date_q05": "2002-01-01", "n": 64}
    | {"date_q95": "2002-06-02"},
    "over_priors": {**EVENT, "p": 0.77, "se": 0.0365, "date_q05": "2001-11-10", "n": 128}
    | {"date_q95": "2002-12-03"},
}


def effect(id, difference, low, high):
    return {"id": id, "name": f"row {id}", "a": 0.5, "b": 0.5 + difference} | {
        "difference": difference,
        "q05": low,
        "q95": high,
    }


def index(name, first, low, high):
    return {"name": name, "first": first, "first_q05": low, "first_q95": high} | {
        "total": 0.9,
        "total_q05": 0.74,
        "total_q95": 1.2,
    }


WHY = {
    "case": "template",
    "seed": 3,
    "runs": 8448,
    "points": 64,
    "uncertainties": [{}] * 10,
    "outcome": {"id": "falls", "label": "it falls", "kind": "event", "unit": "probability"},
    **LEVELS,
    "rows": [
        effect("S08", -0.5, -0.6, -0.4),
        effect("S09", -0.016, -0.05, 0.02),
        effect("S10", 0.0, 0.0, 0.0),
    ],
    "entries": [],
    "sobol": {"indices": [index("air", 0.45, 0.17, 0.75), index("margin", -0.1783, -0.35, -0.024)]},
}


@pytest.fixture(scope="module")
def page(stored_once, tmp_path_factory):
    """The report of a small run with an explanation, as text without tags; equal ones once."""
    from allegiance.show.report import facts
    from allegiance.show.report.stored import stored

    folder = tmp_path_factory.mktemp("explained")
    primary = facts.primary(stored(stored_once).futures.report)

    @cache
    def made(told: str) -> str:
        file, found = folder / "why.json", json.loads(told)
        about = {**found["outcome"], "id": found["outcome"]["id"].replace("falls", primary)}
        file.write_text(json.dumps({**found, "outcome": about}))
        text = write(stored_once, folder / "report.html", explanation=file)
        text = text.read_text(encoding="utf-8")
        text = text[text.index("<header>") : text.index("</main>")]
        return html.unescape(re.sub(r"<script.*?</script>|<[^>]+>", "", text, flags=re.S))

    return lambda found: made(json.dumps(found))


def part(text, head, tail):
    return " ".join(text[text.index(head) : text.index(tail, text.index(head))].split())


def test_both_levels_stand_beside_the_verdict_and_in_how_sure(page):
    text = page(WHY)
    places = (
        part(text, "The question:", "Answers in short"),
        part(text, "Chance in the sample", "\nOutcomes\n"),
        part(text, "What drives it\n", "Where every number comes from"),
    )
    for place in places:
        assert "at the given values: 100% ± 1.6 (almost certain) of 64 futures" in place
        assert "over the priors of what is uncertain: 77% ± 6.0 (likely) of 128 futures" in place
        assert "90% from 2001-11-10 to 2002-12-03" in place


def test_levels_of_another_outcome_stand_not_beside_the_verdict(page):
    other = {**WHY["outcome"], "id": "another", "label": "another thing"}
    text = page({**WHY, "outcome": other})
    assert "77%" not in part(text, "The question:", "Answers in short")
    assert "“another thing”" in part(text, "Chance in the sample", "\nOutcomes\n")
    assert "77%" in part(text, "What drives it\n", "Where every number comes from")


def test_only_clear_effects_are_listed_and_shares_have_intervals(page):
    text = part(page(WHY), "What drives it\n", "Where every number comes from")
    assert "row S08 S08" in text
    assert "row S09" not in text
    assert "Not clear of 0: S09." in text
    assert "No difference at all: 1." in text
    assert "0.45 (0.17 to 0.75)" in text
    assert "-0.18 (-0.35 to -0.024); read as 0" in text


def test_how_to_reproduce_has_every_file(page):
    text = part(page(WHY), "How to reproduce it", "SHA-256")
    assert "allegiance explain template --outcome" in text
    assert "--runs 8448 --seed 3 --json > explanation.json" in text
    assert "allegiance report DIR --explanation explanation.json" in text


@pytest.mark.parametrize(
    ("asked", "pulled"),
    [
        ({"runs": 6000}, []),
        ({"runs": 14_500, "over": ["conquest", "north.motive"]}, ["--without", "S07"]),
        ({"runs": 20_000, "over": ["all"], "until": "2002-06-30"}, ["--set", "north.force=200"]),
        ({"runs": 40_000, "theory": "stated", "seed": 3}, ["--free", "north_enters"]),
    ],
)
def test_the_command_asks_the_same_question_at_the_same_size(asked, pulled, monkeypatch):
    """What `explain` is told to do by its own answer's command, down to the size of the design."""
    from allegiance.cases.new import TEMPLATE
    from allegiance.cli import options
    from allegiance.explain import drivers

    orders = []

    def caught(order, tick):
        orders.append(order)
        raise KeyboardInterrupt

    monkeypatch.setattr(drivers, "explained", caught)
    words = [f"--{name}={value}" for name, value in asked.items() if name != "over"]
    words += [f"--over={name}" for name in asked.get("over", [])]
    assert code(["explain", str(TEMPLATE), "--outcome", "government_falls", *words, *pulled]) == 130
    first = orders[0]
    found = {
        "case": str(TEMPLATE),
        "theory": first.setup.scenario.theory.name,
        "levers": list(first.setup.scenario.levers),
        "seed": first.setup.seed,
        "until": first.setup.until.isoformat(),
        "outcome": {"id": first.outcome},
        "runs": first.size.futures,
        "points": first.size.points,
        "over": list(first.inputs.over),
        "uncertainties": first.inputs.described,
    }
    end = options.pulled(str(TEMPLATE), "default", [], [], []).files.case.until
    line = commands.explain(found, end.isoformat())
    again, _, target = line.partition(" > ")
    assert target == "explanation.json"
    assert code(shlex.split(again)[1:]) == 130
    assert orders[1].size == first.size
    assert orders[1].inputs == first.inputs
    assert orders[1].outcome == first.outcome
    assert orders[1].setup.scenario == first.setup.scenario
    assert (orders[1].setup.seed, orders[1].setup.until) == (first.setup.seed, first.setup.until)


def test_runs_and_comparisons_are_told_with_all_that_changed_a_number(tmp_path, fake_engine):
    from allegiance.cases.new import TEMPLATE
    from allegiance.show.report.stored import stored

    words = ["--runs", "16", "--seed", "5", "--theory", "stated", "--until", "2002-06-30"]
    words += ["--set", "north.force=200", "--by", "2001-12-31", "--record", "south.treasury"]
    store = tmp_path / "store"
    assert code(["run", str(TEMPLATE), *words, "--json", "--out", str(store)]) == 0
    told = shlex.split(commands.run(stored(store)))
    assert told[:3] == ["allegiance", "run", "template"]
    assert sorted(told[3:]) == sorted([*words, "--out", "DIR"])
    found = {"cases": ["a", "b"], "posterior": {"x": 0.5, "y": 0.5}, "runs": 64, "seed": 2}
    levers = ["--without war", "--set north.force=200"]
    line = commands.compare({**found, "levers": {"a": levers, "b": levers}})
    wanted = "allegiance compare a b --theories x,y --runs 64 --seed 2 --without war "
    assert line == f"{wanted}--set north.force=200 --json > comparison.json"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"at_values": {**LEVELS["at_values"], "p": "x"}},
        {"rows": [{"difference": 1.0}]},
        {"sobol": {"indices": [{"name": "x"}]}},
        {"over": [3]},
        {"uncertainties": "many"},
    ],
)
def test_what_lacks_its_numbers_is_refused(page, spoilt):
    from allegiance.cases.errors import CaseError

    with pytest.raises(CaseError, match="no explanation"):
        page(WHY | spoilt)

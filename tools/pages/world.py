"""The small world in which every mechanism is shown: the template, made livelier.

A second patron fights beside the first, a third side fights the government too, and the timeline
moves every kind of input once, decisions and the offensive being left to the model. It is written
anew from the template, so that a change of the case language shows at once.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from allegiance.cases.inputs import INPUTS
from allegiance.cases.new import TEMPLATE
from allegiance.cases.schema import Power

if TYPE_CHECKING:
    from allegiance.engine.scenario import Scenario

FEEDS = {
    # address: when it begins, and how much; a pulse lasts four weeks
    "harbour.burden_force[north]": ("2001-11-01", 58),
    "harbour.air_defence[opposition]": ("2001-06-01", 0.5),
    "harbour.priority_elsewhere[south]": ("2002-03-01", 0.8),
    "harbour.fed_alarm[east]": ("2001-03-01", 0.8),
    "south->north.sanctions": ("2001-09-01", 0.5),
    "south->north.detente": ("2002-01-01", 0.4),
    "south->north.denounces": ("2001-11-01", 0.8),
    "north.propaganda": ("2001-03-01", 0.8),
    "north.mediation": ("2001-09-01", 0.8),
    "north.demonstrations": ("2001-06-01", 0.6),
    "valley.uprising": ("2001-03-01", 1),
    "coast.danger": ("2001-11-01", 0.5),
    "valley.danger": ("2001-11-01", 0.5),
    "harbour.resolution": ("2001-06-01", 0.4),
    "valley->north.sides_with_enemy": ("2002-01-01", 0.8),
    "valley->north.deals": ("2001-06-01", 0.6),
    "coast->north.populists": ("2001-06-01", 0.4),
    "coast->south.refusal": ("2001-03-01", 0.9),
    "coast->north.deters": ("2001-03-01", 0.4),
    "coast->south.attacked": ("2001-09-01", 1),
    "north.revealed": ("2001-12-15", 1),
    "north.summit": ("2001-10-01", 1),
    "harbour/hills.arrivals[radicals]": ("2001-05-01", 20),
}
START = {
    "harbour.restraint[south]": 0.7,
    "harbour.sponsor[south,opposition]": 25,
}


SET = {"parameter.entry_cost": 0.5}
"""What differs from the default theory: powers go in more readily."""


def loaded(folder: Path) -> Scenario:
    """The world, written into `folder` on the way."""
    from allegiance.engine.scenario import load

    scenario = load(written(folder / "harbour_war"))
    for address, value in SET.items():
        scenario = scenario.set(address, value)
    return scenario


def written(folder: Path) -> Path:
    """Write the world's `case.yaml` and `timeline.yaml` into `folder`; return it."""
    case = yaml.safe_load((TEMPLATE / "case.yaml").read_text(encoding="utf-8"))
    _peopled(case)
    case["name"] = folder.name
    case["until"] = "2003-12-31"
    case["inputs"] = {address: _assumed(value) for address, value in START.items()}
    # Inputs that this version does not know yet are left out.
    feeds = {a: feed for a, feed in FEEDS.items() if _noun(a) in INPUTS}
    entries = {f"feed_{i}": _entry(a, *feed) for i, (a, feed) in enumerate(feeds.items())}
    for date, choice in (("2001-04-15", "enter"), ("2003-01-15", "leave")):
        made = {"power": "north", "theatre": "harbour", "choice": choice}
        entries[choice] = _given(date, f"North: {choice}") | {"decision": made}
    pair = [["government", "opposition"]]
    truce = {"theatre": "harbour", "between": pair, "level": 0.9, "until": "2002-06-01"}
    entries["spring_truce"] = _given("2002-03-01", "a truce") | {"truce": truce}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("case", case), ("timeline", {"entries": entries})):
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        # Dates go in unquoted, as people write them.
        (folder / f"{name}.yaml").write_text(_dates_bare(text), encoding="utf-8")
    return folder


def _peopled(case: dict[str, Any]) -> None:
    """Add a second patron, a third side and what some mechanisms ask for."""
    powers, clients, war = case["powers"], case["clients"], case["theatres"]["harbour"]
    powers["east"] = copy.deepcopy(powers["north"]) | {"label": "East"}
    powers["east"]["trade"] = {"values": {"north": 0.3}, "assumed": "a partner of North"}
    powers["north"]["trade"] = {"values": {"south": 0.3, "east": 0.2}, "assumed": "both ways"}
    war["powers"]["east"] = copy.deepcopy(war["powers"]["north"])
    case["sides"].append("radicals")
    war["sides"].append("radicals")
    war["hostile"].append(["government", "radicals"])
    war["radical"] = "radicals"
    war["legitimacy"] = {"values": {"government": 0.6}, "assumed": "disputed"}
    for power in ("north", "east"):
        war["powers"][power]["strikes"] = ["opposition", "radicals"]
        war["powers"][power]["named_enemy"] = ["radicals"]
        war["powers"][power] |= {"ground": _assumed(3), "air": _assumed(1.5)}
    regions = war["regions"]
    regions["hills"]["control"]["values"] = {
        "government": 0.1,
        "opposition": 0.65,
        "radicals": 0.25,
    }
    regions["hills"]["force"]["values"] = {"government": 6, "opposition": 40, "radicals": 15}
    regions["capital"]["force"]["values"] = {"government": 30, "opposition": 15}
    regions["capital"]["control"]["values"] = {"government": 0.75, "opposition": 0.25}
    war["mobilised"]["values"] = {"government": 25, "opposition": 60, "radicals": 30}
    war["own_air"]["values"] = {"government": 0.3}
    war["discipline"] = {"values": {"government": -0.3}, "assumed": "conscripts"}
    motives = {"survival": 0.4, "reach": 0.1, "status": 0.25, "fear": 0.25}
    powers["east"]["motive"] = {"values": motives, "assumed": "looks for reasons to go in"}
    stakes = {"survival": 1, "reach": 1, "status": 1, "fear": 1, "stated": 0.5}
    war["powers"]["east"]["stake"]["values"] = stakes
    if "veto" in Power.model_fields:
        powers["north"]["veto"] = True
    clients["coast"]["trust"]["values"]["north"] = 0.5
    clients["coast"]["population"] = _assumed(10)


def _assumed(value: float) -> dict[str, Any]:
    return {"value": value, "assumed": "invented"}


def _noun(address: str) -> str:
    from allegiance.cases.addresses import parse

    return parse(address).noun


def _entry(address: str, date: str, value: float) -> dict[str, Any]:
    if INPUTS[_noun(address)].pulse:
        change = {"address": address, "pulse": value}
        change |= {"date": date} if _noun(address) != "arrivals" else {"days": 28}
    else:
        change = {"address": address, "path": {date: value}}
    fed = [change | {"assumed": "invented"}]
    return _given(date, address) | {"inputs": fed}


def _given(date: str, label: str) -> dict[str, Any]:
    return {"date": date, "label": label, "assumed": "invented"}


def _dates_bare(text: str) -> str:
    import re

    return re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", text)

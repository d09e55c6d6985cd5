"""Which shipped cases use which mechanism: where switching it off changes a recorded bit.

A case is tried as it stands, and then with its powers' decisions left to the model, as `--free`
leaves them: where history's choices are given, the rows that would choose cannot show.

That takes a minute or two a case, so the answer is kept beside this file, in `uses.json`.
`make uses` writes it anew for the cases whose files, or the model's, have changed since.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allegiance.cases.schema import CaseFile
    from allegiance.engine.scenario import Scenario
    from allegiance.engine.setup import Setup

FILE = Path(__file__).with_name("uses.json")
RUNS = 64

YEARS = (1, 4)
"""Rows that change something in so many years are known to act; only the others run on."""

MODEL = ("engine", "verbs", "world", "cases")


def shipped() -> list[str]:
    """Names of the shipped cases."""
    from allegiance.cases import loading

    return loading.shipped()


def _kept() -> dict[str, dict[str, Any]]:
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}


def stored() -> dict[str, list[str]]:
    """Rows that each shipped case used when this was last found out."""
    return {case: found["rows"] for case, found in _kept().items()}


def made_from(case: str) -> str:
    """Fingerprint of all that decides what a case uses: the model's sources and the case's files.

    Raises:
        CaseError: the case is wrong.
    """
    from allegiance.engine.scenario import load

    package = Path(__file__).parents[1]
    files = [file for folder in MODEL for file in (package / folder).glob("*.*")]
    digest = hashlib.sha256(load(case).files.digest.encode())
    for file in sorted(file for file in files if file.suffix in (".py", ".csv")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def computed(tick: Callable[[int], None] = lambda done: None) -> dict[str, list[str]]:
    """Rows that each shipped case uses, by switching each off in RUNS futures."""
    from allegiance.world.rows import IDS

    found = {}
    for number, case in enumerate(shipped()):
        found[case] = used(case)
        tick((number + 1) * len(IDS))
    return found


def used(case: str) -> list[str]:
    """Rows that a case uses.

    Raises:
        CaseError: the case is wrong.
    """
    from allegiance.world.rows import IDS

    left = list(IDS)
    for setup in _spans(case):
        left = _unused(setup, left)
    return [id for id in IDS if id not in left]


def _spans(case: str) -> Iterator[Setup]:
    """The case until the end of so many YEARS, the whole of it, and the whole with free choices."""
    from allegiance.engine.scenario import load

    scenario = load(case)
    whole = _ordered(scenario)
    for years in YEARS:
        until = whole.built.start + timedelta(days=364 * years)
        if until < whole.until:
            yield _ordered(scenario, until)
    yield whole
    freed = _freed(scenario)
    if freed is not scenario:
        yield _ordered(freed)


def _ordered(scenario: Scenario, until: date | None = None) -> Setup:
    """An order of RUNS futures that records all that any row's observable is read from."""
    from allegiance.engine.setup import prepare

    case = scenario.files.case
    setup = prepare(scenario, runs=RUNS, extra=_recorded(case), until=until)
    came = (f"{client}->{power}.attended" for client in case.clients for power in case.powers)
    return replace(setup, events=tuple(dict.fromkeys([*setup.events, *came])))


def _recorded(case: CaseFile) -> list[str]:
    """The chain of a contrast, and what only S14, S38, S40 and S55 move."""
    from allegiance.engine import selection

    ends = [f"{client}.{noun}" for client in case.clients for noun in ("investment", "strain")]
    ends += [f"{power}.leverage" for power in case.powers]
    ends += [f"{client}->{power}.doubt" for client in case.clients for power in case.powers]
    return list(dict.fromkeys([*selection.chain(case), *ends]))


def _freed(scenario: Scenario) -> Scenario:
    """The scenario in which the model takes every decision that an entry had pinned."""
    while entry := next(
        (id for id, e in scenario.files.timeline.entries.items() if e.decision), None
    ):
        scenario = scenario.free(entry)
    return scenario


def _unused(setup: Setup, ids: list[str]) -> list[str]:
    """Those of the rows `ids` that change nothing that is recorded."""
    from allegiance.explain.ablation import ablated, each

    base = _prints(setup)
    others = each(_prints, ablated(setup, ids), setup.runs)
    return [id for id, other in zip(ids, others, strict=True) if other == base]


def _prints(setup: Setup) -> list[str]:
    """Fingerprints of all that is recorded of an order."""
    from allegiance.engine.simulate import chunks

    parts = [part for chunk in chunks(setup) for part in (chunk.records, chunk.first)]
    return [hashlib.sha256(part.tobytes()).hexdigest() for part in parts]


def renewed() -> dict[str, dict[str, Any]]:
    """What `uses.json` should hold; only what has changed is found out anew."""
    kept, found = _kept(), {}
    for case in shipped():
        mark = made_from(case)
        if kept.get(case, {}).get("made_from") == mark:
            found[case] = kept[case]
            continue
        print(f"{case}: switching every row off", file=sys.stderr)
        found[case] = {"made_from": mark, "rows": used(case)}
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(renewed(), indent=1) + "\n", encoding="utf-8")

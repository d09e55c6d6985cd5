"""Which shipped cases use which mechanism: where switching it off changes a recorded bit.

That takes minutes to find out, so the answer is kept beside this file, in `uses.json`.
`python -m allegiance.explain.uses` writes it anew after a change to a verb or a case.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

FILE = Path(__file__).with_name("uses.json")
RUNS = 64


def shipped() -> list[str]:
    """Names of the shipped cases."""
    from allegiance.cases import loading

    return loading.shipped()


def stored() -> dict[str, list[str]]:
    """Rows that each shipped case used when this was last found out."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}


def computed(tick: Callable[[int], None] = lambda done: None) -> dict[str, list[str]]:
    """Rows that each shipped case uses, by switching each off in RUNS futures."""
    from allegiance.world.rows import IDS

    found: dict[str, list[str]] = {}
    for number, case in enumerate(shipped()):
        base = _prints(case, None)
        found[case] = []
        for place, id in enumerate(IDS):
            if _prints(case, id) != base:
                found[case].append(id)
            tick(number * len(IDS) + place + 1)
    return found


def _prints(case: str, without: str | None) -> list[str]:
    """Fingerprints of all that is recorded of a case."""
    import hashlib

    from allegiance.engine import selection
    from allegiance.engine.scenario import load
    from allegiance.engine.setup import prepare
    from allegiance.engine.simulate import chunks

    scenario = load(case)
    extra = selection.chain(scenario.files.case)
    scenario = scenario.without(without) if without else scenario
    setup = prepare(scenario, runs=RUNS, extra=extra)
    parts = [part for chunk in chunks(setup) for part in (chunk.records, chunk.first)]
    return [hashlib.sha256(part.tobytes()).hexdigest() for part in parts]


if __name__ == "__main__":
    FILE.write_text(json.dumps(computed(), indent=1) + "\n", encoding="utf-8")

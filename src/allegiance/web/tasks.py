"""What the worker does: run, contrast and story. Each gives named parts of a result, as bytes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from allegiance.engine import selection, setup, simulate
from allegiance.engine.outcomes import Tally
from allegiance.engine.scenario import load
from allegiance.explain.contrast import streamed
from allegiance.web import data, orders, pairs, recording, story
from allegiance.web.recording import Cancel, Meter
from allegiance.web.store import Parts
from allegiance.web.worker import Progress


def warm() -> None:
    """Import what takes longest before anybody waits for it."""
    from allegiance.engine import program

    program.prepare()


def run(told: dict[str, Any], progress: Progress, cancelled: Cancel) -> Parts:
    """As `allegiance run --json`, with the outcomes of every future and the yearly means.

    Raises:
        CaseError: the order is wrong.
    """
    order = orders.Run(**told["order"])
    world = orders.scenario(order, told["folder"])
    wanted = order.model_dump(include={"runs", "seed", "until", "by", "record"})
    made = recording.order(world, **wanted)
    meter, tally = Meter(progress, cancelled), Tally(made)
    for chunk in meter.chunks(made):
        tally.add(chunk)
    report = simulate.report(made, tally, 0.0)
    del report["seconds"]  # equal orders have equal results
    return {
        "result.json": _json(report),
        "runs.csv": data.runs(made, tally.values),
        "series.csv": data.yearly(report["series"]),
    }


def contrast(told: dict[str, Any], progress: Progress, cancelled: Cancel) -> Parts:
    """As `allegiance contrast --json`.

    Raises:
        CaseError: the order is wrong.
    """
    order = orders.Contrast(**told["order"])
    base, other = load(told["folder"]), orders.scenario(order, told["folder"])
    wanted = order.model_dump(include={"runs", "seed", "until", "record"})
    wide = recording.order(base, **wanted), recording.order(other, **wanted)
    # The command line's chain follows these addresses; what else was recorded is left out.
    named = setup.prepare(base, **wanted, extra=selection.chain(base.files.case))
    pair = pairs.Pair((base.files.digest, wanted), wide, named, Meter(progress, cancelled))
    found = streamed(pair.a, pair.b, pair.chunks, lambda done: None)
    head = {"case": base.name, "levers": list(other.levers), "theory": other.theory.name}
    report = {**head, "runs": order.runs, "seed": order.seed, **found.summary()}
    return {"result.json": _json(report), "contrast.csv": data.contrast(report)}


def tell(told: dict[str, Any], progress: Progress, cancelled: Cancel) -> Parts:
    """The story of a world: see `story`.

    Raises:
        CaseError: the order is wrong.
    """
    order = orders.Story(**told["order"])
    world = orders.scenario(order, told["folder"])
    made = recording.order(world, runs=order.runs, seed=order.seed)
    meter = Meter(progress, cancelled)
    found = story.collected(made, meter.chunks(made))
    return {"result.json": _json(found), "series.csv": data.fans(found)}


def _json(found: Any) -> bytes:
    return json.dumps(found, allow_nan=False, ensure_ascii=False, default=_plain).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)


TASKS = {"run": run, "contrast": contrast, "story": tell}

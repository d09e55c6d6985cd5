"""What the worker does: run, contrast and story. Each gives named parts of a result, as bytes."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import numpy as np

from allegiance.engine import program, selection, setup, simulate
from allegiance.engine.chunks import Chunk
from allegiance.engine.outcomes import Tally
from allegiance.engine.scenario import Scenario, load
from allegiance.engine.store import Store
from allegiance.explain.contrast import streamed
from allegiance.show import sentences
from allegiance.web import data, orders, pairs, recording, story
from allegiance.web.recording import Cancel, Meter
from allegiance.web.store import Parts
from allegiance.web.worker import Progress


def warm() -> None:
    """Import what takes longest before anybody waits for it."""
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
    pair = _pair(order, base, other, Meter(progress, cancelled))
    found = streamed(pair.a, pair.b, pair.chunks, lambda done: None)
    head = {"case": base.name, "levers": list(other.levers), "theory": other.theory.name}
    chain = sentences.named(found.chain, base.files.case)
    report = {**head, "runs": order.runs, "seed": order.seed, **found.summary(), "chain": chain}
    return {"result.json": _json(report), "contrast.csv": data.contrast(report)}


def ready(told: dict[str, Any], progress: Progress, cancelled: Cancel) -> Parts:
    """Simulate the case as it is and keep it, so that the next contrast has half of it done.

    Raises:
        CaseError: the order is wrong.
    """
    order, base = orders.Contrast(**told["order"]), load(told["folder"])
    pair = _pair(order, base, base, Meter(progress, cancelled))
    deque(pair.chunks(pair.a), maxlen=0)
    return {"result.json": _json({"case": base.name, "runs": order.runs, "seed": order.seed})}


def _pair(order: orders.Contrast, a: Scenario, b: Scenario, meter: Meter) -> pairs.Pair:
    wanted = order.model_dump(include={"runs", "seed", "until", "record"})
    wide = recording.order(a, **wanted), recording.order(b, **wanted)
    # The command line's chain follows these addresses; what else was recorded is left out.
    named = setup.prepare(a, **wanted, extra=selection.chain(a.files.case))
    return pairs.Pair((a.files.digest, wanted), wide, named, meter)


def report(told: dict[str, Any], progress: Progress, cancelled: Cancel) -> Parts:
    """As `allegiance report` of a run: with levers, against the case as it is.

    Raises:
        CaseError: the order is wrong.
    """
    from allegiance.show.report import page

    order = orders.Report(**told["order"])
    base, world = load(told["folder"]), orders.scenario(order, told["folder"])
    worlds = {"run": world} | ({"other": base} if world != base else {})
    setups = {
        name: recording.reported(each, runs=order.runs, seed=order.seed)
        for name, each in worlds.items()
    }
    meter = Meter(progress, cancelled)
    with TemporaryDirectory() as made:
        folder = Path(made)
        told_of = {name: meter.chunks(made) for name, made in setups.items()}
        for name, made in setups.items():
            _stored(Store(folder / name, made), made, told_of[name])
        progress(1.0, "writing the report")
        against = folder / "other" if "other" in worlds else None
        path = page.write(folder / "run", folder / page.NAME, against=against)
        return {page.NAME: path.read_bytes()}


def _stored(store: Store, made: setup.Setup, chunks: Iterable[Chunk]) -> None:
    began, tally = monotonic(), Tally(made)
    width = program.LANE * program.prepare()
    for index, chunk in enumerate(chunks):
        store.write(index, chunk, width)
        tally.add(chunk)
    store.finish(tally.values, simulate.report(made, tally, monotonic() - began))


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


TASKS = {"run": run, "contrast": contrast, "ready": ready, "report": report, "story": tell}

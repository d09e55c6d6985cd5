"""From simulated futures to what each item of a dossier would read in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.cases.calendar import Calendar
from allegiance.cases.schema import CaseFile
from allegiance.engine import observe, selection, simulate
from allegiance.engine.chunks import Chunk
from allegiance.engine.draws import Draws
from allegiance.engine.scenario import Scenario
from allegiance.engine.setup import Setup, prepare
from allegiance.evidence.schema import Item, Window


@dataclass(frozen=True)
class Readings:
    """What the items read in the futures.

    `values` [item, run]: a quantity, aggregated and in its own unit, or 1 and 0 for an event that
    happened so and one that did not; NaN where a future has nothing to read. `start` [item]: the
    mean quantity in the first week. `first` [item, run]: days from the start to the first
    occurrence of an item's event, infinite for never.
    """

    values: np.ndarray
    start: np.ndarray
    first: np.ndarray


def order(
    scenario: Scenario,
    items: Iterable[Item],
    runs: int,
    seed: int,
    draws: Draws | None = None,
) -> Setup:
    """An order that records exactly what the items need, up to the last day that they speak of.

    Raises:
        CaseError: a number is wrong.
    """
    items = list(items)
    case = scenario.files.case
    dates = [item.date for item in items if item.date]
    ordered = any(item.order for item in items) or not dates
    last = case.until if ordered else max(dates)
    setup = prepare(scenario, runs=runs, seed=seed, until=last, draws=draws)
    quantities, events = addresses(items)
    built = setup.built
    places = observe.catalogue(built.labels, observe.axis_sizes(built.world))
    return replace(
        setup,
        addresses=tuple(quantities),
        reported=(),
        flows=np.array([places[address].flow for address in quantities], bool),
        events=tuple(events),
    )


def addresses(items: Iterable[Item]) -> tuple[list[str], list[str]]:
    """The quantities and the events that items speak of."""
    items = list(items)
    quantities = (str(parse(a)) for item in items if not item.happens for a in item.addresses)
    events = (str(parse(a)) for item in items if item.happens for a in item.addresses)
    return list(dict.fromkeys(quantities)), list(dict.fromkeys(events))


def reported(case: CaseFile, items: Iterable[Item]) -> tuple[list[str], list[str]]:
    """The quantities and the events that a report reads: the story, and what items speak of."""
    quantities, events = addresses(items)
    return [*selection.story(case), *quantities], events


def readings(
    setup: Setup,
    items: Mapping[str, Item],
    tick: simulate.Tick | None = None,
    chunks: Iterable[Chunk] | None = None,
) -> Readings:
    """Read every item in every future: of `chunks`, else of the order, which is simulated once."""
    values, start, first, done = [], [], [], 0
    for chunk in simulate.chunks(setup) if chunks is None else chunks:
        values.append(np.array([read(setup, item, chunk) for item in items.values()]))
        start.append(np.array([_first_week(setup, item, chunk) for item in items.values()]))
        first.append(np.array([_days(setup, item, chunk) for item in items.values()]))
        done += len(chunk.runs)
        if tick:
            tick(done)
    return Readings(
        np.concatenate(values, axis=1),
        np.concatenate(start, axis=1).mean(axis=1),
        np.concatenate(first, axis=1),
    )


def read(setup: Setup, item: Item, chunk: Chunk) -> np.ndarray:
    """What an item reads in each run of a chunk [run]."""
    if item.happens:
        return _happened(setup, item, chunk).astype(float)
    assert item.when
    found = _aggregate(setup, item, item.when, chunk)
    if item.against:
        base = _aggregate(setup, item, item.against, chunk)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.where(base > 0.0, found / base, np.nan)
    return found


def _happened(setup: Setup, item: Item, chunk: Chunk) -> np.ndarray:
    first = _days(setup, item, chunk)
    start = setup.built.start
    if item.order:
        other = chunk.first[setup.events.index(str(parse(item.order.before)))]
        return first < other
    assert item.event
    ends = [(date - start).days + 1.0 for date in item.event.dates]
    if item.event.between:
        return (first >= ends[0] - 1.0) & (first < ends[1])
    return first < ends[0] if item.event.by else first >= ends[0]


def _days(setup: Setup, item: Item, chunk: Chunk) -> np.ndarray:
    if not item.happens:
        return np.full(len(chunk.runs), np.inf)
    return chunk.first[setup.events.index(str(parse(item.what)))]


def _path(setup: Setup, item: Item, chunk: Chunk) -> np.ndarray:
    """The quantity, summed over the item's addresses [step, run]."""
    rows = [setup.addresses.index(str(parse(a))) for a in item.addresses]
    return chunk.records[:, rows].astype(float).sum(axis=1)


def _first_week(setup: Setup, item: Item, chunk: Chunk) -> np.ndarray:
    if item.happens or item.against:
        return np.full(len(chunk.runs), np.nan)
    return _path(setup, item, chunk)[0]


def _aggregate(setup: Setup, item: Item, window: Window, chunk: Chunk) -> np.ndarray:
    path = _path(setup, item, chunk)
    share = shares(setup.built.calendar, window)
    inside = np.flatnonzero(share)
    path, share = path[inside], share[inside, None]
    seen = np.isfinite(path)
    share = np.where(seen, share, 0.0)
    known = np.where(seen, path, 0.0)
    if window.aggregate == "last":
        return path[-1]
    if window.aggregate == "max":
        found = np.where(seen, path, -np.inf).max(axis=0)
    elif window.aggregate == "sum":
        found = (share * known).sum(axis=0)
    else:
        found = (share * known).sum(axis=0) / np.maximum(share.sum(axis=0), 1e-12)
    return np.where(seen.any(axis=0), found, np.nan)


def shares(calendar: Calendar, window: Window) -> np.ndarray:
    """Share of each step that lies in the window, both its days included [step]."""
    edges = calendar.edges()
    first, last = calendar.day(window.start), calendar.day(window.until) + 1.0
    inside = np.clip(edges[1:], first, last) - np.clip(edges[:-1], first, last)
    return inside / calendar.step_days

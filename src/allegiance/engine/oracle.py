"""The oracle: the same week under NumPy, step by step, with the same noise.

Slow on purpose and free of everything that could go wrong in the fast engine: no compiler, no
segments, no chunks, no devices. Tests hold the engine against it, and the benchmark counts how much
faster the engine is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from allegiance.engine import noise, observe
from allegiance.engine.chunks import Chunk, Plan
from allegiance.engine.week import quiet, week
from allegiance.world.case import YEAR, Case, Given, Today
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


class State(NamedTuple):
    """The world between two steps, run axis last, and the news of the step before."""

    world: World
    news: News


def opening(plan: Plan) -> State:
    """The first day of every run."""
    world = _each(lambda array: np.repeat(array[..., None], plan.runs, axis=-1), plan.built.world)
    sizes, words = noise.shapes(plan.built.case), noise.streams(plan.built.case)
    world = noise.opened(world, np.uint32(plan.seed), _runs(plan), words, sizes)
    return State(world, quiet(world))


def step(plan: Plan, state: State, index: int) -> State:
    """One step from `state`, with the inputs and the noise of step `index`.

    Single precision between steps, as in the engine; inside a step NumPy may use more.
    """
    case, days, theory, dt = _setting(plan, index)
    sizes = noise.shapes(plan.built.case)
    words = noise.streams(plan.built.case)
    draws = noise.draw(np.uint32(plan.seed), _runs(plan), np.uint32(index), words, sizes)
    world, news = week(state.world, state.news, case, days, theory, draws, dt)
    return _each(lambda array: np.asarray(array, np.float32), State(world, news))


def simulate(plan: Plan) -> Chunk:
    """All runs of a plan as one chunk; `lane` and `devices` mean nothing here."""
    built = plan.built
    sizes = observe.axis_sizes(built.world)
    places = observe.catalogue(built.labels, sizes)
    known = observe.events(built.labels, sizes)
    asked = [places[address] for address in plan.record]
    watched = [observe.event_place(known[event], sizes) for event in plan.watch]
    state = opening(plan)
    first = np.full((len(watched), plan.runs), np.inf)
    records = np.zeros((built.steps, len(plan.record), plan.runs), np.float32)
    logs = []
    for index in range(built.steps):
        state = step(plan, state, index)
        case, days, theory, dt = _setting(plan, index)
        for number in {place.quantity for place in asked}:
            found = observe.read(number, state.world, state.news, case, theory, dt)
            for at, place in enumerate(asked):
                if place.quantity == number:
                    records[index, at] = found[place.index]
        numbers = np.arange(days.launch.shape[0]) * built.step_days / days.launch.shape[0]
        launch_day = np.tensordot(numbers, days.launch, axes=1)
        for at, (number, row) in enumerate(watched):
            flag = observe.read_event(number, state.news)
            day = observe.event_day(number, state.news, case, launch_day, built.step_days)
            passed = np.broadcast_to(index * built.step_days + day, flag.shape)[row]
            first[at] = np.minimum(first[at], np.where(flag[row] > 0, passed, np.inf))
        if plan.log:
            logs.append((observe.read_events(state.news) > 0).astype(np.uint8))
    return Chunk(_runs(plan), records, first, np.stack(logs) if plan.log else None)


def _setting(plan: Plan, index: int) -> tuple[Case, Today, Theory, float]:
    """Constants with the inputs of a step, its substeps, the theory and the step in years."""
    built = plan.built
    given = Given(*(array[index] for array in built.given))
    days = Today(*(array[index] for array in built.today))
    values, switches = _columns(plan.values, plan.runs), _columns(plan.switches, plan.runs)
    case = _lift(built.case._replace(given=given, today=Today(*(array[0] for array in days))))
    if plan.motive is not None:
        case = case._replace(motive=np.asarray(plan.motive, np.float32)[..., : plan.runs])
    return case, _lift(days), Theory(values, switches), built.step_days / YEAR


def _columns(numbers: np.ndarray, runs: int) -> np.ndarray:
    """Numbers of a theory with a column for each run, whether they differ by run or not."""
    numbers = np.asarray(numbers, np.float32)
    return np.repeat(numbers[:, None], runs, axis=1) if numbers.ndim == 1 else numbers[:, :runs]


def _runs(plan: Plan) -> np.ndarray:
    return np.arange(plan.first_run, plan.first_run + plan.runs, dtype=np.uint32)


def _lift(tree: Any) -> Any:
    """Give every array a run axis of length 1, so that it broadcasts over the runs."""
    return _each(lambda array: np.asarray(array)[..., None], tree)


def _each(change: Any, tree: Any) -> Any:
    """Apply `change` to every array of nested named tuples."""
    if isinstance(tree, tuple):
        return type(tree)(*(_each(change, part) for part in tree))
    return change(tree)

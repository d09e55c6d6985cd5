"""Compiled segments: 52 steps of 64 runs, one program for any case of a shape.

A program is compiled per shape and per set of recorded blocks. The host carries the state from
segment to segment and from chunk to chunk, so that no program depends on the span of a case or on
the number of runs. It knows one device and one width: several cores run it side by side, each for a
lane of its own, and another width would be another program, which the compiler may round otherwise.
Noise of the next step travels in the scan's carry: fused into the step, XLA would run the generator
again inside every consumer.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from allegiance.engine import cache, executables, interrupts, noise, observe
from allegiance.engine.week import quiet, week
from allegiance.world.arrays import alone
from allegiance.world.case import DAYS, YEAR, Case, Given, Today
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory

SEGMENT = 52
"""Steps in a compiled segment."""

LANE = 64
"""Runs that one core advances together."""

NEVER = 1e9
"""First passage of an event that did not happen, in days."""

OPTIONS = {
    "xla_cpu_prefer_vector_width": 512,
    "xla_cpu_multi_thread_eigen": False,
    "xla_cpu_experimental_ynn_fusion_type": "",
    "xla_cpu_use_fusion_emitters": False,
    "xla_disable_hlo_passes": "cpu-parallel-task-assigner",
}
"""Measured: no reduction fusion is worth a factor of two and equality between chunk sizes; the
older emitter takes half the time to compile and makes code of the same speed."""


def segments(steps: int) -> int:
    """Number of segments that hold so many steps; the last one may be padded."""
    return -(-steps // SEGMENT)


class Carry(NamedTuple):
    """What one segment hands to the next."""

    world: World
    news: Any
    noise: Any
    first: Any  # [watched event, run] days from the start, or NEVER


class Inputs(NamedTuple):
    """Arguments of a segment that do not carry runs."""

    seed: Any  # [] uint32
    start: Any  # [] uint32, index of the first step
    words: Any  # [draw, 1] uint32
    given: Given  # [step, ...]
    today: Today  # [step, day, ...]
    case: Case
    recorded: tuple[Any, ...]  # for each recorded quantity [row] int32, its rows
    watched: tuple[Any, ...]  # for each watched kind of event [row] int32, its rows


class Shape(NamedTuple):
    """What a program is compiled for beyond the shapes of its arguments."""

    quantities: tuple[int, ...]  # numbers of the recorded `observe.QUANTITIES`
    events: tuple[int, ...]  # numbers of the watched `observe.EVENTS`
    logged: bool
    step_days: float


def cache_folder() -> Path | None:
    """Folder of the compilation cache, or None where it cannot be written."""
    try:
        folder = cache.folder() / "programs"
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        return None
    return folder


@lru_cache(maxsize=1)
def prepare() -> int:
    """Set up JAX once; return the number of cores that can simulate side by side."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    jax.config.update("jax_platforms", "cpu")
    # A program runs in the thread that calls it: JAX's own queue would make the lanes wait.
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    return max(1, min(cores or 1, 64))


def lift(tree: Any) -> Any:
    """Give every constant a run axis of length 1, so that it broadcasts over the runs."""
    return jax.tree.map(lambda array: array[..., None], tree)


def lift_case(case: Case) -> Case:
    """`lift` the constants; `given` and `today` change with the step and are lifted there.

    The motives come with a run axis of their own: a theory may draw them for each run.
    """
    lifted = {
        name: lift(value)
        for name, value in case._asdict().items()
        if name not in ("given", "today", "motive")
    }
    return case._replace(**lifted)


def segment(shape: Shape, carry: Carry, values: Any, switches: Any, runs: Any, inputs: Inputs):
    """Advance all runs by SEGMENT steps; return the carry, records and event flags."""
    theory = Theory(values, switches)
    constants = lift_case(inputs.case)
    dt = shape.step_days / YEAR
    sizes = noise.shapes(inputs.case)

    def noise_of(number: Any, seed: Any, runs: Any, words: Any) -> Draws:
        return noise.draw(seed, runs, number, words, sizes)

    def read(number: Any, world: World, news: News, case: Case, launch: Any, *rows: Any):
        """Days of the watched events, the asked quantities and the flags of one step."""
        numbers = jnp.arange(DAYS, dtype=jnp.float32)[:, None, None] * (shape.step_days / DAYS)
        launch_day = jnp.sum(launch * numbers, axis=0)[..., None]
        now = number.astype(jnp.float32) * shape.step_days
        passed, found = [], []
        for event, rows_of in zip(shape.events, inputs.watched, strict=True):
            day = now + observe.event_day(event, news, case, launch_day, shape.step_days)
            happened = observe.read_event(event, news) > 0
            passed.append(_picked(jnp.where(happened, day, NEVER), rows_of))
        for quantity, rows_of in zip(shape.quantities, inputs.recorded, strict=True):
            table = observe.read(quantity, world, news, case, Theory(*rows), dt)
            found.append(_picked(table, rows_of))
        logged = (observe.read_events(news) > 0).astype(jnp.uint8) if shape.logged else ()
        return passed, found, logged

    def step(state: tuple[Carry, Any], given: tuple[Given, Today]):
        before, at = state
        case = constants._replace(given=lift(given[0]))
        days = lift(given[1])
        world, news = week(before.world, before.news, case, days, theory, before.noise, dt)
        number = inputs.start + at
        passed, found, logged = alone(
            read, number, world, news, case, given[1].launch, values, switches
        )
        first = jnp.minimum(before.first, _stacked(passed, runs))
        after = alone(noise_of, number + 1, inputs.seed, runs, inputs.words)
        return (Carry(world, news, after, first), at + 1), (_stacked(found, runs), logged)

    start = (carry, jnp.zeros((), jnp.uint32))
    (carry, _), (records, logs) = jax.lax.scan(step, start, (inputs.given, inputs.today))
    return carry, records, logs


def _picked(table: Any, rows: Any) -> Any:
    """Some rows of a table; XLA aborts on a small call that does not use its argument `rows`."""
    return jnp.repeat(table, rows.shape[0], axis=0) if table.shape[0] == 1 else table[rows]


def _stacked(rows: list[Any], runs: Any) -> Any:
    return jnp.concat(rows) if rows else jnp.zeros((0, runs.shape[0]), jnp.float32)


def begin(world: World, runs: np.ndarray, inputs: Inputs) -> Carry:
    """State before the first step, made by NumPy: the world with its worth, the first noise."""
    count = runs.shape[0]
    spread = jax.tree.map(
        lambda array: np.repeat(np.asarray(array)[..., None], count, axis=-1), world
    )
    sizes = noise.shapes(inputs.case)
    seed, words = np.asarray(inputs.seed), np.asarray(inputs.words)
    with np.errstate(over="ignore"):
        draws = noise.draw(seed, runs, np.asarray(inputs.start), words, sizes)
        spread = noise.opened(spread, seed, runs, words, sizes)
    first = np.full((sum(map(len, inputs.watched)), count), NEVER, np.float32)
    return Carry(spread, quiet(spread), draws, first)


class Program(NamedTuple):
    """Compiled functions for one shape."""

    begin: Any
    segment: Any
    flops: float


_PROGRAMS: dict[Any, Program] = {}


def compiled(
    shape: Shape, world: World, values: Any, switches: Any, runs: Any, inputs: Inputs
) -> Program:
    """The program for these shapes; compiled once in a process, and found on disk by the next."""
    signature = (
        shape,
        tuple(
            (a.shape, str(a.dtype))
            for a in jax.tree.leaves((world, values, switches, runs, inputs))
        ),
    )
    if signature not in _PROGRAMS:
        carry = begin(world, runs, inputs)
        arguments = (carry, values, switches, runs, inputs)
        result = (carry, 0, 0 if shape.logged else ())
        folder, name = cache_folder(), executables.key(signature, sorted(OPTIONS.items()))

        def made() -> Any:
            found = executables.load(folder, name, arguments, result)
            if found is None:
                found = _compile(shape, *arguments)
                executables.keep(folder, name, found)
            return found

        main = interrupts.aside(made)
        analysis = main.cost_analysis() or {}
        _PROGRAMS[signature] = Program(begin, main, float(analysis.get("flops", 0.0)))
    return _PROGRAMS[signature]


def _compile(
    shape: Shape, carry: Carry, values: Any, switches: Any, runs: Any, inputs: Inputs
) -> Any:
    def one(carry: Carry, values: Any, switches: Any, runs: Any, inputs: Inputs):
        return segment(shape, carry, values, switches, runs, inputs)

    return with_options(jax.jit(one, donate_argnums=0).lower(carry, values, switches, runs, inputs))


def with_options(lowered: Any) -> Any:
    """Compile with the measured options; without those that this jaxlib does not know."""
    options = dict(OPTIONS)
    while True:
        try:
            return lowered.compile(compiler_options=options)
        except Exception as error:  # jaxlib raises its own untyped error here
            unknown = [name for name in options if name in str(error)]
            if not unknown:
                raise
            del options[unknown[0]]

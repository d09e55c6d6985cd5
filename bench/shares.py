"""Where the engine's time goes: each verb compiled alone over a segment, on one device.

Alone, a verb pays for reading and writing its part of the world, and a compiler can lift out what
does not change over the segment; so the parts need not sum to the whole, and the sum is reported.
"""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
from bench.measure import order, seconds

from allegiance.engine import noise, program
from allegiance.engine.chunks import Runner
from allegiance.engine.week import AFTER, BEFORE, DAILY, quiet
from allegiance.world.arrays import repeat
from allegiance.world.case import DAYS, YEAR
from allegiance.world.theory import Theory

WEEKS = 52


def shares(case: str, repeats: int = 9) -> dict[str, Any]:
    """Microseconds per run-week of each verb, of the noise and of the whole, on one device."""
    import jax
    import jax.numpy as jnp

    asked = replace(order(case, 1, WEEKS), devices=1)
    lane, built = asked.lane, asked.built
    whole = Runner(replace(asked, runs=4 * lane))
    seconds(whole)
    total = min(seconds(whole) for _ in range(repeats)) / (4 * lane * WEEKS) * 1e6

    def lift(tree: Any) -> Any:
        return jax.tree.map(lambda a: jnp.asarray(a)[..., None], tree)

    runs, sizes = np.arange(lane, dtype=np.uint32), noise.shapes(built.case)
    words = noise.streams(built.case)
    world = jax.tree.map(lambda a: jnp.broadcast_to(a, (*a.shape[:-1], lane)), lift(built.world))
    columns = [np.repeat(x[:, None], lane, axis=1) for x in (asked.values, asked.switches)]
    draws = noise.draw(jnp.uint32(1), jnp.asarray(runs), jnp.uint32(0), jnp.asarray(words), sizes)
    constants = lift(built.case._replace(given=(), today=()))
    weekly = jax.tree.map(lambda a: jnp.asarray(a[:WEEKS]), (built.given, built.today))
    dt = built.step_days / YEAR

    def alone(verb: Any, days: int) -> Any:
        def segment(world: Any, values: Any, switches: Any, draws: Any, weekly: Any) -> Any:
            theory = Theory(values, switches)

            def step(state: Any, inputs: Any) -> tuple[Any, None]:
                (world, last), (given, today) = state, inputs
                here = constants._replace(given=lift(given))

                def day(both: Any, outside: Any) -> Any:
                    case = here._replace(today=type(today)(*outside))
                    return verb(both[0], last, both[1], case, theory, draws, dt / days)

                substeps = tuple(lift(today)) if days > 1 else tuple(a[:1] for a in lift(today))
                world, now = repeat(day, (world, quiet(world)), substeps)
                return (world, now), None

            return jax.lax.scan(step, (world, quiet(world)), weekly)[0]

        return _time(segment, (world, *columns, draws, weekly), repeats)

    def generator(runs: Any) -> Any:
        def step(total: Any, week: Any) -> tuple[Any, None]:
            drawn = noise.draw(jnp.uint32(1), runs, week, jnp.asarray(words), sizes)
            return jax.tree.map(jnp.add, total, drawn), None

        return jax.lax.scan(step, draws, jnp.arange(WEEKS, dtype=jnp.uint32))[0]

    found = {"noise": _time(generator, (runs,), repeats)}
    for verbs, days in ((BEFORE, 1), (DAILY, DAYS), (AFTER, 1)):
        for verb in verbs:
            found[verb.__name__] = alone(verb, days)
    micro = {name: round(took / (lane * WEEKS) * 1e6, 3) for name, took in found.items()}
    return {"whole": round(total, 3), "alone": micro}


def _time(function: Any, arguments: tuple[Any, ...], repeats: int) -> float:
    import jax

    compiled = program.with_options(jax.jit(function).lower(*arguments))
    jax.block_until_ready(compiled(*arguments))
    times = []
    for _ in range(repeats):
        began = perf_counter()
        jax.block_until_ready(compiled(*arguments))
        times.append(perf_counter() - began)
    return min(times)

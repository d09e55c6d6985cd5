"""One source for two engines: array code that runs under NumPy (the oracle) and under JAX.

Both libraries implement the Python array API, and every array knows its own namespace, so a verb
never imports either. The run axis is always last: `[power, run]`, `[region, side, run]`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Array = Any
"""A NumPy array, a JAX array or a JAX tracer, single precision, run axis last."""

TINY = 1e-6
"""Keeps logarithms and ratios finite where a stock is empty; far below any unit used."""


APART = {"inlineable": "false"}
"""What tells XLA to leave a call a call."""

ALONE = {**APART, "xla_cpu_small_call": "true"}
"""What tells XLA to compile all that a call does as one function of machine code."""


def namespace(array: Array) -> Any:
    """Return the module (`numpy` or `jax.numpy`) whose functions apply to `array`."""
    return array.__array_namespace__()


def logistic(x: Array) -> Array:
    """Logistic function by tanh, which neither overflows nor loses the tails in float32."""
    return 0.5 * (1.0 + namespace(x).tanh(0.5 * x))


def softmax(x: Array, axis: int) -> Array:
    """Shares proportional to exp(x) along `axis`; unmoved by a constant added to all."""
    xp = namespace(x)
    weight = xp.exp(x - xp.max(x, axis=axis, keepdims=True))
    return weight / xp.sum(weight, axis=axis, keepdims=True)


def fires(hazard: Array, uniform: Array, dt: float) -> Array:
    """1.0 where an event of `hazard` (per year) happens within `dt` (years), else 0.0."""
    xp = namespace(uniform)
    return xp.where(uniform < -xp.expm1(-hazard * dt), 1.0, 0.0)


def relax(stock: Array, target: Array, rate: Array, dt: float) -> Array:
    """Exact step of d stock/dt = rate (target - stock): the same for one step or two halves."""
    xp = namespace(stock)
    return target + (stock - target) * xp.exp(-rate * dt)


def fraction(part: Array, whole: Array) -> Array:
    """`part / whole`, and 0 where the whole is empty."""
    xp = namespace(whole)
    return xp.where(whole > TINY, part / xp.maximum(whole, TINY), 0.0)


def mix(weights: Array, array: Array) -> Array:
    """Contract constants `[i, j, 1]` with `array` `[j, ..., run]` over j: `[i, ..., run]`."""
    xp = namespace(array)
    if xp.__name__ == "numpy":
        return xp.tensordot(weights[..., 0], array, axes=1)

    def contract(weights: Array, array: Array) -> Array:
        wide = weights.reshape((*weights.shape[:2], *[1] * (array.ndim - 1)))
        return xp.sum(wide * array[None], axis=1)

    return apart(contract, weights, array)


def within(weights: Array, array: Array) -> Array:
    """Contract constants `[k, i, j, 1]` with `array` `[k, j, run]` over j: `[k, i, run]`."""

    def contract(weights: Array, array: Array) -> Array:
        return namespace(array).sum(weights * array[:, None], axis=2)

    return apart(contract, weights, array)


def apart(body: Callable[..., Any], *arrays: Array) -> Any:
    """Call `body(*arrays)`; under JAX the arrays are worked out before, and once.

    Left to itself the compiler copies what makes an operand into a sum over it, and works it out
    again for every term.
    """
    if namespace(arrays[-1]).__name__ == "numpy":
        return body(*arrays)
    import jax
    from jax.experimental.xla_metadata import set_xla_metadata

    def inner(*arrays: Array) -> Any:
        with set_xla_metadata(**APART):
            return body(*arrays)

    with set_xla_metadata(**APART):
        return jax.jit(inner)(*arrays)


def repeat(body: Callable[[Any, Any], Any], carry: Any, inputs: tuple[Array, ...]) -> Any:
    """Apply `carry = body(carry, slice of inputs)` along the leading axis of `inputs`.

    A Python loop under NumPy; under JAX a compiled loop, so that seven days cost the compiler
    one day.
    """
    if namespace(inputs[0]).__name__ == "numpy":
        for day in range(inputs[0].shape[0]):
            carry = body(carry, tuple(array[day] for array in inputs))
        return carry
    from jax import lax

    return lax.scan(lambda c, x: (body(c, x), None), carry, inputs)[0]


def alone(body: Callable[..., Any], *arguments: Any) -> Any:
    """Call `body(*arguments)`, the first an array; under JAX as a compiled function of its own.

    The compiler then neither copies its work into what reads the results nor joins it with what
    stands around it: less machine code, compiled in less time. Leaves that `body` hands through
    unchanged stay where they are.
    """
    if namespace(arguments[0]).__name__ == "numpy":
        return body(*arguments)
    import jax
    from jax.core import Tracer
    from jax.experimental.xla_metadata import set_xla_metadata

    leaves, shape = jax.tree.flatten(arguments)
    traced = [i for i, leaf in enumerate(leaves) if isinstance(leaf, Tracer)]
    if not traced:
        return body(*arguments)
    found: dict[str, Any] = {}

    def changed(*given: Any) -> list[Any]:
        filled = list(leaves)
        for i, leaf in zip(traced, given, strict=True):
            filled[i] = leaf
        with set_xla_metadata(**dict.fromkeys(ALONE)):
            out, found["shape"] = jax.tree.flatten(body(*shape.unflatten(filled)))
        known = {id(leaf): i for i, leaf in zip(traced, given, strict=True)}
        found["from"] = [known.get(id(leaf)) for leaf in out]
        return [leaf for leaf, at in zip(out, found["from"], strict=True) if at is None]

    with set_xla_metadata(**ALONE):
        new = iter(jax.jit(changed)(*(leaves[i] for i in traced)))
    return found["shape"].unflatten(
        [next(new) if at is None else leaves[at] for at in found["from"]]
    )

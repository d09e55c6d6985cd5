"""Two worlds with the same noise: what differs at the end, and what departed first.

Every future of world b is paired with the future of world a that has the same random numbers, so
the noise they share cancels in the difference (common random numbers). Intervals are 5-95%: for a
quantity the normal interval of the paired mean; for an event that of Agresti & Min (2005,
Statistics in Medicine 24:729-740), which stays honest where few or no pairs differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from allegiance.cases.errors import CaseError
from allegiance.engine.futures import Futures
from allegiance.engine.outcomes import plain, values
from allegiance.engine.setup import Setup
from allegiance.engine.units import unit_of
from allegiance.evidence.scores import Z90
from allegiance.explain.departures import Departures

_BLOCK = 32
"""Addresses of stored futures that are held in memory at a time."""


@dataclass(frozen=True)
class Contrast:
    """Differences of the outcomes (b less a), and the chain of what departed, in its order.

    `Departures.chain` says what an entry of the chain holds.
    """

    outcomes: dict[str, dict[str, Any]]
    chain: list[dict[str, Any]]

    def summary(self) -> dict[str, Any]:
        """What `allegiance contrast --json` prints of it."""
        return {"outcomes": self.outcomes, "chain": self.chain}


def difference(kind: str, a: np.ndarray, b: np.ndarray) -> dict[str, Any]:
    """Means in both worlds, their difference b - a and its paired 5-95% interval.

    `a` and `b` are [run], as `outcomes.values` gives them. Of a quantity only the pairs with a
    number on both sides are compared. Where there is none, each side has the mean of the futures
    in which it is defined, None without one, and there is no difference. Where every pair is
    identical the interval is [0, 0]: of an event, where it comes on the same day in each, and in
    some at all. `defined_a` and `defined_b` are the shares of futures in which it is.
    """
    one, two = np.isfinite(a), np.isfinite(b)
    if kind == "event":
        # The same day in every pair, bit for bit: the lever cannot have touched it, and no more
        # futures would show a difference. An event that never comes tells no such thing.
        if one.any() and np.array_equal(a, b):
            return _row(one.mean(), two.mean(), 0.0, 0.0, 0.0)
        return _events(one, two)
    defined = {"defined_a": plain(one.mean()), "defined_b": plain(two.mean())}
    seen = one & two
    if not seen.any():
        left, right = (float(x[k].mean()) if k.any() else np.nan for x, k in ((a, one), (b, two)))
        return _row(left, right, np.nan, np.nan, np.nan) | defined
    apart = b[seen] - a[seen]
    half = Z90 * apart.std(ddof=1) / np.sqrt(len(apart)) if len(apart) > 1 else np.nan
    mean = apart.mean()
    return _row(a[seen].mean(), b[seen].mean(), mean, mean - half, mean + half) | defined


def _events(a: np.ndarray, b: np.ndarray) -> dict[str, Any]:
    runs = len(a)
    gained, lost = float((b & ~a).sum()), float((a & ~b).sum())
    # Half an observation in each cell of the paired table.
    more, up, down = runs + 2.0, gained + 0.5, lost + 0.5
    middle = (up - down) / more
    half = Z90 * np.sqrt(up + down - (up - down) ** 2 / more) / more
    low, high = max(middle - half, -1.0), min(middle + half, 1.0)
    return _row(a.mean(), b.mean(), (gained - lost) / runs, low, high)


def _row(a: Any, b: Any, apart: Any, low: Any, high: Any) -> dict[str, Any]:
    names = ("a", "b", "difference", "q05", "q95")
    return {name: plain(float(x)) for name, x in zip(names, (a, b, apart, low, high), strict=True)}


def _described(
    about: dict[str, Any], a: dict[str, np.ndarray], b: dict[str, np.ndarray]
) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "kind": known["kind"],
            "label": known["label"],
            "unit": known["unit"],
            **difference(known["kind"], a[name], b[name]),
        }
        for name, known in about.items()
    }


def contrast(a: Futures, b: Futures) -> Contrast:
    """Compare two sets of futures that share all noise.

    Raises:
        CaseError: they do not: another case, seed, span or number of runs.
    """
    for key in ("case", "seed", "runs", "from", "until"):
        if a.report[key] != b.report[key]:
            allowed = "the same case, seed, span and number of runs in both"
            raise CaseError(f"{key} differs", found=b.report[key], allowed=allowed)
    shared = [address for address in a.addresses if address in b.addresses]
    dates = [day.astype("M8[D]").item() for day in a.dataset["date"].values]
    days = (dates[1] - dates[0]).days if len(dates) > 1 else 7
    ranked: list[tuple[str, float, dict[str, Any]]] = []
    for low in range(0, len(shared), _BLOCK):
        some = shared[low : low + _BLOCK]
        departures = Departures(some, dates, days)
        one, two = (
            x.dataset["trajectory"].sel(address=some).transpose("date", "address", "run").values
            for x in (a, b)
        )
        departures.add(one, two)
        ranked += departures.ranked()
    about = {name: {"unit": "", **known} for name, known in a.report["outcomes"].items()}
    chain = [entry for _, _, entry in sorted(ranked, key=lambda item: item[:2])]
    return Contrast(_described(about, a.values, b.values), chain)


def streamed(
    a: Setup, b: Setup, chunks: Callable[[Setup], Iterable[Any]], tick: Callable[[int], None]
) -> Contrast:
    """Simulate two worlds side by side, chunk by chunk, and keep only sums.

    Both must order the same runs, seed, span and addresses; `chunks` gives the chunks of an order.
    """
    built = a.built
    dates = [built.calendar.date(step) for step in range(built.steps)]
    departures = Departures(a.addresses, dates, built.step_days)
    found: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    done = 0
    for one, two in zip(chunks(a), chunks(b), strict=True):
        departures.add(one.records, two.records)
        found[0].append(values(a, one))
        found[1].append(values(b, two))
        done += len(one.runs)
        tick(done)
    paired = [dict(zip(a.outcomes, np.concatenate(parts, axis=1), strict=True)) for parts in found]
    about = {
        name: {
            "kind": "event" if outcome.event is not None else "quantity",
            "label": outcome.label,
            "unit": unit_of(outcome.quantity or ""),
        }
        for name, outcome in a.outcomes.items()
    }
    return Contrast(_described(about, paired[0], paired[1]), departures.chain())

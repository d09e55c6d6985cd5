"""Two worlds with the same noise: what differs at the end, and what departed first.

Every future of world b is paired with the future of world a that has the same random numbers, so
the noise they share cancels in the difference (common random numbers). Intervals are 5-95%: for a
quantity the normal interval of the paired mean; for an event that of Agresti & Min (2005,
Statistics in Medicine 24:729-740), which stays honest where few or no pairs differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from allegiance.cases.errors import CaseError
from allegiance.engine.futures import Futures
from allegiance.engine.outcomes import plain, values
from allegiance.engine.setup import Setup
from allegiance.engine.units import unit_of

Z90 = 1.6448536269514722
"""Half width of a 5-95% interval, in standard errors."""

CLEAR = 3.0
"""Paired standard errors from which two worlds are said to have parted."""

NOTABLE = 0.01
"""And least difference, as a share of the quantity's mean size in world a."""

_BLOCK = 16


@dataclass(frozen=True)
class Contrast:
    """Differences of the outcomes (b less a), and the chain of what departed, in its order.

    An entry of the chain is `{"address", "first", "effect", "unit"}`: the first step at which the
    mean difference is both CLEAR and NOTABLE, and the mean difference over the year from then on.
    """

    outcomes: dict[str, dict[str, Any]]
    chain: list[dict[str, Any]]

    def summary(self) -> dict[str, Any]:
        """What `allegiance contrast --json` prints of it."""
        return {"outcomes": self.outcomes, "chain": self.chain}


class Departures:
    """Sums from which the chain follows; memory does not grow with the runs."""

    def __init__(self, addresses: Sequence[str], dates: Sequence[date], step_days: float) -> None:
        self.addresses = addresses
        self.dates = dates
        self.year = max(1, round(365.25 / step_days))
        shape = (len(dates), len(addresses))
        self.count, self.sum, self.squares, self.size = (np.zeros(shape) for _ in range(4))

    def add(self, a: np.ndarray, b: np.ndarray) -> None:
        """Take in paired records [step, address, run]."""
        for low in range(0, a.shape[1], _BLOCK):
            some = slice(low, low + _BLOCK)
            here = a[:, some].astype(np.float64)
            apart = b[:, some] - here
            seen = np.isfinite(apart)
            apart = np.where(seen, apart, 0.0)
            self.count[:, some] += seen.sum(axis=2)
            self.sum[:, some] += apart.sum(axis=2)
            self.squares[:, some] += (apart**2).sum(axis=2)
            self.size[:, some] += np.where(seen, np.abs(here), 0.0).sum(axis=2)

    def chain(self) -> list[dict[str, Any]]:
        """What departed, earliest first; of the same day, the clearest first."""
        count = np.maximum(self.count, 1.0)
        mean = self.sum / count
        variance = np.maximum(self.squares / count - mean**2, 0.0)
        error = np.sqrt(variance / np.maximum(count - 1.0, 1.0))
        typical = self.size.sum(axis=0) / np.maximum(self.count.sum(axis=0), 1.0)
        clear = np.abs(mean) > np.maximum(CLEAR * error, NOTABLE * typical)
        found = []
        for column in np.flatnonzero(clear.any(axis=0)).tolist():
            step = int(np.argmax(clear[:, column]))
            after = slice(step, step + self.year)
            effect = self.sum[after, column].sum() / max(self.count[after, column].sum(), 1.0)
            clarity = abs(mean[step, column]) / max(typical[column], 1e-9)
            address = self.addresses[column]
            entry = {
                "address": address,
                "first": self.dates[step].isoformat(),
                "effect": plain(effect, 4),
                "unit": unit_of(address),
            }
            found.append((step, -clarity, entry))
        return [entry for _, _, entry in sorted(found, key=lambda item: item[:2])]


def difference(kind: str, a: np.ndarray, b: np.ndarray) -> dict[str, Any]:
    """Means in both worlds, their difference b - a and its paired 5-95% interval.

    `a` and `b` are [run], as `outcomes.values` gives them; pairs without a number are left out.
    """
    if kind == "event":
        one, two = np.isfinite(a), np.isfinite(b)
        return _events(one, two)
    seen = np.isfinite(a) & np.isfinite(b)
    if not seen.any():
        return dict.fromkeys(("a", "b", "difference", "q05", "q95"))
    apart = b[seen] - a[seen]
    half = Z90 * apart.std(ddof=1) / np.sqrt(len(apart)) if len(apart) > 1 else np.nan
    mean = apart.mean()
    return _row(a[seen].mean(), b[seen].mean(), mean, mean - half, mean + half)


def _events(a: np.ndarray, b: np.ndarray) -> dict[str, Any]:
    runs = len(a)
    gained, lost = float((b & ~a).sum()), float((a & ~b).sum())
    # Half an observation in each cell of the paired table.
    more, up, down = runs + 2.0, gained + 0.5, lost + 0.5
    middle = (up - down) / more
    half = Z90 * np.sqrt(up + down - (up - down) ** 2 / more) / more
    return _row(a.mean(), b.mean(), (gained - lost) / runs, middle - half, middle + half)


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
    departures = Departures(shared, dates, (dates[1] - dates[0]).days if len(dates) > 1 else 7)
    one, two = (
        x.dataset["trajectory"].sel(address=shared).transpose("date", "address", "run").values
        for x in (a, b)
    )
    departures.add(one, two)
    about = {name: {"unit": "", **known} for name, known in a.report["outcomes"].items()}
    return Contrast(_described(about, a.values, b.values), departures.chain())


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

"""Where two worlds that share all noise part: what departs first, by how much, in which order.

A quantity has parted from the first step on at which two mean differences, that of the step itself
and that of the year which follows, stand CLEAR of their paired errors and are NOTABLE beside the
quantity's size. One step alone would find accidents: two worlds, once parted, differ by noise in
every week, and of hundreds of quantities over hundreds of weeks some would pass; and it would name
quantities that are back within days, which have no effect to report.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from allegiance.engine.outcomes import plain
from allegiance.engine.units import unit_of
from allegiance.evidence.scores import Z90

CLEAR = 4.0
"""Paired standard errors from which two worlds are said to have parted: of some 3,000 independent
years and quantities that differ by noise alone, one in five chains then names one."""

NOTABLE = 0.01
"""And least difference, as a share of the quantity's mean size in world a."""

_BLOCK = 16


class _Moments:
    """Count, sum and sum of squares of paired differences [step, address]."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.count, self.sum, self.squares = (np.zeros(shape) for _ in range(3))

    def add(self, some: slice, apart: np.ndarray, seen: np.ndarray) -> None:
        """Take in differences [step, address, run] of some addresses, 0 where not `seen`."""
        self.count[:, some] += seen.sum(axis=2)
        self.sum[:, some] += apart.sum(axis=2)
        self.squares[:, some] += np.einsum("sar,sar->sa", apart, apart)

    def told(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and its standard error."""
        count = np.maximum(self.count, 1.0)
        mean = self.sum / count
        variance = np.maximum(self.squares / count - mean**2, 0.0)
        return mean, np.sqrt(variance / np.maximum(count - 1.0, 1.0))


class Year(NamedTuple):
    """Mean difference over the year from each step on, and in which futures it is notable."""

    mean: np.ndarray  # [step, address, run]
    seen: np.ndarray
    large: np.ndarray


class Departures:
    """Sums from which the chain follows; memory does not grow with the runs."""

    def __init__(self, addresses: Sequence[str], dates: Sequence[date], step_days: float) -> None:
        self.addresses = addresses
        self.dates = dates
        self.year = max(1, round(365.25 / step_days))
        shape = (len(dates), len(addresses))
        self.step, self.after = _Moments(shape), _Moments(shape)
        self.size, self.up, self.down = (np.zeros(shape) for _ in range(3))

    def add(self, a: np.ndarray, b: np.ndarray) -> None:
        """Take in paired records [step, address, run]."""
        for low in range(0, a.shape[1], _BLOCK):
            some = slice(low, low + _BLOCK)
            here = a[:, some].astype(np.float64)
            apart = b[:, some] - here
            seen = np.isfinite(apart)
            size = np.abs(here)
            if not seen.all():
                apart, size = (np.where(seen, x, 0.0) for x in (apart, size))
            self.step.add(some, apart, seen)
            self.size[:, some] += size.sum(axis=2)
            year = self._year(apart, seen, size)
            self.after.add(some, year.mean, year.seen)
            self.up[:, some] += (year.large & (year.mean > 0.0)).sum(axis=2)
            self.down[:, some] += (year.large & (year.mean < 0.0)).sum(axis=2)

    def _year(self, apart: np.ndarray, seen: np.ndarray, size: np.ndarray) -> Year:
        whole = seen[:, :1, :1] if seen.all() else seen
        count = self._ahead(whole, np.int32)
        mean, differs = np.zeros_like(apart), apart != 0.0
        if differs.any():
            # No year differs that ends before the first step that does.
            rest = slice(max(int(differs.any(axis=(1, 2)).argmax()) - self.year, 0), None)
            mean[rest] = self._ahead(apart[rest], np.float64) / np.maximum(count[rest], 1)
            # Differences that cancel leave rounding behind: what no week differs in, differs 0.
            mean[rest] *= self._ahead(differs[rest], np.int32) > 0
        # Notable beside the future's own path: that of all is not known before the last chunk.
        own = size.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
        return Year(mean, np.broadcast_to(count > 0, mean.shape), np.abs(mean) > NOTABLE * own)

    def _ahead(self, values: np.ndarray, dtype: Any) -> np.ndarray:
        """Sum over the year from each step on, cut at the end [step, address, run]."""
        total = np.zeros((len(values) + 1, *values.shape[1:]), dtype)
        # Row by row: `cumsum` along the first axis takes six times longer.
        for step, row in enumerate(values):
            np.add(total[step], row, out=total[step + 1])
        cut = max(len(values) - self.year, 0)
        found = np.empty_like(total[1:])
        np.subtract(total[self.year : -1], total[:cut], out=found[:cut])
        np.subtract(total[-1], total[cut:-1], out=found[cut:])
        return found

    def chain(self) -> list[dict[str, Any]]:
        """What departed, earliest first; of the same day, the clearest first.

        An entry is `{"address", "first", "effect", "q05", "q95", "sense", "share", "against",
        "unit"}`: the mean difference over the year from `first` on with its paired 5-95% interval,
        whether it goes "up" or "down", and the shares of the futures in which that year differs
        notably in this sense and in the other.
        """
        return [entry for _, _, entry in self.ranked()]

    def ranked(self) -> list[tuple[str, float, dict[str, Any]]]:
        """The chain with what orders it: of sums kept apart by address, it can be merged so."""
        (mean, error), (effect, blur) = self.step.told(), self.after.told()
        typical = self.size.sum(axis=0) / np.maximum(self.step.count.sum(axis=0), 1.0)
        parted = effect != 0.0
        for size, doubt in ((mean, error), (effect, blur)):
            parted &= np.abs(size) > np.maximum(CLEAR * doubt, NOTABLE * typical)
        found = []
        for column in np.flatnonzero(parted.any(axis=0)).tolist():
            step = int(np.argmax(parted[:, column]))
            at = step, column
            size, doubt, futures = effect[at], Z90 * blur[at], max(self.after.count[at], 1.0)
            rises = bool(size > 0.0)
            same, other = (self.up, self.down) if rises else (self.down, self.up)
            address = self.addresses[column]
            entry = {
                "address": address,
                "first": self.dates[step].isoformat(),
                "effect": plain(size, 4),
                "q05": plain(size - doubt, 4),
                "q95": plain(size + doubt, 4),
                "sense": "up" if rises else "down",
                "share": plain(same[at] / futures, 4),
                "against": plain(other[at] / futures, 4),
                "unit": unit_of(address),
            }
            clarity = abs(mean[at]) / max(typical[column], 1e-9)
            found.append((entry["first"], -float(clarity), entry))
        return sorted(found, key=lambda item: item[:2])

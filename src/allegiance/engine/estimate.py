"""What an order would cost, before anything is simulated: a typing error must not fill a disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from allegiance.cases.errors import CaseError

if TYPE_CHECKING:
    from allegiance.engine.setup import Setup

SPEED = 7_600
"""Run-weeks a second and core: half of what bench/results.json has for two cores on the Syria
case. Estimated for that case; small cases are up to eight times as fast."""

PACKED = 0.5
"""Share of their size that trajectories take on disk; estimated from runs of the Syria case."""

MOST_RUN_WEEKS = 10_000_000_000
"""Most run-weeks in one order: thirteen million futures of fifteen years, a week of two cores.
Assumed: what is larger is better split into runs with seeds of their own."""

TALKATIVE = 600.0
"""Seconds above which an estimate is told."""


class Estimate(NamedTuple):
    """Seconds on the cores at hand, and bytes on disk (0 where nothing is kept)."""

    seconds: float
    bytes: float

    def __str__(self) -> str:
        """In words."""
        text = f"some {_time(self.seconds)}"
        return f"{text} and {_size(self.bytes)} on disk" if self.bytes else text


def estimate(setup: Setup, kept: bool, cores: int | None = None) -> Estimate:
    """What an order costs on `cores` (default: those of this machine)."""
    seconds = _seconds(setup.runs * setup.built.steps, cores)
    each = 4.0 * len(setup.addresses) * setup.built.steps + 8.0 * len(setup.events) + 40.0
    return Estimate(seconds, PACKED * each * setup.runs if kept else 0.0)


def affordable(setup: Setup, out: Path | None, cores: int | None = None) -> Estimate:
    """The estimate of an order that may begin.

    Raises:
        CaseError: it is larger than the free space of its disk.
    """
    found = estimate(setup, out is not None, cores)
    if out is not None:
        free = _free(out)
        if free is not None and found.bytes > free:
            problem = f"{_size(found.bytes)} would be written and {_size(free)} are free"
            allowed = "fewer --runs or --record, or a larger disk"
            raise CaseError(problem, key="--out", found=out, allowed=allowed)
    return found


def together(runs: int, steps: int) -> Estimate:
    """The estimate of `runs` futures of each of several cases, of `steps` steps in all; none kept.

    Raises:
        CaseError: it is beyond all measure.
    """
    measured(runs, steps)
    return Estimate(_seconds(runs * steps), 0.0)


def measured(runs: int, steps: int) -> None:
    """Refuse an order of which nobody would see the end.

    Raises:
        CaseError: it is beyond all measure.
    """
    if runs * steps > MOST_RUN_WEEKS:
        found = Estimate(_seconds(runs * steps), 0.0)
        most = MOST_RUN_WEEKS // steps
        problem = f"too much for one run: {found}"
        allowed = f"at most {most} futures of this span; several runs with other --seed add up"
        raise CaseError(problem, key="--runs", found=runs, allowed=allowed)


def _seconds(weeks: int, cores: int | None = None) -> float:
    """Seconds for so many run-weeks on `cores` (default: those of this machine)."""
    return weeks / (SPEED * (cores or os.cpu_count() or 1))


def _free(folder: Path) -> float | None:
    """Free bytes of the disk that a folder, which may not be there yet, would lie on."""
    for place in (folder, *folder.absolute().parents):
        try:
            disk = shutil.disk_usage(place)
        except (OSError, ValueError):
            continue
        return float(disk.free) if disk.total else None  # /proc, for one, has no size
    return None


def _time(seconds: float) -> str:
    for size, name in ((31_557_600.0, "years"), (86_400.0, "days"), (3600.0, "hours")):
        if seconds >= 2.0 * size:
            return f"{seconds / size:,.0f} {name}"
    return f"{max(seconds / 60.0, 1.0):,.0f} minutes"


def _size(amount: float) -> str:
    for size, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if amount >= size:
            return f"{amount / size:,.1f} {name}"
    return f"{amount / 1e3:,.1f} kB"

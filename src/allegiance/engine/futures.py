"""Futures: the results of a simulation, labelled by name and date."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.engine import durable, store
from allegiance.engine.store import TRAJECTORIES
from allegiance.engine.units import unit_of

if TYPE_CHECKING:
    import xarray as xr

    from allegiance.engine.chunks import Chunk
    from allegiance.engine.setup import Setup


@dataclass(frozen=True, repr=False)
class Futures:
    """Simulated futures of a case.

    `dataset` holds `trajectory` [run, date, address], whose dates are the first days of the steps,
    `unit` [address] and `first_day` [run, event], days from the start, NaN for never. `values` has
    one number per run for every outcome: days from the start for an event, infinite for never.
    """

    report: dict[str, Any]
    values: dict[str, np.ndarray]
    dataset: xr.Dataset

    def __repr__(self) -> str:
        """The case, its span and how many futures."""
        r = self.report
        levers = "".join(f" {lever}" for lever in r["levers"])
        return f"<{r['runs']} futures of {r['case']}{levers}, {r['from']} to {r['until']}>"

    @property
    def runs(self) -> int:
        """Number of futures."""
        return self.report["runs"]

    @property
    def addresses(self) -> tuple[str, ...]:
        """What was recorded."""
        return tuple(str(a) for a in self.dataset["address"].values)

    def probability(self, outcome: str, by: str | date | None = None) -> float:
        """Share of the futures in which an event first occurs on or before `by` (default: ever).

        Raises:
            CaseError: no such outcome, a quantity, or a date outside the run.
        """
        days = self._outcome(outcome, "event")
        if by is None:
            return float(np.isfinite(days).mean())
        when = by if isinstance(by, date) else _date(by)
        if not self._start <= when <= date.fromisoformat(self.report["until"]):
            allowed = f"{self.report['from']} to {self.report['until']}"
            raise CaseError("outside the run", key="by", found=when, allowed=allowed)
        return float((days < (when - self._start).days + 1).mean())

    def outcome(self, name: str) -> xr.DataArray:
        """An outcome in every future [run]: a quantity's value or an event's first date (NaT).

        Raises:
            CaseError: no such outcome.
        """
        import xarray as xr

        found = self._outcome(name)
        about = self.report["outcomes"][name]
        if about["kind"] == "event":
            days = np.where(np.isfinite(found), np.floor(found), np.nan)
            missing = np.isnan(days)
            found = np.datetime64(self._start, "s") + np.where(missing, 0, days).astype("m8[D]")
            found = np.where(missing, np.datetime64("NaT", "s"), found)
        notes = {"label": about["label"], "unit": about.get("unit", "")}
        coords = {"run": self.dataset["run"].values}
        return xr.DataArray(found, coords, ("run",), name=name, attrs=notes)

    def trajectory(self, address: str) -> xr.DataArray:
        """A recorded quantity in every future [run, date].

        Raises:
            CaseError: it was not recorded.
        """
        if address not in self.addresses:
            near = nearest(address, self.addresses)
            allowed = listed(self.addresses)
            raise CaseError("not recorded", found=address, allowed=allowed, nearest=near)
        return self.dataset["trajectory"].sel(address=address)

    def summary(self) -> dict[str, Any]:
        """What `allegiance run --json` prints."""
        return self.report

    @property
    def _start(self) -> date:
        return date.fromisoformat(self.report["from"])

    def _outcome(self, name: str, kind: str | None = None) -> np.ndarray:
        known = [k for k, v in self.report["outcomes"].items() if kind in (None, v["kind"])]
        if name not in known:
            what = f"no such {kind}" if kind else "no such outcome"
            raise CaseError(what, found=name, allowed=listed(known), nearest=nearest(name, known))
        return self.values[name]


def opened(folder: str | Path, check: bool = True) -> Futures:
    """Futures that `allegiance run --out` has kept; trajectories are read when they are asked for.

    Every file is compared with its seal first, unless `check` is off: a second a gigabyte.

    Raises:
        CaseError: the folder holds no finished run, or a file in it is damaged.
    """
    import pyarrow.parquet as pq
    import xarray as xr

    folder = Path(folder)
    allowed = "a folder that `allegiance run --out` has finished"
    if not (folder / store.MANIFEST).is_file():
        raise CaseError("no results", file=folder, allowed=allowed)
    manifest = store.read(folder)
    if manifest["ended"] is None:
        raise CaseError("the run is not finished: --resume goes on", file=folder, allowed=allowed)
    if check:
        durable.verify(folder, manifest["files"], "results copied whole")
    try:
        report = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        table = pq.read_table(folder / "runs.parquet")
        dataset = xr.open_zarr(folder / TRAJECTORIES, consolidated=False, chunks=None)
        start = np.datetime64(report["from"], "D")
        values = {}
        for name, about in report["outcomes"].items():
            column = table[name].to_numpy()
            if about["kind"] == "event":
                days = (column.astype("M8[D]") - start) / np.timedelta64(1, "D")
                column = np.where(np.isnan(days), np.inf, days)
            values[name] = column.astype(np.float64)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CaseError("no results", file=folder, allowed=allowed) from error
    return Futures(report, values, dataset)


def labelled(
    setup: Setup, chunks: Sequence[Chunk], values: np.ndarray, report: dict[str, Any]
) -> Futures:
    """Futures from chunks in memory; `values` is [outcome, run]."""
    import xarray as xr

    built = setup.built
    dates = [built.calendar.date(step) for step in range(built.steps)]
    records = np.concatenate([chunk.records for chunk in chunks], axis=2)
    first = np.concatenate([chunk.first for chunk in chunks], axis=1)
    units = [unit_of(address) for address in setup.addresses]
    dataset = xr.Dataset(
        {
            "trajectory": (("run", "date", "address"), records.transpose(2, 0, 1)),
            "first_day": (("run", "event"), np.where(np.isfinite(first), first, np.nan).T),
        },
        coords={
            "run": np.concatenate([chunk.runs for chunk in chunks]).astype(np.int64),
            "date": np.array(dates, "datetime64[ns]"),
            "address": np.array(setup.addresses, object).astype(str),
            "event": np.array(setup.events, object).astype(str),
            "unit": ("address", np.array(units, object).astype(str)),
        },
        attrs={key: report[key] for key in ("case", "theory", "levers", "seed")},
    )
    return Futures(report, dict(zip(setup.outcomes, values, strict=True)), dataset)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CaseError("no date", key="by", found=text, allowed="YYYY-MM-DD") from None

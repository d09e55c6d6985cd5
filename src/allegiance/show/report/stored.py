"""Opening what `allegiance run --out` has kept: futures, events, and the case that made them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegiance.cases.errors import CaseError
from allegiance.cases.loading import NAME, shipped
from allegiance.engine.chunks import Chunk
from allegiance.engine.futures import Futures, opened
from allegiance.engine.scenario import Scenario, assignment, load
from allegiance.engine.setup import Setup, prepare
from allegiance.engine.store import CASE, MANIFEST
from allegiance.evidence import dossier, record
from allegiance.evidence.confront import Confrontation, confronted
from allegiance.evidence.schema import Item

if TYPE_CHECKING:
    import pyarrow as pa

ALLOWED = "a folder that `allegiance run CASE --out DIR` has finished"

_KEYS = (
    *("case", "digest", "levers", "theory", "parameters", "seed", "runs", "from", "until"),
    *("recorded", "events", "versions", "ended"),
)


@dataclass(frozen=True)
class Stored:
    """A finished run: its manifest, futures and scenario, and the items of the case's dossier."""

    folder: Path
    manifest: dict[str, Any]
    futures: Futures
    scenario: Scenario
    items: Mapping[str, Item]

    @property
    def events(self) -> pa.Table | None:
        """The event log, where it was kept."""
        import pyarrow.parquet as pq

        path = self.folder / "events.parquet"
        try:
            return pq.read_table(path) if path.is_file() else None
        except (OSError, ValueError) as error:
            raise CaseError("damaged event log", file=path, allowed=ALLOWED) from error

    def readable(self) -> dict[str, Item]:
        """Items whose quantities or events were recorded, within the run's span."""
        kept, watched = set(self.futures.addresses), set(self.manifest["events"])
        last = self.manifest["until"]
        found = {}
        for name, item in self.items.items():
            quantities, events = record.addresses([item])
            within = item.date is None or item.date.isoformat() <= last
            if within and set(quantities) <= kept and set(events) <= watched:
                found[name] = item
        return found

    def confronted(self) -> Confrontation | None:
        """The stored futures against the items that can be read in them; None without any."""
        items = self.readable()
        if not items:
            return None
        quantities, events = record.addresses(items.values())
        setup = replace(
            self._setup(),
            addresses=tuple(quantities),
            reported=(),
            events=tuple(events),
        )
        data = self.futures.dataset
        first = data["first_day"].sel(event=events).values.T if events else None
        trajectory = data["trajectory"].sel(address=quantities) if quantities else None
        runs = data["run"].values
        chunks = []
        for low in range(0, len(runs), 64):
            some = slice(low, low + 64)
            chunks.append(_chunk(setup, runs[some], trajectory, first, some))
        held = confronted(
            self.scenario, items, record.readings(setup, items, chunks=chunks), setup.seed
        )
        return replace(held, posterior=self.futures.report.get("posterior"))

    def _setup(self) -> Setup:
        kept = self.manifest
        setup = prepare(self.scenario, runs=kept["runs"], seed=kept["seed"], until=kept["until"])
        return replace(setup, flows=setup.flows[:0])


def _chunk(setup: Setup, runs: Any, trajectory: Any, first: Any, some: slice) -> Chunk:
    import numpy as np

    records = np.zeros((setup.built.steps, 0, len(runs)), np.float32)
    if trajectory is not None:
        records = np.asarray(trajectory[some].values).transpose(1, 2, 0)
    days = np.zeros((0, len(runs)))
    if first is not None:
        days = np.where(np.isnan(first[:, some]), np.inf, first[:, some])
    return Chunk(runs=runs, records=records, first=days, log=None)


def stored(folder: Path, key: str = "DIR", case: str | None = None) -> Stored:
    """Open a finished run; `case` names its case where the folder keeps no copy of it.

    Raises:
        CaseError: there is no such folder, it holds no finished run, something in it is damaged, or
            the case is not that of the run.
    """
    manifest = _manifest(folder, key)
    try:
        futures = opened(folder)
    except CaseError:
        raise
    except Exception as error:  # Zarr and Arrow raise errors of many kinds for broken files
        raise CaseError("damaged results", file=folder, allowed=ALLOWED) from error
    if futures.runs != manifest["runs"]:
        raise CaseError("summary and manifest differ", file=folder, allowed=ALLOWED)
    scenario = _scenario(folder, manifest, case)
    return Stored(folder, manifest, futures, scenario, dossier.items(scenario.files))


def _manifest(folder: Path, key: str) -> dict[str, Any]:
    if not folder.is_dir():
        raise CaseError("no such folder", key=key, found=str(folder), allowed=ALLOWED)
    path = folder / MANIFEST
    if not path.is_file():
        problem = f"holds no {MANIFEST}, so it is no run"
        raise CaseError(problem, key=key, found=str(folder), allowed=ALLOWED)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CaseError("damaged: it is no JSON", file=path, allowed=ALLOWED) from error
    lacking = [name for name in _KEYS if not isinstance(found, dict) or name not in found]
    if lacking:
        problem = f"damaged: it lacks {', '.join(lacking[:3])}"
        raise CaseError(problem, file=path, allowed=ALLOWED)
    if found["ended"] is None:
        allowed = "the same command with --resume finishes it"
        raise CaseError("the run is not finished", file=path, allowed=allowed)
    return found


def _scenario(folder: Path, manifest: Mapping[str, Any], case: str | None) -> Scenario:
    """The case as the run had it: its files, its theory and its levers."""
    name = str(manifest["case"])
    if not NAME.fullmatch(name):
        raise CaseError("damaged: no name of a case", file=folder / MANIFEST, found=name)
    copy = folder / CASE / name
    if case is not None:
        scenario = load(case)
    elif (copy / "case.yaml").is_file():
        scenario = load(copy)
    elif name in shipped():
        scenario = load(name)
    else:
        problem = "the folder keeps no copy of its case"
        raise CaseError(problem, file=folder, allowed="--case with the case's name or folder")
    scenario = scenario.under(str(manifest["theory"]))
    for lever in manifest["levers"]:
        scenario = _pulled(scenario, str(lever), folder)
    if scenario.files.digest != manifest["digest"]:
        allowed = "the case as it was when it was run; or run it again"
        raise CaseError("the case has changed since the run", file=folder, allowed=allowed)
    return scenario


def _pulled(scenario: Scenario, lever: str, folder: Path) -> Scenario:
    kind, _, text = lever.partition(" ")
    if kind == "--without":
        return scenario.without(text)
    if kind == "--free":
        return scenario.free(text)
    if kind == "--set":
        return scenario.set(*assignment(text))
    raise CaseError("damaged: no lever", file=folder / MANIFEST, found=lever)

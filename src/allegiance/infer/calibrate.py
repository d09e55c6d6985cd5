"""The posterior of a case's free parameters and motives, from its `fit` items up to a day.

Its likelihood is that of `evidence.likelihood` in one simulated future; its sampler that of `smc`.
Nothing that the case dates after the day is given to the simulator either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile
from zlib import error

import numpy as np
import yaml

from allegiance.cases.arguments import day, whole
from allegiance.cases.cutting import cut
from allegiance.cases.errors import CaseError
from allegiance.engine import durable, store
from allegiance.engine.outcomes import plain
from allegiance.engine.scenario import Scenario, load
from allegiance.evidence import record
from allegiance.evidence.posteriors import FILE, Posterior, PosteriorFile, Summary
from allegiance.infer import ensemble, smc
from allegiance.infer.space import Space, space

if TYPE_CHECKING:
    import xarray as xr

BUDGET = 700_000
"""Most futures that one calibration may simulate."""

LEAST = 1 + smc.MOVES
"""Futures a particle that a first generation may need."""

DRAWS = 500
"""Most draws in posterior.yaml."""

PARTICLES = 2048

PRIORS = "priors.json"
TREE = "posterior.zarr"
_PACKAGES = ("allegiance", "jax", "jaxlib", "numpy", "scipy")


@dataclass(frozen=True)
class Calibration:
    """A finished calibration: the posterior as it is kept, and all its particles."""

    posterior: Posterior
    space: Space
    state: smc.State

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before using it."""
        found, kept = [], self.posterior.file
        if kept.temperature < kept.share:
            found.append(
                f"the budget ended at temperature {kept.temperature:.2g}, short of "
                f"{kept.share:.2g}: the posterior is wider than it should be"
            )
        if kept.ess < 0.05 * kept.particles:
            found.append(
                f"only {kept.ess:.0f} of {kept.particles} histories are distinct in effect: "
                "more --runs-per are needed"
            )
        return found

    def summary(self) -> dict[str, Any]:
        """What `allegiance calibrate --json` prints."""
        kept = self.posterior.file
        return {
            "parameters": {name: s.model_dump() for name, s in kept.parameters.items()},
            "ess": kept.ess,
            "seconds": kept.seconds,
            "futures": kept.futures,
            "share": kept.share,
            "temperature": kept.temperature,
            "log_evidence": kept.log_evidence,
            "warnings": self.warnings,
        }

    def datatree(self) -> xr.DataTree:
        """All particles in the layout of ArviZ's InferenceData: posterior, prior, sample_stats."""
        import xarray as xr

        z = np.random.default_rng([self.posterior.file.seed, 1]).normal(size=self.state.z.shape)
        stats = {"log_likelihood": self.state.loglik, "future": self.state.u.astype(np.int64)}
        groups = {
            "posterior": self.space.named(self.state.z),
            "prior": self.space.named(z),
            "sample_stats": stats,
        }
        coords = {"chain": [0], "draw": np.arange(z.shape[1])}
        kept = self.posterior.file.model_dump(mode="json", include={"case", "until", "priors"})
        return xr.DataTree.from_dict(
            {
                group: xr.Dataset(
                    {name: (("chain", "draw"), values[None]) for name, values in found.items()},
                    coords=coords,
                    attrs=kept,
                )
                for group, found in groups.items()
            }
        )


def calibrate(
    case: Scenario | str | Path,
    until: str | date,
    *,
    out: str | Path | None = None,
    fit: Sequence[str] = (),
    runs_per: int = PARTICLES,
    seed: int = 1,
    theory: str | None = None,
    resume: bool = False,
    budget: int = BUDGET,
    worth: int = ensemble.INDEPENDENT,
    tick: ensemble.Tick | None = None,
) -> Calibration:
    """Fit the parameters named by `fit` (default: all free ones and marked motives).

    All items together count as at most `worth` independent ones, as `ensemble.share` says.
    `runs_per` particles, each one future a move. With `out` the priors are written before anything
    is simulated, and every generation as it is finished; `resume` goes on from the last one.
    `tick` is called with the number of futures simulated in this call.

    Raises:
        CaseError: the case, a name, a number or the folder is wrong, or there is no evidence.
        OSError: the disk fails; finished generations are kept.
    """
    scenario = case if isinstance(case, Scenario) else load(case)
    scenario = scenario if theory is None else scenario.under(theory)
    last = day("--until", until)
    whole("--runs-per", runs_per, 32, BUDGET // LEAST)
    whole("--budget", budget, LEAST * runs_per, BUDGET)
    whole("--worth", worth, 1, 100_000)
    items = {
        id: item
        for id, item in ensemble.dated(scenario).items()
        if item.use == "fit" and item.date and item.date <= last
    }
    if not items:
        allowed = "a day with `fit` items on or before it"
        raise CaseError("no evidence", key="--until", found=last, allowed=allowed)
    fitted = space(scenario, fit)
    known = _cut(scenario, last)
    setup = record.order(known, items.values(), runs_per, seed)
    identity = {
        "format": 1,
        "case": scenario.name,
        "digest": scenario.files.digest,
        "levers": list(scenario.levers),
        "theory": scenario.theory.name,
        "until": last.isoformat(),
        "dossier": ensemble.hashed(items),
        "worth": worth,
        "share": ensemble.share(len(items), worth),
        "seed": seed,
        "particles": runs_per,
        "priors": fitted.priors,
        "hash": fitted.hash,
        "versions": {name: version(name) for name in _PACKAGES},
    }
    kept = Kept(Path(out), identity, resume) if out is not None else None
    began, of = monotonic(), ensemble.likelihood(setup, items, fitted, tick)
    with kept or nullcontext():
        state, before = kept.last() if kept else (None, 0.0)
        for finished in smc.generations(
            of, fitted.size, runs_per, seed, budget, state, identity["share"]
        ):
            state = finished
            if kept:
                kept.keep(state, before + monotonic() - began)
        assert state is not None
        made = _made(fitted, state, identity, before + monotonic() - began)
        if kept:
            kept.finish(made)
    return made


def _cut(scenario: Scenario, last: date) -> Scenario:
    if last >= scenario.files.case.until:
        return scenario
    return Scenario(cut(scenario.files, last + timedelta(days=1)), scenario.theory)


def _made(fitted: Space, state: smc.State, identity: dict[str, Any], seconds: float) -> Calibration:
    named = fitted.named(state.z)
    random = np.random.default_rng([identity["seed"], 2])
    prior = fitted.named(random.normal(size=(fitted.size, 20_000)))
    take = random.permutation(state.z.shape[1])[:DRAWS]
    file = PosteriorFile(
        format=1,
        case=identity["case"],
        digest=identity["digest"],
        dossier=identity["dossier"],
        priors=fitted.hash,
        theory=identity["theory"],
        levers=identity["levers"],
        until=date.fromisoformat(identity["until"]),
        seed=identity["seed"],
        particles=state.z.shape[1],
        futures=state.futures,
        share=_short(identity["share"]),
        temperature=_short(state.temperature),
        log_evidence=_short(state.log_evidence),
        ess=_short(smc.histories(state.u)),
        seconds=round(seconds, 1),
        parameters={
            name: Summary(
                mean=_short(x.mean()),
                q05=_short(np.quantile(x, 0.05)),
                q95=_short(np.quantile(x, 0.95)),
                contraction=_short(1.0 - x.var() / prior[name].var()),
            )
            for name, x in named.items()
        },
        draws={name: [_short(value) for value in x[take]] for name, x in named.items()},
        numbers=[int(number) for number in state.u[take]],
    )
    return Calibration(Posterior("calibration", fitted.hash, file), fitted, state)


def _short(value: float) -> float:
    return plain(float(value), 7) or 0.0


class Kept(durable.Claimed):
    """A calibration's folder: priors first, then a file for each generation, then the posterior.

    Raises:
        CaseError: the folder cannot be written, is not empty, or holds another calibration.
    """

    def __init__(self, folder: Path, identity: dict[str, Any], resume: bool) -> None:
        self.identity, self.resume = identity, resume
        super().__init__(folder)

    def _begun(self) -> None:
        folder, path = self.folder, self.folder / PRIORS
        if path.is_file() and self.resume:
            try:
                found = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                raise CaseError("not a manifest", file=path, allowed="one of calibrate") from None
            store.same(found, self.identity, PRIORS)
            return
        if any(folder.iterdir()):
            allowed = "a new or empty folder, or --resume with the folder of the same calibration"
            raise CaseError("the folder is not empty", key="--out", found=folder, allowed=allowed)
        with durable.replacing(path) as draft:
            draft.write_text(json.dumps(self.identity, indent=2, allow_nan=False), encoding="utf-8")

    @property
    def kept(self) -> str:
        """Where finished generations are, and how to go on."""
        return f"finished generations are kept in {self.folder}; --resume goes on from there"

    def last(self) -> tuple[smc.State | None, float]:
        """The last finished generation and the seconds up to it."""
        found = sorted(self.folder.glob("generation-*.npz"))
        if not found:
            return None, 0.0
        try:
            # A zip archive: its checksums are compared.
            with found[-1].open("rb") as stream, np.load(stream) as file:
                fields = {name: file[name] for name in smc.State._fields}
                seconds = float(file["seconds"])
            for name in ("temperature", "log_evidence", "accepted"):
                fields[name] = float(fields[name])
            for name in ("futures", "generation", "renewals"):
                fields[name] = int(fields[name])
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, error) as wrong:
            allowed = "a whole generation; removed, the calibration goes on from the one before"
            raise CaseError("damaged", file=found[-1], allowed=allowed) from wrong
        return smc.State(**fields), seconds

    def keep(self, state: smc.State, seconds: float) -> None:
        """Write a generation; it counts once it has its name."""
        path = self.folder / f"generation-{state.generation:04d}.npz"
        with durable.replacing(path) as draft, draft.open("wb") as stream:
            np.savez(stream, **state._asdict(), seconds=seconds)

    def finish(self, made: Calibration) -> None:
        """Write posterior.yaml, and all particles for ArviZ."""
        made.datatree().to_zarr(self.folder / TREE, mode="w", consolidated=False)
        with durable.replacing(self.folder / FILE) as draft:
            draft.write_text("".join(_text(made)), encoding="utf-8")


def _text(made: Calibration) -> Iterator[str]:
    yield "# Written by `allegiance calibrate`; `confront`, `run` and `forecast` read it.\n"
    for warning in made.warnings:
        yield f"# {warning}\n"
    data = made.posterior.file.model_dump(mode="json")
    data["until"] = made.posterior.file.until
    yield yaml.safe_dump(data, sort_keys=False, default_flow_style=None, width=100)

"""Makes the tables of the posterior: `python forecasts.py [POSTERIOR...]` prints Markdown.

Without a posterior it takes the one that the case ships; of two (two seeds) it says whether they
agree. Futures are 500 with the seed 1, or the posterior's own histories where a forecast replays
them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import allegiance as al
from allegiance.engine.draws import Draws
from allegiance.evidence import dossier, posteriors, record
from allegiance.evidence.confront import confronted as held_against
from allegiance.evidence.target import LEVELS, target
from allegiance.infer.forecast import Forecast
from allegiance.infer.forecast import forecast as forecast_from
from allegiance.infer.space import space

CASE = al.load("syria")
RUNS = 500
START, UNTIL = "2019-01-01", "2024-12-31"
TOPICS = {
    "Russian effort, by year": ("harm_", "desert_", "north_west_", "strikes_", "troops_"),
    "the map": ("area_", "separatist_force", "isis_force", "offensive_force"),
    "the end": ("stands_", "falls_", "aleppo_", "hama_", "asylum_"),
    "the dead and the displaced": ("government_dead_", "civilians_", "displaced_"),
    "means and support at home": ("support_", "funds_"),
    "other clients": (
        "ukraine_",
        "armenia_",
        "azerbaijan_",
        "central_",
        "vassal_",
        "venezuela_",
        "belarus_",
        "kazakhstan_",
        "mali_",
        "sahel_",
    ),
}


def head(title: str, *columns: str) -> None:
    """The head of a table."""
    print(f"\n{title}\n\n| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|")


def row(name: str, *cells: object) -> None:
    """One line of a table."""
    told = (f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells)
    print(f"| {name} | " + " | ".join(told) + " |", flush=True)


def marginals(found: list[posteriors.Posterior]) -> None:
    """Every parameter's posterior; of two seeds the distance of their means in standard errors."""
    for kept in (one.file for one in found):
        print(f"\nseed {kept.seed}: {kept.particles} particles, {kept.futures} futures, ", end="")
        print(f"temperature {kept.temperature:.3g}, {kept.ess:.0f} histories in effect, ", end="")
        print(f"log evidence {kept.log_evidence:.1f}, {kept.seconds:.0f} seconds")
    head("Posterior", "", *(f"seed {p.file.seed}: mean [5%, 95%], contraction" for p in found), "z")
    for name in found[0].file.parameters:
        cells, means = [], []
        for kept in (one.file for one in found):
            s, drawn = kept.parameters[name], np.array(kept.draws[name])
            cells.append(f"{s.mean:.3g} [{s.q05:.3g}, {s.q95:.3g}], {s.contraction:.2f}")
            means.append((s.mean, drawn.var() / kept.ess))
        apart = ""
        if len(means) == 2:
            (one, first), (other, second) = means
            apart = f"{(one - other) / np.sqrt(first + second):+.1f}"
        row(f"`{name}`", *cells, apart)


def prior() -> Draws:
    """Draws from the priors, as many as there are futures."""
    fitted = space(CASE)
    return fitted.draws(np.random.default_rng([1, 3]).normal(size=(fitted.size, RUNS)))


def widths(found: posteriors.Posterior) -> None:
    """Widths of the 90% sets: of the posterior's futures over those of the prior's, by use."""
    items = {k: i for k, i in dossier.load(CASE.files).items.items() if i.value is not None}
    wide = []
    for draws in (found.draws(), prior()):
        read = record.readings(record.order(CASE, items.values(), RUNS, 1, draws), items)
        forecasts = [
            target(i).forecast(v) for i, v in zip(items.values(), read.values, strict=True)
        ]
        wide.append([np.ptp(f.quantiles(LEVELS)) if f else np.nan for f in forecasts])
    ratio = np.array(wide[0]) / np.array(wide[1])
    head("Widths over the prior's", "", "median", "5%", "95%", "at most 0.6")
    for use in ("fit", "hold"):
        here = ratio[[item.use == use for item in items.values()]]
        here = here[np.isfinite(here)]
        low, middle, high = np.quantile(here, LEVELS)
        row(use, middle, low, high, f"{(here <= 0.6).sum()} of {len(here)}")


def confronted(path: str | None) -> None:
    """Coverage, log scores and CRPS with the posterior, over the priors, and without either."""
    items = dossier.load(CASE.files).items
    read = record.readings(record.order(CASE, items.values(), RUNS, 1, prior()), items)
    worlds = {
        "posterior": al.confront(CASE, RUNS, 1, posterior=path),
        "prior": held_against(CASE, items, read, 1),
        "values": al.confront(CASE, RUNS, 1, posterior="none"),
    }
    rivals = ("model", "base rate", "persistence", "logit")
    head("Held against the dossier: log scores", "", *rivals, "inside 90%", "expected")
    shown = []
    for name, held in worlds.items():
        for use in ("fit", "hold"):
            low, high = held.expected[use] or (np.nan, np.nan)
            told = (*held.scores(use).values(), held.coverage(use), f"{low:.2f}-{high:.2f}")
            row(f"{name}, {use}", *told)
            shown.append((f"{name}, {use}", *held.losses(use).values()))
    head("CRPS of figures", "", *rivals)
    for name, *cells in shown:
        row(name, *cells)


def forecasts(path: str | None) -> None:
    """2019 to 2024 from the end of 2018, with nothing given later and with the later timeline."""
    for given in (False, True):
        found = forecast_from(CASE, START, UNTIL, given_later=given, posterior=path, runs=RUNS)
        held, word = found.held, "the later timeline given" if given else "nothing given later"
        title = f"{START} to {UNTIL}, {word}: {found.ess:.0f} futures in effect"
        head(title, "mean log score of", "items", "model", "base rate", "persistence", "logit")
        for topic, starts in (*TOPICS.items(), ("all", ("",))):
            rows = [r for r in held.rows if r.id.startswith(starts)]
            row(topic, len(rows), *(np.mean([r.log[n] for r in rows]) for n in held.scores()))
        each(found)


def each(found: Forecast) -> None:
    """Every item with what was forecast."""
    head("Items", "", "came", "5%", "median", "95%", "inside", "model", "base rate")
    for plain in sorted(found.summary()["items"], key=lambda item: item["score"]):
        rival = next(r.log["base_rate"] for r in found.held.rows if r.id == plain["id"])
        cells = (plain[key] for key in ("observed", "q05", "q50", "q95", "inside"))
        told = (f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in cells)
        row(plain["id"], *told, plain["score"], rival)


if __name__ == "__main__":
    paths = sys.argv[1:] or [str(Path(__file__).parent / posteriors.FILE)]
    opened = [posteriors.opened(path) for path in paths]
    marginals(opened)
    widths(opened[0])
    confronted(paths[0])
    forecasts(paths[0])

"""What each mechanism does to its observable in one small world, with the row on and off.

Every row is shown by the same experiment: `RUNS` futures of `world`, two years, decisions left to
the model; then the same futures, all noise shared, without the row. Drawn are the mean over the
futures and the band of 90% of them, week by week.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from allegiance.engine.units import unit_of
from allegiance.world.rows import IDS
from pages import world

RUNS = 128

OBSERVED = {
    "S01": "harbour->north.alignment",
    "S02": "coast.concentration",
    "S03": "harbour.commitment[east]",
    "S04": "harbour.exile[north]",
    "S05": "harbour.government.odds",
    "S06": "north.strikes.civilian_share",
    "S07": "harbour.short[north]",
    "S08": "harbour.government.force",
    "S09": "harbour.control[government]",
    "S10": "harbour.deployed[north]",
    "S11": "valley->north.believed",
    "S12": "valley->north.believed",
    "S13": "valley->north.credibility",
    "S14": "valley->north.doubt",
    "S15": "harbour.commitment[east]",
    "S16": "valley->north.trust",
    "S17": "north.fear",
    "S18": "north.support",
    "S19": "north.support",
    "S20": "harbour.commitment[east]",
    "S21": "north.anger",
    "S22": "north.strikes.off_target_share",
    "S23": "harbour.opposition.force",
    "S24": "harbour.displaced",
    "S25": "harbour.government.losses",
    "S26": "harbour.control[government]",
    "S27": "harbour.opposition.odds",
    "S28": "harbour.radicals.force",
    "S29": "harbour.opposition.force",
    "S30": "harbour.commitment[east]",
    "S31": "harbour.commitment[south]",
    "S32": "harbour.government.cohesion",
    "S33": "harbour.killed",
    "S34": "naval_base.open",
    "S35": "north.treasury",
    "S36": "north.exports",
    "S37": "harbour.sanctions",
    "S38": "north.leverage",
    "S39": "valley->north.alignment",
    "S40": "coast.strain",
    "S41": "valley->north.trust",
    "S42": "valley->north.trust",
    "S43": "valley->north.trust",
    "S44": "valley->north.trust",
    "S45": "coast.self_help",
    "S46": "north.treasury",
    "S47": "north->east.price",
    "S48": "north.impunity",
    "S49": "harbour->south.recognition",
    "S50": "",  # who comes to a summit is an event of a day, which no series shows
    "S51": "valley->north.alignment",
    "S52": "coast->south.alignment",
    "S53": "harbour->north.recognition",
    "S54": "naval_base.open",
    "S55": "harbour.investment",
    "S56": "naval_base.open",
    "S57": "harbour.government.force",
    "S58": "north.impunity",
}
"""The address that stands for the observable of each row; a test holds the two lists together."""


class Effect(NamedTuple):
    """A row on and off: bands [mean, 5%, 95%][week] of its observable, and what differs."""

    row: str
    address: str
    dates: list[date]
    on: np.ndarray
    off: np.ndarray
    acts: bool  # does any future's observable differ?
    elsewhere: bool  # or anything else that is recorded here?

    @property
    def largest(self) -> tuple[float, date]:
        """Largest difference of the means, on less off, and the week of it."""
        apart = np.nan_to_num(self.on[0] - self.off[0])
        week = int(np.argmax(np.abs(apart)))
        return float(apart[week]), self.dates[week]


def measured(rows: Iterable[str] = IDS, runs: int = RUNS) -> Iterator[Effect]:
    """The effect of each row; nothing for a row whose observable cannot be recorded."""
    from allegiance.engine import observe
    from allegiance.engine.setup import prepare
    from allegiance.engine.simulate import chunks

    with tempfile.TemporaryDirectory() as folder:
        scenario = world.loaded(Path(folder))
        built = prepare(scenario, runs=1).built
        known = observe.catalogue(built.labels, observe.axis_sizes(built.world))
        wanted = [OBSERVED[row] for row in rows if OBSERVED.get(row) in known]
        setup = prepare(scenario, runs=runs, record=wanted)

    def futures(without: str | None) -> np.ndarray:
        """All that is recorded [week, address, run]."""
        order = replace(setup, scenario=scenario.without(without)) if without else setup
        return np.concatenate([chunk.records for chunk in chunks(order)], axis=2)

    base = futures(None)
    dates = [setup.built.calendar.date(week) for week in range(base.shape[0])]
    for row in rows:
        address = OBSERVED.get(row)
        if address not in known:
            continue
        other, column = futures(row), setup.addresses.index(address)
        pair = [_band(paths[:, column]) for paths in (base, other)]
        same = np.array_equal(base[:, column], other[:, column], equal_nan=True)
        anywhere = not np.array_equal(base, other, equal_nan=True)
        yield Effect(row, address, dates, pair[0], pair[1], not same, anywhere)


def _band(paths: np.ndarray) -> np.ndarray:
    """Mean, 5% and 95% [3, week] over the runs of `paths` [week, run]; NaN where none is seen."""
    found = np.full((3, len(paths)), np.nan)
    for week, values in enumerate(paths.astype(np.float64)):
        seen = values[np.isfinite(values)]
        if len(seen):
            found[:, week] = seen.mean(), *np.quantile(seen, [0.05, 0.95])
    return found


def drawn(effect: Effect, path: Path) -> None:
    """Write the picture of an effect as SVG.

    Raises:
        OSError: it cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.figure import Figure

    from allegiance.show.plots import COLOURS, STYLE

    style = STYLE | {"svg.hashsalt": effect.row, "svg.fonttype": "none", "font.size": 9}
    days = np.array(effect.dates, "M8[D]")
    with mpl.rc_context(style):
        figure = Figure(figsize=(6.4, 2.5), layout="constrained")
        axes = figure.subplots()
        blue, orange, *_ = COLOURS
        for band, colour, label in ((effect.off, orange, "off"), (effect.on, blue, "on")):
            axes.fill_between(days, band[1], band[2], color=colour, alpha=0.15, linewidth=0)
            dashes = "-" if label == "on" else (0, (4, 2))
            axes.plot(days, band[0], color=colour, linewidth=1.6, label=label, linestyle=dashes)
        axes.set_ylabel(unit_of(effect.address) or "index")
        axes.set_title(effect.address, fontweight="normal", family="monospace", fontsize=9)
        locator = AutoDateLocator()
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        axes.legend(title=effect.row, loc="center left", bbox_to_anchor=(1.0, 0.5))
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})

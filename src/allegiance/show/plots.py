"""Pictures of a finished run, as PNG files that stand on their own.

Colours are those of Okabe & Ito, which colour-blind readers can tell apart. The line is the median,
a band holds 50% of the futures and a paler one 90%; where an army collapses in some futures and not
in others, the bands show both.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np

from allegiance.cases.schema import CaseFile, Theatre
from allegiance.engine import interrupts
from allegiance.engine.futures import Futures
from allegiance.engine.selection import patrons
from allegiance.show.colours import COLOURS
from allegiance.show.words import words

FAN = "Line: median; bands: 50% and, paler, 90% of the futures."
GROUND = "Line: median; bands: 50% of the futures; paler, for the government alone: 90%."
SHARE = "Band: 90% interval of the sampling error."
ALL = "Lines: medians; bands: 50% and, paler, 90% of the futures; of a probability: sampling error."
STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.grid": True,
    "grid.color": "#E5E5E5",
    "axes.axisbelow": True,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.dpi": 144,
}


def draw(futures: Futures, case: CaseFile, folder: Path) -> list[Path]:
    """Write `overview.png` and one picture a theme into `folder`; return the files.

    Raises:
        OSError: the folder cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    wars = {name: theatre for name, theatre in case.theatres.items() if theatre.fought}
    themes: list[tuple[str, Any]] = []
    for name, theatre in wars.items():
        themes += [
            (f"ground_{name}", lambda axes, n=name, t=theatre: _ground(axes, futures, n, t)),
            (f"pledges_{name}", lambda axes, t=theatre: _pledges(axes, futures, case, t)),
        ]
    themes.append(("patrons", lambda axes: _patrons(axes, futures, case)))
    themes += [
        (f"date_{name}", lambda axes, n=name: _first(axes, futures, n))
        for name, outcome in futures.report["outcomes"].items()
        if outcome["kind"] == "event"
    ][:1]
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    with mpl.rc_context(STYLE):
        for name, plot in themes:
            interrupts.check()
            figure = Figure(figsize=(7.5, 4.2), layout="constrained")
            note = plot(figure.subplots())
            files.append(_saved(figure, futures, case, note, folder / f"{name}.png"))
        rows = -(-len(themes) // 2)
        figure = Figure(figsize=(13, 4.0 * rows), layout="constrained")
        panels = figure.subplots(rows, 2, squeeze=False).ravel()
        for axes, (_, plot) in zip(panels, themes, strict=False):
            plot(axes)
        for axes in panels[len(themes) :]:
            axes.set_axis_off()
        figure.suptitle(case.title, x=0.01, ha="left", fontweight="bold", fontsize=13)
        files.append(_saved(figure, futures, case, ALL, folder / "overview.png"))
    return files


def _saved(figure: Any, futures: Futures, case: CaseFile, note: str, path: Path) -> Path:
    report = futures.report
    levers = f"; {' '.join(report['levers'])}" if report["levers"] else ""
    text = (
        f"{case.name}: {report['runs']} simulated futures, seed {report['seed']}, theory "
        f"{report['theory']}{levers}. {note}"
    )
    text = fill(text, width=int(figure.get_figwidth() * 16))
    figure.supxlabel(text, x=0.01, ha="left", fontsize=7.5, color="#555555")
    figure.savefig(path)
    return path


def _fan(
    axes: Any, dates: np.ndarray, path: np.ndarray, label: str, colour: str, wide: bool
) -> None:
    """Median and 50% band of `path` [run, date] through time; the 90% band where `wide`."""
    low, lower, middle, upper, high = np.quantile(path, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    if wide:
        axes.fill_between(dates, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.fill_between(dates, lower, upper, color=colour, alpha=0.3, linewidth=0)
    axes.plot(dates, middle, color=colour, linewidth=1.5, label=label)


def _ground(axes: Any, futures: Futures, name: str, theatre: Theatre) -> str:
    dates = futures.dataset["date"].values
    sides = [s for s in theatre.sides if f"{name}.control[{s}]" in futures.addresses]
    for number, (side, colour) in enumerate(zip(sides, COLOURS, strict=False)):
        path = futures.trajectory(f"{name}.control[{side}]").values * 100.0
        _fan(axes, dates, path, side.replace("_", " "), colour, wide=number == 0)
    axes.set_title(f"{theatre.label}: area held")
    axes.set_ylabel("% of the area")
    axes.set_ylim(0, 100)
    _legend(axes, len(sides))
    return GROUND


def _pledges(axes: Any, futures: Futures, case: CaseFile, theatre: Theatre) -> str:
    client, dates = theatre.client or "", futures.dataset["date"].values
    backers = [power for power in patrons(case) if power in theatre.powers]
    for power, colour in zip(backers, COLOURS, strict=False):
        asked, given = (f"{client}->{power}.{noun}" for noun in ("asked", "delivered"))
        if {asked, given} <= set(futures.addresses):
            median = np.median(futures.trajectory(asked).values, axis=0) * 100.0
            axes.plot(dates, median, color=colour, linewidth=1.0, linestyle=":")
            path = futures.trajectory(given).values * 100.0
            _fan(axes, dates, path, f"{case.powers[power].label}: delivered", colour, wide=True)
    axes.plot([], [], color="#555555", linestyle=":", linewidth=1.0, label="asked (median)")
    axes.set_title(f"Help to {case.clients[client].label}: asked and delivered")
    axes.set_ylabel("% of what the patron could offer")
    axes.set_ylim(bottom=0)
    _legend(axes, len(backers) + 1)
    return FAN


def _patrons(axes: Any, futures: Futures, case: CaseFile) -> str:
    dates = futures.dataset["date"].values
    shown = [p for p in patrons(case) if f"{p}.strength" in futures.addresses]
    for power, colour in zip(shown, COLOURS, strict=False):
        path = futures.trajectory(f"{power}.strength").values
        relative = np.exp(path - path[:, :1]) * 100.0
        _fan(axes, dates, relative, case.powers[power].label, colour, wide=True)
    axes.set_title("Force that the patrons have to spare")
    axes.set_ylabel("% of the start")
    axes.set_ylim(bottom=0)
    _legend(axes, len(shown))
    return FAN


def _first(axes: Any, futures: Futures, name: str) -> str:
    """First passage of an event: when, and in how many futures."""
    outcome = futures.report["outcomes"][name]
    when = futures.outcome(name).values
    dates = futures.dataset["date"].values
    share = np.array([(when <= date).mean() for date in dates]) * 100.0
    axes.plot(dates, share, color=COLOURS[0], linewidth=1.8, drawstyle="steps-post")
    error = 100.0 * np.sqrt(np.maximum(share / 100 * (1 - share / 100), 0.0) / futures.runs)
    low, high = share - 1.645 * error, share + 1.645 * error
    axes.fill_between(dates, low, high, color=COLOURS[0], alpha=0.2, linewidth=0, step="post")
    p = outcome["p"]
    axes.set_title(f"{_sentence(outcome['label'])}: {100 * p:.0f}% ({words(p)})")
    axes.set_ylabel("% of futures in which it has happened")
    axes.set_ylim(0, 100)
    return SHARE


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _legend(axes: Any, entries: int) -> None:
    """Below the picture, so that no line is hidden."""
    columns = min(entries, 4)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.08), ncols=columns, fontsize=8)

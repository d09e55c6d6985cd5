"""A reliability diagram as a picture: what was said, against how often it came true.

Each point is a bin of forecasts, at their mean and at the share that came true, with the number of
forecasts beside it. Bars are 90% intervals of the share (Wilson 1927); on the diagonal a forecast
means what it says. After Broecker & Smith (2007).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np

from allegiance.evidence.scores import wilson
from allegiance.show.colours import COLOURS, GREY
from allegiance.show.plots import STYLE

Z = 1.645
"""Standard errors from the middle to either end of a central 90%."""

NOTE = (
    "Figures: number of forecasts in the bin. Bars: 90% intervals of the share (Wilson), as if no "
    "two forecasts spoke of the same client."
)


def interval(share: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of Wilson's 90% interval of a binomial share [bin] out of `n` [bin]."""
    ends = [wilson(part * total, total, Z) for part, total in zip(share, n, strict=True)]
    low, high = np.array(ends).T
    return low, high


def draw(
    panels: Mapping[str, Sequence[Mapping[str, Any]]], path: Path, title: str, about: str
) -> Path:
    """Write one panel for each list of bins, by its heading; return the file.

    A bin has `n`, `forecast` and `observed`, as `evidence.scores.reliability` gives them.

    Raises:
        OSError: the file cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(4.4 * len(panels), 5.6), layout="constrained")
        axes = figure.subplots(1, len(panels), squeeze=False)[0]
        for each, (heading, bins) in zip(axes, panels.items(), strict=True):
            _panel(each, heading, bins)
        axes[0].set_ylabel("% of them that came true")
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
        text = fill(f"{about} {NOTE}", width=int(figure.get_figwidth() * 15))
        figure.supxlabel(text, x=0.01, ha="left", fontsize=7.5, color="#555555")
        figure.savefig(path)
    return path


def _panel(axes: Any, heading: str, bins: Sequence[Mapping[str, Any]]) -> None:
    axes.plot([0, 100], [0, 100], color=GREY, linewidth=1.0, linestyle=":")
    axes.set_title(heading)
    axes.set_xlabel("% that the model said, mean of the bin")
    axes.set_xlim(-3, 103)
    axes.set_ylim(-3, 103)
    axes.set_aspect("equal")
    if not bins:
        axes.text(50, 50, "nothing to score", ha="center", va="center", color=GREY)
        return
    n = np.array([row["n"] for row in bins], float)
    said, came = (np.array([row[key] for row in bins]) for key in ("forecast", "observed"))
    low, high = interval(came, n)
    axes.vlines(100 * said, 100 * low, 100 * high, color=COLOURS[0], linewidth=1.5, alpha=0.5)
    axes.plot(100 * said, 100 * came, "o", color=COLOURS[0], markersize=5)
    for at, share, number in zip(said, came, n, strict=True):
        left = at > 0.85
        axes.annotate(
            f"{number:.0f}",
            (100 * at, 100 * share),
            xytext=(-6 if left else 6, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=8,
        )


def crises(found: Mapping[str, Any], path: Path) -> Path:
    """The picture of `allegiance crises`; `found` is what its `--json` prints."""
    about = f"{found['futures']} futures each, seed {found['seed']}; {found['split']}."
    heading = f"A fall within a year: {found['n']} episodes"
    return draw({heading: found["calibration"]}, path, "Crises of clients", about)


def survival(found: Mapping[str, Any], path: Path) -> Path:
    """The picture of `allegiance survival`: a panel for each horizon."""
    panels = {
        f"A fall within {horizon} year{'s' * (horizon != '1')}: {at['n']} spell-years": at[
            "calibration"
        ]
        for horizon, at in found["horizons"].items()
    }
    about = f"{found['origins']} spell-years, {found['futures']} futures each, seed {found['seed']}"
    return draw(panels, path, "Client regimes at large", f"{about}; {found['split']}.")


def shipped(found: Mapping[str, Any], path: Path) -> Path:
    """The picture of `allegiance cases --score`: statements on falls, and on all dated events."""
    panels = {
        f"Statements on a fall: {found['n']}": found["calibration"],
        "All dated events": found["items"]["calibration"],
    }
    about = f"{found['runs']} futures each, seed {found['seed']}; {found['split']}."
    return draw(panels, path, "The shipped cases", about)

"""When: the date of an outcome over the futures, and what departed first between two worlds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from allegiance.show.colours import COLOURS, DASHES
from allegiance.show.figures.dots import Z90
from allegiance.show.figures.frame import (
    INK,
    along,
    axis,
    band,
    count,
    dated,
    framed,
    iso,
    rounded,
    told,
)

LINE, GAP, BELOW = 16, 12, 84
"""Pixels: a line of a label, what parts two labels, and the axis with the legend."""

LEAST = 364
"""Days that an axis of departures shows at least."""


class Departure(NamedTuple):
    """A quantity that departed between two worlds: when, by how much, in which unit."""

    label: str
    first: Any
    effect: float
    unit: str = ""


def timing(
    dates: Sequence[Any] | np.ndarray,
    happened: Any,
    *,
    title: str,
    futures: int,
    label: str = "as stored",
    other: Any = None,
    other_label: str = "the other world",
    record: Any = None,
) -> go.Figure:
    """Share of the futures in which an event has happened, over time.

    `happened` is [date], 0 to 1, and `other` the same of a second world; `record` is the day on
    which it happened.
    """
    note = "share in which it has happened; band: 90% sampling error"
    made = framed(title, count(futures, note), 360)
    worlds = [(label, happened), (other_label, other)]
    for number, (name, shares) in enumerate(worlds):
        if shares is None:
            continue
        share = np.asarray(shares, float)
        half = Z90 * np.sqrt(share * (1.0 - share) / max(futures, 1))
        hue, group = COLOURS[number], {"legendgroup": f"world {number}"}
        low, high = np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)
        made.add_traces(band(dates, 100 * low, 100 * high, hue, 0.2, **group))
        made.add_scatter(
            **along(dates),
            y=rounded(100 * share),
            name=told(name),
            mode="lines",
            line={"color": hue, "width": 2.2, "dash": DASHES[number], "shape": "hv"},
            hovertemplate="%{y:.0f}%",
            showlegend=other is not None,
            **group,
        )
    if record is not None:
        made.add_vline(x=iso(record), line={"color": INK, "width": 1, "dash": "dot"})
        made.add_annotation(
            x=iso(record),
            y=1,
            yref="paper",
            yanchor="bottom",
            text=f"record: {iso(record)}",
            showarrow=False,
            font={"size": 11},
        )
    made.update_layout(
        xaxis=dated(),
        yaxis=axis(title="% of futures", range=[0, 101]),
        hovermode="x unified",
    )
    return made


def _around(days: Sequence[Any]) -> list[str]:
    """A span that holds all days, at least LEAST of them: an axis of hours says nothing."""
    known = np.array([iso(day) for day in days], "datetime64[D]")
    low, high = known.min(), known.max()
    beside = max(0.05 * (high - low).astype(float), (LEAST - (high - low).astype(float)) / 2.0)
    pad = np.timedelta64(int(np.ceil(beside)), "D")
    return [str(low - pad), str(high + pad)]


def departures(chain: Sequence[Departure], *, title: str, futures: int) -> go.Figure:
    """What departed first between two worlds that share all noise, from the top down."""
    labels = [told(entry.label, 30) for entry in chain]
    note = "first step of a clear difference; up: more of it in the second world, down: less"
    # A row is as tall as the lines of its label, so that no two labels touch.
    tall = np.array([LINE * (label.count("<br>") + 1) + GAP for label in labels], float)
    places = (np.cumsum(tall) - tall / 2.0).tolist()
    total = max(float(tall.sum()), 120.0)
    made = framed(title, count(futures, note))
    frame: Any = made.layout
    made.update_layout(height=round(total) + frame.margin.t + BELOW)
    for sign, name, hue, symbol in (
        (1.0, "more", COLOURS[0], "triangle-up"),
        (-1.0, "less", COLOURS[1], "triangle-down"),
    ):
        rows = [(i, e) for i, e in enumerate(chain) if np.sign(e.effect) == sign]
        made.add_scatter(
            x=[iso(entry.first) for _, entry in rows],
            y=[places[i] for i, _ in rows],
            name=name,
            mode="markers",
            marker={"size": 11, "color": hue, "symbol": symbol},
            text=[f"{entry.effect:+.3g} {told(entry.unit)}" for _, entry in rows],
            hovertemplate="from %{x}: %{text}",
        )
    made.update_layout(
        xaxis=dated(side="bottom", range=_around([entry.first for entry in chain]), nticks=5),
        yaxis=axis(tickvals=places, ticktext=labels, range=[total, 0], ticks=""),
        margin={"b": BELOW},
        legend={"y": 0, "yref": "container", "yanchor": "bottom"},
    )
    return made

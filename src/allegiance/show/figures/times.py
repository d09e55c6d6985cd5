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
    note = "band: 90% interval of the sampling error"
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
        yaxis=axis(title="% of futures in which it has happened", range=[0, 101]),
        hovermode="x unified",
    )
    return made


def departures(chain: Sequence[Departure], *, title: str, futures: int) -> go.Figure:
    """What departed first between two worlds that share all noise, from the top down."""
    labels = [told(entry.label, 30) for entry in chain]
    note = "first step of a clear difference; up: more of it in the second world, down: less"
    made = framed(title, count(futures, note), 130 + 26 * max(len(chain), 4))
    for sign, name, hue, symbol in (
        (1.0, "more", COLOURS[0], "triangle-up"),
        (-1.0, "less", COLOURS[1], "triangle-down"),
    ):
        rows = [(i, e) for i, e in enumerate(chain) if np.sign(e.effect) == sign]
        made.add_scatter(
            x=[iso(entry.first) for _, entry in rows],
            y=[i for i, _ in rows],
            name=name,
            mode="markers",
            marker={"size": 11, "color": hue, "symbol": symbol},
            text=[f"{entry.effect:+.3g} {told(entry.unit)}" for _, entry in rows],
            hovertemplate="from %{x}: %{text}",
        )
    made.update_layout(
        xaxis=dated(side="bottom"),
        yaxis=axis(
            tickvals=list(range(len(labels))),
            ticktext=labels,
            range=[len(labels) - 0.4, -0.6],
            ticks="",
        ),
        margin={"b": 84},
        legend={"y": 0, "yref": "container", "yanchor": "bottom"},
    )
    return made

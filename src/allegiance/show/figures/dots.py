"""Points with intervals: chances of outcomes, and how far ties have moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from allegiance.show.colours import COLOURS
from allegiance.show.figures.frame import GRID, INK, SOFT, axis, count, framed, told
from allegiance.show.words import ICD_203, words

Z90 = 1.6448536269514722
"""Half width of a 5-95% interval, in standard errors."""


class Chance(NamedTuple):
    """The probability of an event and its standard error, in one world or in two."""

    label: str
    p: float
    se: float
    other: float | None = None
    other_se: float | None = None


class Shift(NamedTuple):
    """How far a tie moved: median at the start and at the end, and the 90% interval at the end."""

    label: str
    start: float
    end: float
    low: float
    high: float
    other: float | None = None  # the end in a second world


def outcomes(
    chances: Sequence[Chance],
    *,
    title: str,
    futures: int,
    worlds: tuple[str, str] = ("as stored", "the other world"),
) -> go.Figure:
    """Probabilities in percent with the 90% interval of sampling, over the bands of ICD 203."""
    second = any(chance.other is not None for chance in chances)
    note = "bars: 90% interval of the sampling error; shades: the words of ICD 203"
    made = framed(title, count(futures, note), 280 + (76 if second else 62) * len(chances))
    frame: Any = made.layout
    top = frame.margin.t
    low = 0.0
    for number, (high, text) in enumerate(ICD_203):
        if number % 2 == 0:
            made.add_vrect(
                x0=100 * low, x1=100 * high, fillcolor="#F1F1F1", line_width=0, layer="below"
            )
        made.add_annotation(
            x=50 * (low + high),
            y=1,
            yref="paper",
            yanchor="bottom",
            text=text,
            showarrow=False,
            font={"size": 10, "color": SOFT},
            textangle=-90,
        )
        low = high
    for number, chance in enumerate(chances):
        made.add_annotation(
            x=0,
            y=number - 0.22,
            xanchor="left",
            yanchor="bottom",
            align="left",
            text=told(chance.label, 48),
            showarrow=False,
        )
    pairs = [("p", "se", worlds[0], COLOURS[0], "circle")]
    if second:
        pairs.append(("other", "other_se", worlds[1], COLOURS[1], "diamond"))
    for number, (value, error, name, hue, symbol) in enumerate(pairs):
        shown = [(i, c) for i, c in enumerate(chances) if getattr(c, value) is not None]
        p = np.array([getattr(chance, value) for _, chance in shown], float)
        half = Z90 * np.array([getattr(chance, error) or 0.0 for _, chance in shown], float)
        shift = 0.0 if len(pairs) == 1 else (0.0, 0.26)[number]
        made.add_scatter(
            x=100 * p,
            y=[i + shift for i, _ in shown],
            name=told(name),
            mode="markers",
            marker={"size": 12, "color": hue, "symbol": symbol, "line": {"color": INK, "width": 1}},
            error_x={
                "type": "data",
                "array": 100 * (np.minimum(p + half, 1.0) - p),
                "arrayminus": 100 * (p - np.maximum(p - half, 0.0)),
                "color": hue,
                "thickness": 2,
            },
            text=[words(x) for x in p],
            hovertemplate="%{x:.0f}%, %{text}",
            cliponaxis=False,
        )
    made.update_layout(
        xaxis=axis(
            title="probability, %", range=[-1, 101], tickvals=[0, 20, 45, 55, 80, 95], tickangle=0
        ),
        yaxis=axis(
            showticklabels=False, range=[len(chances) - 0.5, -0.75], showgrid=False, ticks=""
        ),
        margin={"l": 16, "r": 16, "t": top + 108, "b": 88},
        showlegend=len(pairs) > 1,
        legend={"y": 0, "yref": "container", "yanchor": "bottom"},
    )
    return made


def shifts(
    rows: Sequence[Shift],
    *,
    title: str,
    unit: str,
    futures: int,
    worlds: tuple[str, str] = ("as stored", "the other world"),
    span: tuple[float, float] = (0.0, 1.0),
) -> go.Figure:
    """Where each tie stood at the start (hollow) and stands at the end (filled), a row each."""
    labels = [told(row.label, 22) for row in rows]
    second = any(row.other is not None for row in rows)
    note = f"bars: 90% of the futures{f'; {worlds[0]}' if second else ''}"
    made = framed(title, count(futures, note), 120 + 26 * max(len(rows), 4))
    places = list(range(len(rows)))
    made.add_scatter(
        x=[x for row in rows for x in (row.start, row.end, None)],
        y=[y for i in places for y in (i, i, None)],
        mode="lines",
        line={"color": "#999999", "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
    )
    ends = np.array([[row.end, row.low, row.high] for row in rows], float)
    for name, x, marker, bars in (
        ("start", [r.start for r in rows], {"symbol": "circle-open", "color": INK}, None),
        ("end", ends[:, 0], {"symbol": "circle", "color": COLOURS[0]}, ends),
        (
            f"end, {worlds[1]}",
            [row.other for row in rows],
            {"symbol": "diamond-open", "color": COLOURS[1], "line": {"width": 2}},
            None,
        ),
    ):
        if not second and name.startswith("end,"):
            continue
        error = None
        if bars is not None:
            up, down = bars[:, 2] - bars[:, 0], bars[:, 0] - bars[:, 1]
            error = {"type": "data", "array": up, "arrayminus": down, "thickness": 2, "width": 3}
        made.add_scatter(
            x=x,
            y=places,
            name=told(name),
            mode="markers",
            marker={"size": 9, **marker},
            error_x=error,
            text=labels,
            hovertemplate="%{text}: %{x:.2f}",
        )
    made.update_layout(
        xaxis=axis(title=told(unit), range=list(span)),
        yaxis=axis(
            tickvals=places,
            ticktext=labels,
            range=[len(rows) - 0.4, -0.6],
            gridcolor=GRID,
            ticks="",
        ),
        margin={"b": 84},
        legend={"y": 0, "yref": "container", "yanchor": "bottom"},
    )
    return made

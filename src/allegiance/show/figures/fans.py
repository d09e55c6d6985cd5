"""A fan chart: what the futures spread over, with what the record says drawn in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from allegiance.show.colours import COLOURS, DASHES
from allegiance.show.figures.frame import (
    DAY,
    FAN,
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

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of a fan, in its order."""

FORMS = {"value": "circle", "at least": "triangle-up", "at most": "triangle-down"}


class Point(NamedTuple):
    """What a record says of a series: a figure with its 90% interval, or a limit.

    `start` and `end` are one day, or a window over which the figure holds.
    """

    series: str
    start: Any
    end: Any
    value: float
    low: float | None = None
    high: float | None = None
    kind: str = "value"  # one of FORMS
    label: str = ""
    held: bool = False  # never fitted to


def fan(
    dates: Sequence[Any] | np.ndarray,
    quantiles: Mapping[str, Any],
    *,
    title: str,
    unit: str,
    futures: int,
    record: Sequence[Point] = (),
    wide: Collection[str] | None = None,
    colours: Mapping[str, str] | None = None,
    span: tuple[float | None, float | None] | None = None,
    marks: Sequence[tuple[Any, str]] = (),
    height: int = 420,
) -> go.Figure:
    """Fans of one or several series over `dates`, with the points of the record.

    `quantiles` gives each series' [level, date] by label; `wide` are the labels whose 90% band is
    drawn too (default: all where there is one, else the first). `span` bounds the vertical axis,
    `marks` are (date, words) drawn as upright lines.
    """
    names = list(quantiles)
    shown = wide if wide is not None else names[:1]
    partly = len(names) > 1 and len(shown) < len(names)
    note = f"line: median; bands: 50% and, for {', '.join(shown)}, 90%" if partly else FAN
    points = "points: the record with its 90% interval, hollow if held out" if record else ""
    made = framed(title, count(futures, note, points), height)
    hues = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(names)} | dict(colours or {})
    for number, (name, levels) in enumerate(quantiles.items()):
        low, lower, middle, upper, high = np.asarray(levels, float)
        hue, group = hues[name], {"legendgroup": f"series {number}"}
        if name in shown:
            made.add_traces(band(dates, low, high, hue, 0.14, **group))
        made.add_traces(band(dates, lower, upper, hue, 0.28, **group))
        ends = rounded(np.stack([low, high], axis=-1))
        line = {"color": hue, "width": 2, "dash": DASHES[number % len(DASHES)]}
        hover = "%{y:.3~g} (%{customdata[0]:.3~g} to %{customdata[1]:.3~g})"
        made.add_scatter(
            **along(dates),
            y=rounded(middle),
            customdata=ends,
            name=told(name),
            mode="lines",
            line=line,
            hovertemplate=hover,
            showlegend=len(names) > 1,
            **group,
        )
    for number, name in enumerate(names):
        own = [point for point in record if point.series == name]
        if own:
            made.add_trace(_points(own, hues[name], number))
    for day, words in marks:
        made.add_vline(
            x=iso(day),
            line={"color": INK, "width": 1, "dash": "dot"},
        )
        made.add_annotation(
            x=iso(day),
            y=1,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            text=told(words),
            font={"size": 11},
        )
    low, high = span or (None, None)
    made.update_layout(
        xaxis=dated(),
        yaxis=axis(title=told(unit), range=[low, high], autorangeoptions=_within(span)),
        hovermode="x unified" if len(names) < 4 else "closest",
    )
    return made


def _within(span: tuple[float | None, float | None] | None) -> dict[str, Any]:
    low, high = span or (None, None)
    ends = {"minallowed": low, "maxallowed": high}
    return {name: end for name, end in ends.items() if end is not None}


def _points(points: Sequence[Point], hue: str, number: int) -> go.Scatter:
    starts = np.array([iso(point.start) for point in points], "datetime64[D]")
    ends = np.array([iso(point.end) for point in points], "datetime64[D]")
    half = (ends - starts).astype(int) / 2.0
    middles = starts.astype("datetime64[h]") + (half * 24).astype("timedelta64[h]")
    up = [max((p.value if p.high is None else p.high) - p.value, 0.0) for p in points]
    down = [max(p.value - (p.value if p.low is None else p.low), 0.0) for p in points]
    bars = {"color": INK, "thickness": 1, "width": 3}
    return go.Scatter(
        x=[str(middle) for middle in middles],
        y=rounded([point.value for point in points]),
        error_y={"type": "data", "array": rounded(up), "arrayminus": rounded(down), **bars},
        error_x={"type": "data", "array": rounded(half * DAY), **bars, "width": 0},
        mode="markers",
        marker={
            "symbol": [FORMS[p.kind] + ("-open" if p.held else "") for p in points],
            "size": 8,
            "color": hue,
            "line": {"color": [hue if p.held else INK for p in points], "width": 1.5},
        },
        text=[told(point.label, 60) for point in points],
        hovertemplate="%{text}<extra></extra>",
        legendgroup=f"series {number}",
        showlegend=False,
    )

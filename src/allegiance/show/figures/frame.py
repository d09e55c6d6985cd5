"""What all figures share: frame, title, notes, dates, bands and the escaping of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from allegiance.show.colours import COLOURS, faded

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
INK, SOFT, GRID = "#222222", "#555555", "#E5E5E5"
DAY = 86_400_000
"""Milliseconds: the unit of dates in Plotly."""

FAN = "line: median; bands: 50% and, paler, 90%"


def told(text: object, width: int = 0) -> str:
    """Text of a case as a figure may show it: no tag of it works; wrapped where `width` > 0."""
    lines = wrap(str(text), width) if width else [str(text)]
    return "<br>".join(escape(line, quote=False) for line in lines)


def count(futures: int, *notes: str) -> str:
    """The line below a title: how many futures, and how to read the marks."""
    many = f"{futures:,} simulated future{'s' if futures != 1 else ''}"
    return "; ".join([many, *(note for note in notes if note)])


def framed(title: str, note: str, height: int = 420, **layout: Any) -> go.Figure:
    """An empty figure with title and note, on white, its legend below.

    Titles are wrapped for a screen of 390 pixels, because Plotly breaks no lines itself.
    """
    head, tail = told(title, 40), told(note, 54)
    lines = 18 * (head.count("<br>") + 1) + 15 * (tail.count("<br>") + 1)
    base: dict[str, Any] = {
        "template": "none",
        "title": {
            "text": f"<b>{head}</b>",
            "subtitle": {"text": tail, "font": {"size": 12, "color": SOFT}},
            "font": {"size": 15, "color": INK},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 8, "l": 8},
        },
        "font": {"family": FONT, "size": 12, "color": INK},
        "colorway": list(COLOURS),
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "height": height,
        "margin": {"l": 56, "r": 12, "t": lines + 22, "b": 40},
        "hoverlabel": {"align": "left", "namelength": -1},
        "legend": {"orientation": "h", "x": 0, "y": -0.1, "yanchor": "top", "xanchor": "left"},
    }
    return go.Figure(layout={**base, **layout})


def axis(**more: Any) -> dict[str, Any]:
    """A quiet axis with a grid."""
    quiet = {"gridcolor": GRID, "zeroline": False, "linecolor": "#999999", "automargin": True}
    return {**quiet, "ticks": "outside", "ticklen": 4, "tickcolor": "#999999", **more}


def dated(**more: Any) -> dict[str, Any]:
    """An axis of dates."""
    return axis(type="date", hoverformat="%-d %b %Y", **more)


def along(dates: Sequence[Any] | np.ndarray) -> dict[str, Any]:
    """Where points lie on an axis of dates; even steps as start and step, which is far shorter."""
    days = np.asarray(dates, "datetime64[D]")
    steps = np.unique(np.diff(days))
    if len(days) > 2 and len(steps) == 1:
        return {"x0": str(days[0]), "dx": int(steps[0].astype(int)) * DAY}
    return {"x": [str(day) for day in days]}


def rounded(values: Any) -> np.ndarray:
    """Single precision: half the bytes, and far more digits than a picture shows."""
    return np.asarray(values, np.float32)


def band(
    dates: Sequence[Any] | np.ndarray,
    low: Any,
    high: Any,
    colour: str,
    alpha: float,
    **more: Any,
) -> list[go.Scatter]:
    """A band between two paths [date], as two traces that a legend's group switches together."""
    common = {
        **along(dates),
        "mode": "lines",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
        **more,
    }
    return [
        go.Scatter(y=rounded(low), **common),
        go.Scatter(y=rounded(high), fill="tonexty", fillcolor=faded(colour, alpha), **common),
    ]


def iso(day: Any) -> str:
    """A day as YYYY-MM-DD."""
    if isinstance(day, date):
        return day.isoformat()[:10]
    return str(np.datetime64(day, "D"))

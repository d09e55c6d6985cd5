"""A schematic map of control through time: circles for regions, cut by who holds how much.

No coastlines and no borders: circles have the area of their region and lie near its place, pushed
apart where they would overlap (a cartogram after Dorling, 1996, Concepts and Techniques in Modern
Geography 59).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from allegiance.show.colours import COLOURS
from allegiance.show.figures.frame import INK, count, framed, iso, told

FILLED = 0.42
"""Share of the drawn rectangle that the circles cover."""

LEAST = 0.035
"""Least radius, as a share of the longer edge: a city stays visible."""

ARC = np.pi / 16
"""Angle of one edge of a wedge."""


class Place(NamedTuple):
    """A region: degrees east and north, area in any unit that all share."""

    label: str
    lon: float
    lat: float
    area: float


def control_map(
    places: Sequence[Place],
    dates: Sequence[Any] | np.ndarray,
    shares: Any,
    sides: Sequence[str],
    *,
    title: str,
    futures: int,
    colours: Mapping[str, str] | None = None,
    controls: bool = True,
    at: int = 0,
    height: int = 520,
) -> go.Figure:
    """Who holds which part of every region, one frame a date.

    `shares` is [date, region, side], 0 to 1: the mean over the futures. Frames are named by their
    date; `controls` adds Plotly's own slider and button, for pages that bring none of their own.
    `at` is the date shown first.
    """
    shares = np.asarray(shares, float)
    hues = {side: COLOURS[i % len(COLOURS)] for i, side in enumerate(sides)} | dict(colours or {})
    where, radii = layout(places)
    names = [iso(day) for day in dates]
    note = "share of each region that a side holds, mean of the futures; circles: the regions' area"
    made = framed(title, count(futures, note), height)
    frames = [_traces(where, radii, here, places, sides, hues) for here in shares]
    at = at % len(frames)
    made.add_traces(frames[at])
    made.frames = [
        go.Frame(name=name, data=traces, traces=list(range(len(traces))))
        for name, traces in zip(names, frames, strict=True)
    ]
    edge = {"visible": False, "constrain": "domain", "fixedrange": True}
    low, high = (where - radii[:, None]).min(axis=0), (where + radii[:, None]).max(axis=0)
    pad = 0.03 * (high - low).max()
    made.update_layout(
        xaxis={**edge, "range": [low[0] - pad, high[0] + pad]},
        yaxis={**edge, "range": [low[1] - pad, high[1] + pad], "scaleanchor": "x"},
        margin={"l": 8, "r": 8, "b": 44},
        legend={"y": -0.02},
        hovermode="closest",
        dragmode=False,
    )
    if controls:
        made.update_layout(
            margin={"b": 130},
            sliders=[_slider(names, at)],
            updatemenus=[_buttons()],
            legend={"y": -0.3},
        )
    return made


def layout(places: Sequence[Place]) -> tuple[np.ndarray, np.ndarray]:
    """Centres [region, 2] and radii [region] in kilometres-like units; no two circles overlap."""
    lat = np.array([place.lat for place in places], float)
    lon = np.array([place.lon for place in places], float)
    home = np.stack([lon * np.cos(np.radians(lat.mean())), lat], axis=1) * 111.2
    span = np.ptp(home, axis=0)
    edge = max(span.max(), 1.0)
    drawn = np.prod(np.maximum(span, 0.5 * edge))
    area = np.array([place.area for place in places], float)
    radii = np.sqrt(area / area.sum() * FILLED * drawn / np.pi)
    radii = np.maximum(radii, LEAST * edge)
    where = home.copy()
    gap = 0.012 * edge
    for step in range(400):
        push = np.zeros_like(where)
        for i in range(len(where)):
            apart = where[i] - where
            far = np.hypot(*apart.T)
            over = radii[i] + radii + gap - far
            over[i] = 0.0
            # Regions at one place part to the right, so that the same case always looks the same.
            way = np.where(far[:, None] > 1e-9, apart / np.maximum(far, 1e-9)[:, None], [1.0, 0.0])
            push[i] = (np.maximum(over, 0.0)[:, None] * way * 0.5).sum(axis=0)
        pull = 0.02 * (home - where) if step < 300 else 0.0
        where = where + push + pull
    return where, radii


def _traces(
    where: np.ndarray,
    radii: np.ndarray,
    shares: np.ndarray,
    places: Sequence[Place],
    sides: Sequence[str],
    hues: Mapping[str, str],
) -> list[go.Scatter]:
    """A trace a side with all its wedges, and one of names that answers the pointer."""
    starts = np.cumsum(shares, axis=1) - shares
    made = []
    for number, side in enumerate(sides):
        outline: list[np.ndarray] = []
        for at, radius, low, share in zip(
            where, radii, starts[:, number], shares[:, number], strict=True
        ):
            if share > 0.003:
                outline += [_wedge(at, radius, low, share), np.full((1, 2), np.nan)]
        path = np.concatenate(outline)[:-1] if outline else np.full((1, 2), np.nan)
        made.append(
            go.Scatter(
                x=path[:, 0].astype(np.float32),
                y=path[:, 1].astype(np.float32),
                mode="lines",
                line={"color": "white", "width": 1},
                fill="toself",
                fillcolor=hues[side],
                name=told(side),
                hoverinfo="skip",
                legendgroup=side,
            )
        )
    words = [
        "<br>".join(
            [
                f"<b>{told(place.label)}</b>",
                *(
                    f"{told(side)}: {100 * share:.0f}%"
                    for side, share in zip(sides, row, strict=True)
                    if share >= 0.005
                ),
            ]
        )
        for place, row in zip(places, shares, strict=True)
    ]
    made.append(
        go.Scatter(
            x=where[:, 0].astype(np.float32),
            y=where[:, 1].astype(np.float32),
            mode="markers+text",
            marker={"size": 22, "color": "rgba(0,0,0,0)"},
            text=[told(place.label, 12) for place in places],
            textfont={"size": 11, "color": INK, "shadow": _HALO},
            hovertext=words,
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        )
    )
    return made


_HALO = ", ".join(f"{x}px {y}px 2px white" for x in (-1, 0, 1) for y in (-1, 0, 1))


def _wedge(at: np.ndarray, radius: float, low: float, share: float) -> np.ndarray:
    """Outline of a wedge, clockwise from the top; a whole circle where one side holds all."""
    angles = 2.0 * np.pi * np.linspace(low, low + share, max(2, int(2 * np.pi * share / ARC) + 2))
    arc = at + radius * np.stack([np.sin(angles), np.cos(angles)], axis=1)
    return arc if share > 0.997 else np.concatenate([at[None], arc, at[None]])


def _slider(names: Sequence[str], at: int) -> dict[str, Any]:
    jump = {"mode": "immediate", "frame": {"duration": 0, "redraw": False}}
    jump |= {"transition": {"duration": 0}}
    return {
        "active": at,
        "steps": [
            {"label": name[:7], "method": "animate", "args": [[name], jump]} for name in names
        ],
        "currentvalue": {"prefix": "", "font": {"size": 14}},
        "pad": {"t": 10, "l": 60},
        "len": 1.0,
    }


def _buttons() -> dict[str, Any]:
    play = {"frame": {"duration": 120, "redraw": False}, "transition": {"duration": 0}}
    play |= {"fromcurrent": True}
    stop = {"frame": {"duration": 0}, "mode": "immediate"}
    return {
        "type": "buttons",
        "direction": "left",
        "x": 0,
        "y": -0.02,
        "xanchor": "left",
        "yanchor": "top",
        "pad": {"t": 30},
        "buttons": [
            {"label": "▶", "method": "animate", "args": [None, play]},
            {"label": "❚❚", "method": "animate", "args": [[None], stop]},
        ],
    }

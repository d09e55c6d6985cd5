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

FILLED = 0.55
"""Share of the drawn rectangle that the circles cover."""

LEAST = 0.045
"""Least radius, as a share of the longer edge: a city stays visible."""

NARROW = 330.0
"""Pixels of the map's longer edge on a narrow screen, for which its names are placed."""

ARC = np.pi / 12
"""Angle of one edge of a small wedge; of large ones half of it."""


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
    note = "slices: share of a region that a side holds, mean; circles: the regions' area"
    made = framed(title, count(futures, note), height)
    named, (low, high) = _anchors(where, radii, places)
    frames = [
        [*_slices(where, radii, here, sides, hues), _pointer(where, here, places, sides)]
        for here in shares
    ]
    at = at % len(frames)
    made.add_traces(frames[at])
    made.add_trace(named)
    made.frames = [
        go.Frame(name=name, data=traces, traces=list(range(len(traces))))
        for name, traces in zip(names, frames, strict=True)
    ]
    edge = {"visible": False, "constrain": "domain", "fixedrange": True}
    pad = 0.02 * (high - low).max()
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


def _slices(
    where: np.ndarray,
    radii: np.ndarray,
    shares: np.ndarray,
    sides: Sequence[str],
    hues: Mapping[str, str],
) -> list[go.Scatter]:
    """A trace a side with all its wedges."""
    starts = np.cumsum(shares, axis=1) - shares
    made = []
    for number, side in enumerate(sides):
        outline: list[np.ndarray] = []
        for at, radius, low, share in zip(
            where, radii, starts[:, number], shares[:, number], strict=True
        ):
            if share > 0.003:
                fine = ARC / 2.0 if radius > 0.6 * radii.max() else ARC
                outline += [_wedge(at, radius, low, share, fine), np.full((1, 2), np.nan)]
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
    return made


def _pointer(
    where: np.ndarray, shares: np.ndarray, places: Sequence[Place], sides: Sequence[str]
) -> go.Scatter:
    """Unseen points in the middle of the circles, which answer the pointer."""
    words = []
    for place, row in zip(places, shares, strict=True):
        held = [f"{told(s)}: {100 * x:.0f}%" for s, x in zip(sides, row, strict=True) if x >= 0.005]
        words.append("<br>".join([f"<b>{told(place.label)}</b>", *held]))
    return go.Scatter(
        x=where[:, 0].astype(np.float32),
        y=where[:, 1].astype(np.float32),
        mode="markers",
        marker={"size": 24, "color": "rgba(0,0,0,0)"},
        hovertext=words,
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )


def brief(label: str) -> str:
    """A region's name without what its brackets add; the pointer and the table tell all of it."""
    return label.split(" (", maxsplit=1)[0]


def _anchors(
    where: np.ndarray, radii: np.ndarray, places: Sequence[Place]
) -> tuple[go.Scatter, np.ndarray]:
    """Names: inside large circles, beside small ones on the side that is freest.

    Also the corners [2, 2] of a box that holds names and circles.
    """
    scale = np.ptp(np.concatenate([where - radii[:, None], where + radii[:, None]]), axis=0).max()
    letter, line = scale / NARROW * 6.2, scale / NARROW * 13.0
    boxes: list[tuple[float, float, float, float]] = []
    at, sides = [], []
    for i in np.argsort(-radii):
        text = told(brief(places[i].label), 12).split("<br>")
        wide, tall = letter * max(map(len, text)), line * len(text)
        x, y, r = *where[i], radii[i]
        choices = {
            "middle center": (x, y, x - wide / 2, y - tall / 2),
            "middle left": (x - r, y, x - r - wide, y - tall / 2),
            "middle right": (x + r, y, x + r, y - tall / 2),
            "top center": (x, y + r, x - wide / 2, y + r),
            "bottom center": (x, y - r, x - wide / 2, y - r - tall),
        }
        inside = wide < 2.1 * r
        cost = {}
        for side, (_, _, left, low) in choices.items():
            box = (left, low, left + wide, low + tall)
            rounds = [
                (*(where[j] - radii[j]), *(where[j] + radii[j]))
                for j in range(len(radii))
                if j != i
            ]
            cost[side] = sum(2.0 * _shared(box, b) for b in boxes) + sum(
                _shared(box, b) for b in rounds
            )
            cost[side] += 0.0 if inside == (side == "middle center") else 0.3 * wide * tall
        side = min(cost, key=lambda name: cost[name])
        left, low = choices[side][2:]
        boxes.append((left, low, left + wide, low + tall))
        at.append((int(i), *choices[side][:2]))
        sides.append(side)
    drawn = np.array(boxes)
    low = np.minimum((where - radii[:, None]).min(axis=0), drawn[:, :2].min(axis=0))
    high = np.maximum((where + radii[:, None]).max(axis=0), drawn[:, 2:].max(axis=0))
    names = go.Scatter(
        x=[x for _, x, _ in at],
        y=[y for _, _, y in at],
        mode="text",
        text=[told(brief(places[i].label), 12) for i, _, _ in at],
        textposition=sides,
        textfont={"size": 11, "color": INK, "shadow": _HALO},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )
    return names, np.stack([low, high])


def _shared(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Area that two boxes (left, low, right, high) share."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    tall = min(a[3], b[3]) - max(a[1], b[1])
    return float(max(wide, 0.0) * max(tall, 0.0))


_HALO = ", ".join(f"{x}px {y}px 2px white" for x in (-1, 0, 1) for y in (-1, 0, 1))


def _wedge(at: np.ndarray, radius: float, low: float, share: float, fine: float) -> np.ndarray:
    """Outline of a wedge, clockwise from the top; a whole circle where one side holds all."""
    angles = 2.0 * np.pi * np.linspace(low, low + share, max(2, int(2 * np.pi * share / fine) + 2))
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

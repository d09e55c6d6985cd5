"""The network of allegiances: who leans on whom, and whom it believes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from allegiance.show.colours import COLOURS, faded
from allegiance.show.figures.frame import INK, count, framed, told

ROW = 26
"""Pixels a client takes."""

WIDEST = 11.0
"""Pixels of the line of a tie that is trusted wholly."""


class Tie(NamedTuple):
    """A client's tie to a power: trust and share of its alignment, 0 to 1."""

    client: str
    power: str
    trust: float
    alignment: float


def ties(
    moments: Mapping[str, Sequence[Tie]],
    *,
    title: str,
    futures: int,
    colours: Mapping[str, str] | None = None,
    controls: bool = True,
    at: int = -1,
) -> go.Figure:
    """Clients on the left, powers on the right; lines as wide as trust, as dark as alignment.

    `moments` gives the ties at each date, by its name, all with the same pairs; with more than one
    there is a frame for each, and Plotly's own slider where `controls`. `at` is the one shown
    first. Clients are sorted by whom they lean on at the first moment.
    """
    every = list(moments.values())
    powers = list(dict.fromkeys(tie.power for tie in every[0]))
    hues = {p: COLOURS[i % len(COLOURS)] for i, p in enumerate(powers)} | dict(colours or {})
    clients = _sorted(every[0], powers)
    rows = {client: -float(i) for i, client in enumerate(clients)}
    gap = len(clients) / len(powers)
    columns = {power: -(i + 0.5) * gap + 0.5 for i, power in enumerate(powers)}
    note = "width: trust; darkness: share of the client's alignment; median of the futures"
    made = framed(title, count(futures, note), 110 + ROW * max(len(clients), 6))
    frames = [_links(links, rows, columns, hues) for links in every]
    at = at % len(frames)
    made.add_traces(frames[at])
    made.add_trace(_names(list(rows), list(rows.values()), 0.0, "middle left", INK))
    for power in powers:
        made.add_trace(_names([power], [columns[power]], 1.0, "middle right", hues[power], True))
    if len(frames) > 1:
        made.frames = [
            go.Frame(name=name, data=_changes(links), traces=list(range(len(links))))
            for name, links in zip(moments, frames, strict=True)
        ]
    edge = {"visible": False, "fixedrange": True}
    made.update_layout(
        xaxis={**edge, "range": [-0.72, 1.5]},
        yaxis={**edge, "range": [-len(clients) + 0.3, 0.7]},
        margin={"l": 8, "r": 8, "b": 90 if controls and len(frames) > 1 else 8},
        showlegend=False,
        hovermode="closest",
        dragmode=False,
    )
    if controls and len(frames) > 1:
        made.update_layout(sliders=[_slider(list(moments), at)])
    return made


def _sorted(links: Sequence[Tie], powers: Sequence[str]) -> list[str]:
    """Clients by the power that they lean on most, the closest first."""
    best: dict[str, Tie] = {}
    for tie in links:
        if tie.client not in best or tie.alignment > best[tie.client].alignment:
            best[tie.client] = tie
    return sorted(best, key=lambda name: (powers.index(best[name].power), -best[name].alignment))


def _links(
    links: Sequence[Tie],
    rows: Mapping[str, float],
    columns: Mapping[str, float],
    hues: Mapping[str, str],
) -> list[go.Scatter]:
    along = np.linspace(0.0, 1.0, 13)
    bend = along**2 * (3.0 - 2.0 * along)
    made = []
    for tie in links:
        low, high = rows[tie.client], columns[tie.power]
        dark = 0.1 + 0.9 * min(max(tie.alignment, 0.0), 1.0) ** 0.7
        words = (
            f"{told(tie.client)} and {told(tie.power)}<br>trust {tie.trust:.2f}, "
            f"alignment {tie.alignment:.2f}"
        )
        made.append(
            go.Scatter(
                x=along.astype(np.float32),
                y=(low + (high - low) * bend).astype(np.float32),
                mode="lines",
                line={
                    "width": round(0.5 + WIDEST * tie.trust, 2),
                    "color": faded(hues[tie.power], round(dark, 3)),
                },
                hovertemplate=f"{words}<extra></extra>",
            )
        )
    return made


def _changes(links: Sequence[go.Scatter]) -> list[dict[str, Any]]:
    """What of the links changes from frame to frame: all but where they lie."""
    kept = ("type", "line", "hovertemplate")
    return [{name: link.to_plotly_json()[name] for name in kept} for link in links]


def _names(
    names: Sequence[str], rows: Sequence[float], x: float, side: Any, hue: str, bold: bool = False
) -> go.Scatter:
    text = [f"<b>{told(name, 10)}</b>" if bold else told(name, 18) for name in names]
    return go.Scatter(
        x=[x] * len(names),
        y=rows,
        mode="markers+text",
        marker={"size": 12 if bold else 7, "color": hue},
        text=text,
        textposition=side,
        textfont={"size": 12, "color": INK},
        hoverinfo="skip",
    )


def _slider(names: Sequence[str], at: int) -> dict[str, Any]:
    jump = {"mode": "immediate", "frame": {"duration": 0, "redraw": False}}
    steps = [{"label": name, "method": "animate", "args": [[name], jump]} for name in names]
    return {
        "active": at,
        "steps": steps,
        "currentvalue": {"prefix": ""},
        "pad": {"t": 10, "l": 36, "r": 36},
    }

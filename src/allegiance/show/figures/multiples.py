"""Small multiples: the same picture for every patron, or for every client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from allegiance.show.colours import COLOURS
from allegiance.show.figures.frame import (
    FAN,
    INK,
    along,
    axis,
    band,
    count,
    dated,
    framed,
    rounded,
    told,
)


class Pledge(NamedTuple):
    """A tie's help, as shares of what the patron could offer; medians [date], fan [level, date]."""

    label: str
    pledged: Any
    asked: Any
    delivered: Any


class Trust(NamedTuple):
    """A client's trust in a power and its alignment with it, as fans [level, date]."""

    label: str
    trust: Any
    alignment: Any


def pledged(
    dates: Sequence[Any] | np.ndarray, ties: Sequence[Pledge], *, title: str, futures: int
) -> go.Figure:
    """What was promised, asked and delivered, a panel a tie.

    Delivered is drawn with its bands; promised and asked are medians.
    """
    made = _panels(
        [tie.label for tie in ties],
        columns=1,
        title=title,
        note=count(futures, f"delivered: {FAN}"),
        tall=190,
    )
    lines = (
        ("promised", "pledged", {"color": INK, "width": 1.5, "dash": "dash"}),
        ("asked", "asked", {"color": COLOURS[1], "width": 1.5, "dash": "dot"}),
    )
    for number, tie in enumerate(ties):
        cell = {"row": number + 1, "col": 1}
        low, lower, middle, upper, high = np.asarray(tie.delivered, float) * 100.0
        for ends, alpha in (((low, high), 0.15), ((lower, upper), 0.3)):
            made.add_traces(
                band(dates, *ends, COLOURS[0], alpha, legendgroup="delivered"),
                rows=[cell["row"]] * 2,
                cols=[1] * 2,
            )
        made.add_scatter(
            **along(dates),
            y=rounded(middle),
            name="delivered",
            line={"color": COLOURS[0], "width": 2},
            mode="lines",
            hovertemplate="%{y:.0f}%",
            legendgroup="delivered",
            showlegend=number == 0,
            **cell,
        )
        for name, field, line in lines:
            made.add_scatter(
                **along(dates),
                y=rounded(np.asarray(getattr(tie, field), float) * 100.0),
                name=name,
                mode="lines",
                line=line,
                hovertemplate="%{y:.0f}%",
                legendgroup=name,
                showlegend=number == 0,
                **cell,
            )
    made.update_yaxes(axis(title="% of the offer", range=[0, None], nticks=5))
    made.update_layout(hovermode="x unified")
    return made


def trust_lines(
    dates: Sequence[Any] | np.ndarray,
    clients: Sequence[Trust],
    *,
    title: str,
    futures: int,
    columns: int = 4,
) -> go.Figure:
    """Trust in a patron and alignment with it, a panel a client; shares, 0 to 1."""
    made = _panels(
        [client.label for client in clients],
        columns=columns,
        title=title,
        note=count(futures, "shares, 0 to 1; line: median; band: 90%"),
        tall=130,
    )
    for number, client in enumerate(clients):
        row, column = divmod(number, columns)
        cell = {"row": row + 1, "col": column + 1}
        for name, levels, hue, dash in (
            ("trust", client.trust, COLOURS[0], "solid"),
            ("alignment", client.alignment, COLOURS[1], "dash"),
        ):
            if levels is None:
                continue
            low, _, middle, _, high = np.asarray(levels, float)
            made.add_traces(
                band(dates, low, high, hue, 0.2, legendgroup=name),
                rows=[cell["row"]] * 2,
                cols=[cell["col"]] * 2,
            )
            made.add_scatter(
                **along(dates),
                y=rounded(middle),
                name=name,
                mode="lines",
                line={"color": hue, "width": 1.8, "dash": dash},
                hovertemplate="%{y:.2f}",
                legendgroup=name,
                showlegend=number == 0,
                **cell,
            )
    made.update_yaxes(axis(range=[0, 1], tickvals=[0, 0.5, 1]))
    made.update_xaxes(nticks=4 if columns > 1 else 7)
    made.update_layout(hovermode="x unified")
    return made


def _panels(labels: Sequence[str], *, columns: int, title: str, note: str, tall: int) -> go.Figure:
    """An empty grid with a title over every panel; `tall` are the pixels of one."""
    rows = -(-len(labels) // columns)
    frame = framed(title, note).layout.to_plotly_json()
    top = frame["margin"]["t"] + 26
    height = top + rows * (tall + 34) + 60
    inner = height - top - 60
    made = make_subplots(
        rows,
        columns,
        subplot_titles=[told(label) for label in labels],
        vertical_spacing=44 / inner if rows > 1 else 0,
        horizontal_spacing=0.04 if columns > 1 else 0,
        shared_yaxes=columns > 1,
    )
    made.update_annotations(font={"size": 13}, xanchor="left")
    drawn: Any = made.layout
    for number, heading in enumerate(drawn.annotations):
        heading.x = drawn[f"xaxis{number + 1 if number else ''}"].domain[0]
    made.update_layout(**{**frame, "height": height})
    made.update_layout(margin={"t": top, "b": 60}, legend={"y": -34 / inner})
    made.update_xaxes(dated())
    return made

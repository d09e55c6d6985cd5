"""`allegiance serve`: the web application on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegiance.cli import usage


def serve(
    port: Annotated[
        int,
        typer.Option(
            "--port",
            metavar="P",
            parser=usage.whole("--port", 0, 65535),
            help="0 takes a free port.",
        ),
    ] = 8765,
    cases: Annotated[
        Path | None,
        typer.Option("--cases", metavar="DIR", help="Also offer the case folders in DIR."),
    ] = None,
) -> None:
    """Look at the cases in a browser: maps, levers, contrasts, evidence; and an HTTP interface.

    Only this machine is answered (127.0.0.1), and nothing is loaded from the network. The first
    opening of a case simulates its story once, some 20 seconds; it is kept for the next time.

    Example: allegiance serve --port 8765
    """
    from allegiance.web.app import serve as served

    served(port, cases)

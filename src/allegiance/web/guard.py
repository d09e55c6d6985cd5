"""Who may ask: this machine's own pages and programs, and nobody's web site.

The server listens on 127.0.0.1. A page of another site could still make the user's browser send
requests there, so every request must name this machine as its Host (else DNS rebinding would make
the other site ours), and one to /api that a browser sends must come from our own page: Origin and
Sec-Fetch-Site say so. Programs send neither and are let through. Answers may load nothing from
elsewhere (Content-Security-Policy) and be shown in nobody's frame.
"""

from __future__ import annotations

import json
from typing import Any

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
LARGEST = 64 * 2**10
"""Bytes of a request's body."""

TOO_LARGE = 413, f"the request is too large: at most {LARGEST} bytes"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-scripts allow-downloads"
)
"""A report is one file with its scripts inside: it may fetch nothing, and has no origin."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
}


class Guard:
    """ASGI middleware."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Refuse, or pass on with the headers that every answer carries."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        problem = refusal(scope["method"], scope["path"], headers)
        if problem is not None:
            await _answer(send, *problem)
            return
        # A body may come in pieces and name no length. It is small, so it is read before anybody
        # works with it, and one that grows too large gets the answer of one that says so.
        read, taken, more = list[Any](), 0, True
        while more:
            message = await receive()
            read.append(message)
            taken += len(message.get("body", b""))
            more = message.get("more_body", False)
            if taken > LARGEST:
                await _answer(send, *TOO_LARGE)
                return

        async def again() -> Any:
            return read.pop(0) if read else await receive()

        await self.app(scope, again, _with_headers(send))


def refusal(method: str, path: str, headers: dict[str, str]) -> tuple[int, str] | None:
    """Status and reason why a request is refused, or None; header names are in lower case."""
    host = headers.get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name.lower() not in HOSTS:
        return 421, "this server answers to 127.0.0.1 and localhost only"
    asks = path.startswith("/api") or method not in ("GET", "HEAD")
    if asks:
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"http://{host}".lower():
            return 403, "requests from other sites are refused"
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return 403, "requests from other sites are refused"
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST:
        return TOO_LARGE
    return None


def _with_headers(send: Any) -> Any:
    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            found = {name.decode("latin-1").lower() for name, _ in message["headers"]}
            extra = {"content-security-policy": POLICY, **HEADERS}
            message["headers"] = [
                *message["headers"],
                *((k.encode(), v.encode()) for k, v in extra.items() if k not in found),
            ]
        await send(message)

    return sent


async def _answer(send: Any, status: int, why: str) -> None:
    body = json.dumps({"detail": why}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await _with_headers(send)({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""The application: the interface, the page, and the server on 127.0.0.1."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from allegiance import __version__
from allegiance.cases.errors import CaseError
from allegiance.engine import interrupts
from allegiance.web import api, invalid
from allegiance.web.guard import Guard
from allegiance.web.jobs import Jobs
from allegiance.web.shelf import Shelf, Unknown
from allegiance.web.store import Store, default_folder

HOST = "127.0.0.1"
STATIC = Path(__file__).with_name("static")


def create(own: Path | None = None, jobs: Jobs | None = None) -> FastAPI:
    """The application; `own` is a folder of further cases.

    Raises:
        CaseError: `own` cannot be used.
    """
    shelf = Shelf(own)
    queue = jobs or Jobs(Store(default_folder()))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        shelf.read()  # says on standard error what is not offered
        queue.start()
        yield
        queue.close()

    app = FastAPI(
        title="allegiance",
        version=__version__,
        description="Power politics as a runnable model: cases, levers, jobs and their results.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's own pages load scripts from the network
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.jobs = queue
    app.include_router(api.router(shelf, queue))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(CaseError, _wrong)
    app.add_exception_handler(RequestValidationError, _invalid)

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(STATIC / "index.html")

    @app.get("/api", include_in_schema=False)
    @app.get("/api/docs", include_in_schema=False)
    def documented() -> FileResponse:
        return FileResponse(STATIC / "api.html")

    app.add_middleware(Guard)
    return app


def _wrong(request: Request, error: Any) -> JSONResponse:
    status = 404 if isinstance(error, Unknown) else 422
    return JSONResponse({"detail": invalid.keyed(error)}, status)


def _invalid(request: Request, error: Any) -> JSONResponse:
    return JSONResponse({"detail": invalid.first(error.errors())}, 422)


def serve(port: int, own: Path | None = None) -> None:
    """Answer on 127.0.0.1 until interrupted; `port` 0 takes a free one.

    Raises:
        CaseError: the port is taken, or `own` cannot be used.
    """
    import socket

    import uvicorn

    app = create(own)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
        except OSError as error:
            problem = f"the port cannot be used ({error.strerror})"
            allowed = "another, or 0 for a free one"
            raise CaseError(problem, key="--port", found=port, allowed=allowed) from None
        listening.listen()
        print(f"http://{HOST}:{listening.getsockname()[1]}/  (Ctrl-C ends it)", flush=True)
        interrupts.check()  # from here on the server listens itself
        settings = uvicorn.Config(app, log_level="warning", server_header=False, lifespan="on")
        uvicorn.Server(settings).run([listening])

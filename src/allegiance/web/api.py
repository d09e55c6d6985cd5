"""The HTTP interface under /api: what the page uses, and any program may.

JSON is that of the command line's `--json`. Errors of the user's are 4xx with one sentence in
`detail`; /api/docs shows the whole interface.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi import Path as InPath

from allegiance.cases import loading
from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.cases.summary import describe
from allegiance.engine.theories import named
from allegiance.explain import rows
from allegiance.show import sentences
from allegiance.show.words import ICD_203
from allegiance.web import about, models, orders, store
from allegiance.web.guard import REPORT_POLICY
from allegiance.web.jobs import Full, Job, Jobs
from allegiance.web.shelf import Shelf, content

MEDIA = {".json": "application/json", ".csv": "text/csv; charset=utf-8", ".html": "text/html"}

TICKETS = r"^[0-9a-f]{16}$"
TICKET = "the asker's own name for an order, by which it is taken back whatever came of it"

CaseName = Annotated[str, InPath(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
JobId = Annotated[str, InPath(pattern=r"^[0-9a-f]{16}$")]
Ticket = Annotated[str, Query(pattern=TICKETS, description=TICKET)]
Row = Annotated[str, InPath(pattern=r"^S\d\d$")]

REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"model": models.Problem, "description": "the request cannot be read"},
    403: {"model": models.Problem, "description": "from another site"},
    404: {"model": models.Problem, "description": "no such thing"},
    413: {"model": models.Problem, "description": "too large"},
    422: {"model": models.Problem, "description": "something in it is wrong"},
    421: {"model": models.Problem, "description": "addressed to another host"},
}
ORDERED: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    422: {"model": models.Problem, "description": "the order is wrong, or too large"},
    503: {"model": models.Problem, "description": "too many jobs wait"},
}


def router(shelf: Shelf, jobs: Jobs) -> APIRouter:
    """All routes, for the cases of a shelf and the jobs of a queue."""
    made = APIRouter(prefix="/api", responses=REFUSED, dependencies=[Depends(_expected)])
    _known(made, shelf, jobs)
    _ordered(made, shelf, jobs)
    _jobs(made, jobs)
    return made


def _expected(request: Request) -> None:
    """Refuse a query that names what the route does not know, as a body's unknown key is."""
    known = [parameter.alias for parameter in request.scope["route"].dependant.query_params]
    for name in request.query_params:
        if name not in known:
            near = nearest(name, known)
            raise CaseError(
                "no such key", key="the query", found=name, allowed=listed(known), nearest=near
            )


def _known(made: APIRouter, shelf: Shelf, jobs: Jobs) -> None:
    @made.get("/cases", response_model=models.Cases)
    def cases() -> dict[str, Any]:
        """List the cases, and what stands beside them and cannot be offered as one."""
        found, wrong = shelf.read()
        return {"cases": found, "unreadable": wrong}

    @made.get("/cases/{case}")
    def case(case: CaseName) -> dict[str, Any]:
        """Describe a case, as `allegiance show --json`, with `places` for the map."""
        files = loading.load(shelf.folder(case))
        told = {"places": about.places(files), "shipped": case in loading.shipped()}
        return {**describe(files), **told}

    @made.get("/cases/{case}/levers", response_model=models.Levers)
    def levers(case: CaseName) -> dict[str, Any]:
        """What may be pulled in a case."""
        return about.levers(loading.load(shelf.folder(case)))

    @made.get("/cases/{case}/dossier", response_model=models.Dossier)
    def dossier(case: CaseName, theory: orders.Text = "default") -> dict[str, Any]:
        """The dated observations, with each item's fit where a story is stored."""
        folder = shelf.folder(case)
        named(theory)
        known = sentences.labels(loading.load(folder).case)
        items = about.observations(folder, known)
        order = orders.Story(case=case, theory=theory)
        told = jobs.store.get(_key("story", order, folder))
        story = json.loads(told["result.json"]) if told else {}
        fit = story.get("fit") or {}
        by_id = {item["id"]: item for item in fit.get("items", ())}
        return {
            "case": case,
            "theory": theory,
            "fitted": bool(fit),
            "runs": story.get("runs"),
            "items": [{**item, "fit": by_id.get(item["id"])} for item in items],
            "coverage": fit.get("coverage"),
            "scores": fit.get("scores"),
            "standing": story.get("standing", []),
        }

    @made.get("/cases/{case}/comparison", responses={204: {"description": "none is stored"}})
    def comparison(case: CaseName) -> Any:
        """A stored `allegiance compare CASE --json`: comparison.json in the case's folder."""
        path = shelf.folder(case) / "comparison.json"
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Response(status_code=204)

    @made.get("/theories", response_model=models.Theories)
    def theories() -> dict[str, Any]:
        """List the theories."""
        return {"theories": about.theories()}

    @made.get("/words", response_model=models.Words)
    def words() -> dict[str, Any]:
        """The words that go with a probability (ICD 203): the first band that it lies below."""
        return {"words": [{"below": most, "words": text} for most, text in ICD_203]}

    @made.get("/mechanisms")
    def mechanisms() -> dict[str, Any]:
        """The rows of the system, as `allegiance mechanisms --json`."""
        return {"rows": rows.listed()}

    @made.get("/mechanisms/{row}")
    def mechanism(row: Row) -> dict[str, Any]:
        """One row, as `allegiance mechanisms --row ID --json`."""
        try:
            return {"rows": rows.listed([row])}
        except CaseError as error:
            raise HTTPException(404, str(error)) from None

    @made.get("/parameters")
    def parameters() -> dict[str, Any]:
        """The one table of parameters, as `allegiance parameters --json`."""
        return rows.parameter_table()


def _key(kind: str, order: orders.World, folder: Path) -> str:
    return store.key(kind, order.model_dump(mode="json"), content(folder))


def _ordered(made: APIRouter, shelf: Shelf, jobs: Jobs) -> None:
    def submitted(
        kind: str,
        order: Any,
        only_stored: bool,
        response: Response,
        ticket: str | None,
        keep: bool = True,
    ) -> Any:
        folder = shelf.folder(order.case)
        key = _key(kind, order, folder)
        if not keep or jobs.store.get(key) is None:
            if only_stored:
                return Response(status_code=204)
            orders.checked(kind, order, folder)
        told = {"order": order.model_dump(by_alias=True), "folder": folder}
        try:
            job = jobs.submit(kind, order.case, key, told, keep, ticket)
        except Full as error:
            raise HTTPException(503, str(error)) from None
        response.status_code = 200 if job.state == "done" else 202
        return _plain(job, jobs)

    def post(kind: str, model: type[orders.World]) -> Callable[[Callable[..., Any]], Any]:
        return made.post(
            f"/jobs/{kind}",
            response_model=models.JobState,
            status_code=202,
            responses={
                200: {"model": models.JobState, "description": "stored already"},
                204: {"description": "not stored, and only_stored was asked"},
                **ORDERED,
            },
        )

    @post("run", orders.Run)
    def run(
        order: orders.Run,
        response: Response,
        only_stored: bool = False,
        ticket: Ticket | None = None,
    ) -> Any:
        """Order futures, as `allegiance run`. An equal order is answered at once."""
        return submitted("run", order, only_stored, response, ticket)

    @post("contrast", orders.Contrast)
    def contrast(
        order: orders.Contrast,
        response: Response,
        only_stored: bool = False,
        ticket: Ticket | None = None,
    ) -> Any:
        """Order a contrast, as `allegiance contrast`. An equal order is answered at once."""
        return submitted("contrast", order, only_stored, response, ticket)

    @post("story", orders.Story)
    def story(
        order: orders.Story,
        response: Response,
        only_stored: bool = False,
        ticket: Ticket | None = None,
    ) -> Any:
        """Order the story of a world: maps, fans, ties, outcomes and the dossier's fit."""
        return submitted("story", order, only_stored, response, ticket)

    @post("report", orders.Report)
    def report(
        order: orders.Report,
        response: Response,
        only_stored: bool = False,
        ticket: Ticket | None = None,
    ) -> Any:
        """Order a report: one HTML file that needs no network. With levers it shows both worlds."""
        return submitted("report", order, only_stored, response, ticket)

    @post("ready", orders.Contrast)
    def ready(order: orders.Contrast, response: Response, ticket: Ticket | None = None) -> Any:
        """Have the case as it is simulated and kept in memory: the next contrast is quicker."""
        return submitted("ready", order, False, response, ticket, keep=False)


def _jobs(made: APIRouter, jobs: Jobs) -> None:
    def found(id: str) -> Job:
        job = jobs.get(id)
        if job is None:
            raise HTTPException(404, "no such job")
        return job

    def parts(id: str) -> store.Parts:
        job = found(id)
        if job.state != "done":
            raise HTTPException(409, job.error or f"the job is {job.state}")
        told = jobs.store.get(job.key)
        if told is None:
            raise HTTPException(410, "the result has given way to newer ones: order it again")
        return told

    GONE: dict[int | str, dict[str, Any]] = {
        409: {"model": models.Problem, "description": "the job is not done"},
        410: {"model": models.Problem, "description": "the result is no longer kept"},
    }

    @made.get("/jobs", response_model=models.JobStates)
    def listed() -> dict[str, Any]:
        """All jobs that the server remembers, oldest first."""
        return {"jobs": [_plain(job, jobs) for job in jobs.listed()]}

    @made.get("/jobs/{id}", response_model=models.JobState)
    def state(id: JobId) -> dict[str, Any]:
        """How far a job is."""
        return _plain(found(id), jobs)

    @made.delete("/jobs/{id}", response_model=models.JobState)
    def cancel(id: JobId) -> dict[str, Any]:
        """Cancel a job, whoever else waits for it. One that is over stays as it is."""
        job = found(id)
        jobs.cancel(job)
        return _plain(job, jobs)

    @made.delete("/tickets/{ticket}", status_code=204)
    def leave(ticket: Annotated[str, InPath(pattern=TICKETS)]) -> None:
        """Take back one's own order, also one whose answer has not come.

        Equal orders have one job, and it goes on while others wait for it.
        """
        jobs.leave(ticket)

    @made.get("/jobs/{id}/result", responses=GONE)
    def result(id: JobId) -> Response:
        """The result, with the keys of the command line's `--json`."""
        return Response(parts(id)["result.json"], media_type="application/json")

    @made.get("/jobs/{id}/files/{name}", responses=GONE)
    def file(id: JobId, name: str, view: bool = False) -> Response:
        """A part of the result, to keep or to `view`: JSON, a table as CSV, a report as HTML."""
        told = parts(id)
        if name not in told:
            raise HTTPException(404, f"this job has {', '.join(sorted(told))}")
        job = found(id)
        ending = name[name.rindex(".") :]
        how = "inline" if view else "attachment"
        full = name if name == "report.html" else f"{job.kind}-{name}"
        headers = {"content-disposition": f'{how}; filename="{job.case}-{full}"'}
        if ending == ".html":
            headers["content-security-policy"] = REPORT_POLICY
        return Response(told[name], media_type=MEDIA[ending], headers=headers)


def _plain(job: Job, jobs: Jobs) -> dict[str, Any]:
    told = jobs.store.get(job.key) if job.state == "done" else None
    return {
        **{name: getattr(job, name) for name in ("id", "kind", "case", "state", "phase")},
        **{name: getattr(job, name) for name in ("stored", "error")},
        "ahead": jobs.position(job),
        "share": round(job.share, 4),
        "seconds": round(job.seconds, 2),
        "parts": sorted(told or ()),
    }

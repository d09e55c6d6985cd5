"""What the tests of the web application share: jobs that need no compiler, a client, cases."""

import shutil
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.web.app import create
from allegiance.web.jobs import OVER, Job, Jobs
from allegiance.web.store import Store

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would like another client than httpx
    from starlette.testclient import TestClient

FAKES = Path(__file__).parent / "fakes"
sys.path.append(str(FAKES))  # a spawned worker inherits the path

from web_browser import CHROMIUM, FLAGS, LONG, WIDTHS, nothing  # noqa: E402

HERE = "http://127.0.0.1:8765"
PATIENCE = 60.0


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    """A queue whose worker is real and whose work is not."""
    made = Jobs(Store(None), tasks="web_fakes", queued=2)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of cases: the small one, and one that means harm."""
    folder = tmp_path_factory.mktemp("cases")
    shutil.copytree(TEMPLATE, folder / "template")
    bad = folder / "hostile"
    shutil.copytree(TEMPLATE, bad)
    text = (bad / "case.yaml").read_text(encoding="utf-8")
    text = text.replace("name: template", "name: hostile")
    text = text.replace("title: A war in Harbour", "title: \"<script>alert('t')</script>\"")
    text = text.replace("label: The capital", "label: \"<img src=x onerror=alert('l')>\"")
    (bad / "case.yaml").write_text(text, encoding="utf-8")
    outside = tmp_path_factory.mktemp("elsewhere") / "outside"
    shutil.copytree(TEMPLATE, outside)
    (folder / "outside").symlink_to(outside)
    return folder


@pytest.fixture(scope="module")
def client(jobs: Jobs, shelf: Path) -> TestClient:
    """A program on this machine that asks the server; the worker belongs to `jobs`."""
    return TestClient(create(shelf, jobs), base_url=HERE)


@pytest.fixture
def ended() -> Callable[[Job], Job]:
    """Wait until a job is over."""

    def wait(job: Job) -> Job:
        until = time.monotonic() + PATIENCE
        while job.state not in OVER:
            assert time.monotonic() < until, f"still {job.state}"
            time.sleep(0.02)
        return job

    return wait


@pytest.fixture(scope="module")
def server(shelf: Path) -> Iterator[str]:
    """The application with the real engine, on a free port of this machine."""
    import socket

    import uvicorn

    jobs = Jobs(Store(None))
    app = create(shelf, jobs)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        answering = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=answering.run, args=([listening],), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        answering.should_exit = True
        thread.join(10.0)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def opened(browser, server) -> Iterator:
    """Open the page at a width; at the end nothing may have been complained of or fetched."""
    complaints: list[str] = []
    pages = []

    def open_(where: str, width: str, ready: str = "#summary:not(:empty)", still: bool = False):
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        page = browser.new_page(viewport=size, accept_downloads=True)
        pages.append(page)
        page.set_default_timeout(LONG)
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda r: complaints.append(r.url) if foreign(r.url) else None)
        if still:
            page.route("**/api/jobs/**", nothing)
        page.goto(server + where)
        page.wait_for_selector(ready)
        return page

    def foreign(url: str) -> bool:
        return not url.startswith((server, "data:", "blob:"))

    open_.refusal = ""  # a status that the test provokes: browsers log it
    yield open_
    for page in pages:
        page.close()
    told = f"the server responded with a status of {open_.refusal} "
    assert [text for text in complaints if not (open_.refusal and told in text)] == []

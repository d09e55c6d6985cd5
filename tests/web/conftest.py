"""What the tests of the web application share: jobs that need no compiler, a client, cases."""

import shutil
import sys
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

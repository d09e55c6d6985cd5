"""Workers make the same bits, whoever dies; they die with their head and write nothing after."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from allegiance.cases.errors import CaseError
from allegiance.engine import program, simulate, workers
from allegiance.engine.claims import Claim
from allegiance.engine.setup import prepare
from allegiance.engine.store import Store, identity

from .conftest import content

pytest.importorskip("distributed")
HERE = Path(__file__).parent


@pytest.fixture
def reachable(monkeypatch):
    """Other processes find the stand-in, and the modules beside this one."""
    monkeypatch.syspath_prepend(HERE)
    here = [str(HERE), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, here)))


@pytest.fixture
def narrow(fake_engine, monkeypatch, reachable):
    """Chunks of eight runs, made by the stand-in here and in the workers."""
    from dask import config

    monkeypatch.setattr(program, "LANE", fake_engine.width)
    # On a busy machine a worker takes a minute to come back.
    monkeypatch.setattr(workers, "PATIENCE", 300.0)
    with config.set({"distributed.worker.preload": ["preload"]}):
        yield


def report(found):
    return {**found[1], "seconds": 0}


@pytest.mark.slow
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("point", ["inside the write of an array", "between chunks"])
def test_a_killed_worker_changes_no_bit(point, template, narrow, tmp_path, monkeypatch):
    setup = prepare(template, runs=60, record=["north.losses"], logged=True)
    straight = report(simulate.tallied(setup, Store(tmp_path / "straight", setup)))
    monkeypatch.setenv("KILLS_POINT", point)
    monkeypatch.setenv("KILLS_MARKER", str(tmp_path / "died"))
    with workers.working(2):
        assert report(simulate.tallied(setup, Store(tmp_path / "pool", setup))) == straight
        assert (tmp_path / "died").exists()
        # The same workers serve an order that keeps nothing: its chunks come back over the wire.
        assert report(simulate.tallied(setup)) == straight
    assert workers.current() is None
    assert content(tmp_path / "pool", timed=False) == content(tmp_path / "straight", timed=False)


@pytest.fixture
def headed(tmp_path, monkeypatch, reachable):
    """Start a head with two workers in a session of its own; return it and its folder."""
    started = []
    (tmp_path / "pids").mkdir()
    monkeypatch.setenv("KILLS_PIDS", str(tmp_path / "pids"))

    def start(*more):
        asked = [sys.executable, str(HERE / "headed.py"), str(tmp_path / "out"), *more]
        pipe = subprocess.PIPE
        head = subprocess.Popen(asked, start_new_session=True, stdout=pipe, stderr=pipe, text=True)
        started.append(head)
        return head

    yield start
    for head in started:
        head.kill()
        head.communicate()


def alive(folder):
    """Processes of workers that still run, zombies aside."""
    found = []
    for path in folder.iterdir():
        try:
            state = Path(f"/proc/{path.name}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        found += [int(path.name)] if state != "Z" else []
    return found


def until(what, seconds):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def stamps(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="needs /proc")
def test_workers_die_with_their_head_and_write_nothing_after(headed, tmp_path):
    head = headed("4000", "die")
    assert head.wait(300) == -signal.SIGKILL
    Claim(tmp_path / "out").release()  # its workers have not inherited it
    until(lambda: not alive(tmp_path / "pids"), 20)
    assert len([*(tmp_path / "pids").iterdir()]) == 2
    left = stamps(tmp_path / "out")
    records = len([*(tmp_path / "out" / "parts").glob("*.json")])
    assert 3 <= records < 500
    time.sleep(1.0)
    assert stamps(tmp_path / "out") == left


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="needs /proc")
@pytest.mark.parametrize("busy", [False, True], ids=["Ctrl-C", "SIGTERM to a head of busy workers"])
def test_an_interruption_keeps_chunks_and_says_how_to_go_on(busy, headed, tmp_path, monkeypatch):
    if busy:
        monkeypatch.setenv("KILLS_STUCK", "32")
    head = headed("40000")
    parts = tmp_path / "out" / "parts"
    until(lambda: len([*parts.glob("*.json")]) >= 4 or head.poll() is not None, 300)
    if busy:
        os.kill(head.pid, signal.SIGTERM)
    else:
        os.killpg(head.pid, signal.SIGINT)  # as a terminal does it: head and workers alike
    told = head.communicate(timeout=120)[1]
    assert head.returncode == 130, told
    assert told.count("\n") == 1, told  # of what a killed worker leaves behind nothing is said
    kept = 8 * len([*parts.glob("*.json")])
    assert f"; {kept} of 40000 futures are kept" in told
    assert "--resume" in told
    until(lambda: not alive(tmp_path / "pids"), 20)


WRONG = [
    ({"workers": 0}, "--workers"),
    ({"workers": 10**9}, "--workers"),
    ({"workers": 2, "cluster": "tcp://a:1"}, "not both"),
    ({"cluster": ""}, "no address"),
    ({"cluster": "tcp://a"}, "no address"),
    ({"cluster": "tcp://a:99999"}, "no address"),
    ({"cluster": "tcp://a:1\n"}, "no address"),
    ({"cluster": "inproc://a:1"}, "no address"),
    ({"cluster": "127.0.0.1:9"}, "no workers answer"),
]


@pytest.mark.parametrize(("asked", "told"), WRONG, ids=str)
def test_what_cannot_be_reached_is_told(asked, told, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.5)
    monkeypatch.setattr(workers, "ANSWER", 0.5)
    with pytest.raises(CaseError, match=told), workers.working(**asked):
        pass


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_two_pools_on_a_machine_do_not_want_the_same_port():
    """Dask warns where a port is taken; here a warning is an error."""
    from distributed import LocalCluster

    local = {**workers._LOCAL, "n_workers": 0}
    one: Any
    other: Any
    with LocalCluster(**local) as one, LocalCluster(**local) as other:
        assert one.scheduler_address != other.scheduler_address


def test_without_dask_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CaseError, match=r"Dask is not installed.*allegiance\[cluster\]"):
        workers.working(2).__enter__()


def test_a_worker_of_another_version_refuses(template, monkeypatch):
    setup = prepare(template, runs=8)
    packed = workers.pack(workers.Job(setup, None, 8, "another digest"))
    with pytest.raises(CaseError, match="a worker has other versions") as raised:
        workers.unpack(packed)
    assert str(identity(setup)["versions"]["jax"]) in str(raised.value)

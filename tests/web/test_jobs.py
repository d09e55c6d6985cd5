"""The queue and its worker process: stored results, cancelling, and a worker that is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from web_fakes import BREAKS, DIES, LOCKS, LONG, QUICK, REFUSED, STUBBORN

from allegiance.web.jobs import MOST_REMEMBERED, Full, Jobs
from allegiance.web.store import Store


def order(seed: int) -> dict:
    return {"order": {"seed": seed}}


def begun(job) -> None:
    until = time.monotonic() + 60.0
    while job.phase != "working":
        assert time.monotonic() < until
        time.sleep(0.02)


def pid(jobs: Jobs, job) -> int:
    import json

    kept = jobs.store.get(job.key)
    assert kept is not None
    return json.loads(kept["result.json"])["pid"]


def test_work_is_done_elsewhere_and_kept(jobs, ended):
    first = ended(jobs.submit("run", "c", "kept", order(QUICK)))
    assert (first.state, first.stored) == ("done", False)
    assert pid(jobs, first) != os.getpid()
    again = jobs.submit("run", "c", "kept", order(QUICK))
    assert (again.state, again.stored) == ("done", True)
    assert again.id != first.id


def test_two_at_once_are_both_answered(jobs, ended):
    one = jobs.submit("run", "c", "one", order(QUICK))
    two = jobs.submit("run", "c", "two", order(QUICK))
    assert [ended(one).state, ended(two).state] == ["done", "done"]
    assert pid(jobs, one) == pid(jobs, two)  # the same warm worker


def test_equal_orders_under_way_are_one_job(jobs, ended):
    one = jobs.submit("run", "c", "same", order(LONG))
    assert jobs.submit("run", "c", "same", order(LONG)) is one
    jobs.cancel(one)
    assert ended(one).state == "cancelled"


def test_a_job_goes_on_until_the_last_who_asked_has_left(jobs, ended):
    one, *others = (jobs.submit("run", "c", "left", order(LONG), ticket=name) for name in "aab")
    assert all(job is one for job in others)
    jobs.leave("a")
    jobs.leave("a")  # who has left cannot leave for another
    assert not one.unwanted
    jobs.leave("b")
    assert ended(one).state == "cancelled"


def test_who_gave_no_ticket_waits_on(jobs, ended):
    one = jobs.submit("run", "c", "no ticket", order(LONG))
    jobs.submit("run", "c", "no ticket", order(LONG), ticket="c")
    jobs.leave("c")
    assert not one.unwanted
    jobs.cancel(one)
    assert ended(one).state == "cancelled"


def test_an_order_taken_back_before_it_came_starts_nothing(jobs, ended):
    jobs.leave("early")
    late = jobs.submit("run", "c", "too late", order(LONG), ticket="early")
    assert (late.state, late.began) == ("cancelled", None)
    other = jobs.submit("run", "c", "too late", order(LONG), ticket="d")
    assert jobs.submit("run", "c", "too late", order(LONG), ticket="early") is other
    jobs.leave("d")  # nobody else: the one that came too late does not count
    assert ended(other).state == "cancelled"


def test_what_was_taken_back_is_forgotten_in_time(jobs):
    for number in range(MOST_REMEMBERED + 5):
        jobs.leave(f"gone {number}")
    assert len(jobs._left) == MOST_REMEMBERED


def test_cancelling_is_prompt_and_keeps_the_worker_warm(jobs, ended):
    before = pid(jobs, ended(jobs.submit("run", "c", "before", order(QUICK))))
    job = jobs.submit("run", "c", "long", order(LONG))
    begun(job)
    assert job.share == 0.25
    asked = time.monotonic()
    jobs.cancel(job)
    assert ended(job).state == "cancelled"
    assert time.monotonic() - asked < 1.4  # before it would be killed
    assert pid(jobs, ended(jobs.submit("run", "c", "after", order(QUICK)))) == before


def test_what_does_not_listen_is_killed(jobs, ended):
    job = jobs.submit("run", "c", "stubborn", order(STUBBORN))
    begun(job)
    asked = time.monotonic()
    jobs.cancel(job)
    assert ended(job).state == "cancelled"
    assert time.monotonic() - asked < 5.0
    assert ended(jobs.submit("run", "c", "next", order(QUICK))).state == "done"


def test_a_killed_worker_fails_its_job_alone(jobs, ended):
    job = ended(jobs.submit("run", "c", "dies", order(DIES)))
    assert job.state == "failed"
    assert "the worker process ended" in (job.error or "")
    assert ended(jobs.submit("run", "c", "lives", order(QUICK))).state == "done"


def test_errors_are_told_apart_and_tell_nothing_of_the_inside(jobs, ended):
    wrong = ended(jobs.submit("run", "c", "wrong", order(REFUSED)))
    assert (wrong.state, wrong.error) == ("refused", "no such thing; found 'this'")
    broken = ended(jobs.submit("run", "c", "broken", order(BREAKS)))
    assert broken.state == "failed"
    assert "secret" not in (broken.error or "")
    assert "RuntimeError" in (broken.error or "")


def test_the_queue_is_short(jobs, ended):
    running = jobs.submit("run", "c", "running", order(LONG))
    begun(running)
    waiting = [jobs.submit("run", "c", f"waits {i}", order(QUICK)) for i in range(2)]
    assert [jobs.position(job) for job in (running, *waiting)] == [0, 1, 2]
    with pytest.raises(Full, match="2 jobs wait"):
        jobs.submit("run", "c", "too many", order(QUICK))
    jobs.cancel(waiting[0])
    assert waiting[0].state == "cancelled"
    jobs.cancel(running)
    assert ended(waiting[1]).state == "done"


PROGRAM = f"""
import sys, time
sys.path.append({str(Path(__file__).parent / "fakes")!r})
from allegiance.web.jobs import Jobs
from allegiance.web.store import Store
if __name__ == "__main__":
    jobs = Jobs(Store(None), tasks="web_fakes")
    jobs.start()
    job = jobs.submit("run", "c", "k", {{"order": {{"seed": {STUBBORN}}}}})
    while job.phase != "working":
        time.sleep(0.02)
    print(jobs._worker.process.pid, flush=True)
    time.sleep(600)
"""

CLOSES = PROGRAM.replace(f'"seed": {STUBBORN}', f'"seed": {LOCKS}')
CLOSES = CLOSES.replace("time.sleep(600)", "jobs.close()")


def test_closing_amid_a_job_says_nothing(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(CLOSES)
    assert CLOSES.count(f'"seed": {LOCKS}') == CLOSES.count("jobs.close()") == 1
    done = subprocess.run(
        [sys.executable, str(program)], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert int(done.stdout) > 0
    assert done.stderr == ""


def test_no_worker_outlives_its_parent(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    gone, alive = psutil.wait_procs([child], timeout=10.0)
    assert gone
    assert not alive


def test_closing_ends_the_worker(ended):
    made = Jobs(Store(None), tasks="web_fakes")
    made.start()
    child = psutil.Process(pid(made, ended(made.submit("run", "c", "k", order(QUICK)))))
    made.close()
    assert not child.is_running()

"""Do the tests of the mechanisms notice a mechanism that is broken?

For each row its switch is broken in two ways, in memory only: `Theory.on` of that row gives 0
whatever the theory says (the mechanism is gone), or 1 (switching it off does nothing). The test
that `allegiance mechanisms --json` names must fail when the mechanism is gone; the row's test file,
where the test of the switch stands beside it, must fail when the switch does nothing. Unbroken, the
file must pass, else its failures prove nothing.

    python tools/mutants.py             all rows (`make test-mutants`)
    python tools/mutants.py S07 S32     these
    python tools/mutants.py --sample 4  four that have a test; which ones changes with the tests
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import pytest

from allegiance.explain import rows
from allegiance.world.rows import IDS
from allegiance.world.theory import Theory

ROOT = Path(__file__).parents[1]
CRASH = 3
"""Pytest's exit code for an internal error."""


class Verdict(NamedTuple):
    """What became of a row; `off` and `on` name the test that noticed, or are None."""

    row: str
    test: str | None
    off: str | None
    on: str | None
    seconds: float
    trouble: str = ""

    @property
    def sound(self) -> bool:
        """The row has a test, which notices both ways to break it."""
        return bool(self.test and self.off and self.on and not self.trouble)


class Notice:
    """A pytest plugin that keeps the names of the tests that failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """An error in a fixture counts as well as one in the test."""
        if report.failed:
            self.failed.append(report.nodeid)


def broken(row: str, value: float) -> None:
    """Break the switch of `row` in this process: it reads `value`, whatever the theory says."""
    sound, of = Theory.on, row

    def on(self: Theory, row: str) -> Any:
        switch = sound(self, row)
        return switch * 0 + value if row == of else switch

    Theory.on = on


def asked_of_pytest(notice: Notice, *arguments: str) -> int:
    """Exit code of pytest."""
    fixed = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(ROOT))
    return int(pytest.main([*arguments, *fixed], plugins=[notice]))


@contextmanager
def silence() -> Iterator[None]:
    """Nothing on standard output and error."""
    with (
        Path(os.devnull).open("w") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
    ):
        yield


def tried(*arguments: str, row: str | None = None, value: float = 0.0) -> tuple[int, list[str]]:
    """Exit code of pytest and the failed tests, in a process of its own, where `row` is broken."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        code, notice = CRASH, Notice()
        try:
            with silence():
                if row is not None:
                    broken(row, value)
                code = asked_of_pytest(notice, *arguments)
        finally:
            os.write(writer, json.dumps([code, notice.failed[:500]]).encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    code, failed = json.loads(told) if told else (CRASH, [])
    return code, failed


def judged(row: str, test: str | None, unsound: list[str]) -> Verdict:
    """Break a row in both ways and see what its tests say; `unsound` fail without that."""
    began = monotonic()
    if test is None:
        return Verdict(row, None, None, None, 0.0, "no test yet")
    file = test.split("::")[0]
    noticed: list[str | None] = []
    trouble: list[str] = []
    for way, node, value in (("gone", test, 0.0), ("stuck on", file, 1.0)):
        code, failed = tried(node, "-x", row=row, value=value)
        noticed.append(failed[0].split("::")[-1] if code == 1 and failed else None)
        if code == 0:
            trouble.append(f"{way}: nobody notices")
        elif code != 1:
            trouble.append(f"{way}: pytest gave {code}")
    trouble += [f"fails unbroken: {node}" for node in unsound if node.startswith(file)]
    off, on = noticed
    return Verdict(row, test, off, on, monotonic() - began, "; ".join(trouble))


def sampled(tests: dict[str, str | None], count: int) -> list[str]:
    """`count` rows that have a test, evenly spread; the first follows from the tests' text."""
    having = [row for row, test in tests.items() if test]
    files = sorted({str(test).split("::")[0] for test in tests.values() if test})
    text = b"".join((ROOT / file).read_bytes() for file in files)
    step = len(having) / count
    start = zlib.crc32(text) % len(having)
    return sorted(having[int(start + i * step) % len(having)] for i in range(count))


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 0 where every mutant was noticed, 1 where one survived, 2 for wrong rows."""
    parser = argparse.ArgumentParser(description="Break each mechanism; do its tests notice?")
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--sample", type=int, metavar="N")
    asked = parser.parse_args(arguments)
    unknown = sorted({*asked.rows} - {*IDS})
    if unknown:
        print(f"no such row: {', '.join(unknown)}", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    tests = {row["id"]: row["test"] for row in rows.listed()}
    chosen = asked.rows or (sampled(tests, asked.sample) if asked.sample else list(tests))
    files = sorted({str(tests[row]).split("::")[0] for row in chosen if tests[row]})
    code, unsound = 0, []
    if files:
        with silence():
            asked_of_pytest(Notice(), "--collect-only", *files)  # children find all imported
        code, unsound = tried(*files)
    if code not in (0, 1):
        print(f"pytest gave {code} before anything was broken", file=sys.stderr)
        return 1
    print(f"{'row':<5}{'s':>5}  test; what noticed that the mechanism is gone; that it is stuck on")
    found = []
    for row in chosen:
        verdict = judged(row, tests[row], unsound)
        found.append(verdict)
        named = str(verdict.test or "-").removeprefix("tests/rows/")
        off, on = (str(name or "-").removeprefix("test_") for name in (verdict.off, verdict.on))
        off = "itself" if verdict.off and named.endswith(verdict.off) else off
        on = "itself" if verdict.on and named.endswith(verdict.on) else on
        line = f"{row:<5}{verdict.seconds:>5.1f}  {named}; {off}; {on}  {verdict.trouble.upper()}"
        print(line.rstrip(), flush=True)
    bad = [verdict for verdict in found if not verdict.sound]
    total = sum(verdict.seconds for verdict in found)
    print(f"{len(found) - len(bad)} of {len(found)} rows are watched ({total:.0f} s)")
    for verdict in bad:
        print(f"{verdict.row}: {verdict.trouble} ({verdict.test or 'tests/rows'})")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""The targets of fuzz.py under atheris: `python tools/guided.py [--seconds S] [TARGET ...]`.

libFuzzer keeps every input that reaches new code of the package or of its YAML reader and goes on
from there; half of its changes are its own, half those of fuzz.py. An input that is wrong is kept
in tests/corpus/ and the search goes on. It needs `pip install atheris`, which no list of ours has:
there are wheels for Linux alone. Coverage costs memory, so the limit of fuzz.py does not hold here.
"""

from __future__ import annotations

import argparse
import inspect
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fuzz

WATCHED = ("allegiance", "yaml")
LONGEST = 200_000
"""Bytes of an input; the seeds have up to a tenth of that."""


def functions() -> list[Callable[..., Any]]:
    """All Python functions of the watched packages that have been imported so far."""
    found = dict[int, Callable[..., Any]]()
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in WATCHED:
            holders = [module, *(c for c in vars(module).values() if inspect.isclass(c))]
            values = [value for holder in holders for value in vars(holder).values()]
            plain = [
                getattr(getattr(v, "fget", v), "__func__", getattr(v, "fget", v)) for v in values
            ]
            found |= {id(f.__code__): f for f in plain if inspect.isfunction(f) and watched(f)}
    return list(found.values())


def watched(function: Callable[..., Any]) -> bool:
    """Whether a function is of a watched package, wherever it was imported."""
    return (function.__module__ or "").split(".")[0] in WATCHED


def guided(name: str, seconds: float, seed: int) -> None:
    """Fuzz one target until the time is over; print its line and leave the process."""
    import atheris

    seeds, tally, chance = fuzz.TARGETS[name][1](), fuzz.Tally(name), random.Random(seed)
    for given in seeds:
        tally.tried(given)  # imports what the target imports, before it is instrumented
    count = len([atheris.instrument_func(function) for function in functions()])
    print(f"{name}: {count} functions watched", file=sys.stderr, flush=True)
    began = time.monotonic()

    def one(data: bytes) -> None:
        tally.tried(data)
        if time.monotonic() - began > seconds:
            failed = len(tally.wrong)
            tally.told()
            os._exit(int(failed > 0))

    def changed(data: bytes, most: int, number: int) -> bytes:
        if number % 2:
            return atheris.Mutate(data, most)
        chance.seed(number)
        return fuzz.mutated([data or b" "] * 3 + seeds, chance)[:most]

    folder = Path(tempfile.mkdtemp(prefix="seeds-"))
    for number, given in enumerate(seeds):
        (folder / str(number)).write_bytes(given)
    options = ["-timeout=20", "-rss_limit_mb=0", f"-max_len={LONGEST}", f"-seed={seed}"]
    options.append(f"-artifact_prefix={fuzz.CORPUS}/{name}-")
    fuzz.CORPUS.mkdir(exist_ok=True)
    atheris.Setup([sys.argv[0], *options, str(folder)], one, custom_mutator=changed)
    atheris.Fuzz()


def main() -> int:
    """A process for each target, since one search fills a process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*fuzz.TARGETS, []], default=[])
    parser.add_argument("--seconds", type=float, default=120.0, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if len(asked.targets) == 1:
        guided(asked.targets[0], asked.seconds, asked.seed)
    more = ["--seconds", str(asked.seconds), "--seed", str(asked.seed)]
    command = [sys.executable, __file__, *more]
    names = asked.targets or list(fuzz.TARGETS)
    return max(subprocess.run([*command, name], check=False).returncode for name in names)


if __name__ == "__main__":
    sys.exit(main())

"""Hostile input for every parser: `python tools/fuzz.py [--seconds S] [--seed N] [TARGET ...]`.

Each target takes bytes and must read them or raise CaseError, within SLOW seconds and MOST bytes of
memory. Seeds, which are real files, are cut, crossed, repeated and strewn with values that have
been trouble before; `guided.py` beside this one lets coverage choose which of them to go on from.
Whatever else is raised is written to tests/corpus/ with its target's name, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from allegiance.cases.errors import CaseError
from allegiance.cases.new import TEMPLATE

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
SLOW = 2.0
MOST = 500_000_000

ODD = [
    *(b"null", b"~", b"true", b".nan", b"-.inf", b"1e308", b"1e-320", b"-1", b"0", b"9" * 5001),
    *(b"0000-01-01", b"0001-01-01", b"9999-12-31", b"2001-02-30", b"''", b"[]", b"{}", b"[[[[[["),
    *(b"&a [*a]", b"*a", b"!!python/object:os.system x", b"<<: *a", b"---\n", b"...\n", b"? "),
    *(b"\x00", b"\x1b[2J", b"\x85", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\t"),
    *(b"../../etc/passwd", b"a/b/c", b"north", b"south->north.trust", b"x[y]", b"\xe2\x80\xae"),
    *(b"{" * 400, b"[" * 400, b"- " * 400, b"a: " * 40, b"-" * 3000, b" " * 3000, b"k" * 3000),
    *(
        b'{"files": {"../x": {"bytes": 1, "sha256": ""}}}',
        b"1" * 19,
        b"0x1F",
        b"1_000",
        b"Infinity",
    ),
]


def _text(name: str) -> str:
    return (TEMPLATE / name).read_text(encoding="utf-8")


def _case(data: bytes) -> None:
    _file(data, "case.yaml")


def _timeline(data: bytes) -> None:
    _file(data, "timeline.yaml")


def _dossier(data: bytes) -> None:
    from allegiance.evidence import dossier

    folder = _folder(data, "dossier.yaml")
    dossier.load(_loaded(folder))


_KEPT: dict[str, Any] = {}


def _loaded(folder: Path) -> Any:
    from dataclasses import replace

    from allegiance.cases.loading import load

    if "files" not in _KEPT:
        _KEPT["files"] = load(TEMPLATE)
    return replace(_KEPT["files"], folder=folder)


def _posterior(data: bytes) -> None:
    from allegiance.evidence import posteriors

    posteriors.opened(_folder(data, "posterior.yaml")).draws()


def _folder(data: bytes, name: str) -> Path:
    """A folder called `template` with the data in place of a file, made once for each name."""
    if name not in _KEPT:
        made = Path(tempfile.mkdtemp(prefix="fuzz-")) / "template"
        shutil.copytree(TEMPLATE, made)
        _KEPT[name] = made
    (_KEPT[name] / name).write_bytes(data)
    return _KEPT[name]


def _file(data: bytes, name: str) -> None:
    from allegiance.cases.compile import compile_case
    from allegiance.cases.loading import load

    compile_case(load(_folder(data, name)))


def _address(data: bytes) -> None:
    from allegiance.cases.addresses import parse

    text = data.decode("utf-8", "replace")
    address = parse(text)
    if str(parse(str(address))) != str(address):
        raise AssertionError("an address that does not read back")


def _levers(data: bytes) -> None:
    """A line is an option and its text, as on the command line."""
    from allegiance.engine.scenario import Scenario, assignment

    scenario = Scenario(_loaded(TEMPLATE))
    text = data.decode("utf-8", "replace")
    kind, _, rest = text.partition(" ")
    if kind == "without":
        scenario.without(rest)
    elif kind == "free":
        scenario.free(rest)
    elif kind == "theory":
        scenario.under(rest)
    else:
        scenario.set(*assignment(rest))


def _name(data: bytes) -> None:
    """A case's name or path, and a new case's name."""
    from allegiance.cases.loading import find

    text = data.decode("utf-8", "surrogateescape")
    find(text)


def _manifest(data: bytes) -> None:
    _stored(data, "manifest.json")


def _summary(data: bytes) -> None:
    _stored(data, "summary.json", sealed=False)


def _record(data: bytes) -> None:
    _stored(data, "parts/000001.json")


def _chunk(data: bytes) -> None:
    _stored(data, "trajectories.zarr/trajectory/c/0/0/0")


def _zarr(data: bytes) -> None:
    """Metadata of an array, with a seal that fits: a store made to harm."""
    _stored(data, "trajectories.zarr/trajectory/zarr.json", sealed=False)


def _stored(data: bytes, name: str, sealed: bool = True) -> None:
    """Resume and open a store in which a file holds the data."""
    import numpy as np

    from allegiance.engine import durable, store
    from allegiance.engine.chunks import Chunk
    from allegiance.engine.futures import opened
    from allegiance.engine.setup import prepare

    if "store" not in _KEPT:
        from allegiance.engine.scenario import load

        setup = prepare(load(TEMPLATE), runs=12)
        steps, many = setup.built.steps, len(setup.addresses)
        for whole in (True, False):
            folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
            kept = store.Store(folder, setup)
            for index, runs in enumerate((range(8), range(8, 12))):
                chunk = Chunk(
                    np.array(runs, np.uint32),
                    np.ones((steps, many, len(runs)), np.float32),
                    np.full((len(setup.events), len(runs)), 100.0),
                    None,
                )
                kept.write(index, chunk, 8)
            if whole:
                from allegiance.engine import simulate
                from allegiance.engine.outcomes import Tally

                tally = Tally(setup)
                for index in (0, 1):
                    tally.add(kept.read(index))
                kept.finish(tally.values, simulate.report(setup, tally, 1.0))
            kept.claim.release()
            _KEPT["whole" if whole else "store"] = (folder, setup)
    folder, setup = _KEPT["store" if name.startswith("parts") else "whole"]
    path, manifest = folder / name, folder / "manifest.json"
    before, seals = path.read_bytes(), manifest.read_bytes()
    try:
        path.write_bytes(data)
        if not sealed:
            found = json.loads(seals)
            found["files"] |= durable.sealed(folder, [path])
            manifest.write_text(json.dumps(found), encoding="utf-8")
        for use in (lambda: store.Store(folder, setup, resume=True), lambda: _used(opened(folder))):
            try:
                use()
            except CaseError as error:
                str(error)
    finally:
        path.write_bytes(before)
        manifest.write_bytes(seals)


def _used(futures: Any) -> None:
    repr(futures)
    _ = futures.dataset.sizes


TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], list[bytes]]]] = {
    "case": (_case, lambda: [_text("case.yaml").encode()]),
    "timeline": (_timeline, lambda: [_text("timeline.yaml").encode()]),
    "dossier": (_dossier, lambda: [_text("dossier.yaml").encode()]),
    "posterior": (_posterior, lambda: [POSTERIOR]),
    "address": (
        _address,
        lambda: [b"a.b", b"a->b.c", b"a/b.c[d]", b"x.y.z[p, q]", b"south->north.trust"],
    ),
    "levers": (
        _levers,
        lambda: [
            b"set parameter.margin=2",
            b"set north.gdp=7",
            b"set spring_truce.date=2002-04-01",
            b"set harbour/hills.control[government]=0.4",
            b"without S07",
            b"free north_enters",
            b"theory unable",
        ],
    ),
    "name": (_name, lambda: [b"syria", b"../template", b"/dev/null", str(TEMPLATE).encode()]),
    "manifest": (_manifest, lambda: [_seed("manifest.json")]),
    "summary": (_summary, lambda: [_seed("summary.json")]),
    "record": (_record, lambda: [_seed("parts/000001.json")]),
    "chunk": (_chunk, lambda: [_seed("trajectories.zarr/trajectory/c/0/0/0")]),
    "zarr": (_zarr, lambda: [_seed("trajectories.zarr/trajectory/zarr.json")]),
}

POSTERIOR = b"""format: 1
case: template
digest: x
dossier: x
priors: x
theory: default
levers: []
until: 2001-12-31
seed: 1
particles: 2
futures: 2
share: 1.0
temperature: 1.0
log_evidence: -1.0
ess: 2.0
seconds: 1.0
parameters: {margin: {mean: 1.0, q05: 1.0, q95: 1.0, contraction: 0.5}}
draws: {margin: [1.0, 2.0], "north.motive[fear]": [0.5, 0.5]}
numbers: [0, 1]
"""


def _seed(name: str) -> bytes:
    with suppress(CaseError):
        _stored(b"", "manifest.json")
    folder, _ = _KEPT["store" if name.startswith("parts") else "whole"]
    return (folder / name).read_bytes()


def mutated(seeds: list[bytes], chance: random.Random) -> bytes:
    """A seed after a few changes: lines, words or bytes cut, doubled, swapped or replaced."""
    data = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        unit = chance.choice((b"\n", b" ", b"", b":", b","))
        if not unit:
            at = chance.randrange(len(data) + 1)
            cut = min(len(data), at + chance.choice((0, 1, 1, 4, 40)))
            data = data[:at] + chance.choice((*ODD, chance.randbytes(2), b"")) + data[cut:]
            continue
        parts = data.split(unit)
        at = chance.randrange(len(parts))
        kind = chance.randrange(6)
        if kind == 0:
            del parts[at]
        elif kind == 1:
            parts.insert(at, chance.choice(parts))
        elif kind == 2:
            parts[at] = chance.choice(ODD)
        elif kind == 3:
            parts[at] = b" " * chance.choice((1, 2, 8)) + parts[at]
        elif kind == 4:
            parts[at:] = parts[at:][: chance.randrange(1, 9)]
        else:
            parts[at] = parts[at] + chance.choice(ODD)
        data = unit.join(parts)
    return data[:3_000_000]


def tried(name: str, data: bytes) -> tuple[float, str | None]:
    """Seconds that a target took, and what was wrong with it."""
    action, _ = TARGETS[name]
    began = time.perf_counter()
    wrong = None
    try:
        action(data)
    except CaseError as error:
        if len(str(error)) > 2500 or not str(error).replace("\u2026", "").isprintable():
            wrong = f"an error that floods or controls the terminal: {str(error)[:200]!r}"
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        wrong = traceback.format_exc(limit=-4)
    took = time.perf_counter() - began
    if wrong is None and took > SLOW:
        wrong = f"{took:.1f} s"
    return took, wrong


class Tally:
    """What a target was given so far; an input that is wrong in a new way is kept."""

    def __init__(self, name: str) -> None:
        self.name, self.count, self.longest = name, 0, 0.0
        self.wrong: set[str] = set()

    def tried(self, data: bytes) -> None:
        """Give the target an input."""
        took, wrong = tried(self.name, data)
        self.count, self.longest = self.count + 1, max(self.longest, took)
        if wrong and (kind := wrong.splitlines()[-1][:60]) not in self.wrong:
            self.wrong.add(kind)
            CORPUS.mkdir(exist_ok=True)
            found = CORPUS / f"{self.name}-{hashlib.sha256(data).hexdigest()[:12]}.bin"
            found.write_bytes(data)
            print(f"{self.name}: {wrong}", file=sys.stderr)

    def told(self) -> int:
        """Print the line of the target; return how much was wrong."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(
            f"{self.name:10} {self.count:8} inputs, {len(self.wrong)} wrong, "
            f"longest {self.longest:.3f} s, peak {peak / 1e6:.0f} MB",
            flush=True,
        )
        return len(self.wrong) + (peak > MOST)


def main() -> int:
    """Fuzz; print a line a target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], default=[])
    parser.add_argument("--seconds", type=float, default=30.0, help="for each target")
    parser.add_argument("--inputs", type=int, default=10**9, help="most inputs for each target")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    failed = 0
    for name in asked.targets or TARGETS:
        seeds, chance = TARGETS[name][1](), random.Random(f"{asked.seed} {name}")
        tally, began = Tally(name), time.monotonic()
        while time.monotonic() - began < asked.seconds and tally.count < asked.inputs:
            tally.tried(mutated(seeds, chance))
        failed += tally.told()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

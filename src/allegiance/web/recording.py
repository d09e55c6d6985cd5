"""What the worker records: one set of quantities for every kind of job of a case.

A program is compiled for the quantities that it records, and compiling takes ten seconds. So the
chain, the map and the dossier are recorded together, and each job reads its part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any

from allegiance.cases.errors import CaseError
from allegiance.engine import program, selection, simulate
from allegiance.engine.chunks import Chunk, Runner
from allegiance.engine.scenario import Scenario
from allegiance.engine.setup import Setup, prepare
from allegiance.evidence import dossier, record
from allegiance.evidence.schema import Item
from allegiance.web.worker import Cancelled, Progress

Cancel = Callable[[], bool]


def items(scenario: Scenario) -> Mapping[str, Item]:
    """The dossier of a scenario; empty where there is none or a lever has made it unfit."""
    try:
        return dossier.items(scenario.files)
    except CaseError:
        return {}


def order(scenario: Scenario, **wanted: Any) -> Setup:
    """An order that records all that any job of this case reads.

    Raises:
        CaseError: a number, a date or an address is wrong.
    """
    case = scenario.files.case
    quantities, events = record.addresses(items(scenario).values())
    extra = [*selection.chain(case), *selection.story(case), *quantities]
    return prepare(scenario, extra=extra, watch=events, **wanted)


def reported(scenario: Scenario, **wanted: Any) -> Setup:
    """An order that records what a report reads, as `allegiance run --out`.

    Raises:
        CaseError: a number, a date or an address is wrong.
    """
    extra, events = record.reported(scenario.files.case, items(scenario).values())
    return prepare(scenario, extra=extra, watch=events, logged=True, **wanted)


class Meter:
    """Counts compiled years, so that progress moves evenly and a job can be stopped between two."""

    def __init__(self, progress: Progress, cancelled: Cancel) -> None:
        self.progress, self.cancelled = progress, cancelled
        self.total = self.done = 0
        self._lock = Lock()

    def chunks(self, setup: Setup) -> Iterator[Chunk]:
        """Finished chunks of an order, as `simulate.chunks` gives them.

        Raises:
            Cancelled: nobody wants them any more.
        """
        return self.counted(lambda: simulate.Runner(simulate.plan(setup)), setup)

    def counted(self, made: Callable[[], Runner], setup: Setup, begin: int = 0) -> Iterator[Chunk]:
        """Chunks of the runner that `made` gives for an order, from its segment `begin` on.

        Raises:
            Cancelled: nobody wants them any more.
        """
        self.total += -(-setup.runs // program.LANE) * (program.segments(setup.built.steps) - begin)
        return self._counted(made)

    def _counted(self, made: Callable[[], Runner]) -> Iterator[Chunk]:
        self.check()
        if self.done == 0:
            self.progress(0.0, "preparing (the first time compiles, some 15 seconds)")
        runner = made()
        advance = runner.program.segment

        def counted(*arguments: Any) -> Any:
            self.check()
            found = advance(*arguments)
            with self._lock:
                self.done += 1
                self.progress(min(self.done / self.total, 1.0), "simulating")
            return found

        runner.program = runner.program._replace(segment=counted)
        for _, chunk in runner.chunks():
            yield chunk

    def check(self) -> None:
        """Stop where the job is no longer wanted.

        Raises:
            Cancelled: it is not.
        """
        if self.cancelled():
            raise Cancelled

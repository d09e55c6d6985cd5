"""What to simulate, checked: a scenario with its span, runs, seed and what is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from allegiance.cases.addresses import parse
from allegiance.cases.arguments import day, whole
from allegiance.cases.compile import Built, compile_case
from allegiance.cases.errors import CaseError, listed, nearest, said
from allegiance.cases.schema import Outcome
from allegiance.engine import observe
from allegiance.engine.draws import Draws
from allegiance.engine.estimate import measured
from allegiance.engine.scenario import Scenario

MOST_RUNS = 2**31
MOST_SEED = 2**32 - 1


@dataclass(frozen=True)
class Setup:
    """A checked order for futures; `prepare` makes it.

    `addresses` are recorded every step; `reported` are those whose yearly series are reported.
    `by` holds the dates as they were written; `draws` give each future its own parameters.
    """

    scenario: Scenario
    built: Built
    runs: int
    seed: int
    by: tuple[str, ...]
    addresses: tuple[str, ...]
    reported: tuple[str, ...]
    flows: np.ndarray  # [address] True where a flow, which sums over a year
    events: tuple[str, ...]
    logged: bool
    draws: Draws | None = None

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """What the case reports, by name."""
        return self.built.outcomes

    @property
    def until(self) -> date:
        """The last day that counts."""
        return self.built.until


def prepare(
    scenario: Scenario,
    *,
    runs: int = 1000,
    seed: int = 1,
    until: str | date | None = None,
    by: Iterable[str] = (),
    record: Iterable[str] = (),
    extra: Iterable[str] = (),
    watch: Iterable[str] = (),
    logged: bool = False,
    draws: Draws | None = None,
) -> Setup:
    """Check an order and compile its case; nothing is simulated.

    `record` are addresses to report beside those of the outcomes; `extra` are recorded where the
    case has them and not reported; `watch` are events whose first day is kept beside those of the
    outcomes; `logged` keeps every event.

    Raises:
        CaseError: a number, a date or an address is wrong.
    """
    whole("--runs", runs, 1, MOST_RUNS)
    whole("--seed", seed, 0, MOST_SEED)
    last = day("--until", until) if isinstance(until, str) else until
    with said("--until"):
        built = compile_case(scenario.files, last)
    measured(runs, built.steps)
    dates = tuple(dict.fromkeys(str(text) for text in by))
    for text in dates:
        if not built.start <= day("--by", text) <= built.until:
            allowed = f"{built.start} to {built.until}"
            raise CaseError("outside the run", key="--by", found=text, allowed=allowed)
    sizes = observe.axis_sizes(built.world)
    places = observe.catalogue(built.labels, sizes)
    flags = observe.events(built.labels, sizes)
    asked = [_known(str(parse(address)), places, "--record") for address in record]
    quantities, events = [], []
    for name, outcome in built.outcomes.items():
        where = f"outcomes.{name}"
        if outcome.event is not None:
            events.append(_known(str(parse(outcome.event)), flags, where))
        elif outcome.quantity is not None:
            quantities.append(_known(str(parse(outcome.quantity)), places, where))
    events += [_known(str(parse(address)), flags, "watch") for address in watch]
    reported = tuple(dict.fromkeys([*quantities, *asked]))
    addresses = tuple(dict.fromkeys([*reported, *(a for a in extra if a in places)]))
    return Setup(
        scenario=scenario,
        built=built,
        runs=runs,
        seed=seed,
        by=dates,
        addresses=addresses,
        reported=reported,
        flows=np.array([places[address].flow for address in addresses], bool),
        events=tuple(dict.fromkeys(events)),
        logged=logged,
        draws=draws,
    )


def _known(address: str, places: Mapping[str, object], key: str) -> str:
    """`address`, which must be in the catalogue."""
    if address not in places:
        entity = parse(address).entity
        like = [name for name in places if parse(name).entity == entity]
        near = nearest(address, like or places)
        allowed = listed(like or places)
        raise CaseError("unknown address", key=key, found=address, allowed=allowed, nearest=near)
    return address

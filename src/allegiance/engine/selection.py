"""Which addresses are recorded by default: few for pictures, more for a report or a chain."""

from __future__ import annotations

from collections.abc import Iterator

from allegiance.cases.schema import CaseFile

MOST_TIES = 40
"""Ties of watchers to patrons in the chain; a larger case leaves the rest to `--record`."""


def patrons(case: CaseFile) -> list[str]:
    """Powers that back the government of a simulated war, in the order of the case."""
    backers = {
        power
        for theatre in case.theatres.values()
        if theatre.fought
        for power, there in theatre.powers.items()
        if there.backs == case.sides[0]
    }
    return [power for power in case.powers if power in backers]


def headline(case: CaseFile) -> list[str]:
    """Some fifty addresses that tell the story: the wars, the patrons' means, their pledges."""
    return list(dict.fromkeys(_headline(case)))


def chain(case: CaseFile) -> list[str]:
    """Some two hundred addresses along which a difference between two worlds can spread."""
    return list(dict.fromkeys([*_headline(case), *_chain(case)]))


def story(case: CaseFile) -> list[str]:
    """The headline, regions, what the army stands on, every client's ties: for a report."""
    return list(dict.fromkeys([*_headline(case), *_story(case)]))


def _story(case: CaseFile) -> Iterator[str]:
    for name, theatre in case.theatres.items():
        if theatre.fought:
            for region in theatre.regions:
                yield from (f"{name}/{region}.control[{side}]" for side in theatre.sides)
            yield from (f"{name}.{noun}" for noun in ("killed", "displaced", "fallen"))
            # What an army stands on, to tell why one fell: `verbs.hold` has the equation.
            yield from (f"{name}.{case.sides[0]}.{noun}" for noun in ("odds", "defeat", "pay"))
            yield from (f"{name}.short[{power}]" for power in theatre.powers)
    ties = [(client, power) for power in patrons(case) for client in case.clients]
    for client, power in ties[: 2 * MOST_TIES]:
        yield from (f"{client}->{power}.{noun}" for noun in ("trust", "alignment"))


def _headline(case: CaseFile) -> Iterator[str]:
    government = case.sides[0]
    for name, theatre in case.theatres.items():
        if not theatre.fought:
            continue
        yield from (f"{name}.control[{side}]" for side in theatre.sides)
        yield from (f"{name}.{side}.force" for side in theatre.sides)
        yield f"{name}.{government}.cohesion"
        for power, there in theatre.powers.items():
            yield f"{name}.deployed[{power}]"
            yield f"{name}.air[{power}]"
            if there.backs == government:
                for noun in ("pledge", "asked", "delivered", "trust", "alignment"):
                    yield f"{theatre.client}->{power}.{noun}"
    for power in case.powers:
        yield f"{power}.strength"
    for power in patrons(case):
        yield from (f"{power}.{noun}" for noun in ("treasury", "force", "support"))
    yield from (f"{site}.open" for site in case.sites)


def _chain(case: CaseFile) -> Iterator[str]:
    for name, theatre in case.theatres.items():
        if not theatre.fought:
            continue
        for side in theatre.sides:
            nouns = ("cohesion", "defeat", "odds", "pay", "posture", "losses")
            yield from (f"{name}.{side}.{noun}" for noun in nouns)
        for power in theatre.powers:
            yield from (f"{name}.{noun}[{power}]" for noun in ("short", "commitment"))
        yield from (f"{name}.{noun}" for noun in ("killed", "displaced", "fallen"))
        yield from (f"{name}/{region}.control[{case.sides[0]}]" for region in theatre.regions)
        client = theatre.client
        yield from (f"{client}.{noun}" for noun in ("treasury", "capital", "dependence", "alarm"))
    for power in case.powers:
        yield from (f"{power}.{noun}" for noun in ("treasury", "force", "support", "impunity"))
    for power in patrons(case):
        nouns = ("anger", "fear", "success", "income_loss", "exports", "losses", "strikes")
        yield from (f"{power}.{noun}" for noun in nouns)
    ties = [(client, power) for power in patrons(case) for client in case.clients]
    for client, power in ties[:MOST_TIES]:
        yield from (f"{client}->{power}.{noun}" for noun in ("trust", "alignment", "believed"))

"""What can be recorded, by address: one table of quantities and one of events.

A compiled program computes only the quantities that a run asks for, and keeps only the asked rows
of each. A stock reports its yearly mean, a flow its yearly sum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from allegiance.cases.axes import Labels
from allegiance.world import measures
from allegiance.world.arrays import Array, fraction, namespace
from allegiance.world.case import Case
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


class Quantity(NamedTuple):
    """A family of recordable quantities that one array holds."""

    noun: str  # address pattern, see `_addresses`
    axes: str  # letters of the leading axes: p c o k r s b, t = side or civilians
    flow: bool
    read: Callable[[World, News, Case, Theory, float], Array]


def _stock(noun: str, axes: str, read: Callable[[World], Array]) -> Quantity:
    return Quantity(noun, axes, False, lambda world, now, case, theory, dt: read(world))


def _per_side(now: News) -> Array:
    """Strikes of each power on each target in all theatres, thousand sorties a year [p, t]."""
    return namespace(now.strikes).sum(now.strikes, axis=0)


def _off_target(now: News, case: Case) -> Array:
    """Share of strikes that did not fall on the announced enemy [p]; 1 where nobody was named."""
    xp = namespace(now.strikes)
    total = xp.sum(now.strikes, axis=(0, 2))
    named = xp.sum(now.strikes[:, :, :-1] * case.named_enemy, axis=(0, 2))
    return xp.where(total > 1e-4, 1.0 - fraction(named, total), xp.nan)


def _civilian_share(now: News) -> Array:
    xp = namespace(now.strikes)
    total = xp.sum(now.strikes, axis=(0, 2))
    return xp.where(total > 1e-4, fraction(xp.sum(now.strikes[:, :, -1], axis=0), total), xp.nan)


def _odds(world: World, case: Case, theory: Theory) -> Array:
    return measures.log_ratio(measures.muster(world, case), world, case, theory)


def _concentration(world: World) -> Array:
    """Herfindahl index of a client's alignment over the powers [c]."""
    xp = namespace(world.ties.alignment)
    shares = world.ties.alignment[:, :-1]
    whole = xp.sum(shares, axis=1, keepdims=True)
    return xp.sum(fraction(shares, whole) ** 2, axis=1)


QUANTITIES: tuple[Quantity, ...] = (
    *(
        _stock(noun, "p", lambda w, n=noun: getattr(w.powers, n))
        for noun in (
            *("treasury", "force", "support", "anger", "impunity", "fear", "success"),
            *("income_loss", "exports", "leverage", "protest"),
        )
    ),
    Quantity("strength", "p", False, lambda w, n, c, t, dt: measures.strength(w, c)),
    Quantity("losses", "p", True, lambda w, n, c, t, dt: n.lost),
    Quantity(
        "strikes",
        "p",
        True,
        lambda w, n, c, t, dt: namespace(n.strikes).sum(n.strikes, axis=(0, 2)) * dt,
    ),
    Quantity("strikes", "pt", True, lambda w, n, c, t, dt: _per_side(n) * dt),
    Quantity("strikes.off_target_share", "p", False, lambda w, n, c, t, dt: _off_target(n, c)),
    Quantity("strikes.civilian_share", "p", False, lambda w, n, c, t, dt: _civilian_share(n)),
    *(
        _stock(noun, "c", lambda w, n=noun: getattr(w.clients, n))
        for noun in (
            *("treasury", "capital", "dependence", "alarm", "self_help", "strain"),
            *("investment", "sanctions"),
        )
    ),
    _stock("autonomy", "c", lambda w: w.ties.alignment[:, -1]),
    _stock("concentration", "c", _concentration),
    _stock("trust", "cp", measures.kept_word),
    _stock("alignment", "cp", lambda w: w.ties.alignment[:, :-1]),
    *(
        _stock(noun, "cp", lambda w, n=noun: getattr(w.ties, n))
        for noun in ("pledge", "asked", "delivered", "recognition", "debt", "grievance")
    ),
    _stock("believed", "op", lambda w: w.beliefs.mean),
    _stock("doubt", "op", lambda w: w.beliefs.variance),
    _stock(
        "credibility",
        "op",
        lambda w: w.beliefs.believed / (w.beliefs.believed + w.beliefs.doubted),
    ),
    _stock("sanctions", "pq", lambda w: w.rivalries.sanctions),
    _stock("price", "pq", lambda w: w.rivalries.price),
    Quantity("control", "ks", False, lambda w, n, c, t, dt: measures.area_held(w, c)),
    Quantity("people", "ks", False, lambda w, n, c, t, dt: measures.held(w, c)),
    Quantity(".force", "ks", False, lambda w, n, c, t, dt: measures.side_force(w, c)),
    Quantity(".losses", "ks", True, lambda w, n, c, t, dt: n.losses),
    Quantity(".odds", "ks", False, lambda w, n, c, t, dt: _odds(w, c, t)),
    *(
        _stock(f".{noun}", "ks", lambda w, n=noun: getattr(w.theatres, n))
        for noun in (
            *("cohesion", "mood", "fortune", "spent", "defeat", "pay", "posture", "campaign"),
            *("regrouped", "legitimacy"),
        )
    ),
    _stock(".rules", "ks", lambda w: w.theatres.rules),
    _stock("deployed", "kp", lambda w: w.theatres.deployed),
    _stock("air", "kp", lambda w: w.theatres.air),
    _stock("commitment", "kp", lambda w: w.theatres.commitment),
    *(
        _stock(noun, "kp", lambda w, n=noun: getattr(w.theatres, n))
        for noun in ("short", "deterring", "covered", "steered")
    ),
    _stock("exile", "kp", lambda w: w.theatres.exile),
    _stock("fallen", "k", lambda w: w.theatres.fallen),
    Quantity("killed", "k", True, lambda w, n, c, t, dt: measures.by_theatre(c, n.killed)),
    Quantity(
        "displaced",
        "k",
        False,
        lambda w, n, c, t, dt: measures.by_theatre(c, w.regions.displaced),
    ),
    _stock("control", "rs", lambda w: w.regions.control),
    _stock("force", "rs", lambda w: w.regions.force),
    _stock("siege", "r", lambda w: w.regions.siege),
    _stock("displaced", "r", lambda w: w.regions.displaced),
    Quantity("killed", "r", True, lambda w, n, c, t, dt: n.killed),
    _stock("access", "b", lambda w: w.sites.access),
    _stock("open", "b", lambda w: namespace(w.sites.access).where(w.sites.access == 1, 1.0, 0)),
    _stock("holder", "bp", lambda w: w.sites.holder),
)

EVENTS: tuple[tuple[str, str], ...] = (
    ("entered", "kp"),
    ("left", "kp"),
    ("drew_down", "kp"),
    ("traded", "kp"),
    ("offensive", "ks"),
    ("truce_broken", "k"),
    ("fell", "k"),
    ("seat_lost", "k"),
    ("exiled", "kp"),
    ("asked", "cp"),
    ("helped", "cp"),
    ("failed", "cp"),
    ("attacked", "cp"),
    ("recognised", "cp"),
    ("revealed", "p"),
    ("base_lost", "b"),
    ("sanctioned", "pq"),
    ("relieved", "pq"),
    ("attended", "cp"),
    ("put_off", "p"),
    ("extradited", "kp"),
    ("overthrown", "k"),
)
"""Flags of `News` that the event log keeps, and their axes."""

NICKNAMES = {"fallen": "fell", "exile": "exiled", "lost": "base_lost"}
"""Events may also be named by the state that they leave behind."""


class Place(NamedTuple):
    """Where an address stands: the number of its quantity, its row there, and whether a flow."""

    quantity: int
    index: int
    flow: bool


def _names(letter: str, labels: Labels) -> tuple[str, ...]:
    return {
        "p": labels.powers,
        "q": labels.powers,
        "c": labels.clients,
        "o": labels.clients,
        "k": labels.theatres,
        "r": labels.regions,
        "s": labels.sides,
        "t": (*labels.sides, "civilians"),
        "b": labels.sites,
    }[letter]


def _address(noun: str, axes: str, first: str, second: str | None) -> str:
    if second is None:
        return f"{first}.{noun}"
    if axes in ("cp", "op", "pq"):
        return f"{first}->{second}.{noun}"
    if noun.startswith("."):
        return f"{first}.{second}{noun}"
    return f"{first}.{noun}[{second}]"


def _expand(noun: str, axes: str, labels: Labels, sizes: dict[str, int]) -> list[tuple[str, int]]:
    """Addresses of one array and their positions in its padded, flattened form."""
    firsts = list(enumerate(_names(axes[0], labels)))
    if axes[0] == "o":  # watchers: the clients, then (after the clients' padding) the powers
        firsts += [(sizes["c"] + i, name) for i, name in enumerate(labels.powers)]
    if len(axes) == 1:
        return [(_address(noun, axes, name, None), i) for i, name in firsts]
    seconds = list(enumerate(_names(axes[1], labels)))
    if axes[1] == "t":
        seconds[-1] = (sizes["t"] - 1, "civilians")
    return [
        (_address(noun, axes, a, b), i * sizes[axes[1]] + j) for i, a in firsts for j, b in seconds
    ]


def _count(axes: str, sizes: dict[str, int]) -> int:
    count = 1
    for letter in axes:
        count *= sizes[letter]
    return count


def axis_sizes(world: World) -> dict[str, int]:
    """Padded length of each axis, by letter."""
    clients, powers = world.ties.alpha.shape[:2]
    theatres, sides = world.theatres.cohesion.shape[:2]
    return {
        "p": powers,
        "q": powers,
        "c": clients,
        "o": clients + powers,
        "k": theatres,
        "s": sides,
        "t": sides + 1,
        "r": world.regions.siege.shape[0],
        "b": world.sites.access.shape[0],
    }


def catalogue(labels: Labels, sizes: dict[str, int]) -> dict[str, Place]:
    """Every recordable address of a case."""
    places: dict[str, Place] = {}
    for number, quantity in enumerate(QUANTITIES):
        for address, index in _expand(quantity.noun, quantity.axes, labels, sizes):
            places[address] = Place(number, index, quantity.flow)
    return places


def events(labels: Labels, sizes: dict[str, int]) -> dict[str, int]:
    """Every event address of a case and its position in the flattened flags."""
    places: dict[str, int] = {}
    at = 0
    for noun, axes in EVENTS:
        for address, index in _expand(noun, axes, labels, sizes):
            places[address] = at + index
        at += _count(axes, sizes)
    for nickname, noun in NICKNAMES.items():
        for address in [a for a in places if f".{noun}" in a]:
            head, tail = address.split(f".{noun}")
            places[f"{head}.{nickname}{tail}"] = places[address]
    return places


def event_place(flat: int, sizes: dict[str, int]) -> tuple[int, int]:
    """Number of the noun in `EVENTS` and row in it of a position in the flattened flags."""
    for number, (_, axes) in enumerate(EVENTS):
        if flat < _count(axes, sizes):
            return number, flat
        flat -= _count(axes, sizes)
    raise IndexError("no such event")


def read(number: int, world: World, now: News, case: Case, theory: Theory, dt: float) -> Array:
    """One of the `QUANTITIES`, flattened [row, run]."""
    found = QUANTITIES[number].read(world, now, case, theory, dt)
    return found.reshape((-1, found.shape[-1]))


def read_event(number: int, now: News) -> Array:
    """Flags of one of the `EVENTS`, flattened [row, run]."""
    found = getattr(now, EVENTS[number][0])
    return found.reshape((-1, found.shape[-1]))


def read_events(now: News) -> Array:
    """All event flags, flattened [event, run]."""
    return namespace(now.fell).concat([read_event(number, now) for number in range(len(EVENTS))])


def event_day(
    number: int, now: News, case: Case, launch_day: Array, step_days: float
) -> Array | float:
    """Day of the step on which these events happen [row, run]; 0 where the day is not known."""
    xp = namespace(now.fell)
    noun = EVENTS[number][0]
    day: Array
    if noun in ("fell", "seat_lost"):
        day = now.fell_day
    elif noun == "exiled":
        day = now.fell_day[:, None] + xp.zeros_like(now.exiled)
    elif noun in ("entered", "left", "drew_down", "traded"):
        day = (1.0 - case.given.choice_share) * step_days + xp.zeros_like(now.entered)
    elif noun == "offensive":
        day = launch_day + xp.zeros_like(now.offensive)
    else:
        return 0.0
    return day.reshape((-1, day.shape[-1]))

"""From start levels and the timeline to the outside inputs of every step and substep."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from allegiance.cases.axes import Axes
from allegiance.cases.calendar import Calendar
from allegiance.cases.inputs import INPUTS, MULTIPLIES, OFFERED, Input, rest
from allegiance.cases.names import input_at
from allegiance.cases.schema import DatedInput, Entry
from allegiance.world.case import CHOICES, DAYS, Given, Today

if TYPE_CHECKING:
    from allegiance.cases.loading import CaseFiles

CHOSEN = {"enter": "in", "leave": "out", "draw_down": "draw_down", "trade_away": "trade_away"}
"""A timeline's word for a choice, and the model's."""

Where = tuple[str, ...]


class Change(NamedTuple):
    """A dated input with the entry that brings it."""

    entry: Entry
    given: DatedInput

    @property
    def date(self) -> date:
        """Date of a pulse."""
        return self.given.date or self.entry.date


class Schedule(NamedTuple):
    """Outside inputs; `given` leads with [step], `today` with [step, substep]."""

    given: Given
    today: Today
    sanctions_pinned: np.ndarray  # [p, q] 1 where start levels or entries give the sanctions


def schedule(files: CaseFiles, axes: Axes, calendar: Calendar) -> Schedule:
    """All inputs of a case, single precision: the time-weighted mean level of each step."""
    levels = _start_levels(files, axes)
    given = {noun: np.repeat(start[None], calendar.steps, axis=0) for noun, start in levels.items()}
    arrivals = np.zeros((calendar.steps * DAYS, *axes.shape("rs")), np.float32)
    pinned = np.zeros(axes.shape("pq"))
    for address in files.case.inputs:
        _pin(pinned, *input_at(address, files.case, axes.names), axes)
    for (entry, where), changes in _changes(files, axes).items():
        here = axes.at(entry.axes, where)
        _pin(pinned, entry, where, axes)
        if entry.noun == "arrivals":
            for change in changes:
                arrivals[(slice(None), *here)] += _spread(change, calendar)
        elif entry.pulse:
            for change in changes:
                if calendar.holds(change.date):
                    given[entry.noun][(calendar.step(change.date), *here)] = change.given.pulse
        else:
            start = float(levels[entry.noun][here])
            given[entry.noun][(slice(None), *here)] = _level(entry, start, changes, calendar)
    given |= _choices(files, axes, calendar)
    given["released"] = _released(files, calendar)
    today = {
        "arrivals": arrivals.reshape(calendar.steps, DAYS, *axes.shape("rs")),
        "launch": _launches(files, axes, calendar),
        "truce": _truces(files, axes, calendar),
    }
    return Schedule(
        Given(**{noun: array.astype(np.float32) for noun, array in given.items()}),
        Today(**{noun: array.astype(np.float32) for noun, array in today.items()}),
        pinned,
    )


def _start_levels(files: CaseFiles, axes: Axes) -> dict[str, np.ndarray]:
    """Levels before any entry, by noun of `Given`."""
    levels = {
        noun: np.full(axes.shape(entry.axes), rest(noun))
        for noun, entry in INPUTS.items()
        if noun in Given._fields
    }
    for name, theatre in files.case.theatres.items():
        for power, there in theatre.powers.items():
            for noun in OFFERED:
                levels[noun][axes.at("kp", (name, power))] = getattr(there, noun).value
    for address, figure in files.case.inputs.items():
        entry, where = input_at(address, files.case, axes.names)
        levels[entry.noun][axes.at(entry.axes, where)] = figure.value
    return levels


def _changes(files: CaseFiles, axes: Axes) -> dict[tuple[Input, Where], list[Change]]:
    """All changes, by what they change."""
    found: dict[tuple[Input, Where], list[Change]] = {}
    for entry in files.timeline.entries.values():
        for change in entry.inputs:
            what = input_at(change.address, files.case, axes.names)
            found.setdefault(what, []).append(Change(entry, change))
    return found


def _pin(pinned: np.ndarray, entry: Input, where: Where, axes: Axes) -> None:
    if entry.noun == "sanctions":
        pinned[axes.at("pq", where)] = 1.0


def _level(entry: Input, start: float, changes: list[Change], calendar: Calendar) -> np.ndarray:
    """Mean level of each step [step], within the input's range."""
    daily = np.full(calendar.days, start)
    for change in changes:
        if entry.noun == MULTIPLIES:
            daily *= _path(change.given, calendar, before=1.0)
        else:
            daily += _path(change.given, calendar, before=0.0)
    daily = np.clip(daily, 0.0, 1.0 if entry.share else np.inf)
    sums = np.concatenate([[0.0], np.cumsum(daily)])
    at_edges = np.interp(calendar.edges(), np.arange(calendar.days + 1), sums)
    means = np.diff(at_edges) / calendar.step_days
    return np.clip(means, daily.min(), daily.max())


def _path(change: DatedInput, calendar: Calendar, before: float) -> np.ndarray:
    """Mean of a path on each day [day]: `before` its first date, its last value after the last."""
    knots = sorted((change.path or {}).items())
    days = np.array([calendar.day(when) for when, _ in knots])
    values = np.array([value for _, value in knots])
    here = np.arange(calendar.days)
    if change.shape == "linear":
        level = np.interp(here + 0.5, days, values)
    else:
        level = values[np.clip(np.searchsorted(days, here, side="right") - 1, 0, None)]
    return np.where(here < days[0], before, level)


def _spread(change: Change, calendar: Calendar) -> np.ndarray:
    """A pulse spread evenly over its days, a week where it names none [step * substep]."""
    first, days = calendar.day(change.date), change.given.days or 7
    amount = change.given.pulse or 0.0
    return amount * np.diff(np.clip((calendar.edges(DAYS) - first) / days, 0.0, 1.0))


def _choices(files: CaseFiles, axes: Axes, calendar: Calendar) -> dict[str, np.ndarray]:
    """Pinned choices in the step of their day; of two in one step the later counts."""
    shape = (calendar.steps, *axes.shape("kp"))
    choice, left, blocked = np.full(shape, -1.0), np.ones(shape), np.zeros(shape)
    for pair in files.blocked:
        blocked[(slice(None), *axes.at("kp", pair))] = 1.0
    for entry in sorted(files.timeline.entries.values(), key=lambda entry: entry.date):
        if entry.decision is None:
            continue
        pair = (entry.decision.theatre, entry.decision.power)
        step, place = calendar.step(entry.date), axes.at("kp", pair)
        if calendar.holds(entry.date):
            choice[(step, *place)] = CHOICES.index(CHOSEN[entry.decision.choice])
            left[(step, *place)] = calendar.share_left(entry.date)
        if pair in files.blocked:
            # What the timeline still pins of this power there happens none the less, in its time.
            absent = 0.0 if entry.decision.choice in ("enter", "draw_down") else 1.0
            blocked[(slice(max(step, 0), None), *place)] = absent
    return {"choice": choice, "choice_share": left, "blocked": blocked}


def _released(files: CaseFiles, calendar: Calendar) -> np.ndarray:
    """1 from the day on from which powers and challengers choose freely [step]."""
    if files.released is None:
        return np.zeros(calendar.steps)
    return (np.arange(calendar.steps) >= calendar.step(files.released)).astype(float)


def _launches(files: CaseFiles, axes: Axes, calendar: Calendar) -> np.ndarray:
    """1 on the substep of each pinned offensive [step, substep, k, s]."""
    launch = np.zeros((calendar.steps, DAYS, *axes.shape("ks")), np.float32)
    for entry in files.timeline.entries.values():
        if entry.offensive and calendar.holds(entry.date):
            here = axes.at("ks", (entry.offensive.theatre, entry.offensive.side))
            launch[(*calendar.substep(entry.date), *here)] = 1.0
    return launch


def _truces(files: CaseFiles, axes: Axes, calendar: Calendar) -> np.ndarray:
    """Truces between pairs of sides [step, substep, k, s, s]; of several the strictest counts."""
    truce = np.zeros((calendar.steps * DAYS, *axes.shape("kss")), np.float32)
    edges = calendar.edges(DAYS)
    for entry in files.timeline.entries.values():
        if entry.truce is None:
            continue
        last = calendar.day(entry.truce.until) if entry.truce.until else np.inf
        within = np.diff(np.clip(edges, calendar.day(entry.date), last))
        level = entry.truce.level * within / (calendar.step_days / DAYS)
        for first, second in entry.truce.between:
            for pair in ((first, second), (second, first)):
                here = (slice(None), *axes.at("kss", (entry.truce.theatre, *pair)))
                truce[here] = np.maximum(truce[here], level)
    return truce.reshape(calendar.steps, DAYS, *axes.shape("kss"))

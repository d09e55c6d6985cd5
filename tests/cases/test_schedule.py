"""What the timeline gives, step by step. Calendar: from Monday 2001-01-01, two years."""

from datetime import date

import numpy as np
import pytest

from allegiance.cases import levers
from allegiance.cases.calendar import Calendar
from allegiance.cases.compile import Built, compile_case
from allegiance.cases.loading import load

HARBOUR, NORTH, SOUTH = 0, 0, 1


def with_entry(edited, day: str, body: str, start: str = "") -> Built:
    """The template with another entry `test` on `day`, and other start levels."""
    entry = f"entries:\n  test:\n    date: {day}\n    label: a test\n    assumed: a test\n{body}\n"
    folder = edited(("entries:\n", entry), file="timeline.yaml")
    if start:
        edited(("outcomes:\n", f"  {start}\noutcomes:\n"))
    return compile_case(load(folder))


@pytest.fixture
def change(edited):
    def changed(day: str, change: str, start: str = "") -> Built:
        return with_entry(edited, day, f"    inputs:\n      - {{{change}}}", start)

    return changed


def test_calendar():
    start = date(2001, 1, 1)
    weeks = Calendar.spanning(start, date(2001, 1, 14), 7.0)
    assert weeks.steps == 2
    assert Calendar.spanning(start, date(2001, 1, 15), 7.0).steps == 3
    assert weeks.step(date(2001, 1, 7)) == 0
    assert weeks.step(date(2001, 1, 8)) == 1
    assert weeks.step(date(2000, 12, 31)) == -1
    assert weeks.substep(date(2001, 1, 10)) == (1, 2)
    assert weeks.share_left(date(2001, 1, 8)) == 1.0
    assert weeks.share_left(date(2001, 1, 10)) == pytest.approx(5 / 7)
    assert weeks.date(1) == date(2001, 1, 8)
    halves = Calendar.spanning(start, date(2001, 1, 14), 3.5)
    assert halves.steps == 4
    assert [halves.step(date(2001, 1, day)) for day in range(1, 9)] == [0, 0, 0, 0, 1, 1, 1, 2]
    assert halves.substep(date(2001, 1, 5)) == (1, 1)
    assert halves.share_left(date(2001, 1, 4)) == pytest.approx(1 / 7)
    for step_days in (7.0, 3.5, 1.0, 0.5, 14.0, 2.3):
        calendar = Calendar.spanning(start, date(2002, 5, 17), step_days)
        assert calendar.step(date(2002, 5, 17)) == calendar.steps - 1
        assert len(calendar.edges()) == calendar.steps + 1


def test_a_step_is_weighted_by_time(change):
    # Thursday of the second week: four of its seven days.
    built = change("2001-01-11", 'address: "harbour.burden_money[north]", path: {2001-01-11: 7}')
    money = built.given.burden_money[:, HARBOUR, NORTH]
    np.testing.assert_allclose(money[:4], [0, 4, 7, 7], rtol=1e-6)
    assert money[-1] == 7
    assert built.given.burden_money.dtype == np.float32


def test_steps_and_lines(change):
    path = "path: {2001-01-08: 0, 2001-01-22: 14, 2001-02-05: 7}"
    stepped = change("2001-01-08", f'address: "north.recruits", {path}').given.recruits[:, NORTH]
    np.testing.assert_allclose(stepped[:6], [0, 0, 0, 14, 14, 7])


def test_a_line_is_averaged(change):
    path = "path: {2001-01-08: 0, 2001-01-22: 14, 2001-02-05: 7}, shape: linear"
    line = change("2001-01-08", f'address: "north.recruits", {path}').given.recruits[:, NORTH]
    np.testing.assert_allclose(line[:7], [0, 3.5, 10.5, 12.25, 8.75, 7, 7], rtol=1e-6)


def test_levels_add_up_and_are_clipped(change):
    path = "path: {2001-01-08: 0.3, 2001-01-15: 0.9, 2001-01-22: -3}"
    built = change("2001-01-08", f'address: "harbour.restraint[south]", {path}')
    restraint = built.given.restraint[:, HARBOUR, SOUTH]
    np.testing.assert_allclose(restraint[:5], [0.5, 0.8, 1.0, 0.0, 0.0], rtol=1e-6)


def test_two_entries_add_up(change):
    text = 'address: "harbour.burden_force[north]", path: {2001-11-05: 10}'
    force = change("2001-11-05", text).given.burden_force[:, HARBOUR, NORTH]
    assert force[-1] == 55


def test_economy_multiplies(change):
    start = 'harbour.economy: {value: 0.8, assumed: "a test"}'
    text = "address: harbour.economy, path: {2001-01-08: 0.5, 2001-01-15: 1.5}"
    economy = change("2001-01-08", text, start).given.economy
    np.testing.assert_allclose(economy[:4, 0], [0.8, 0.4, 1.2, 1.2], rtol=1e-6)
    np.testing.assert_array_equal(economy[:, 1:], 1.0)


def test_offers_start_from_the_figure(change):
    text = 'address: "harbour.air[north]", path: {2001-01-08: -5, 2001-01-15: -50}'
    air = change("2001-01-08", text).given.air[:, HARBOUR, NORTH]
    np.testing.assert_allclose(air[:4], [12, 7, 0, 0])


def test_sponsors_and_sanctions(toy):
    built = compile_case(toy)
    assert built.given.sponsor[0, HARBOUR, SOUTH, 1] == 2
    sanctions = built.given.sanctions[:, SOUTH, NORTH]
    assert sanctions[0] == 0
    assert sanctions[-1] == pytest.approx(0.6)
    assert built.case.sanctions_pinned.tolist() == [[0, 0], [1, 0]]


def test_start_level_of_sanctions_pins_them(change):
    start = 'south->north.sanctions: {value: 0.1, assumed: "a test"}'
    built = change("2001-01-08", "address: valley.embargo, path: {2001-01-08: 0.1}", start)
    assert built.case.sanctions_pinned[1, 0] == 1
    assert built.world.rivalries.sanctions[1, 0] == pytest.approx(0.1)
    assert built.given.embargo[1, 1] == pytest.approx(0.1)


def test_pulses(change, toy):
    built = change("2001-02-01", "address: valley->north.attacked, pulse: 1")
    attacked = built.given.attacked[:, 1, NORTH]
    assert np.flatnonzero(attacked).tolist() == [built.calendar.step(date(2001, 2, 1))]
    assert attacked.max() == 1
    revealed = np.flatnonzero(built.given.revealed[:, NORTH]).tolist()
    assert revealed == [built.calendar.step(date(2001, 12, 15))]


@pytest.mark.parametrize("step_days", [7.0, 3.5, 1.0])
def test_arrivals_are_spread_over_days(toy, step_days: float):
    built = compile_case(toy, step_days=step_days)
    hills = built.today.arrivals[:, :, 2, 1].ravel()
    assert hills.sum() == pytest.approx(3, rel=1e-5)
    assert np.flatnonzero(hills)[0] == round(151 * 7 / step_days)
    assert np.count_nonzero(hills) == round(30 * 7 / step_days)
    assert built.today.arrivals.sum() == pytest.approx(3, rel=1e-5)


@pytest.mark.parametrize("step_days", [7.0, 3.5])
def test_truce_days(toy, step_days: float):
    truce = compile_case(toy, step_days=step_days).today.truce[:, :, 0].reshape(-1, 2, 2)
    np.testing.assert_array_equal(truce, truce.transpose(0, 2, 1))
    np.testing.assert_array_equal(truce[:, [0, 1], [0, 1]], 0)
    days = np.flatnonzero(truce[:, 0, 1]) * step_days / 7
    assert days.min() == (date(2002, 3, 1) - date(2001, 1, 1)).days
    assert days.max() == (date(2002, 7, 1) - date(2001, 1, 1)).days - step_days / 7
    np.testing.assert_allclose(truce[truce > 0], 0.9)


def test_truce_without_an_end_lasts(edited):
    body = "    truce: {theatre: harbour, between: [[government, opposition]], level: 0.5}"
    truce = with_entry(edited, "2001-12-01", body).today.truce[:, :, 0, 0, 1].ravel()
    days = (date(2001, 12, 1) - date(2001, 1, 1)).days
    assert not truce[:days].any()
    assert (truce[days:] >= 0.5).all()
    assert truce.max() == pytest.approx(0.9)


def test_choice_and_the_share_of_its_step(toy):
    built = compile_case(toy)
    choice = built.given.choice[:, HARBOUR, NORTH]
    step = built.calendar.step(date(2001, 4, 15))
    assert choice[step] == 1
    assert (np.delete(choice, step) == -1).all()
    # 2001-04-15 is a Sunday: one day of the week is left.
    assert built.given.choice_share[step, HARBOUR, NORTH] == pytest.approx(1 / 7)
    assert built.given.choice_share.sum() == pytest.approx(built.given.choice_share.size - 6 / 7)
    assert built.case.pinned.tolist() == [[1, 0]]


def test_offensive_acts_on_its_day(edited):
    body = "    offensive: {theatre: harbour, side: opposition}"
    built = with_entry(edited, "2001-06-07", body)
    step, day = built.calendar.substep(date(2001, 6, 7))
    assert np.argwhere(built.today.launch).tolist() == [[step, day, 0, 1]]
    assert day == 3
    assert built.case.launches_pinned.tolist() == [[0, 1]]


def test_half_weeks_agree_with_weeks(toy):
    whole, half = compile_case(toy), compile_case(toy, step_days=3.5)
    assert half.steps in (2 * whole.steps, 2 * whole.steps - 1)
    for noun in ("burden_force", "restraint", "sanctions", "danger", "air"):
        weeks, halves = getattr(whole.given, noun), getattr(half.given, noun)
        count = half.steps // 2
        paired = halves[: 2 * count].reshape(count, 2, *halves.shape[1:]).mean(axis=1)
        np.testing.assert_allclose(weeks[:count], paired, rtol=1e-5)


def test_after_the_end_levels_stay(toy):
    built = compile_case(toy, until=date(2004, 12, 31))
    assert built.until == date(2004, 12, 31)
    assert built.given.burden_force[-1, 0, 0] == 45
    early = compile_case(toy, until=date(2001, 3, 1))
    assert early.steps == 9
    np.testing.assert_array_equal(early.given.restraint, built.given.restraint[:9])


def test_what_is_taken_away_leaves_other_visits_alone(edited):
    """North enters twice; without the second entry it comes the first time and then no more."""
    twice = """
    decision: {power: north, theatre: harbour, choice: enter}
  first_leave:
    date: 2001-09-03
    label: it goes
    assumed: a test
    decision: {power: north, theatre: harbour, choice: leave}"""
    entry = (
        f"entries:\n  first:\n    date: 2001-03-05\n    label: a test\n    assumed: a test{twice}\n"
    )
    case = load(edited(("entries:\n", entry), file="timeline.yaml"))
    given = compile_case(levers.without(case, "north_enters")).given
    blocked = given.blocked[:, HARBOUR, NORTH]
    first, gone = 9, 35
    assert np.all(blocked[:first] == 1.0)
    assert np.all(blocked[first:gone] == 0.0)
    assert np.all(blocked[gone:] == 1.0)

"""Figures that keep readable at their extremes: dates that coincide, long labels, long names."""

import itertools
from typing import Any

import numpy as np

from allegiance.show import figures
from allegiance.show.figures import Departure, Place
from allegiance.show.figures.maps import brief

LONG = "A country with a long name: help that could not be delivered (a patron of many words)"


def drawn(*chain: Departure) -> Any:
    return figures.departures(chain, title="What departs first", futures=64)


def days(made: Any) -> np.ndarray:
    return np.array(made.layout.xaxis.range, "datetime64[D]")


def test_departures_on_one_day_stand_in_the_middle_of_a_year():
    made = drawn(*(Departure(f"quantity {i}", "2022-02-22", 1.0 - i) for i in range(4)))
    low, high = days(made)
    assert 360 <= (high - low).astype(int) <= 370
    assert abs((np.datetime64("2022-02-22") - low) - (high - np.datetime64("2022-02-22"))) <= 2


def test_departures_far_apart_all_lie_within_the_axis():
    made = drawn(Departure("a", "2012-01-01", 1.0), Departure("b", "2024-12-01", -1.0))
    low, high = days(made)
    assert low < np.datetime64("2012-01-01")
    assert high > np.datetime64("2024-12-01")


def test_labels_of_several_lines_have_room():
    made: Any = drawn(
        *(Departure(LONG if i % 2 else "short", "2022-02-22", 1.0) for i in range(12))
    )
    axis, frame = made.layout.yaxis, made.layout.margin
    pixels = (made.layout.height - frame.t - frame.b) / abs(axis.range[0] - axis.range[1])
    ends = []
    for place, label in zip(axis.tickvals, axis.ticktext, strict=True):
        half = 15.6 * (label.count("<br>") + 1) / 2.0
        ends.append((place * pixels - half, place * pixels + half))
    assert any("<br>" in label for label in axis.ticktext)
    assert all(one[1] < two[0] for one, two in itertools.pairwise(ends))
    assert ends[-1][1] < axis.range[0] * pixels
    (more, less) = made.data
    assert list(more.y) == list(axis.tickvals)
    assert not list(less.y)


def test_a_long_name_is_short_on_the_map_and_whole_at_the_pointer():
    label = "South (First, Second, Third)"
    assert brief(label) == "South"
    places = [Place(label, 0.0, 0.0, 5.0), Place("North", 1.0, 3.0, 1.0)]
    shares = np.full((2, 2, 2), 0.5)
    made: Any = figures.control_map(
        places, ["2020-01-01", "2021-01-01"], shares, ["a", "b"], title="m", futures=8
    )
    names = [text for trace in made.data if trace.mode == "text" for text in trace.text]
    assert sorted(names) == ["North", "South"]
    told = [text for trace in made.data for text in trace.hovertext or ()]
    assert any(label in text for text in told)

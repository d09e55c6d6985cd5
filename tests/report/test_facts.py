"""What a report says of a run: which entry of the timeline brought an event."""

from datetime import date

from allegiance.cases.loading import load
from allegiance.show.report.facts import _nearest


def test_the_entry_that_brings_an_event_is_the_nearest_of_those_that_may():
    entries = load("syria").timeline.entries
    both = ["serval_2013", "barkhane_exit_2022"]
    last = entries["barkhane_exit_2022"].date
    assert _nearest(both, entries, last) == "barkhane_exit_2022"
    assert _nearest(both, entries, entries["serval_2013"].date) == "serval_2013"
    # Another power's act of the same day does not count, nor one a month away.
    assert _nearest([], entries, last) is None
    assert _nearest(both, entries, date(2018, 1, 1)) is None

"""The reliability diagram: what is drawn where."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes

from allegiance.evidence.scores import reliability as binned
from allegiance.show import reliability

SAID = np.array([0.05] * 10 + [0.9] * 10)
CAME = np.array([0.0] * 9 + [1.0] + [1.0] * 6 + [0.0] * 4)
BINS = binned(SAID, CAME)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, list]:
    """Arguments of what is plotted, by the method's name."""
    found: dict[str, list] = {"plot": [], "vlines": [], "annotate": [], "text": []}
    for name, calls in found.items():
        true = getattr(Axes, name)

        def told(axes, *values, _true=true, _calls=calls, **options):
            _calls.append(values)
            return _true(axes, *values, **options)

        monkeypatch.setattr(Axes, name, told)
    return found


def test_points_stand_at_what_was_said_and_what_came(drawn, tmp_path: Path) -> None:
    path = reliability.draw({"a": BINS, "b": []}, tmp_path / "r.png", "T", "Twenty.")
    assert path.read_bytes().startswith(b"\x89PNG")
    diagonal, points, other = drawn["plot"]
    assert diagonal[0] == diagonal[1] == other[0]
    assert points[0] == pytest.approx([5.0, 90.0])
    assert points[1] == pytest.approx([10.0, 60.0])
    assert [call[0] for call in drawn["annotate"]] == ["10", "10"]
    assert drawn["text"][-1][2] == "nothing to score"
    _, low, high = drawn["vlines"][0]
    assert (low < points[1]).all()
    assert (high > points[1]).all()


def test_intervals_are_wilson_s() -> None:
    """2 of 10 at 95%: 0.0567 to 0.5098 (Brown, Cai & DasGupta 2001 give the formula)."""
    low, high = reliability.interval(np.array([0.2, 0.0]), np.array([10.0, 10.0]))
    ends = np.sort(np.roots([10.0 + reliability.Z**2, -(4.0 + reliability.Z**2), 0.4]))
    assert [low[0], high[0]] == pytest.approx(ends)  # roots of (p - 0.2)^2 = Z^2 p (1 - p) / 10
    assert low[1] == pytest.approx(0.0, abs=1e-12)
    assert high[1] > 0.1

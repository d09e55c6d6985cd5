import subprocess
import sys

import numpy as np
import pytest

import allegiance as al

FALL = "government_falls"


@pytest.fixture
def futures(template, fake_engine):
    return al.simulate(template, runs=20, seed=3, by=["2001-12-31"])


def test_probabilities_agree_with_the_report(futures):
    told = futures.summary()["outcomes"][FALL]
    assert futures.probability(FALL) == told["p"]
    assert futures.probability(FALL, by="2001-12-31") == told["by"]["2001-12-31"]["p"]
    assert futures.probability(FALL, by="2001-01-01") <= told["p"]


def test_outcomes_carry_names_and_dates(futures):
    when = futures.outcome(FALL)
    assert when.dims == ("run",)
    assert float((~np.isnat(when.values)).mean()) == futures.probability(FALL)
    held = futures.outcome("ground_held")
    assert held.attrs["unit"] == "share"
    path = futures.trajectory("harbour.control[government]")
    assert held.values == pytest.approx(path.sel(date="2002-02-25").values)


@pytest.mark.parametrize(
    ("ask", "what"),
    [
        (lambda f: f.probability("goverment_falls"), "no such event"),
        (lambda f: f.probability("ground_held"), "no such event"),
        (lambda f: f.probability(FALL, by="1999-01-01"), "outside the run"),
        (lambda f: f.probability(FALL, by="soon"), "no date"),
        (lambda f: f.outcome("nothing"), "no such outcome"),
        (lambda f: f.trajectory("north.gold"), "not recorded"),
    ],
)
def test_what_is_not_there_is_named(futures, ask, what):
    with pytest.raises(al.CaseError, match=what):
        ask(futures)


def test_it_says_what_it_is(futures):
    assert repr(futures) == "<20 futures of template, 2001-01-01 to 2002-12-31>"


def test_the_public_names_are_all_there():
    assert set(al.__all__) <= set(dir(al))
    for name in al.__all__:
        assert getattr(al, name) is not None
    with pytest.raises(AttributeError, match="forecats"):
        al.forecats  # noqa: B018


def test_the_package_stays_light():
    code = "import sys, allegiance; print(*{'numpy', 'jax', 'xarray', 'pydantic'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

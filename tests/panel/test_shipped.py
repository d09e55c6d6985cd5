"""The table of shipped cases: which statements count, and what is scored."""

import pytest

from allegiance.cases.errors import CaseError
from allegiance.cases.loading import load
from allegiance.evidence import dossier
from allegiance.panel import shipped


def test_statements_on_the_fall_are_found_in_their_order() -> None:
    items = shipped.fall_items(dossier.load(load("chad")).items)
    assert list(items)[-1] == "falls_1990"
    assert next(iter(items)) == "stands_1983"
    assert all(item.event for item in items.values())
    assert not shipped.fall_items(dossier.load(load("sino_soviet")).items)


def test_a_case_is_scored_on_its_fall_alone(fake_engine) -> None:
    """The stand-in engine lets governments fall after a mean of 600 days: few last eight years."""
    del fake_engine
    found = shipped.scored(runs=64, names=["chad", "sino_soviet"])
    chad, china = found["cases"]
    assert chad["outcome"] == "fell"
    assert chad["date"] == "1990-12-15"
    assert chad["p"] > 0.9
    assert chad["n"] == found["n"] > 2
    assert china["n"] == 0
    assert set(found["scores"]) == {"model", "base_rate", "persistence", "logit"}
    # Nearly all of its futures fall before the first statement that the government stands.
    assert found["scores"]["model"] < found["scores"]["persistence"]
    assert found["intervals"]["persistence"]["difference"] < 0


def test_each_case_is_judged_by_what_the_others_say(fake_engine, monkeypatch) -> None:
    """The case's own records must not move its own parameters."""
    del fake_engine
    asked = []
    true = shipped.pooled.Pool.of_futures
    monkeypatch.setattr(
        shipped.pooled.Pool, "of_futures", lambda pool, name: asked.append(name) or true(pool, name)
    )
    names = ["chad", "oman_dhofar", "sino_soviet"]
    found = shipped.left_out(runs=32 * 48, names=names)
    assert asked == names
    assert found["runs"] == 32 * 48
    assert 1.0 <= found["ess"] <= 96.0
    assert all(1.0 <= row["ess"] <= 96.0 for row in found["cases"])
    assert found["parameters"]["margin"]["q05"] < found["parameters"]["margin"]["q95"]
    chad, oman, china = found["cases"]
    assert chad["outcome"] == "fell"
    assert oman["outcome"] == "stood"
    assert china["outcome"] is None
    assert found["items"]["n"] == sum(row["items"]["n"] for row in found["cases"]) > found["n"]


def test_one_case_has_nothing_to_learn_from() -> None:
    with pytest.raises(CaseError, match="nothing to learn from"):
        shipped.left_out(names=["chad"])

"""The table of shipped cases: which statements count, and what is scored."""

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

"""How far the futures can be believed: one definition, the same words in every place."""

from types import SimpleNamespace

import numpy as np
import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.evidence.confront import Confrontation, confront
from allegiance.show import confrontation, tables


def rows(*told: tuple[str, bool, float]):
    for at, (use, inside, score) in enumerate(told):
        target = SimpleNamespace(item=SimpleNamespace(use=use))
        log = {"model": score, "base_rate": -2.0, "persistence": -3.0, "logit": np.nan}
        yield SimpleNamespace(id=f"i{at}", target=target, inside=inside, log=log)


def held(*told, runs=64, expected=(0.8, 1.0)) -> Confrontation:
    found = tuple(rows(*told))
    ranges = {"fit": expected, "hold": expected}
    return Confrontation("c", "default", runs, 1, None, found, ranges)  # type: ignore[arg-type]


def test_coverage_and_scores_name_items_and_futures():
    hold, fit, scores = confrontation.standing(
        held(("hold", True, -1.0), ("hold", False, -2.0), ("fit", True, -9.0))
    )
    assert hold == (
        "Of 2 dossier items held out, 50% lie inside the 90% sets of 64 futures; were the model "
        "true, 80% to 100% would: at the edge of what chance allows, so the model may be too "
        "sure of itself."
    )
    assert fit.startswith("Of 1 dossier item used for fitting, 100% lie inside")
    assert fit.endswith("100% would: the model is not shown to be wrong by this.")
    # Of the held items alone: what was fitted to says nothing of the model.
    assert scores == (
        "Mean log score an item on the 2 items held out (higher is better), over 64 futures: "
        "model -1.50, base rate -2.00, persistence -3.00, logit –."
    )


@pytest.mark.parametrize(
    ("share", "expected", "says"),
    [
        # One item of sampling lay between these two, and turned the sentence around.
        (0.59, (0.58, 0.99), "at the edge of what chance allows"),
        (0.59, (0.61, 0.99), "at the edge of what chance allows"),
        (0.40, (0.58, 0.99), "the model is too sure of itself"),
        (0.80, (0.58, 0.99), "not shown to be wrong"),
        (1.00, (0.58, 0.92), "less sure than it could be"),
    ],
)
def test_the_verdict_on_coverage_hangs_on_no_single_item(share, expected, says):
    inside = round(100 * share)
    told = [("fit", number < inside, -1.0) for number in range(100)]
    fit, _ = confrontation.standing(held(*told, expected=expected))
    assert says in fit


def test_without_held_items_all_are_scored():
    fit, scores = confrontation.standing(held(("fit", True, -1.0), runs=1000))
    assert "used for fitting" in fit
    assert scores.startswith("Mean log score an item on all items (higher is better), over 1,000")
    assert confrontation.standing(held()) == []


def test_terminal_and_report_say_the_same(fake_engine, capsys, tmp_path, monkeypatch):
    from allegiance.cli.main import code
    from allegiance.show import plots
    from allegiance.show.report import page
    from allegiance.show.report.stored import stored

    monkeypatch.setattr(plots, "draw", lambda futures, case, folder: [folder / "overview.png"])
    told = confrontation.standing(confront(TEMPLATE, 16, 1))
    assert len(told) == 3
    tables.printed(*confrontation.parts(confront(TEMPLATE, 16, 1)))
    said = " ".join(capsys.readouterr().out.split())
    assert all(line in said for line in told)
    out = tmp_path / "store"
    assert code(["run", str(TEMPLATE), "--runs", "16", "--json", "--out", str(out)]) == 0
    whole = stored(out)
    text = page.rendered(whole)
    read = confrontation.standing(whole.confronted())  # type: ignore[arg-type]
    # Single precision in the store may move a score by a hundredth.
    assert [line.split(" (higher")[0] for line in read] == [
        line.split(" (higher")[0] for line in told
    ]
    assert all(f"<li>{line}</li>" in text for line in read)

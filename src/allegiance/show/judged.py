"""Scores of many cases against baselines, as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from allegiance.show.tables import number, percent, table


def scores(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """Scores, intervals, calibration and verdict of one comparison."""
    yield f"{found['n']} items, {found['falls']} falls; {found['split']}\n"
    made = table(
        "Scores", "forecaster", "log", "Brier", "order", "model - it", "5%", "95%", right=1
    )
    for name, log in found["scores"].items():
        gap = found["intervals"].get(name, {})
        made.add_row(
            name.replace("_", " "),
            number(log),
            number(found["brier"][name]),
            number(found["order"][name]),
            *(number(gap.get(key)) if gap else "" for key in ("difference", "low", "high")),
        )
    yield made
    made = table("\nReliability", "said", "n", "mean said", "fell", right=1)
    for row in found["calibration"]:
        made.add_row(
            f"{percent(row['low'])} to {percent(row['high'])}",
            number(row["n"]),
            percent(row["forecast"]),
            percent(row["observed"]),
        )
    yield made
    yield f"\n{found['verdict']}"


def crises(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """Episodes, scores, ablations and rival theories."""
    made = table("Crises", "id", "from", "became of it", "model", "base rate", "logit", right=3)
    for row in found["episodes"]:
        end = f"fell {row['fell']}" if row["fell"] else "stood"
        said = (percent(row[name]) for name in ("model", "base_rate", "logit"))
        made.add_row(row["id"], row["from"], end, *said)
    yield made
    yield ""
    yield from scores(found)
    if "ablations" in found:
        made = table(
            "\nWithout a row",
            *("row", "what", "log score, off - on", "5%", "95%", "mean said"),
            right=2,
        )
        for row, gap in found["ablations"].items():
            told = (number(gap[key]) for key in ("difference", "low", "high"))
            made.add_row(row, gap["name"], *told, percent(gap["mean_probability"]))
        yield made
    if "theories" in found:
        odds = found["theories"]["posterior"]
        told = ", ".join(f"{name} {percent(p)}" for name, p in odds.items())
        yield f"\nRival theories after all episodes: {told}: {found['theories']['verdict']}."


def survival(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """Scores at each horizon, and what each forecaster said of those who fell and who stood."""
    yield (
        f"{found['origins']} spell-years; {found['regimes_fallen']} regimes fell, "
        f"{found['by_armed_opponent']} of them to an armed opponent\n"
    )
    for horizon, at in found["horizons"].items():
        yield f"Within {horizon} years" if horizon != "1" else "Within a year"
        yield from scores(at) if at["n"] else (at["verdict"],)
        if at.get("said"):
            names = list(at["scores"])
            head = [name.replace("_", " ") for name in names]
            made = table("\nMean probability said", "became of it", "n", *head, right=1)
            for kind, row in at["said"].items():
                told = (f"{100 * row[name]:.1f}%" for name in names)
                made.add_row(kind, number(row["n"]), *told)
            yield made
        for name, left in at.get("without_patron", {}).items():
            yield f"\n{name} left out: {left['verdict']}"
        alone = found["armed_only"][horizon]
        yield f"\nFalls to an armed opponent alone ({alone['falls']}): {alone['verdict']}\n"
    if "pledges" in found:
        yield from _pledges(found["pledges"])


def _pledges(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """Pacts that wars put to the test: what the model keeps, and what has been published."""
    head = ("era", "n", "model keeps", "5%", "95%", "not there", "there", "published")
    made = table("Pledges kept in a war's first year", *head, right=1)
    for row in found["eras"]:
        told = ("model", "low", "high", "outside", "inside")
        made.add_row(
            f"{row['from']} to {row['until']}",
            number(row["n"]),
            *("–" if row[key] is None else percent(row[key]) for key in told),
            ", ".join(percent(rate["share"]) for rate in row["published"]) or "–",
        )
    yield made
    yield f"\n{found['verdict']}"


def shipped(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """The shipped cases: what became of each, what the model had said, and the scores."""
    names = list(found["items"]["scores"])
    head = [name.replace("_", " ") for name in names]
    yield f"{found['runs']} futures each, seed {found['seed']}; {found['split']}\n"
    made = table("Who fell", "id", "became of it", "n", "model said", *head, right=2)
    for row in found["cases"]:
        if not row["n"]:
            made.add_row(row["name"], "not told", "0", *("–" for _ in range(1 + len(names))))
            continue
        told = (number(row["scores"][name]) for name in names)
        end = f"{row['outcome']}, {row['date']}"
        made.add_row(row["name"], end, str(row["n"]), percent(row["p"]), *told)
    made.add_row("all", "", str(found["n"]), "", *_means(found, names))
    yield made
    yield "\nLog scores, the mean over each dossier's n statements on the fall; the model's"
    yield "probability is that of a fall by the last of them."
    if found["brier"]:
        yield "Brier: " + ", ".join(
            f"{name} {number(found['brier'][full])}" for name, full in zip(head, names, strict=True)
        )
    yield f"{found['verdict']}\n"
    made = table("All dated items", "id", "n", *head, right=1)
    for row in found["cases"]:
        made.add_row(row["name"], str(row["items"]["n"]), *_means(row["items"], names))
    made.add_row("all", str(found["items"]["n"]), *_means(found["items"], names))
    yield made
    yield f"\n{found['items']['verdict']}"
    if "parameters" in found:
        counted = f"their log likelihood counting for {percent(found['temperature'])}"
        yield f"\nFrom all cases together, {number(found['ess'])} effective vectors, {counted}:"
        made = table("", "parameter", "mean", "5%", "95%", right=1)
        for name, told in found["parameters"].items():
            made.add_row(name, *(number(told[key]) for key in ("mean", "q05", "q95")))
        yield made


def _means(found: Mapping[str, Any], names: list[str]) -> list[str]:
    return [number(found["scores"][name]) if found["scores"] else "–" for name in names]

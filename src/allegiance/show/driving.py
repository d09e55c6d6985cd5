"""What drives an outcome, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from allegiance.cases.errors import short
from allegiance.show.cards import clear, large
from allegiance.show.tables import number, percent, table
from allegiance.show.words import words

Report = Mapping[str, Any]


def parts(report: Report) -> Iterator[Table | str]:
    """The answer, part by part; `report` is what `allegiance explain --json` prints."""
    about = report["outcome"]
    yield f"What drives “{about['label']}” ({about['id']})?"
    theory = f"theory {report['theory']}, {report['from']} to {report['until']}"
    yield f"{report['case']}: {report['runs']:,} futures, seed {report['seed']}; {theory}"
    for lever in report["levers"]:
        yield f"  {lever}"
    yield f"At the given values: {_level(report['at_values'], about)}"
    yield f"Over the priors of the uncertain inputs: {_level(report['over_priors'], about)}"
    pairs = f"{report['pairs']} pairs of futures each, at the given values"
    yield from _taken(f"Mechanisms switched off ({pairs})", report["rows"], about, "off")
    yield from _taken(f"Given entries taken away ({pairs})", report["entries"], about, "without")
    yield from _sobol(report)
    yield from _boxes(report)
    for note in report["notes"]:
        yield f"Note: {note}"


def _level(summary: Report, about: Report) -> str:
    if about["kind"] == "event":
        told = f"it happens in {percent(summary['p'], summary['se'])} (90%; {words(summary['p'])})"
        return f"{told} of {summary['n']:,} futures"
    if not summary["n"]:
        return "it is defined in no future"
    span = f"{number(summary['q05'])} to {number(summary['q95'])} in nine futures of ten"
    mean = f"mean {number(summary['mean'])} {about['unit']}".strip()
    return f"{mean}, {span}; defined in {summary['n']:,} futures"


def _taken(title: str, rows: Sequence[Report], about: Report, word: str) -> Iterator[Table | str]:
    """What taking away does; only what is clear and not tiny, the rest by ID."""
    made = table("", "", "", "with", word, "change", "5%", "95%", right=2)
    small, unclear, undefined = [], [], []
    none = 0
    for row in rows:
        if row["difference"] is None:
            undefined.append(row["id"])
        elif clear(row) and large(row):
            numbers = (number(row[key]) for key in ("a", "b", "difference", "q05", "q95"))
            made.add_row(row["id"], short(row["name"], 58), *numbers)
        elif clear(row):
            small.append(row["id"])
        elif row["difference"]:
            unclear.append(row["id"])
        else:
            none += 1
    yield f"\n{title}"
    if made.row_count:
        yield made
    else:
        yield "None has a clear effect."
    rest = (
        ("Clear, but below 1%", small),
        ("Not clear", unclear),
        (f"{about['id']} not defined {word}", undefined),
    )
    for what, ids in rest:
        if ids:
            yield f"{what}: {', '.join(ids)}"
    if none:
        yield f"No difference over all futures: {none} of {len(rows)} (--json names them)"


def _sobol(report: Report) -> Iterator[Table | str]:
    found = report["sobol"]
    if found is None:
        return
    points = f"{report['points']:,} points for each input"
    yield f"\nWhose uncertainty makes its spread? (Sobol' indices, {points})"
    made = table(
        "",
        *("input", "first", "5%", "95%", "total", "5%", "95%"),
        right=1,
    )
    for row in found["indices"]:
        keys = [f"{kind}{end}" for kind in ("first", "total") for end in ("", "_q05", "_q95")]
        made.add_row(row["name"], *(f"{row[key]:.2f}" for key in keys))
    yield made
    yield "first: share of the variance that would go if this alone were known"
    yield "total: share that would stay if all but this were known"
    yield "chance: the noise of single futures; its total is what no parameter can explain"
    low, high = (f"{100 * max(found[f'together_{end}'], 0.0):.0f}" for end in ("q05", "q95"))
    share = percent(max(found["together"], 0.0))
    yield f"Only inputs acting together make {share} [{low}-{high}] of the spread"


def _boxes(report: Report) -> Iterator[Table | str]:
    if report["boxes"]:
        how = "PRIM; found in one half of the futures, measured in the other"
        yield f"\nUnder which assumptions? ({how})"
    for box in report["boxes"]:
        yield f"Where {box['text']}:"
        base = f"against {percent(box['base'])} of all"
        yield f"  {box['when']} in {_span(box, 'density')} ({words(box['density'])}), {base}"
        yield f"  coverage: it holds {_span(box, 'coverage')} of the futures in which {box['when']}"
        yield f"  mass: it holds {_span(box, 'mass')} of all futures"
        made = table("", "  limit", "", "share of its prior", "p if it did not matter", right=2)
        for limit in box["limits"]:
            cut = f"{limit['sense']} {number(limit['value'])}"
            p = "< 0.001" if limit["p"] < 0.001 else f"{limit['p']:.3f}"
            made.add_row(f"  {limit['name']}", cut, percent(limit["prior"]), p)
        yield made


def _span(box: Report, key: str) -> str:
    low, high = (100 * box[f"{key}_{end}"] for end in ("q05", "q95"))
    return f"{percent(box[key])} [{low:.0f}-{high:.0f}]"

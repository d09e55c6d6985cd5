"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from allegiance.show.words import words

Z90 = 1.6448536269514722
"""Half width of a 5-95% interval, in standard errors: every ± of a probability is one."""

WIDE = 120
"""Columns from which a table shows more, and the width where output is no terminal."""


def console() -> Console:
    """Standard output, without codes where that is no terminal."""
    made = Console(highlight=False, markup=False)
    return made if made.is_terminal else Console(highlight=False, markup=False, width=WIDE)


def printed(*parts: Table | str | None) -> None:
    """Print tables and lines on standard output, and nothing for None."""
    for part in parts:
        if part is not None:
            console().print(part)


def table(title: str, *columns: str, right: int | None = None) -> Table:
    """An open table; from column `right` on, columns are aligned right."""
    made = Table(title=title, box=None, title_justify="left", title_style="bold", pad_edge=False)
    for number, name in enumerate(columns):
        if name == "id":
            made.add_column(name, style="dim", header_style="dim", no_wrap=True)
            continue
        aligned = "right" if right is not None and number >= right else "left"
        # A name too long for its column goes on in the next line: cut off it could not be typed.
        made.add_column(name, justify=aligned, header_style="dim", overflow="fold")
    return made


def number(value: float | None, digits: int = 3) -> str:
    """A number as people read it: at most three significant digits, thousands apart."""
    if value is None:
        return "–"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    text = f"{value:.{digits}g}"
    if "e" in text:
        text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(p: float | None, se: float | None = None) -> str:
    """A probability in percent; of its standard error `se` the half width of a 90% interval."""
    if p is None:
        return "–"
    return f"{100 * p:.0f}%" if se is None else f"{100 * p:.0f}% ± {100 * Z90 * se:.1f}"


def events(report: Mapping[str, Any]) -> Table | None:
    """Outcomes that are events, with their probability in numbers and words."""
    found = {k: v for k, v in report["outcomes"].items() if v["kind"] == "event"}
    if not found:
        return None
    dates = list(next(iter(found.values()))["by"])
    wide = console().width >= WIDE
    span = ("5%", "95%", "id") if wide else ()
    made = table(
        f"Does it happen by {report['until']}?",
        *("outcome", "in words", "probability ± 90%"),
        *(f"by {date}" for date in dates),
        *("median date", *span),
        right=2,
    )
    for name, outcome in found.items():
        made.add_row(
            outcome["label"],
            words(outcome["p"]),
            percent(outcome["p"], outcome["se"]),
            *(percent(outcome["by"][date]["p"], outcome["by"][date]["se"]) for date in dates),
            outcome["median_date"] or "–",
            *((outcome["date_q05"] or "–", outcome["date_q95"] or "–", name) if wide else ()),
        )
    return made


def quantities(report: Mapping[str, Any]) -> Table | None:
    """Outcomes that are quantities, with their quantiles."""
    found = {k: v for k, v in report["outcomes"].items() if v["kind"] == "quantity"}
    if not found:
        return None
    wide = console().width >= WIDE
    columns = ("outcome", "unit", "median", "5%", "95%", *(("id",) if wide else ()))
    made = table("How much?", *columns, right=2)
    for name, outcome in found.items():
        if not outcome["n"]:
            continue
        numbers = (number(outcome[key]) for key in ("q50", "q05", "q95"))
        made.add_row(outcome["label"], outcome["unit"], *numbers, *((name,) if wide else ()))
    return made


def contrast(outcomes: Mapping[str, Mapping[str, Any]]) -> Table:
    """Outcomes of two worlds and their difference; – where one is not defined."""
    wide = console().width >= WIDE
    names = ("outcome", "unit", "a", "b", "b - a", "5%", "95%", *(("id",) if wide else ()))
    title = "What differs? (probabilities of events, means of quantities; 5-95% of the difference)"
    made = table(title, *names, right=2)
    for name, outcome in outcomes.items():
        chance = outcome["kind"] == "event"
        unit = "probability" if chance else outcome["unit"]
        numbers = [number(outcome[key]) for key in ("a", "b", "difference", "q05", "q95")]
        if identical(outcome):
            numbers[3:] = ["identical", ""]
        clear = outcome["q05"] is not None and not outcome["q05"] <= 0.0 <= outcome["q95"]
        id = (name,) if wide else ()
        made.add_row(outcome["label"], unit, *numbers, *id, style="bold" if clear else "")
    return made


def identical(row: Mapping[str, Any]) -> bool:
    """Is every pair of futures the same in this? Then there is no interval to show."""
    return row["difference"] == row["q05"] == row["q95"] == 0.0


def undefined(outcomes: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Which outcomes are not defined in every future of both worlds, and in how many they are."""
    told = [
        f"{name} (a {percent(o['defined_a'])}, b {percent(o['defined_b'])})"
        for name, o in outcomes.items()
        if min(o.get("defined_a", 1.0), o.get("defined_b", 1.0)) < 1.0
    ]
    if not told:
        return None
    head = "Not defined in every future; a and b are means of the futures in which both are"
    return f"{head}, or without any such, each its own: {', '.join(told)}"


def chain(entries: list[dict[str, Any]], most: int = 25) -> Table | str:
    """What departed first; a row for many ties that departed together.

    Of those the first stands for all, with its own interval and share of the futures. Beyond
    `most` rows only those are shown that an outcome reads. `sentences.named` gives the entries
    their labels, and says of each whether one was `asked` for.
    """
    if not entries:
        return "No recorded quantity departs clearly: the two worlds are alike."
    rows = gathered(entries, most)
    total = len(gathered(entries, len(entries)))
    some = "in order"
    if total > most:
        some = f"the first {most} of {total}"
        some += ", then what outcomes read" if len(rows) > most else ""
    columns = ("from", "quantity", "unit", "b - a", "5%", "95%", "futures")
    title = f"What departed first? ({some}; mean of the year from then on)"
    made = table(title, *columns, right=3)
    for first, more in rows:
        numbers = (number(first[key]) for key in ("effect", "q05", "q95"))
        name = first.get("label", first["address"]) + more
        made.add_row(first["first"], name, first["unit"], *numbers, percent(first["share"]))
    return made


def gathered(entries: list[dict[str, Any]], most: int = 25) -> list[tuple[dict[str, Any], str]]:
    """Rows of a chain: the entry that stands for all that departed alike, and how many more.

    Beyond `most` only those that an outcome of the case reads (`asked`).
    """
    together: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in entries:
        together.setdefault((entry["first"], entry["address"].split("->")[-1]), []).append(entry)
    rows = list(together.values())
    late = [row for row in rows[most:] if any(entry.get("asked") for entry in row)]
    return [
        (row[0], f", and {len(row) - 1} more such ties" if len(row) > 1 else "")
        for row in rows[:most] + late
    ]

"""A case, the mechanisms and the parameters, as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from allegiance.show.tables import number, percent, table


def case(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """Parts of a case's description; `found` is what `cases.summary.describe` gives."""
    yield f"{found['title']} ({found['name']}), {found['from']} to {found['until']}\n"
    yield f"{found['summary']}\n"
    yield f"Powers: {', '.join(found['powers'].values())}"
    yield f"Clients: {', '.join(found['clients'].values())}\n"
    for name, theatre in found["theatres"].items():
        if theatre["simulated"]:
            sides, regions = ", ".join(theatre["sides"]), len(theatre["regions"])
            yield f"{theatre['label']} ({name}): {regions} regions; sides: {sides}"
    outside = [t["label"] for t in found["theatres"].values() if not t["simulated"]]
    if outside:
        yield f"Not simulated, they only bind means: {', '.join(outside)}"
    timeline = table("\nGiven", "date", "entry", "what happens")
    for entry in found["timeline"]:
        timeline.add_row(entry["date"], entry["id"], entry["label"])
    yield timeline
    outcomes = table("\nReported", "outcome", "what it means", "address")
    for name, outcome in found["outcomes"].items():
        outcomes.add_row(name, outcome["label"], outcome["address"])
    yield outcomes
    shares = ", ".join(f"{percent(share)} {tag}" for tag, share in found["shares"].items())
    yield f"\n{found['figures']} figures: {shares}"


def mechanisms(rows: Sequence[Mapping[str, Any]]) -> Iterator[Table | str]:
    """The rows of the system."""
    made = table("Mechanisms", "row", "name", "verb", "claim", "parameters")
    for row in rows:
        free = ", ".join(row["parameters"])
        made.add_row(row["id"], row["name"], row["verb"], row["claim"], free)
    yield made


def effects(rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> Iterator[Table | str]:
    """What switching each row off does to the outcomes; only what is clear and not tiny."""
    head = f"{about['case']}: {about['runs']} futures a row, seed {about['seed']}"
    yield f"{head}, all noise shared\n"
    made = table(
        "What switching a row off changes",
        *("outcome", "unit", "on", "off", "off - on", "5%", "95%"),
        right=2,
    )
    small, unclear, none = [], [], []
    for row in rows:
        sure = {name: e for name, e in row["effects"].items() if clear(e)}
        told = {name: e for name, e in sure.items() if large(e)}
        if told:
            made.add_row(f"{row['id']} {row['name']}", style="bold")
        elif sure:
            small.append(row["id"])
        elif any(effect["difference"] for effect in row["effects"].values()):
            unclear.append(row["id"])
        else:
            none.append(row["id"])
        for name, effect in told.items():
            label, unit = about["outcomes"][name]
            numbers = (number(effect[key]) for key in ("a", "b", "difference", "q05", "q95"))
            made.add_row(f"  {label}", unit, *numbers)
    if made.row_count:
        yield made
    rest = ("Clear, but below 1%", small), ("Not clear", unclear), ("No effect at all", none)
    for words, ids in rest:
        if ids:
            yield f"\n{words} on these outcomes: {', '.join(ids)}"


def clear(effect: Mapping[str, Any]) -> bool:
    """Does the paired interval leave out 0?"""
    return effect["q05"] is not None and not effect["q05"] <= 0.0 <= effect["q95"]


def large(effect: Mapping[str, Any]) -> bool:
    """Is the difference at least 1% of the outcome's level?"""
    level = max(abs(effect["a"]), abs(effect["b"]))
    return abs(effect["difference"]) >= 0.01 * level > 0.0


def parameters(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """The one table of parameters, and how its values are known."""
    made = table("Parameters", "value and prior", "tag, verb", "meaning, and where it is from")
    # Eighty columns hold a source only where what belongs together stands in one of them.
    made.columns[0].max_width = 28
    made.columns[1].no_wrap = True
    for each in found["parameters"]:
        name = f"{each['name']}{' *' if each['free'] else ''}"
        value = f"{number(each['value'])} {'' if each['unit'] == '1' else each['unit']}".rstrip()
        first = f"{name}\n  {value}\n  {each['prior']}"
        made.add_row(
            first, f"{each['tag']}\n{each['verb']}", f"{each['meaning']}\n[{each['source']}]"
        )
    yield made
    shares = ", ".join(f"{percent(share)} {tag}" for tag, share in found["shares"].items())
    yield f"\n* free. Of {found['n']} parameters: {shares}"
    if "case" in found:
        known = found["case"]
        shares = ", ".join(f"{percent(share)} {tag}" for tag, share in known["shares"].items())
        yield f"Of {known['figures']} figures of {known['name']}: {shares}"

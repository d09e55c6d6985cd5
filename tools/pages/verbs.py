"""A page for each verb, and the list of all mechanisms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from allegiance.engine import week
from allegiance.engine.units import unit_of
from allegiance.explain import rows as known
from allegiance.explain import uses
from allegiance.world.parameters import PARAMETERS, Parameter
from allegiance.world.rows import ROWS, Row
from pages.cards import card, linked
from pages.effects import OBSERVED, RUNS, Effect
from pages.markdown import code, contents, sentence, table

VERBS = tuple(verb.__name__ for verb in (*week.BEFORE, *week.DAILY, *week.AFTER))
"""In the order of the week."""

TINY = 1e-3
"""Largest difference of the means, as a share of the observable's size, that a picture can show."""


def pages(effects: Mapping[str, Effect] | None) -> dict[str, str]:
    """The pages by name; without `effects` nothing is said of what rows do in the small world."""
    told = {row["id"]: row for row in known.listed()}
    made = {f"verbs/{verb}.md": _verb(verb, told, effects) for verb in VERBS}
    made["verbs/index.md"] = _week()
    made["mechanisms.md"] = _mechanisms(told, effects)
    return made


def _verb(verb: str, told: Mapping[str, Any], effects: Mapping[str, Effect] | None) -> str:
    found = card(verb)
    parts = [f"(verb-{verb})=\n# {verb}", f"*{sentence(found.title)}*"]
    for name, text in found.parts.items():
        parts.append(f"**{name}.** {text[:1].upper() + text[1:] if name != 'Moves' else text}")
    mine = [row for row in ROWS if row.verb == verb]
    lent = [id for id in found.rows if id not in {row.id for row in mine}]
    if lent:
        links = ", ".join(linked(id) for id in lent)
        parts.append(f"Parts of these mechanisms act here too: {links}.")
    parts.append("## Mechanisms")
    parts += [_row(row, told[row.id], effects) for row in mine]
    parts.append(f"(parameters-of-{verb})=\n## Parameters")
    here = [parameter for parameter in PARAMETERS if parameter.verb == verb]
    parts.append(parameters(here) if here else "None of its own.")
    return "\n\n".join(parts) + "\n"


def _row(row: Row, told: Mapping[str, Any], effects: Mapping[str, Effect] | None) -> str:
    parts = [f"({row.id.lower()})=\n### {row.id} {row.name}", sentence(row.claim)]
    names = ", ".join(
        f"[{p.name}](#parameters-of-{p.verb})" for p in PARAMETERS if row.id in p.rows
    )
    none = "none" if uses.stored() else "not found out yet"
    lines = [
        ("What must move", row.observable),
        ("Switch", code(f"--without {row.id}")),
        ("Test", code(told["test"]) if told["test"] else "none yet: the row does nothing"),
        ("Parameters", names or "none of its own"),
        ("Cases that use it", ", ".join(f"[{c}](#case-{c})" for c in told["cases"]) or none),
    ]
    parts.append("\n".join(f"- **{name}:** {text}" for name, text in lines))
    if effects is not None:
        parts.append(_shown(row, effects.get(row.id), bool(told["test"])))
    return "\n\n".join(parts)


def _shown(row: Row, effect: Effect | None, works: bool) -> str:
    """What the small world shows of a row; in words where it shows nothing."""
    if not works:
        return "There is nothing to show yet."
    if effect is None:
        return "Its observable is no series of weeks, so there is no picture of it."
    if not effect.acts:
        rest = "; something else that is recorded there moves." if effect.elsewhere else "."
        still = f"this row leaves `{effect.address}` as it is"
        return f"In the [small world](#small-world) {still}{rest}"
    apart, day = effect.largest
    unit = unit_of(effect.address)
    size = float(np.nanmean(np.abs(effect.on[0])))
    note = f"largest difference of the means {apart:+.3g}{f' ({unit})' if unit else ''}, {day}"
    if abs(apart) < TINY * size:
        note += "; less than can be seen"
    return "\n".join(
        (
            f"```{{figure}} ../effects/{row.id.lower()}.svg",
            f":alt: {effect.address} with {row.id} on and off",
            "",
            f"{RUNS} futures of the [small world](#small-world) with the row and without it, the "
            f"same noise: mean, and band of 90% of the futures; {note}.",
            "```",
        )
    )


def parameters(listed: list[Parameter]) -> str:
    """A table of parameters."""
    head = ("name", "symbol", "value", "unit", "prior", "known", "rows", "meaning", "source")
    lines = []
    for p in listed:
        prior = f"{p.prior.kind}({p.prior.first:g}, {p.prior.second:g})"
        tag = f"{p.tag}, free" if p.free else p.tag
        rows = " ".join(linked(row) for row in p.rows)
        symbol = code(p.symbol) if p.symbol != "-" else ""
        line = (code(p.name), symbol, f"{p.value:g}", p.unit, prior, tag, rows, p.meaning, p.source)
        lines.append([_plain(cell) for cell in line])
    return f":::{{table}}\n:class: wide\n\n{table(head, lines)}\n:::"


def _plain(text: str) -> str:
    """Stars and underscores as they are, outside code."""
    return text if text.startswith(("`", "[")) else text.replace("*", "\\*").replace("_", "\\_")


def _week() -> str:
    lines = [(f"[{verb}](#verb-{verb})", sentence(card(verb).title)) for verb in VERBS]
    return (
        "\n\n".join(
            (
                "# The week in fourteen verbs",
                "A step of the model is a week. In each, the verbs act in this order, `fight` and "
                "`hold` day by day. A verb is one function in a file of its own, whose docstring "
                "is the card on its page.",
                table(("verb", "what it does"), lines),
                contents(*VERBS, hidden=True),
            )
        )
        + "\n"
    )


def _mechanisms(told: Mapping[str, Any], effects: Mapping[str, Effect] | None) -> str:
    lines = []
    for row in ROWS:
        verb = f"[{row.verb}](#verb-{row.verb})"
        lines.append((linked(row.id), row.name, verb, row.claim, ", ".join(told[row.id]["cases"])))
    parts = [
        "# Mechanisms",
        "Every claimed mechanism is a row that can be switched off, so that its effect can be "
        "measured: `allegiance mechanisms --case CASE --ablate`. A claim is a hypothesis. A case "
        "uses a row where switching it off changes anything that is recorded, in the case as it "
        "stands or with the decisions of its powers left to the model.",
        table(("row", "name", "verb", "claim", "used by"), lines),
    ]
    if effects is not None:
        still = [row.id for row in ROWS if row.id in effects and not effects[row.id].acts]
        unseen = [row.id for row in ROWS if row.id not in effects and told[row.id]["test"]]
        still = [row for row in still if told[row]["test"]]
        parts.append(
            "(small-world)=\n## The small world of the pictures\n\n"
            "The picture of each row comes from one and the same experiment: the template case "
            "made livelier (a second patron, a third side, and each kind of input moved once; "
            "`tools/pages/world.py`), three years, "
            f"{RUNS} futures with the row and the same {RUNS} without it. The first patron goes "
            "in and leaves again on given dates, the second decides for itself, and is made "
            "readier to do so (`entry_cost` 0.5). It is a demonstration that a mechanism does "
            "what it says, not evidence that the world does."
            f"\n\nRows that change nothing of their observable there: {_listed(still)}. "
            f"Without a series to draw: {_listed(unseen)}."
        )
        lines = [(linked(row.id), row.name, code(OBSERVED[row.id] or "-")) for row in ROWS]
        parts.append(table(("row", "name", "what is drawn"), lines))
    return "\n\n".join(parts) + "\n"


def _listed(rows: list[str]) -> str:
    return ", ".join(linked(row) for row in rows) or "none"

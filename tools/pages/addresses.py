"""The glossary of addresses: what can be recorded, what happens, what can be given."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from allegiance.cases.inputs import INPUTS, Input
from allegiance.engine.observe import EVENTS, QUANTITIES, Quantity
from allegiance.engine.units import UNITS
from allegiance.world import nouns
from pages.markdown import code, table

NAMES = {
    "p": "POWER",
    "q": "POWER",
    "c": "CLIENT",
    "o": "WATCHER",
    "k": "WAR",
    "s": "SIDE",
    "t": "TARGET",
    "r": "WAR/REGION",
    "b": "SITE",
}
HOLDERS = {
    **dict.fromkeys(("p",), "Powers"),
    **dict.fromkeys(("c",), "Clients"),
    **dict.fromkeys(("cp",), "Ties"),
    **dict.fromkeys(("op",), "Beliefs"),
    **dict.fromkeys(("pq",), "Rivalries"),
    **dict.fromkeys(("k", "ks", "kp"), "Theatres"),
    **dict.fromkeys(("r", "rs"), "Regions"),
    **dict.fromkeys(("b", "bp"), "Sites"),
}
"""The tuple of arrays whose comments describe a noun with these axes."""

SUBJECTS = {
    "tie": "CLIENT->POWER",
    "rivalry": "POWER->POWER",
    "region": "WAR/REGION",
    "theatre": "WAR",
}
DERIVED = {
    "strength p": "log force that is left beside other burdens, against the mean at the start",
    "losses p": "the power's own men lost",
    "strikes p": "air effort on all targets",
    "strikes pt": "air effort on each side, and on civilians",
    "strikes.off_target_share p": "share of strikes that do not fall on the announced enemy",
    "strikes.civilian_share p": "share of strikes that fall on civilians",
    "autonomy c": "share of its alignment that it keeps to itself",
    "concentration c": "Herfindahl index of its alignment over the powers",
    "trust cp": "mean share of pledges kept, as the client expects it",
    "alignment cp": "share of its alignment",
    "believed op": "strength that the watcher believes the power to have",
    "doubt op": "variance of that belief",
    "credibility op": "share of the power's claims that the watcher takes for true",
    "control ks": "share of the land",
    "people ks": "share of the people",
    ".force ks": "fighters of its own",
    ".losses ks": "fighters lost",
    ".odds ks": "log of its strength over that of its enemies",
    "killed k": "civilians killed",
    "displaced k": "persons displaced so far",
    "killed r": "civilians killed",
    "open b": "whether the base is open",
}
"""What no array holds; by noun and axes."""


def page() -> str:
    """The page."""
    stocks = [_quantity(quantity) for quantity in QUANTITIES]
    events = [(code(form(f"{noun}", axes)), _said("News", noun)) for noun, axes in EVENTS]
    inputs = [_input(entry) for entry in INPUTS.values()]
    return (
        "\n\n".join(
            (
                "# Addresses",
                "One language names things in cases, dossiers, flags and columns. Capitals stand "
                "for names of a case; a watcher is a client or a power; a target is a side or "
                "`civilians`. An unknown address is an error that names the nearest ones.",
                "## What can be recorded",
                "`--record ADDRESS`; also what an outcome or a dossier item may name. A stock is "
                "reported by its yearly mean, a flow by its yearly sum.",
                table(("address", "kind", "unit", "meaning"), stocks),
                "## What happens",
                "Events, with the day of their first occurrence.",
                table(("address", "meaning"), events),
                "## What can be given",
                "Start levels and dated changes of a timeline. A pulse is an amount on a day or "
                "over days, anything else a level.",
                table(("address", "kind", "meaning"), inputs),
            )
        )
        + "\n"
    )


def form(noun: str, axes: str) -> str:
    """How the addresses of a noun look."""
    first, second = NAMES[axes[0]], NAMES[axes[1]] if len(axes) > 1 else ""
    if not second:
        return f"{first}.{noun}"
    if axes in ("cp", "op", "pq"):
        return f"{first}->{second}.{noun}"
    return f"{first}.{second}{noun}" if noun.startswith(".") else f"{first}.{noun}[{second}]"


def _quantity(quantity: Quantity) -> tuple[str, ...]:
    noun, axes = quantity.noun, quantity.axes
    unit = UNITS.get(noun.split(".")[-1], "index")
    kind = "flow" if quantity.flow else "stock"
    return code(form(noun, axes)), kind, unit, meaning(noun, axes)


def meaning(noun: str, axes: str) -> str:
    """What a recordable noun means.

    Raises:
        KeyError: nobody says.
    """
    derived = DERIVED.get(f"{noun} {axes}")
    return derived or _said(HOLDERS[axes], noun.lstrip("."))


def _input(entry: Input) -> tuple[str, ...]:
    subject = SUBJECTS.get(entry.subject, entry.subject.upper())
    keys = f"[{','.join(entry.keys).upper()}]" if entry.keys else ""
    kind = "pulse" if entry.pulse else "share" if entry.share else "level"
    return code(f"{subject}.{entry.noun}{keys}"), kind, entry.meaning


def _said(holder: str, noun: str) -> str:
    """The comment beside a field of one of the tuples of `world/nouns.py`."""
    text = Path(nouns.__file__).read_text(encoding="utf-8")
    lines = text.splitlines()
    tree = ast.parse(text)
    holders = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for field in holders[holder].body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            found = re.search(r"# \[[^]]*\] ?(.*)$", lines[field.lineno - 1])
            if field.target.id == noun and found:
                return found[1] or noun.replace("_", " ")
    raise KeyError(f"world/nouns.py does not say what {holder}.{noun} means")

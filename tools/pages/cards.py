"""A verb's card: the parts of its module docstring."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import allegiance
from allegiance.world.rows import IDS

PARTS = ("Claim", "Equation", "Moves", "Left out", "Source", "Rows")
FOLDER = Path(allegiance.__file__).parent / "verbs"


class Card(NamedTuple):
    """What a verb's docstring says, as Markdown; `rows` are the mechanisms that it names."""

    name: str
    title: str
    parts: dict[str, str]
    rows: tuple[str, ...]


def card(verb: str) -> Card:
    """The card of a verb.

    Raises:
        ValueError: a part is missing, out of order, or a row is unknown.
    """
    source = (FOLDER / f"{verb}.py").read_text(encoding="utf-8")
    text = ast.get_docstring(ast.parse(source)) or ""
    title = text.split("\n", 1)[0]
    pieces = re.split(rf"^({'|'.join(PARTS)}): ", text, flags=re.MULTILINE)
    names = tuple(pieces[1::2])
    if names != PARTS or not re.match(rf"{verb}(?: \([a-z]+\))?: ", title):
        raise ValueError(f"verbs/{verb}.py: the docstring is no card: {title!r}, {names}")
    parts = {name: " ".join(part.split()) for name, part in zip(names, pieces[2::2], strict=True)}
    rows = tuple(parts.pop("Rows").rstrip(".").split())
    unknown = set(rows) - set(IDS)
    if unknown:
        raise ValueError(f"verbs/{verb}.py: no such rows: {sorted(unknown)}")
    return Card(verb, title.split(": ", 1)[1], {k: linked(v) for k, v in parts.items()}, rows)


def linked(text: str) -> str:
    """Text in which every row outside code is a link to where it is described."""
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(
        piece if piece.startswith("`") else re.sub(r"\b(S\d\d)\b", _link, piece) for piece in pieces
    )


def _link(found: re.Match[str]) -> str:
    return f"[{found[1]}](#{found[1].lower()})"

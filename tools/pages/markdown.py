"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """A table; cells are Markdown, their bars and line breaks made harmless."""
    made = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in made)


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|") or " "


def code(text: str) -> str:
    """Inline code."""
    return f"`{text}`"


def sentence(text: str) -> str:
    """A phrase of a table as a sentence."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def contents(*pages: str, caption: str = "", depth: int = 1, hidden: bool = False) -> str:
    """A table of contents of these pages."""
    options = [f":caption: {caption}"] if caption else []
    options += [f":maxdepth: {depth}", *([":hidden:"] if hidden else [])]
    return "\n".join(("```{toctree}", *options, "", *pages, "```"))

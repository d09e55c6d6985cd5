"""The one error that a wrong case raises: where, what was found, what is allowed, what is near."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

LONGEST = 120
"""Characters of the user's input that a message may repeat."""

MOST = 20
"""Errors that are collected before giving up."""


class CaseError(Exception):
    """Something in a case, an address or a lever is not as it must be.

    `others` holds further errors found in the same pass, so that a caller may list them all.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: object = None,
        line: int | None = None,
        key: str | None = None,
        found: object = None,
        allowed: str | None = None,
        nearest: str | None = None,
        others: tuple[CaseError, ...] = (),
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.file = None if file is None else str(file)
        self.line = line
        self.key = key
        self.found = None if found is None else shown(found)
        self.allowed = allowed
        self.nearest = nearest
        self.others = others

    def __str__(self) -> str:
        """One paragraph: `FILE, line N, KEY: problem; found ...; allowed: ...; nearest: ...`."""
        place = ", ".join(
            part
            for part in (
                short(self.file, 200) if self.file else "",
                f"line {self.line}" if self.line else "",
                short(self.key) if self.key else "",
            )
            if part
        )
        facts = [short(self.problem, 400)]
        if self.found is not None:
            facts.append(f"found {self.found}")
        if self.allowed:
            facts.append(f"allowed: {short(self.allowed, 400)}")
        if self.nearest:
            facts.append(f"nearest: {short(self.nearest)}")
        text = "; ".join(facts)
        if self.others:
            text += f" (and {len(self.others)} more)"
        return f"{place}: {text}" if place else text


def short(text: str, longest: int = LONGEST) -> str:
    """`text` on one line, control characters escaped, cut after `longest` characters or a word.

    It is cut between two words where one ends in the second half; a longer word is cut itself.
    """
    cut = text
    if len(text) > longest:
        end = text.rfind(" ", longest // 2, longest + 1)
        cut = text[:longest] + "…" if end < 0 else text[:end].rstrip() + " …"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)


def shown(value: object) -> str:
    """A found value as a message may repeat it; collections are named, not printed."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"'{short(value)}'"
    if isinstance(value, int) and abs(value) >= 10**LONGEST:
        return f"a whole number of more than {LONGEST} digits"
    return short(str(value))


def nearest(name: object, names: Iterable[str], alike: float = 0.5) -> str | None:
    """The name most like `name`, or None where nothing is `alike` (0: anything, 1: the same)."""
    if not isinstance(name, str):
        return None
    near = difflib.get_close_matches(name[:LONGEST], list(names), 1, alike)
    return near[0] if near else None


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names as a message shows them: the first few, then how many more."""
    known = list(dict.fromkeys(names))
    more = f", ... ({len(known) - most} more)" if len(known) > most else ""
    return (", ".join(known[:most]) + more) or "none"


@contextmanager
def said(option: str) -> Iterator[None]:
    """Errors inside name the option that they come from, beside what else they name."""
    try:
        yield
    except CaseError as error:
        if not any(str(place).startswith("--") for place in (error.file, error.key)):
            named = error.key and error.key != option.lstrip("-")
            error.key = f"{option} {error.key}" if named else option
        raise


def raise_first(errors: list[CaseError]) -> None:
    """Raise the first error with the rest in `others`; return where there is none."""
    if errors:
        first, *rest = errors[:MOST]
        first.others = tuple(rest)
        raise first

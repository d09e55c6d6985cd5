"""What every check needs: collecting errors, each at its place in a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allegiance.cases.errors import MOST, CaseError, listed, nearest, raise_first
from allegiance.cases.reading import Document, Place, dotted
from allegiance.cases.schema import Table

CLOSE = 0.005
"""How far shares that must sum to 1 may miss it."""


class Checker:
    """Collects the errors of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.errors: list[CaseError] = []

    def wrong(
        self,
        place: Place,
        problem: str,
        found: object = None,
        allowed: str | None = None,
        near: str | None = None,
    ) -> None:
        """Note an error at `place`; the MOST-th ends the checking."""
        self._note(
            CaseError(
                problem,
                file=self.document.file,
                line=self.document.line(place),
                key=dotted(place) or None,
                found=found,
                allowed=allowed,
                nearest=near,
            )
        )

    def attempt(self, place: Place, action: Any, *args: Any) -> Any:
        """`action(*args)`; a CaseError of it is noted at `place`, and None returned."""
        try:
            return action(*args)
        except CaseError as error:
            error.file = self.document.file
            error.line = self.document.line(place)
            error.key = dotted(place)
            self._note(error)
            return None

    def _note(self, error: CaseError) -> None:
        self.errors.append(error)
        if len(self.errors) >= MOST:
            raise_first(self.errors)

    def known(self, place: Place, name: str, names: Iterable[str], what: str) -> bool:
        """`name` must be one of `names`."""
        names = tuple(names)
        if name in names:
            return True
        self.wrong(place, f"no such {what}", name, listed(names), nearest(name, names))
        return False

    def keys(self, place: Place, table: Table[Any] | None, names: Iterable[str], what: str) -> None:
        """Every name of a table must be one of `names`."""
        names = tuple(names)
        for key in table.values if table else ():
            self.known((*place, "values", key), key, names, what)

    def members(self, place: Place, items: list[str], names: Iterable[str], what: str) -> None:
        """Every item of a list must be one of `names`, and stand there once."""
        names = tuple(names)
        for i, item in enumerate(items):
            self.known((*place, i), item, names, what)
        self.once(place, items)

    def once(self, place: Place, items: Iterable[object]) -> None:
        """No item may stand in a list twice."""
        seen: set[object] = set()
        for i, item in enumerate(items):
            if item in seen:
                self.wrong((*place, i), "the name stands here twice", item, "each name once")
            seen.add(item)

    def sums_to_one(self, place: Place, table: Table[Any]) -> None:
        """The shares of a table must sum to 1 within CLOSE."""
        total = sum(table.values.values())
        if abs(total - 1.0) > CLOSE:
            self.wrong(place, f"the shares sum to {total:.4g}", None, f"1 within {CLOSE}")

    def at_most_one(self, place: Place, table: Table[Any]) -> None:
        """The shares of a table must not sum to more than 1."""
        total = sum(table.values.values())
        if total > 1.0 + CLOSE:
            self.wrong(place, f"the shares sum to {total:.4g}", None, "at most 1")

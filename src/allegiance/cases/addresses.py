"""The address language: one way to name a quantity in cases, dossiers, flags and columns.

`a.b`, `a.b[c]`, `a.b[c,d]`, `a->b.c`, `a/b.c[d]`: a subject (or a tie from one subject to another,
or a region of a theatre), a noun that may be dotted, and keys in brackets.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from allegiance.cases.errors import CaseError

LONGEST = 200
FORMS = "actor.noun, actor.noun[key,...], actor->actor.noun, theatre/region.noun"

_NAME = r"[a-z][a-z0-9_]*"
_KEYS = rf"\[ *({_NAME}(?: *, *{_NAME})*) *\]"
_ADDRESS = re.compile(rf"({_NAME})(?:->({_NAME})|/({_NAME}))?\.({_NAME}(?:\.{_NAME})*)(?:{_KEYS})?")


class Address(NamedTuple):
    """A parsed address; `object` is the second end of a tie."""

    subject: str
    object: str | None
    region: str | None
    noun: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """The address as it is written, without spaces."""
        second = f"->{self.object}" if self.object else f"/{self.region}" if self.region else ""
        keys = f"[{','.join(self.keys)}]" if self.keys else ""
        return f"{self.subject}{second}.{self.noun}{keys}"

    @property
    def entity(self) -> str:
        """What the noun belongs to: `a`, `a->b` or `a/b`."""
        return str(self._replace(noun="", keys=())).removesuffix(".")


def parse(text: str) -> Address:
    """Parse an address.

    Raises:
        CaseError: it is none, or longer than LONGEST characters.
    """
    found = _ADDRESS.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        raise CaseError("not an address", found=text, allowed=FORMS)
    subject, other, region, noun, keys = found.groups()
    split = tuple(key.strip() for key in keys.split(",")) if keys else ()
    return Address(subject, other, region, noun, split)

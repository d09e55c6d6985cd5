"""A scenario: a case under a theory, with the levers pulled so far.

`without`, `free` and `set` mean the same here, on the command line and in the application; an ID is
a timeline entry or a mechanism's row, an address is the case's or `parameter.NAME`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from allegiance.cases import loading
from allegiance.cases.errors import CaseError
from allegiance.cases.loading import CaseFiles
from allegiance.engine.theories import DEFAULT, Settings, named
from allegiance.world.rows import IDS

_ROW = re.compile(r"S\d\d")
_PARAMETER = "parameter."


@dataclass(frozen=True)
class Scenario:
    """A loaded case and a theory. Levers return a new scenario and leave this one as it is."""

    files: CaseFiles
    theory: Settings = DEFAULT

    @property
    def name(self) -> str:
        """The case's name."""
        return self.files.name

    @property
    def levers(self) -> tuple[str, ...]:
        """The levers pulled so far, as the command line would write them."""
        return self.files.levers + self.theory.levers

    def without(self, id: str) -> Scenario:
        """The scenario in which the entry `id` never happens, or the row `id` is switched off.

        Raises:
            CaseError: there is no such entry and no such row.
        """
        if _ROW.fullmatch(id) and id in IDS:
            return replace(self, theory=self.theory.without(id))
        return replace(self, files=self.files.without(id))

    def free(self, id: str) -> Scenario:
        """The scenario in which the model decides what the entry `id` had pinned.

        Raises:
            CaseError: there is no such entry, or it pins nothing.
        """
        return replace(self, files=self.files.free(id))

    def set(self, address: str, value: object) -> Scenario:
        """The scenario with another start value, constant, date of an entry or parameter.

        Raises:
            CaseError: the address is unknown or derived, or the value is wrong.
        """
        if address.startswith(_PARAMETER):
            name = address.removeprefix(_PARAMETER)
            return replace(self, theory=self.theory.set(name, value))
        return replace(self, files=self.files.set(address, value))

    def under(self, theory: str | Settings) -> Scenario:
        """The scenario under another theory; rows off and parameters set stay so.

        Raises:
            CaseError: there is no such theory.
        """
        base = named(theory) if isinstance(theory, str) else theory
        off = tuple(sorted({*base.off, *self.theory.off}))
        changed = tuple(sorted({**dict(base.changed), **dict(self.theory.changed)}.items()))
        return replace(self, theory=replace(base, off=off, changed=changed))


def load(case: str | Path) -> Scenario:
    """A case by shipped name or folder, under the default theory.

    Raises:
        CaseError: there is no such case, or something in it is wrong.
    """
    return Scenario(loading.load(case))


def assignment(text: str) -> tuple[str, str]:
    """Split `ADDRESS=VALUE`.

    Raises:
        CaseError: there is no `=`, or one side is empty.
    """
    address, sign, value = text.partition("=")
    if not (sign and address.strip() and value.strip()):
        raise CaseError("not an assignment", key="--set", found=text, allowed="ADDRESS=VALUE")
    return address.strip(), value.strip()

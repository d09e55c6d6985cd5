"""Which cases the server knows: the shipped ones, and folders under one that was given at start.

A client names a case and never a path. A name is looked up in a list that the server makes, so that
no text of the client's ever becomes part of a path.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from allegiance.cases import loading
from allegiance.cases.errors import CaseError, listed, nearest, short
from allegiance.cases.listing import line
from allegiance.cases.reading import stands

CASE = "case.yaml"
TWICE = "a shipped case has this name"


class Unknown(CaseError):
    """There is no such case."""


class Shelf:
    """Cases by name; `own` is a folder of case folders, or None.

    The folder is looked at anew for every request. A case in it that cannot be offered is told of
    with the reason, and once on standard error; a shipped case never gives way to one of its name.

    Raises:
        CaseError: `own` is no folder, or one of its cases has a shipped name.
    """

    def __init__(self, own: Path | None = None) -> None:
        self.own = own
        self._told: set[tuple[str, str]] = set()
        if own is not None and not own.is_dir():
            raise CaseError("no such folder", key="--cases", found=own, allowed="a folder of cases")
        twice = [path.name for path in self._standing() if path.name in loading.shipped()]
        if twice:
            raise CaseError(TWICE, key="--cases", found=min(twice), allowed="another name")

    def folders(self) -> dict[str, Path]:
        """The folder of every case that is offered, shipped ones first."""
        own = {path.name: path for path in self._standing() if not self._refusal(path)}
        return {name: loading.SHIPPED / name for name in loading.shipped()} | own

    def folder(self, name: str) -> Path:
        """The folder of a case.

        Raises:
            Unknown: there is none of this name.
            CaseError: there is one, and it is not offered.
        """
        known = self.folders()
        if name in known:
            return known[name]
        for path in self._standing():
            if path.name == name and (why := self._refusal(path)):
                raise CaseError(why, file=name)
        near = nearest(name, known)
        raise Unknown("no such case", found=name, allowed=listed(known), nearest=near)

    def lines(self) -> list[dict[str, Any]]:
        """What `allegiance cases --json` lists, of the cases that can be read."""
        return self._read()[0]

    def unreadable(self) -> list[dict[str, str]]:
        """The other folders that hold a case.yaml: `name`, and `why` the case is not offered."""
        return self._read()[1]

    def _read(self) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
        found, refused = [], ((path.name, self._refusal(path)) for path in self._standing())
        wrong = [{"name": short(name), "why": why} for name, why in refused if why]
        for name, folder in self.folders().items():
            try:
                found.append(line(folder))
            except CaseError as error:
                wrong.append({"name": name, "why": str(error)})
        for each in wrong:
            if (fact := (each["name"], each["why"])) not in self._told:
                self._told.add(fact)
                print(f"allegiance: case not offered: {': '.join(fact)}", file=sys.stderr)
        return found, wrong

    def _standing(self) -> list[Path]:
        """Folders of one's own that hold, or claim to hold, a case."""
        if self.own is None:
            return []
        try:
            return sorted(path for path in self.own.resolve().iterdir() if stands(path / CASE))
        except OSError:  # it has gone since the start
            return []

    def _refusal(self, folder: Path) -> str | None:
        """Why a folder of one's own is not offered as a case, None where it is."""
        if folder.name in loading.shipped():
            return TWICE
        if not loading.NAME.fullmatch(folder.name):
            return "no name of a case: lower-case letters, digits and underscores, a letter first"
        # Links are followed only as far as they stay inside: a case is what lies in its folder.
        if folder.resolve() != folder:
            return "the folder is a link to elsewhere"
        try:
            read = [path for path in sorted(folder.iterdir()) if path.suffix in (".yaml", ".json")]
            for path in read:
                if not path.resolve().is_relative_to(folder):
                    return f"{short(path.name)} is a link out of the case's folder"
                if not path.is_file():
                    return f"{short(path.name)} is no plain file"
        except (OSError, RuntimeError) as error:
            return f"cannot be read ({type(error).__name__})"
        return None


def content(folder: Path) -> str:
    """Fingerprint of a case's files as they are now, the dossier and posterior included."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()

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
        shipped = loading.shipped()
        twice = [path.name for path in self._standing() if path.name in shipped]
        if twice:
            raise CaseError(TWICE, key="--cases", found=min(twice), allowed="another name")

    def folders(self) -> dict[str, Path]:
        """The folder of every case that is offered, shipped ones first."""
        return self._looked()[0]

    def folder(self, name: str) -> Path:
        """The folder of a case.

        Raises:
            Unknown: there is none of this name.
            CaseError: there is one, and it is not offered.
        """
        known, refused = self._looked()
        if name in known:
            return known[name]
        if name in refused:
            raise CaseError(refused[name], file=name)
        near = nearest(name, known)
        raise Unknown("no such case", found=name, allowed=listed(known), nearest=near)

    def read(self) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
        """What `allegiance cases --json` lists, of the cases that can be read, and what cannot be.

        The latter are the other folders that hold a case.yaml: `name`, and `why` the case is not
        offered.
        """
        found: list[dict[str, Any]] = []
        known, refused = self._looked()
        wrong = [{"name": short(name), "why": why} for name, why in refused.items()]
        for name, folder in known.items():
            try:
                found.append(line(folder))
            except CaseError as error:
                wrong.append({"name": name, "why": str(error)})
        for each in wrong:
            if (fact := (each["name"], each["why"])) not in self._told:
                self._told.add(fact)
                print(f"allegiance: case not offered: {', '.join(fact)}", file=sys.stderr)
        return found, wrong

    def _looked(self) -> tuple[dict[str, Path], dict[str, str]]:
        """Folders of the cases that are offered, shipped ones first; why others are not."""
        shipped = loading.shipped()
        offered, refused = {name: loading.SHIPPED / name for name in shipped}, dict[str, str]()
        for path in self._standing():
            why = TWICE if path.name in shipped else _refusal(path)
            if why:
                refused[path.name] = why
            else:
                offered[path.name] = path
        return offered, refused

    def _standing(self) -> list[Path]:
        """Folders of one's own that hold, or claim to hold, a case."""
        if self.own is None:
            return []
        try:
            return sorted(path for path in self.own.resolve().iterdir() if stands(path / CASE))
        except OSError:  # it has gone since the start
            return []


def _refusal(folder: Path) -> str | None:
    """Why a folder of one's own is not offered as a case, None where it is."""
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

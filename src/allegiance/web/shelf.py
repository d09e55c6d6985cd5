"""Which cases the server knows: the shipped ones, and folders under one that was given at start.

A client names a case and never a path. A name is looked up in a list that the server makes, so that
no text of the client's ever becomes part of a path.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from allegiance.cases import loading
from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.cases.listing import line


class Unknown(CaseError):
    """There is no such case."""


class Shelf:
    """Cases by name; `own` is a folder of case folders, or None.

    Raises:
        CaseError: `own` is no folder, or one of its cases has a shipped name.
    """

    def __init__(self, own: Path | None = None) -> None:
        self.own = own
        if own is not None and not own.is_dir():
            raise CaseError("no such folder", key="--cases", found=own, allowed="a folder of cases")
        twice = set(self._own()) & set(loading.shipped())
        if twice:
            problem = "a shipped case has this name"
            raise CaseError(problem, key="--cases", found=min(twice), allowed="another name")

    def folders(self) -> dict[str, Path]:
        """The folder of every case, shipped ones first."""
        return {name: loading.SHIPPED / name for name in loading.shipped()} | self._own()

    def folder(self, name: str) -> Path:
        """The folder of a case.

        Raises:
            Unknown: there is none of this name.
        """
        known = self.folders()
        if name not in known:
            near = nearest(name, known)
            raise Unknown("no such case", found=name, allowed=listed(known), nearest=near)
        return known[name]

    def lines(self) -> list[dict[str, Any]]:
        """What `allegiance cases --json` lists; a case that cannot be read is left out."""
        found = []
        for folder in self.folders().values():
            try:
                found.append(line(folder))
            except CaseError:
                continue
        return found

    def _own(self) -> dict[str, Path]:
        if self.own is None:
            return {}
        # Links are followed only as far as they stay inside: a case is what lies in the folder.
        root = self.own.resolve()
        return {
            folder.name: folder
            for folder in sorted(root.iterdir())
            if loading.NAME.fullmatch(folder.name)
            and (folder / "case.yaml").is_file()
            and folder.resolve().parent == root
        }


def content(folder: Path) -> str:
    """Fingerprint of a case's files as they are now, the dossier and posterior included."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()

"""Loading: from a shipped name or a folder to validated, checked files.

Light on purpose: no array library beyond what `world` needs for its names is imported here.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from allegiance.cases.check import check
from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.cases.reading import Document, read
from allegiance.cases.schema import CaseFile, TimelineFile
from allegiance.cases.validate import validated

SHIPPED = Path(__file__).parent / "shipped"
NAME = re.compile(r"[a-z][a-z0-9_]*")

Pair = tuple[str, str]

_KEPT = ("digest", "pinned", "launches_pinned", "blocked", "moved", "released", "levers")
"""Fields of CaseFiles that patched data do not change."""


@dataclass(frozen=True)
class CaseFiles:
    """A loaded case: what its files say, and the levers pulled since.

    `digest` is the SHA-256 of the content as loaded, whatever its comments and spacing; levers do
    not change it and stand beside it in `levers`, as the command line would write them.
    `pinned` and `blocked` hold (theatre, power), `launches_pinned` (theatre, side); from the day
    `released` on, what was pinned is the model's to decide.
    """

    case: CaseFile
    timeline: TimelineFile
    folder: Path
    digest: str
    documents: tuple[Document, Document] = field(repr=False)
    pinned: frozenset[Pair] = frozenset()
    launches_pinned: frozenset[Pair] = frozenset()
    blocked: frozenset[Pair] = frozenset()
    moved: frozenset[str] = frozenset()
    released: date | None = None
    levers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The case's name."""
        return self.case.name

    def without(self, id: str) -> CaseFiles:
        """The case in which entry `id` never happens; see `levers.without`."""
        from allegiance.cases import levers

        return levers.without(self, id)

    def free(self, id: str) -> CaseFiles:
        """The case in which the decision of entry `id` is left to the model; see `levers.free`."""
        from allegiance.cases import levers

        return levers.free(self, id)

    def set(self, address: str, value: object) -> CaseFiles:
        """The case with another start value, constant or date; see `levers.set_`."""
        from allegiance.cases import levers

        return levers.set_(self, address, value)


def shipped() -> list[str]:
    """Names of the cases that come with the package."""
    if not SHIPPED.is_dir():
        return []
    return sorted(
        folder.name
        for folder in SHIPPED.iterdir()
        if NAME.fullmatch(folder.name) and (folder / "case.yaml").is_file()
    )


def find(case: str | Path) -> Path:
    """Folder of a shipped name or of a path; a shipped name comes first.

    Raises:
        CaseError: there is no such case.
    """
    text = str(case)
    names = shipped()
    if text in names and not isinstance(case, Path):
        return SHIPPED / text
    allowed = "a shipped case or a folder that holds case.yaml"
    try:
        folder = Path(text)
        if text.strip() and len(text) <= 4096 and (folder / "case.yaml").is_file():
            return folder
        if folder.name == "case.yaml" and folder.is_file():
            raise CaseError("name the folder, not the file", found=text, allowed=allowed)
    except (OSError, ValueError):
        pass
    allowed += f"; shipped: {listed(names)}"
    raise CaseError("no such case", found=text, allowed=allowed, nearest=nearest(text, names))


def load(case: str | Path) -> CaseFiles:
    """Load and check a case, given by shipped name or by folder.

    Raises:
        CaseError: there is no such case, or something in it is wrong.
    """
    folder = find(case)
    name = folder.resolve().name
    documents = tuple(read(folder / f, f"{name}/{f}") for f in ("case.yaml", "timeline.yaml"))
    return build(folder, (documents[0], documents[1]))


def build(folder: Path, documents: tuple[Document, Document], **kept: Any) -> CaseFiles:
    """Validate and check documents; `kept` are the fields of CaseFiles that a lever carries over.

    Raises:
        CaseError: something is wrong.
    """
    case = validated(documents[0], CaseFile)
    timeline = validated(documents[1], TimelineFile)
    files = CaseFiles(case, timeline, folder, "", documents)
    check(case, timeline, documents, folder.resolve().name, kept.get("moved", frozenset()))
    fresh: dict[str, Any] = {"digest": _digest(documents), **_pins(timeline)}
    return CaseFiles(**{**vars(files), **fresh, **kept})


def rebuilt(files: CaseFiles, case: Any, timeline: Any, **changed: Any) -> CaseFiles:
    """The case from patched data; all but `changed` of what is no data is as it was before.

    Raises:
        CaseError: something is wrong.
    """
    first, second = files.documents
    documents = (first._replace(data=case), second._replace(data=timeline))
    kept = {name: getattr(files, name) for name in _KEPT}
    return build(files.folder, documents, **(kept | changed))


def _pins(timeline: TimelineFile) -> dict[str, frozenset[Pair]]:
    entries = timeline.entries.values()
    decisions = (e.decision for e in entries if e.decision)
    launches = (e.offensive for e in entries if e.offensive)
    return {
        "pinned": frozenset((d.theatre, d.power) for d in decisions),
        "launches_pinned": frozenset((o.theatre, o.side) for o in launches),
    }


def _digest(documents: tuple[Document, Document]) -> str:
    """SHA-256 over the data; keys stay in order, because a place may be a noise stream."""
    content = json.dumps([_plain(document.data) for document in documents], separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Data as JSON can hold it: dates as ISO text, whole floats as they compare (1.0 is 1)."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)

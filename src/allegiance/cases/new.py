"""`allegiance new`: a small complete case to start from."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from allegiance.cases.errors import CaseError
from allegiance.cases.loading import NAME, shipped

TEMPLATE = Path(__file__).parent / "template"


def refuse_name(name: str, parent: str | Path) -> Path:
    """The folder of a new case.

    Raises:
        CaseError: the name is none, a shipped case has it, or the folder exists.
    """
    if {"/", "\\"} & {*name}:
        path = PurePosixPath(name.replace("\\", "/"))
        allowed = f"a name alone; --in says where: {path.name or 'NAME'} --in {path.parent}"
        raise CaseError("a path, not a name", key="NAME", found=name, allowed=allowed)
    if not NAME.fullmatch(name) or len(name) > 64:
        allowed = "lower-case letters, digits and underscores, a letter first"
        raise CaseError("not a name for a case", found=name, allowed=allowed)
    if name in shipped():
        allowed = "a name that no shipped case has, or its shipped case would be run instead"
        raise CaseError("a shipped case has this name", found=name, allowed=allowed)
    folder = Path(parent) / name
    if folder.exists():
        raise CaseError("the folder exists", file=folder, allowed="a new folder")
    return folder


def scaffold(name: str, parent: str | Path = ".", extra: Mapping[str, str] | None = None) -> Path:
    """Write the case `name` into a new folder under `parent`, whole or not at all; return it.

    `extra` are further files by their path in the folder, or text to go before that of a file.

    Raises:
        CaseError: the name is none, or the folder exists or cannot be written.
    """
    folder = refuse_name(name, parent)
    texts = {}
    for source in sorted(TEMPLATE.iterdir()):
        text = source.read_text(encoding="utf-8")
        own = re.sub(r"^(name: |# )template\b", rf"\g<1>{name}", text, flags=re.MULTILINE)
        texts[source.name] = own
    for file, text in (extra or {}).items():
        texts[file] = text + texts.get(file, "")
    return written_whole(folder, texts)


def written_whole(folder: Path, texts: Mapping[str, str]) -> Path:
    """Write `texts`, by their path in the new `folder`, whole or not at all; return the folder.

    Raises:
        CaseError: it cannot be written.
    """
    draft = folder.with_name(f".{folder.name}.draft")
    try:
        draft.mkdir(parents=True)
        for file, text in texts.items():
            (draft / file).parent.mkdir(exist_ok=True)
            (draft / file).write_text(text, encoding="utf-8")
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        reason = error.strerror or type(error).__name__
        raise CaseError(f"cannot be written ({reason})", file=folder) from None
    return folder

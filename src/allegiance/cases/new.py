"""`allegiance new`: a small complete case to start from."""

from __future__ import annotations

import re
from pathlib import Path

from allegiance.cases.errors import CaseError
from allegiance.cases.loading import NAME

TEMPLATE = Path(__file__).parent / "template"


def scaffold(name: str, parent: str | Path = ".") -> Path:
    """Write the case `name` into a new folder under `parent` and return the folder.

    Raises:
        CaseError: the name is none, or the folder exists or cannot be written.
    """
    if not NAME.fullmatch(name) or len(name) > 64:
        allowed = "lower-case letters, digits and underscores, a letter first"
        raise CaseError("not a name for a case", found=name, allowed=allowed)
    folder = Path(parent) / name
    try:
        folder.mkdir(parents=True)
        for source in sorted(TEMPLATE.iterdir()):
            text = source.read_text(encoding="utf-8")
            text = re.sub(r"^(name: |# )template\b", rf"\g<1>{name}", text, flags=re.MULTILINE)
            (folder / source.name).write_text(text, encoding="utf-8")
    except FileExistsError:
        raise CaseError("the folder exists", file=folder, allowed="a new folder") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CaseError(f"cannot be written ({reason})", file=folder) from None
    return folder

"""What the user typed, read and refused in the house's words: numbers, folders, unknown options.

The command-line library has words of its own for these, which neither name what was found nor what
is allowed. `whole`, `folder` and `picture` read a value before it can complain; `told` says the
rest anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from allegiance.cases import arguments
from allegiance.cases.errors import CaseError, listed, nearest

_DIGITS = re.compile(r"\s*[+-]?[0-9][0-9_]*\s*")
_QUOTED = re.compile(r"'([^']*)'")
_EXTRA = re.compile(r"extra argument\S* \((.*)\)\s*$", re.DOTALL)


def whole(option: str, least: int, most: int | None = None) -> Callable[[Any], int]:
    """A parser of whole numbers for `option`; only with `most` are the bounds checked here.

    Without `most` the command itself knows how far a number may go, and says so.
    """
    allowed = f"a whole number, {least} or more"
    if most is not None:
        allowed = f"a whole number from {least} to {most}"

    def parsed(text: Any) -> int:
        try:
            found = int(text)
        except ValueError:
            problem = "too large" if _DIGITS.fullmatch(text) else "not a whole number"
            raise CaseError(problem, key=option, found=text, allowed=allowed) from None
        if most is not None:
            arguments.whole(option, found, least, most)
        return found

    return parsed


def only_with(leader: str, problem: str, given: Mapping[str, Any]) -> None:
    """Refuse options that count for nothing without `leader`; `given` is by option, None if not.

    Raises:
        CaseError: one of them was given.
    """
    for option, value in given.items():
        if value is not None:
            raise CaseError(problem, key=option, allowed=f"together with {leader}")


def folder(option: str) -> Callable[[Any], Path]:
    """A parser of folders to be made or filled: neither a file nor a link that leads nowhere."""

    def parsed(text: Any) -> Path:
        path = Path(text)
        try:
            reason = _unfit(path)
        except OSError:  # too long, for one: said where it is made
            reason = None
        if reason:
            allowed = "a new folder, or an empty one"
            problem = f"cannot be written ({reason})"
            raise CaseError(problem, key=option, found=str(path), allowed=allowed)
        return path

    return parsed


def picture(option: str) -> Callable[[Any], Path]:
    """A parser of PNG files to be made or replaced; tried at once, not after the work."""

    def parsed(text: Any) -> Path:
        path = Path(text)
        if path.suffix != ".png":
            raise CaseError("no picture", key=option, found=str(path), allowed="FILE.png")
        reason = _unmade(path)
        if reason:
            allowed = "a file in a folder that can be written"
            problem = f"cannot be written ({reason})"
            raise CaseError(problem, key=option, found=str(path), allowed=allowed)
        return path

    return parsed


def _unmade(path: Path) -> str | None:
    try:
        if path.is_dir():
            return "it is a folder"
        if path.is_symlink() and not path.exists():
            return "it is a link that leads nowhere"
        if path.exists() and not path.is_file():
            return "it is no file"
        if not path.parent.is_dir():
            return "its folder does not exist"
        there = path.exists()
        with path.open("ab"):  # what stands there stays until the picture is drawn
            pass
        if not there:
            path.unlink()
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or "it has no name that a file may have"
    return None


def _unfit(path: Path) -> str | None:
    if "\0" in str(path):
        return "a null byte in its name"
    if path.is_symlink() and not path.exists():
        return f"it is a link that leads nowhere, to {path.readlink()}"
    if path.exists():
        return None if path.is_dir() else "it is a file"
    above = next((parent for parent in path.parents if parent.exists()), None)
    return f"{above} is a file" if above and not above.is_dir() else None


def told(error: Any, message: str) -> CaseError:
    """What the library says of a line that it cannot read, as place, problem, found and allowed."""
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", None) or "allegiance"
    allowed = f"what `{command} --help` lists"
    kind, option = type(error).__name__, getattr(error, "option_name", None)
    if kind == "NoSuchOption":
        near = nearest(option, _options(context))
        return CaseError("no such option", found=option, allowed=allowed, nearest=near)
    if kind == "BadOptionUsage":
        return CaseError("a value must follow", key=option, allowed=allowed)
    if kind == "MissingParameter":
        return CaseError("missing", key=_name(error.param), allowed=allowed)
    if kind == "BadParameter":
        return CaseError(getattr(error, "message", message), key=_name(error.param))
    quoted = _QUOTED.search(message)
    if message.startswith("No such command") and quoted:
        known = list(getattr(getattr(context, "command", None), "commands", ()))
        near = nearest(quoted[1], known)
        names = listed(known, 30)
        return CaseError("no such command", found=quoted[1], allowed=names, nearest=near)
    extra = _EXTRA.search(message)
    if extra:
        return CaseError("one word too many", found=extra[1], allowed=allowed)
    return CaseError(message.rstrip("."), allowed=allowed)


def _name(parameter: Any) -> str | None:
    if parameter is None:
        return None
    options = [name for name in parameter.opts if name.startswith("--")]
    return options[0] if options else str(parameter.metavar or parameter.name)


def _options(context: Any) -> list[str]:
    parameters = getattr(getattr(context, "command", None), "params", ())
    return [name for each in parameters for name in each.opts if name.startswith("--")]

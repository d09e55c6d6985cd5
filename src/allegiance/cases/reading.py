"""YAML as a case may use it: mappings, lists and plain scalars, each key with its line.

The parser's events are read one by one, so that anything outside this subset (aliases, tags,
documents nested or sized beyond the limits) stops the reading before it can grow. Plain scalars
follow YAML 1.2: numbers, true, false, null and dates; `no` is a word and may name a country.

libyaml (through PyYAML) does the parsing: it reads a large case in 20 ms, and the parsers written
in Python in half a second.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from allegiance.cases.errors import CaseError, short

MOST_BYTES = 2_000_000
DEEPEST = 32
MOST_NODES = 200_000
LONGEST_KEY = 200

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][-+]?[0-9]{1,4})?")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF))|\.(nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to a value; dates as ISO text."""


class Document(NamedTuple):
    """One file: its data, the line of every key and list item, and whether it lies `elsewhere`.

    A link out of its folder is followed, for people keep files where they like. But a case may come
    from somebody else, and errors end in logs: while such a file is not known to be of its kind,
    none of its text is repeated.
    """

    file: str
    data: dict[Any, Any]
    lines: dict[Place, int]
    elsewhere: bool = False

    def line(self, place: Place) -> int | None:
        """Line of `place`, or of the nearest thing above it that stands in the file."""
        for end in range(len(place), 0, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return 1


def stands(path: Path) -> bool:
    """Whether something has this name, be it a pipe or a link to nowhere, which `read` refuses."""
    return os.path.lexists(path)


def leaves(path: Path) -> bool:
    """Whether a file is a link out of the folder that it stands in."""
    return not path.resolve().is_relative_to(path.parent.resolve())


def read(path: Path, shown_as: str | None = None) -> Document:
    """Read one file; errors name it as `shown_as` (default: the path).

    Raises:
        CaseError: it cannot be read, is no plain file (a pipe would be waited for), or no YAML.
    """
    file = shown_as or str(path)
    try:
        if path.exists() and not path.is_file():
            raise CaseError("no plain file", file=file, allowed="a file of text")
        if not path.is_file():
            raise CaseError("there is no such file", file=file)
        elsewhere = leaves(path)
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CaseError(f"cannot be read ({type(error).__name__})", file=file) from None
    if len(raw) > MOST_BYTES:
        raise CaseError("the file is too large", file=file, allowed=f"at most {MOST_BYTES} bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CaseError("not text in UTF-8", file=file, line=line) from None
    try:
        return parse(text, file)._replace(elsewhere=elsewhere)
    except CaseError as error:
        raise (untold(error) if elsewhere else error) from None


def untold(error: CaseError) -> CaseError:
    """An error about a file that lies elsewhere, with nothing in it that the file says."""
    problem = "not a file of this kind; a link out of its folder, so its text is not shown"
    return CaseError(problem, file=error.file, line=error.line)


def parse(text: str, file: str) -> Document:
    """Parse the text of one file, which must be one mapping."""
    reader = _Reader(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        if (position := getattr(error, "position", None)) is not None:
            line = text.encode().count(b"\n", 0, position) + 1
        problem = getattr(error, "problem", None) or "a character that YAML does not allow"
        raise CaseError(f"not valid YAML: {short(str(problem))}", file=file, line=line) from None
    if not isinstance(reader.root, dict):
        raise CaseError(
            "the file must be a mapping", file=file, line=1, found=reader.root, allowed="key: value"
        )
    return Document(file, reader.root, reader.lines)


class _Open(NamedTuple):
    """A mapping or list that has begun and not ended; `key` holds a key that waits."""

    place: Place
    into: dict[Any, Any] | list[Any]
    key: list[Any]


class _Reader:
    """Builds the data from the parser's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.lines: dict[Place, int] = {}
        self.stack: list[_Open] = []
        self.nodes = 0
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take one event."""
        if isinstance(event, yaml.ScalarEvent):
            self._plain(event)
            self._add(self._scalar(event), event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin({}, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin([], event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise self._error(
                event, "aliases are not used in a case", f"*{event.anchor}", "plain values"
            )
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._error(event, "a second document", "---", "one document a file")

    def _begin(self, into: dict[Any, Any] | list[Any], event: Any) -> None:
        self._plain(event)
        if len(self.stack) >= DEEPEST:
            raise self._error(event, "nested too deep", None, f"at most {DEEPEST} levels")
        self.stack.append(_Open(self._add(into, event), into, []))

    def _plain(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self._error(event, "too many values", None, f"at most {MOST_NODES}")
        if event.tag is not None and event.tag != "!":
            raise self._error(event, "tags are not used in a case", event.tag, "plain values")
        if event.anchor is not None:
            raise self._error(
                event, "anchors are not used in a case", f"&{event.anchor}", "plain values"
            )

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        text = event.value
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if len(text) > LONGEST_KEY:
            return text
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text) and not re.fullmatch(r"[-+]?0[0-9]+", text):
            number = float(text)
            if number in (float("inf"), float("-inf")):
                raise self._error(event, "the number is too large", text, "a finite number")
            return number
        if _NOT_FINITE.fullmatch(text):
            raise self._error(event, "not a number that a case may hold", text, "a finite number")
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise self._error(event, "no such date", text, "a date YYYY-MM-DD") from None
        return text

    def _add(self, value: Any, event: Any) -> Place:
        """Put a value where it belongs and return its place."""
        line = event.start_mark.line + 1
        if not self.stack:
            self.root = value
            return ()
        top = self.stack[-1]
        if isinstance(top.into, list):
            top.into.append(value)
            place: Place = (*top.place, len(top.into) - 1)
            self.lines[place] = line
            return place
        if not top.key:
            name = self._key(value, event)
            place = (*top.place, str(name))
            if name in top.into:
                first = self.lines[place]
                raise self._error(
                    event, f"the key stands on line {first} already", name, "each key once"
                )
            self.lines[place] = line
            top.into[name] = None
            top.key.append(name)
            return place
        name = top.key.pop()
        top.into[name] = value
        return (*top.place, str(name))

    def _key(self, value: Any, event: Any) -> str | date:
        """A key is a date or text; a bare `true` or `1` is taken as it is written."""
        if isinstance(value, date):
            return value
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error(event, "a key must be plain", value, "a name or a date")
        if len(event.value) > LONGEST_KEY:
            raise self._error(
                event, "the key is too long", value, f"at most {LONGEST_KEY} characters"
            )
        return event.value

    def _error(self, event: Any, problem: str, found: object, allowed: str) -> CaseError:
        here: Place = ()
        if self.stack:
            top = self.stack[-1]
            here = (*top.place, str(top.key[0])) if top.key else top.place
        return CaseError(
            problem,
            file=self.file,
            line=event.start_mark.line + 1,
            key=dotted(here) or None,
            found=found,
            allowed=allowed,
        )


def dotted(place: Place) -> str:
    """A place as people write it: `regions.damascus.neighbours[0]`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text

"""The guides' examples: found, run, and their output set beneath them.

A fenced block is an example where its language is `sh`, `python` or `diff`. A comment on the line
before says more about it:

    <!-- show -->            its output is set beneath it when the pages are built
    <!-- slow: reason -->    not run while building; the tests run it with a stand-in engine
    <!-- refused -->         the program must refuse it with exit code 2
    <!-- file: PATH -->      the block is the whole of a new file
    <!-- skip: reason -->    not run at all

A `diff` changes files: its hunks carry no line numbers, and what they take away and keep must stand
in the file exactly once.
"""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

Change = Callable[[list[str]], list[str]]
LANGUAGES = ("sh", "python", "diff")
MARKS = ("show", "slow", "refused", "file", "skip")
REASONED = ("slow", "file", "skip")
_BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>.*?) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)
_MARK = re.compile(r"(\w+)(?:: (.+))?")


class Example(NamedTuple):
    """A fenced block: its mark with what follows the colon, and the line it starts on."""

    language: str
    text: str
    mark: str
    note: str
    line: int
    end: int


def examples(page: str) -> Iterator[Example]:
    """The examples of a page, in their order.

    Raises:
        ValueError: a mark is unknown, or lacks its reason.
    """
    for found in _BLOCK.finditer(page):
        if found["language"] not in LANGUAGES:
            continue
        line = page.count("\n", 0, found.start()) + 1
        mark, note = "", ""
        if found["mark"] is not None:
            parts = _MARK.fullmatch(found["mark"])
            mark, note = (parts[1], parts[2] or "") if parts else (found["mark"], "")
            if mark not in MARKS or (mark in REASONED) != bool(note):
                raise ValueError(f"line {line}: not a mark: {found['mark']!r}")
        yield Example(found["language"], found["text"], mark, note, line, found.end())


def commands(text: str) -> Iterator[tuple[list[str], str | None]]:
    """The commands of an `sh` example as words, and the file that takes their output."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        while words:
            end = words.index("&&") if "&&" in words else len(words)
            here, words = words[:end], words[end + 1 :]
            if ">" in here:
                at = here.index(">")
                yield here[:at], here[at + 1]
            elif here:
                yield here, None


def ran(text: str, folder: Path, changed: Change = list) -> tuple[int, str]:
    """Run the `allegiance` commands of an example in `folder`; the last exit code, the output.

    `changed` makes a lighter order of one that takes long, for tests. The first command that is
    refused ends the example.

    Raises:
        ValueError: an example orders something other than `allegiance`.
    """
    from allegiance.cli.main import code

    said = io.StringIO()
    for words, file in commands(text):
        if words[0] != "allegiance":
            raise ValueError(f"only `allegiance` can be run here: {' '.join(words)}")
        told = io.StringIO()
        with chdir(folder), redirect_stdout(told), redirect_stderr(said):
            status = code(changed(words[1:]))
        if file:
            (folder / file).write_text(told.getvalue(), encoding="utf-8")
        else:
            said.write(told.getvalue())
        if status:
            return status, said.getvalue()
    return 0, said.getvalue()


def patched(diff: str, folder: Path) -> list[Path]:
    """Change the files of `folder` as a diff says; return them.

    Raises:
        ValueError: what a hunk keeps and takes away does not stand in its file exactly once.
    """
    files = []
    for part in re.split(r"^(?=--- a/)", diff, flags=re.M)[1:]:
        head, _, rest = part.partition("\n@@\n")
        path = folder / head.splitlines()[1].removeprefix("+++ b/")
        text = path.read_text(encoding="utf-8")
        for hunk in rest.split("\n@@\n"):
            lines = [line or " " for line in hunk.splitlines()]
            old, new = (
                "\n".join(line[1:] for line in lines if line[0] in kept) for kept in (" -", " +")
            )
            if text.count(old) != 1:
                raise ValueError(f"{path.name} holds this {text.count(old)} times:\n{old}")
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        files.append(path)
    return files


def told(page: str, folder: Path) -> str:
    """The page with the output of each example marked `show` beneath it, run in `folder`.

    Raises:
        ValueError: an example fails, or one that should be refused is not.
    """
    made, last = "", 0
    for example in examples(page):
        if example.mark in ("skip", "slow"):
            continue
        output = played(example, folder)
        if example.mark in ("show", "refused"):
            made += f"{page[last : example.end]}\n\n```text\n{output.rstrip()}\n```"
            last = example.end
    return made + page[last:]


def played(example: Example, folder: Path, changed: Change = list) -> str:
    """Do what an example says in `folder`; its output.

    Raises:
        ValueError: it fails, or one that should be refused is not.
    """
    if example.mark == "file":
        path = folder / example.note
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.text, encoding="utf-8")
        return ""
    if example.language == "diff":
        patched(example.text, folder)
        return ""
    if example.language == "python":
        said = io.StringIO()
        with chdir(folder), redirect_stdout(said):
            exec(compile(example.text, f"line {example.line}", "exec"), {"__name__": "example"})
        return said.getvalue()
    status, output = ran(example.text, folder, changed)
    if status != (2 if example.mark == "refused" else 0):
        raise ValueError(f"line {example.line}: exit code {status}\n{example.text}\n{output}")
    return "\n".join(line.rstrip() for line in output.splitlines())


def build(folder: Path) -> None:
    """Set the outputs beneath the examples of the guides in `folder`, where a page shows any."""
    import tempfile

    for path in sorted(folder.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        if any(example.mark == "show" for example in examples(page)):
            with tempfile.TemporaryDirectory() as place:
                path.write_text(told(page, Path(place)), encoding="utf-8")

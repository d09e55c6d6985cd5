"""Notebooks: their cells executed in order, and a page made of them.

A kernel would bring some twenty packages and a second process that compiles everything again; what
our notebooks use of it is this much: a namespace, the value of the last line, and figures.
"""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

SLOW = "slow"
"""Tag of a cell that a page shows without running it."""


class Cell(NamedTuple):
    """A cell's kind and source, what it printed with the value of its last line, its figures."""

    kind: str
    source: str
    told: str = ""
    figures: tuple[bytes, ...] = ()


def executed(path: Path, skip: str = "", run: bool = True) -> Iterator[Cell]:
    """The cells of a notebook, each after it has run; those tagged `skip` are not run.

    Figures come as SVG. An error in a cell carries a note that names the cell.
    """
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    space: dict[str, Any] = {"__name__": "notebook"}
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        kind, source = cell["cell_type"], "".join(cell["source"])
        tags = cell["metadata"].get("tags", [])
        if kind != "code" or not run or (skip and skip in tags):
            yield Cell(kind, source)
            continue
        said = io.StringIO()
        try:
            with redirect_stdout(said), patch.object(plt, "show", lambda: None):
                value = _valued(source, space, f"{path.name}, cell {number}")
        except Exception as error:
            error.add_note(f"in cell {number} of {path.name}:\n{source}")
            raise
        if value is not None:
            said.write(f"{value!r}\n")
        figures = []
        for shown in plt.get_fignums():
            file = io.BytesIO()
            plt.figure(shown).savefig(file, format="svg", metadata={"Date": None})
            figures.append(file.getvalue())
        plt.close("all")
        yield Cell(kind, source, said.getvalue(), tuple(figures))


def _valued(source: str, space: dict[str, Any], name: str) -> Any:
    """Run a cell in `space`; the value of its last line where that is an expression."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), space)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), name, "eval"), space)
    return None


def page(path: Path, folder: Path, run: bool = True) -> str:
    """A notebook as Markdown; its figures are written into `folder`, beside the page."""
    parts = []
    for number, cell in enumerate(executed(path, skip=SLOW, run=run)):
        if cell.kind == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        if cell.told:
            parts.append(f"```text\n{cell.told.rstrip()}\n```")
        for at, figure in enumerate(cell.figures):
            name = f"{path.stem}-{number}-{at}.svg"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(figure)
            parts.append(f"![What the cell above draws]({name})")
    parts.append(f"The notebook itself is `docs/notebooks/{path.name}`.")
    return "\n\n".join(parts) + "\n"

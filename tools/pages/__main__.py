"""Write the pages and build them: `PYTHONPATH=tools python -m pages [OUT]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def source(folder: Path, pictures: bool = True) -> list[Path]:
    """Write all pages into `folder`: those of `docs/` and those made from the code; return them.

    Without `pictures` nothing is simulated.

    Raises:
        OSError: the folder cannot be written.
    """
    from pages import effects, gallery, guides, notebooks, reference, verbs

    shutil.copytree(
        reference.DOCS, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.rmtree(folder / "notebooks", ignore_errors=True)
    made = {
        f"notebooks/{path.stem}.md": notebooks.page(path, folder / "notebooks", run=pictures)
        for path in sorted((reference.DOCS / "notebooks").glob("*.ipynb"))
    }
    made["gallery.md"] = gallery.page(folder, pictures)
    found = None
    if pictures:
        found = {effect.row: effect for effect in effects.measured()}
        for effect in found.values():
            if effect.acts:
                effects.drawn(effect, folder / "effects" / f"{effect.row.lower()}.svg")
    for name, text in (made | verbs.pages(found) | reference.pages()).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if pictures:
        guides.build(folder / "guides")
    return sorted(folder.rglob("*.md"))


def main(out: Path) -> int:
    """Build the pages into `out`; Sphinx's exit code, any warning being an error."""
    import tempfile

    from sphinx.cmd.build import main as sphinx

    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "source"
        source(text)
        if out.exists():
            shutil.rmtree(out)
        doctrees = str(Path(folder) / "doctrees")
        code = sphinx(["-n", "-W", "--keep-going", "-q", "-d", doctrees, str(text), str(out)])
    if code == 0:
        print(f"Open {out / 'index.html'}")
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "out/docs")))

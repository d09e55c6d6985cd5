"""The toy world of these tests is the template: two powers, three clients, one theatre."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from allegiance.cases.loading import CaseFiles, load
from allegiance.cases.new import TEMPLATE


@pytest.fixture(scope="session")
def toy() -> CaseFiles:
    return load(TEMPLATE)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """Copy the template and replace text in its files: `edited((old, new), ..., file=...)`."""

    def edit(*changes: tuple[str, str], file: str = "case.yaml") -> Path:
        folder = tmp_path / "template"
        if not folder.exists():
            shutil.copytree(TEMPLATE, folder)
        text = (folder / file).read_text()
        for old, new in changes:
            assert text.count(old) >= 1, f"not in {file}: {old}"
            text = text.replace(old, new, 1)
        (folder / file).write_text(text)
        return folder

    return edit


@pytest.fixture(scope="session")
def as_json() -> Callable[[Any], Any]:
    """Data as an editor's validator sees it: dates as text."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return value.isoformat() if isinstance(value, date) else value

    return plain

from pathlib import Path

import pytest

from allegiance.cases.compile import compile_case
from allegiance.cases.errors import CaseError
from allegiance.cases.loading import load
from allegiance.cases.new import scaffold


def test_scaffold_loads_and_compiles(tmp_path):
    folder = scaffold("my_case", tmp_path / "deep" / "er")
    assert sorted(file.name for file in folder.iterdir()) == [
        "README.md",
        "case.yaml",
        "dossier.yaml",
        "timeline.yaml",
    ]
    assert (folder / "README.md").read_text().startswith("# my_case\n")
    files = load(folder)
    assert files.case.name == "my_case"
    built = compile_case(files)
    assert (len(built.labels.powers), len(built.labels.clients)) == (2, 3)
    assert (len(built.labels.theatres), len(built.labels.regions)) == (1, 3)
    assert len(built.labels.sides) == 2
    assert len(files.timeline.entries) == 4


@pytest.mark.parametrize("name", ["", "A", "1a", "a-b", "../a", "a/b", "a\n", "x" * 65, "a b"])
def test_bad_names(name: str, tmp_path):
    with pytest.raises(CaseError, match="not a name"):
        scaffold(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_never_overwrites(tmp_path):
    scaffold("mine", tmp_path)
    with pytest.raises(CaseError, match="exists"):
        scaffold("mine", tmp_path)


def test_unwritable(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError):
        scaffold("mine", tmp_path / "file")


def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch):
    real = Path.write_text

    def full(self, text, **options):
        if self.name == "timeline.yaml":
            raise OSError(28, "No space left on device")
        return real(self, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(CaseError, match="No space left"):
        scaffold("mine", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_shipped_name_is_refused(tmp_path):
    with pytest.raises(CaseError, match="a shipped case has this name"):
        scaffold("syria", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_labels_carry_no_control_characters(tmp_path):
    folder = scaffold("mine", tmp_path)
    text = (folder / "case.yaml").read_text()
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    (folder / "case.yaml").write_text(text.replace(title, 'title: "No\\x1b[31mrth"'))
    with pytest.raises(CaseError, match="text without control characters"):
        load(folder)

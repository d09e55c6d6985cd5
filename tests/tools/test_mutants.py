"""The tests of the mechanisms notice a broken mechanism; `make test-mutants` tries every row."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "mutants.py"
JUDGED = """
import sys
sys.path.insert(0, {folder!r})
import mutants
with mutants.silence():
    mutants.asked_of_pytest(mutants.Notice(), "--collect-only", *sys.argv[1:])
for file in sys.argv[1:]:
    verdict = mutants.judged("S07", file + "::test_it", [])
    print(verdict.off, verdict.on, verdict.trouble, sep="|")
"""
BODIES = {
    "sound": "assert (on, off) == (1.0, 0.0)",
    "blind to a mechanism that is gone": "assert off == 0.0",
    "blind to a stuck switch": "assert on == 1.0",
}


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_sample_of_rows_is_watched() -> None:
    done = python(str(TOOL), "--sample", "4")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 of 4 rows are watched" in done.stdout


def test_a_row_without_a_test_is_a_failure(tmp_path) -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import mutants;"
    script += "mutants.rows.listed = lambda: [{'id': 'S07', 'test': None}];"
    done = python("-c", f"{script} sys.exit(mutants.main(['S07']))", str(TOOL.parent))
    assert done.returncode == 1
    assert "S07: no test yet" in done.stdout


def test_a_blind_test_is_told_from_a_sound_one(tmp_path) -> None:
    files = []
    for name, body in BODIES.items():
        files.append(tmp_path / f"test_{name.replace(' ', '_')}.py")
        files[-1].write_text(
            "import numpy as np\n"
            "from allegiance.world.rows import IDS\n"
            "from allegiance.world.theory import Theory\n\n"
            "def test_it():\n"
            "    values, rows = np.zeros((1, 1)), np.ones((len(IDS), 1))\n"
            "    on, off = (Theory(values, x).on('S07').item() for x in (rows, 0 * rows))\n"
            f"    {body}\n"
        )
    done = python("-c", JUDGED.format(folder=str(TOOL.parent)), *map(str, files))
    assert dict(zip(BODIES, done.stdout.splitlines(), strict=True)) == {
        "sound": "test_it|test_it|",
        "blind to a mechanism that is gone": "None|test_it|gone: nobody notices",
        "blind to a stuck switch": "test_it|None|stuck on: nobody notices",
    }

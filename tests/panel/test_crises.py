"""The panel of crises: frozen inputs, outcomes apart, half survived, no hand on the answer."""

import hashlib
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from allegiance.cases.errors import CaseError
from allegiance.cases.reading import read
from allegiance.cases.thin import records
from allegiance.panel import crises, frozen, futures

FROZEN = "2cbe26acbee135cf1b4aad506280762650084d2003699756b30e256e3b8db77e"
"""Of the values, as they were when the panel was first scored."""

FIRST = "dd0266bf7a4bc6cccedadf386e739923970200681b225e58b17e4efcd36f0d52"
"""Of the whole file, byte for byte, as it was when the panel was first scored."""

PLACE = "src/allegiance/cases/crises.yaml"


def panel(folder: Path, stood: str = "strong", fell: str = "weak: 2001-05-01") -> Path:
    """Two invented episodes: an army of a tenth of its enemies, and one of ten times them."""
    one = """
  {name}:
    kind: insurgency
    client: {name}
    patron: North
    from: 2001-01-01
    until: 2002-01-01
    support: [arms]
    figures:
      army: {{value: {army}, assumed: invented}}
      rebels: {{value: {rebels}, low: {rebels}, high: {rebels}, assumed: invented}}
"""
    text = "records:" + one.format(name="weak", army=5.0, rebels=50.0)
    text += one.format(name="strong", army=50.0, rebels=5.0)
    (folder / crises.INPUTS).write_text(text)
    (folder / crises.HASH).write_text(frozen.digest(read(folder / crises.INPUTS).data))
    (folder / crises.OUTCOMES).write_text(f"fell: {{{fell}}}\nstood: [{stood}]\n")
    return folder


def test_inputs_are_those_that_were_hashed_before_scoring() -> None:
    assert frozen.digest(read(crises.FOLDER / crises.INPUTS).data) == FROZEN
    assert (crises.FOLDER / crises.HASH).read_text().strip() == FROZEN
    assert crises.VARIANTS == 16


def test_the_frozen_values_are_those_of_the_file_that_was_first_scored(tmp_path: Path) -> None:
    """Which the history has: the file whose bytes were hashed then has the values of now."""
    here = Path(__file__).parents[2]

    def git(*words: str) -> bytes:
        done = subprocess.run(["git", *words], cwd=here, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else b""

    commits = git("log", "--format=%H", "--", PLACE).decode().split()
    texts = [git("show", f"{commit}:{PLACE}") for commit in commits]
    first = [text for text in texts if hashlib.sha256(text).hexdigest() == FIRST]
    if not first:
        pytest.skip("no history of this file: not a checkout, or a shallow one")
    (tmp_path / "first.yaml").write_bytes(first[0])
    assert frozen.digest(read(tmp_path / "first.yaml").data) == FROZEN


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("assumed: invented", 'source: "A yearbook, p. 3", note: "confirmed"', True),
        ("value: 5.0", "value: 5", True),
        ("records:", "# a comment\nrecords:", True),
        ("value: 5.0", "value: 5.01", False),
        ("low: 50.0", "low: 49.0", False),
        (", low: 50.0, high: 50.0", "", False),
        ("kind: insurgency", "kind: invasion", False),
        ("support: [arms]", "support: [pact]", False),
        ("from: 2001-01-01", "from: 2001-01-02", False),
        ("client: weak", "client: other", False),
        ("  weak:", "  meek:", False),
    ],
)
def test_sources_may_be_added_and_nothing_else_moves(tmp_path: Path, old, new, same) -> None:
    file = panel(tmp_path) / crises.INPUTS
    text = file.read_text()
    assert old in text
    before = frozen.digest(read(file).data)
    file.write_text(text.replace(old, new, 1))
    assert (frozen.digest(read(file).data) == before) is same


def test_the_panel_is_as_large_and_as_even_as_promised() -> None:
    inputs = crises.episodes()
    ends = crises.outcomes(inputs)
    fell = sum(end is not None for end in ends.values())
    assert 30 <= len(inputs) <= 40
    assert 0.4 <= fell / len(inputs) <= 0.6
    named = "damascus_2012 idlib_2015 jalalabad_1989 saigon_1972 saigon_1975 kabul_2021"
    named += " almaty_2022 kinshasa_1978 chad_1983 chad_1986 dhofar_1972"
    assert set(named.split()) <= set(inputs)


def test_every_episode_has_its_trigger_and_stands_apart_in_time() -> None:
    inputs = crises.episodes()
    days = Counter((record.client, record.start) for record in inputs.values())
    assert max(days.values()) == 1
    for name, record in inputs.items():
        assert record.trigger, name
        assert record.trigger.split(":")[0].split(",")[0] in ("attacked", "territory", "capital")
        for figure in ("army", "patron_force", "patron_bound"):
            assert figure in record.figures, f"{name}: {figure}"


def test_changed_inputs_are_refused(tmp_path: Path) -> None:
    file = panel(tmp_path) / crises.INPUTS
    file.write_text(file.read_text().replace("5.0", "6.0"))
    with pytest.raises(CaseError, match="hashed"):
        crises.episodes(tmp_path)


@pytest.mark.parametrize(
    ("stood", "fell"), [("", "weak: 2001-05-01"), ("strong", "weak: 2003-05-01")]
)
def test_each_episode_has_one_outcome_within_its_year(tmp_path: Path, stood, fell) -> None:
    folder = panel(tmp_path, stood, fell)
    with pytest.raises(CaseError, match=r"outcome|fall"):
        crises.outcomes(crises.episodes(folder), folder)


def test_doubt_is_drawn_alike_and_only_where_there_is_some(tmp_path: Path) -> None:
    record = crises.episodes(panel(tmp_path))["weak"]
    first = list(futures.doubted("weak", record, 3))
    again = list(futures.doubted("weak", record, 3))
    assert first == again
    armies = {r.figures["army"].value for r in first}
    assert len(armies) == 3
    assert {r.figures["rebels"].value for r in first} == {50.0}
    assert list(futures.doubted("other", record, 1)) != first[:1]


def test_scores_know_the_strong_from_the_weak(tmp_path: Path) -> None:
    found = crises.scored(variants=2, ablate=False, folder=panel(tmp_path))
    p = {row["id"]: row["model"] for row in found["episodes"]}
    assert p["weak"] > 0.9
    assert p["strong"] < 0.1
    assert found["n"] == 2
    assert found["scores"]["model"] > found["scores"]["base_rate"]


def test_names_change_nothing(tmp_path: Path) -> None:
    record = records(panel(tmp_path) / crises.INPUTS)["weak"]
    other = record.model_copy(update={"client": "X", "patron": "Y", "rival": "Z"})
    one = crises.probability("weak", record, 1, 1)
    assert crises.probability("weak", other, 1, 1) == one


def test_patrons_that_exchange_names_change_no_score(tmp_path: Path) -> None:
    """The doubt about inputs hangs on the episode and the figure, luck on the run: not on names."""
    (tmp_path / "other").mkdir()
    first, second = panel(tmp_path), panel(tmp_path / "other")
    for folder, names in ((first, ("North", "South")), (second, ("South", "North"))):
        weak, _, strong = (folder / crises.INPUTS).read_text().partition("  strong:")
        text = weak.replace("North", names[0]) + "  strong:" + strong.replace("North", names[1])
        text = text.replace("50.0", "7.0")  # so that both outcomes occur
        (folder / crises.INPUTS).write_text(text)
        (folder / crises.HASH).write_text(frozen.digest(read(folder / crises.INPUTS).data))
    one, other = (crises.scored(variants=1, ablate=False, folder=each) for each in (first, second))
    for row, again in zip(one["episodes"], other["episodes"], strict=True):
        assert row.pop("patron") != again.pop("patron")
    assert 0.05 < one["episodes"][0]["model"] < 0.95
    assert one == other

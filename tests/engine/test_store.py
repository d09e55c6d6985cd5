import errno
import json

import numpy as np
import pytest

from allegiance.cases.errors import CaseError
from allegiance.engine import durable, selection, simulate
from allegiance.engine.chunks import lanes
from allegiance.engine.futures import opened
from allegiance.engine.setup import prepare
from allegiance.engine.store import Store

pytestmark = pytest.mark.usefixtures("fake_engine")


@pytest.fixture(scope="module")
def setup(template):
    extra = selection.headline(template.files.case)
    return prepare(template, runs=20, by=["2001-12-31"], extra=extra, logged=True)


def run(setup, folder, resume=False):
    report = simulate.tallied(setup, Store(folder, setup, resume))[1]
    return {key: value for key, value in report.items() if key != "seconds"}


def files(folder):
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())


def test_what_is_kept_is_what_was_simulated(setup, tmp_path):
    report = run(setup, tmp_path / "out")
    futures = opened(tmp_path / "out")
    chunks = list(simulate.chunks(setup))
    records = np.concatenate([chunk.records for chunk in chunks], axis=2)
    kept = futures.dataset["trajectory"].transpose("date", "address", "run").values
    exact = len(setup.reported)  # what is recorded beside it is kept to one part in 8,000
    assert np.array_equal(kept[:, :exact], records[:, :exact])
    assert len(setup.addresses) > exact
    np.testing.assert_allclose(kept[:, exact:], records[:, exact:], rtol=2.0**-13)
    assert not np.array_equal(kept[:, exact:], records[:, exact:])
    assert futures.dataset.sizes == {"run": 20, "date": 105, "address": 21, "event": 1}
    assert report["outcomes"] == futures.report["outcomes"]
    p = futures.probability("government_falls", by="2001-12-31")
    assert p == report["outcomes"]["government_falls"]["by"]["2001-12-31"]["p"]


def test_the_manifest_says_what_was_run(setup, tmp_path):
    run(setup, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["case"] == "template"
    assert manifest["digest"] == setup.scenario.files.digest
    assert manifest["chunks"] == [0, 1, 2]
    assert manifest["seed"] == 1
    assert {"jax", "jaxlib", "numpy", "allegiance"} <= manifest["versions"].keys()
    assert manifest["parameters"]["stretch"] == pytest.approx(0.6)
    assert manifest["started"] <= manifest["ended"]


def test_tables_tell_events_and_outcomes_by_run(setup, tmp_path):
    from pyarrow import parquet

    report = run(setup, tmp_path)
    events = parquet.read_table(tmp_path / "events.parquet").to_pylist()
    runs = parquet.read_table(tmp_path / "runs.parquet").to_pylist()
    fell = [row["government_falls"] for row in runs]
    assert report["outcomes"]["government_falls"]["p"] == np.mean(
        [when is not None for when in fell]
    )
    assert {"run", "date", "event", "subject", "object", "day"} == events[0].keys()
    assert {row["event"] for row in events} == {"fell"}
    assert {row["run"]: row["date"] for row in events} == {
        number: when for number, when in enumerate(fell) if when is not None
    }


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left")])
def test_an_interrupted_run_goes_on_and_ends_alike(setup, tmp_path, monkeypatch, failure):
    straight = run(setup, tmp_path / "straight")
    write = Store.write

    def failing(self, index, chunk, width):
        if index == 2:
            raise failure
        write(self, index, chunk, width)

    monkeypatch.setattr(Store, "write", failing)
    with pytest.raises(type(failure)) as raised:
        run(setup, tmp_path / "broken")
    assert "16 of 20 futures are kept" in raised.value.__notes__[0]
    monkeypatch.setattr(Store, "write", write)
    assert run(setup, tmp_path / "broken", resume=True) == straight
    assert files(tmp_path / "broken") == files(tmp_path / "straight")
    for name in ("events.parquet", "runs.parquet"):
        assert (tmp_path / "broken" / name).read_bytes() == (
            tmp_path / "straight" / name
        ).read_bytes()


def test_an_interruption_between_chunks_says_what_is_kept(setup, tmp_path):
    def pressed(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as raised:
        simulate.tallied(setup, Store(tmp_path, setup), pressed)
    assert raised.value.__notes__[0].startswith("8 of 20 futures are kept")


def test_a_chunk_counts_only_when_its_record_lies_there(setup, tmp_path, monkeypatch):
    """The disk fills while the record of the last chunk is written."""
    sync = durable.sync

    def full(path):
        if path.name.startswith(".000002.json"):
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(path)

    monkeypatch.setattr(durable, "sync", full)
    with pytest.raises(OSError, match="No space") as raised:
        run(setup, tmp_path)
    assert "16 of 20 futures are kept" in raised.value.__notes__[0]
    monkeypatch.setattr(durable, "sync", sync)
    assert Store(tmp_path, setup, resume=True).finished == {0, 1}
    assert not durable.drafts(tmp_path)
    run(setup, tmp_path, resume=True)


def test_a_finished_run_is_read_and_not_simulated_again(setup, tmp_path, monkeypatch):
    first = run(setup, tmp_path)
    monkeypatch.setattr(simulate, "Runner", None)
    assert run(setup, tmp_path, resume=True) == first
    assert (tmp_path / "events.parquet").is_file()


def test_another_run_is_not_resumed(setup, template, tmp_path):
    run(setup, tmp_path)
    other = prepare(template, runs=20, seed=2, logged=True)
    with pytest.raises(CaseError, match="its seed differs"):
        Store(tmp_path, other, resume=True)


def test_a_folder_with_other_files_is_left_alone(setup, tmp_path):
    (tmp_path / "mine.txt").touch()
    for resume in (False, True):
        with pytest.raises(CaseError, match="not empty"):
            Store(tmp_path, setup, resume)
    assert files(tmp_path) == [(tmp_path / "mine.txt").relative_to(tmp_path)]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"chunks": []}'])
def test_a_broken_manifest_is_named(setup, tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(CaseError, match="not a manifest"):
        Store(tmp_path, setup, resume=True)


def test_a_file_is_no_folder(setup, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CaseError, match="cannot be written"):
        Store(tmp_path / "file", setup)


def test_results_are_opened_only_where_there_are_some(tmp_path):
    with pytest.raises(CaseError, match="no results"):
        opened(tmp_path)


@pytest.mark.parametrize(("width", "devices"), [(128, 2), (128, 16), (64, 1), (192, 5)])
def test_chunks_keep_their_width_on_another_machine(width, devices):
    plan = lanes(width, devices)
    assert plan["lane"] * plan["devices"] == width
    assert plan["devices"] <= devices
    assert lanes(None, devices) == {}

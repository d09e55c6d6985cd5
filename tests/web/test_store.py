"""Results are kept by content, within bounds, and a broken disk costs nothing."""

import os

from allegiance.web.store import Store, key


def test_what_is_kept_is_found_again_by_the_next_process(tmp_path):
    Store(tmp_path / "web").put("k", {"result.json": b"1", "runs.csv": b"2"})
    assert Store(tmp_path / "web").get("k") == {"result.json": b"1", "runs.csv": b"2"}
    assert Store(tmp_path / "web").get("other") is None


def test_memory_is_bounded_and_what_was_used_last_stays():
    store = Store(None, memory=25)
    for name in ("a", "b"):
        store.put(name, {"result.json": b"0123456789"})
    store.get("a")
    store.put("c", {"result.json": b"0123456789"})
    assert [name for name in "abc" if store.get(name)] == ["a", "c"]


def test_the_disk_is_bounded_oldest_first(tmp_path):
    store = Store(tmp_path, memory=1, disk=25)
    for age, name in enumerate("ab"):
        store.put(name, {"result.json": b"0123456789"})
        os.utime(tmp_path / name, (1000 + age, 1000 + age))
    store.put("c", {"result.json": b"0123456789"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c"]


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    store = Store(blocked / "web")
    store.put("k", {"result.json": b"1"})
    assert store.get("k") == {"result.json": b"1"}


def test_foreign_files_are_no_results(tmp_path):
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "passwords.txt").write_text("x")
    assert Store(tmp_path).get("k") is None


def test_keys_follow_the_content():
    assert key("run", {"a": 1, "b": 2}) == key("run", {"b": 2, "a": 1})
    assert len({key("run", {"a": 1}), key("run", {"a": 2}), key("story", {"a": 1})}) == 3

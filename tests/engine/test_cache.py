"""What lies in the cache is tied to all the sources that it depends on."""

from pathlib import Path

from allegiance.engine import cache


def test_sources_in_nested_folders_count():
    package = Path(cache.__file__).parents[1]
    counted = cache._sources([package / "show"])
    assert package / "show/report/facts.py" in counted
    assert cache.fingerprint(("show",)) != cache.fingerprint(("verbs",))


def test_the_folder_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path))
    assert cache.folder() == tmp_path

"""The report of a stored run: whole, self-contained, safe, and clear about what it lacks."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.engine.durable import sealed
from allegiance.show.report.page import write
from allegiance.show.report.stored import stored

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\" </script>"


def run(case: Path | str, out: Path, *more: str) -> Path:
    """A run of 16 futures, stored in `out`."""
    arguments = ["run", str(case), "--runs", "16", "--json", "--out", str(out), *more]
    assert code(arguments) == 0
    return out


@pytest.fixture
def hostile(tmp_path, fake_engine, capsys) -> Path:
    """A stored run of a case whose every label tries to be a script."""
    folder = tmp_path / "hostile"
    shutil.copytree(TEMPLATE, folder)
    for name in ("case.yaml", "timeline.yaml", "dossier.yaml"):
        file = folder / name
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join(map(_spoilt, lines)), encoding="utf-8")
    case = folder / "case.yaml"
    case.write_text(case.read_text(encoding="utf-8").replace("name: template", "name: hostile"))
    return run(folder, tmp_path / "stored_hostile")


def _spoilt(line: str) -> str:
    """The line with the hostile text in place of a label or a title of its own line."""
    text = HOSTILE.replace('"', '\\"')
    for key in ("label", "title"):
        head, found, tail = line.partition(f"{key}: ")
        if found and not tail.startswith("{"):
            end = next((i for i, c in enumerate(tail) if c in ",}"), None)
            quoted = tail.startswith('"')
            if quoted:
                end = tail.index('"', 1) + 1
            return f'{head}{key}: "{text}"{tail[end:] if end is not None else ""}'
    return line


SECTIONS = (
    *("answers", "outcomes", "futures", "map", "pledged", "ties", "events", "dossier"),
    *("rivals", "drivers", "provenance", "reproduce"),
)
QUESTIONS = ("why", "without", "others", "sure")


class Page(HTMLParser):
    """What a browser would see of the tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self._in: str | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._in = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._in = None

    def handle_data(self, data):
        if self._in == "script":
            self.scripts[-1] += data
        else:
            self.words.append(data)

    def ids(self):
        return [found["id"] for _, found in self.tags if "id" in found]


def test_the_report_holds_every_section_in_one_small_file_that_loads_nothing(store):
    path = write(store)
    assert path == store / "report.html"
    assert path.stat().st_size < 8_000_000
    page = Page(path.read_text(encoding="utf-8"))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    assert {*SECTIONS, *QUESTIONS} <= set(ids)
    words = "".join(page.words)
    for said in ("16 simulated futures", "Not run.", "allegiance compare template", "SHA-256"):
        assert said in words
    figures = [found["id"] for tag, found in page.tags if tag == "figure"]
    kinds = {re.split("-", name)[0] for name in figures}
    assert kinds >= {"outcomes", "timing", "ground", "map", "pledged", "ties", "shifts", "trust"}
    named = [found for _, found in page.tags if found.get("role") == "img"]
    assert len(named) == len(figures)
    assert all(found["aria-label"] for found in named)
    assert sum(tag == "caption" for tag, _ in page.tags) == sum(t == "table" for t, _ in page.tags)

    _loads_nothing(page)


def _loads_nothing(page):
    for tag, found in page.tags:
        assert "src" not in found, tag
        assert tag not in ("link", "iframe", "object", "embed", "base")
        assert found.get("href", "#").startswith("#")
    policy = next(found for tag, found in page.tags if found.get("http-equiv"))["content"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy.split(";")[1]


def test_no_text_of_a_case_becomes_markup(hostile):
    text = write(hostile).read_text(encoding="utf-8")
    assert HOSTILE[:20] not in text
    page = Page(text)
    assert not [tag for tag, found in page.tags if tag == "img" or "onerror" in found]
    data = page.scripts[:-2]
    assert data
    for each in data:  # still JSON, so that no label has ended its block
        assert "<" not in each
        figure = json.loads(each)["figure"]
        assert "<script" not in json.dumps(figure)
    assert "&lt;script&gt;" in text
    shown = json.dumps([json.loads(each)["figure"]["layout"].get("title") for each in data])
    assert "&lt;" in shown


def test_a_second_world_gives_the_contrast(store, tmp_path, fake_engine, capsys):
    levers = ["--without", "S07", "--without", "war_on_the_border"]
    other = run(TEMPLATE, tmp_path / "other", *levers)
    text = write(store, tmp_path / "both.html", against=other).read_text(encoding="utf-8")
    page = Page(text)
    assert {"contrast", "departures-figure"} <= set(page.ids())
    label = stored(store).scenario.files.timeline.entries["war_on_the_border"].label
    meant = f"--without war_on_the_border --without S07 ({label}; overstretch)."
    assert meant in "".join(page.words)
    stranger = run(TEMPLATE, tmp_path / "stranger", "--seed", "2")
    assert code(["report", str(store), "--against", str(stranger)]) == 2
    assert "--against: seed differs" in capsys.readouterr().err


def test_the_picture_of_departures_goes_on_to_what_outcomes_read(store):
    from allegiance.cases.addresses import parse
    from allegiance.show.figures.inputs import Inputs
    from allegiance.show.report.pictures import Pictures

    run_ = stored(store)
    case = run_.scenario.files.case
    event = next(str(parse(o.event)) for o in case.outcomes.values() if o.event)
    row = {"effect": -0.25, "q05": -0.5, "q95": -0.125, "share": 0.75, "unit": "share"}
    names = [f"north.made{number}" for number in range(40)] + [event, "north.last"]
    chain = [
        {**row, "address": name, "first": "2001-05-07", "asked": name == event} for name in names
    ]
    picture = Pictures(run_, Inputs(run_.futures, case)).departures(chain)
    assert picture
    assert picture.table
    assert len(picture.table.rows) == 26
    assert picture.table.columns[-2:] == ["90%", "futures"]
    assert picture.table.rows[-1][2:] == ["-0.25 share", "-0.5 to -0.125", "75%"]
    assert "fall" in picture.table.rows[-1][1] or event in picture.table.rows[-1][1]


def test_the_dossier_is_read_in_the_store_as_confront_reads_it(store, fake_engine):
    from allegiance.evidence.confront import confront

    held = stored(store).confronted()
    assert held is not None
    fresh = confront(TEMPLATE, 16, 1)
    assert [row.id for row in held.rows] == [row.id for row in fresh.rows]
    for one, two in zip(held.rows, fresh.rows, strict=True):
        assert one.inside == two.inside
        np.testing.assert_allclose(one.score, two.score, atol=2e-3)


def test_results_of_other_commands_are_shown_or_refused(store, tmp_path, capsys):
    rivals, drives = tmp_path / "comparison.json", tmp_path / "explanation.json"
    rivals.write_text(
        json.dumps(
            {
                "cases": ["template"],
                "posterior": {"unable": 0.93, "unwilling": 0.07},
                "se": {"unable": 0.01, "unwilling": 0.01},
                "verdict": "unable",
                "diagnostic": [{"item": "help_2002", "log_ratio": {"unable": 1.5}}],
            }
        )
    )
    effect = {"a": 0.9, "b": 0.2, "difference": -0.7, "q05": -0.8, "q95": -0.6}
    drives.write_text(
        json.dumps(
            {
                "case": "template",
                "runs": 4096,
                "outcome": {"label": "the government falls", "unit": "probability"},
                "rows": [{"id": "S32", "name": "cohesion cascade", **effect}],
                "sobol": {"indices": [{"name": "margin", "first": 0.5, "total": 0.6}]},
                "boxes": [
                    {
                        "when": "it happens",
                        "text": "margin at most 2",
                        "density": 0.9,
                        "coverage": 0.6,
                    }
                ],
            }
        )
    )
    text = write(store, comparison=rivals, explanation=drives).read_text(encoding="utf-8")
    for said in ("Verdict: unable", "cohesion cascade", "margin at most 2", "very likely"):
        assert said in text
    assert "Not run.</strong> Mechanisms" not in text
    for option, file in (("--comparison", drives), ("--explanation", rivals)):
        assert code(["report", str(store), option, str(file)]) == 2
        assert option.strip("-") in capsys.readouterr().err


def _broken(store, tmp_path):
    """Each wrong input, and what the message must hold."""
    manifest = store / "manifest.json"
    whole = manifest.read_text(encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()

    def damaged(text):
        return lambda: manifest.write_text(text, encoding="utf-8")

    kept = json.loads(whole)
    yield [tmp_path / "nowhere"], lambda: None, "no such folder"
    yield [empty], lambda: None, "is no run"
    yield [store, "--out", tmp_path], lambda: None, "it is a folder"
    yield [store, "--out", tmp_path / "no" / "r.html"], lambda: None, "does not exist"
    yield [store, "--comparison", tmp_path / "no.json"], lambda: None, "cannot be read"
    yield [store], damaged("{"), "no JSON"
    yield [store], damaged("{}"), "lacks case"
    yield [store], damaged(json.dumps(kept | {"ended": None})), "--resume"
    yield [store], damaged(json.dumps(kept | {"case": "../../etc"})), "no name of a case"
    yield [store], damaged(json.dumps(kept | {"digest": "0"})), "changed since"
    yield [store], damaged(json.dumps(kept | {"levers": ["--rm x"]})), "no lever"


def test_wrong_input_is_refused_and_leaves_nothing(store, tmp_path, capsys):
    manifest = store / "manifest.json"
    whole = manifest.read_text(encoding="utf-8")
    tried = 0
    for arguments, spoil, said in _broken(store, tmp_path):
        manifest.write_text(whole, encoding="utf-8")
        spoil()
        assert code(["report", *map(str, arguments)]) == 2, said
        assert said in capsys.readouterr().err
        tried += 1
    assert tried == 11
    assert not list(tmp_path.rglob("*.html*"))


def test_a_run_with_little_recorded_says_what_would_bring_it(store):
    import zarr

    kept = json.loads((store / "manifest.json").read_text(encoding="utf-8"))
    group: Any = zarr.open_group(store / "trajectories.zarr", mode="r+", use_consolidated=False)
    names = [str(name).replace("harbour/", "gone/") for name in group["address"][:]]
    group["address"][:] = np.array(names, object)
    kept["recorded"] = names
    changed = [path for path in (store / "trajectories.zarr/address").rglob("*") if path.is_file()]
    kept["files"] |= sealed(store, changed)
    (store / "manifest.json").write_text(json.dumps(kept))
    text = write(store).read_text(encoding="utf-8")
    assert "Not whole." in text
    assert '--record "harbour/' in text.replace("&#34;", '"')


CHROMIUM = Path("/usr/bin/chromium")
DATES = """[...document.querySelectorAll('[aria-label=Events] tbody .d')].slice(0, 3).map((e) => {
  const inside = document.createRange();
  inside.selectNodeContents(e);
  return new Set([...inside.getClientRects()].map((box) => box.top)).size;
})"""


def test_it_opens_in_a_browser_without_a_network(store):
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip("there is no chromium")
    path = write(store)
    told, asked = [], []
    with driver.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 800}, offline=True)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-drawn]", timeout=60_000, state="attached")
        figures = page.locator("figure[data-figure]").count()
        assert page.locator("html").get_attribute("data-drawn") == str(figures)
        assert page.locator("figure .main-svg").count() >= figures
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        cut = "[...document.querySelectorAll('.wide')].filter(e => e.scrollWidth > e.clientWidth)"
        assert page.evaluate(f"{cut}.map(e => e.ariaLabel)") == []
        assert page.evaluate(DATES) == [1, 1, 1]  # lines of each
        first = page.locator("#dossier-table tbody tr").first
        assert first.locator("td").nth(4).get_attribute("data-label") == "inside"
        slider = page.locator("#map-harbour input[type=range]")
        before = page.locator("#map-harbour output").inner_text()
        slider.focus()
        page.keyboard.press("Home")
        assert page.locator("#map-harbour output").inner_text() == "2001-01-01" != before
        context.close()
        _wide(browser.new_page(viewport={"width": 1280, "height": 900}), path)
        browser.close()
    assert told == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def _wide(page, path):
    """A wide screen: titles use its width, the map leaves no side empty, long tables are folded."""
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-drawn]", timeout=60_000, state="attached")
    titles = page.evaluate(
        "[...document.querySelectorAll('.plot')].filter(e => e.clientWidth > 1000)"
        ".map(e => e.layout.title.text + e.layout.title.subtitle.text)"
    )
    assert len(titles) > 3
    assert [title for title in titles if "<br>" in title and len(title) < 140] == []
    right = "Math.max(...[...e.querySelectorAll('.gtitle, .gtitle-subtitle')]"
    right += ".map(t => t.getBoundingClientRect().right))"
    over = page.evaluate(
        f"[...document.querySelectorAll('.plot')].filter(e => !({right}"
        " <= e.getBoundingClientRect().right + 1)).map(e => e.ariaLabel)"
    )
    assert over == []
    assert page.locator("#map-harbour .plot").bounding_box()["width"] <= 760
    assert page.locator("details.long[open]").count() == 0
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    folded = page.locator("details.long")
    assert folded.count() == page.locator("details.long[open]").count() > 0

"""The page in a real browser, at two widths: no console errors, nothing from elsewhere, axe."""

import json
from pathlib import Path

import pytest
from web_browser import CHROMIUM, WIDTHS, nothing, pictured, sound

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason="Debian's chromium is not installed"),
]


@pytest.mark.parametrize("width", WIDTHS)
def test_without_a_case_there_is_a_choice_and_nothing_starts(opened, width):
    ordered: list[str] = []
    page = opened("/", width, ".shelf a")
    page.on("request", lambda r: ordered.append(r.url) if r.method == "POST" else None)
    cases = page.evaluate("async () => (await (await fetch('/api/cases')).json()).cases")
    told = page.locator(".shelf:not(.unreadable) li").all_inner_texts()
    assert len(told) == len(cases) >= 7
    for case, text in zip(cases, told, strict=True):
        assert case["title"] in text
        assert case["summary"] in text
    (wrong,) = page.locator(".unreadable li").all_inner_texts()
    assert wrong.split("\n")[0] == "outside"
    assert "the folder is a link to elsewhere" in wrong
    assert page.locator("#sections").is_hidden()
    assert page.evaluate("async () => (await (await fetch('/api/jobs')).json()).jobs") == []
    sound(page)
    pictured(page, f"choice-{width}")
    assert ordered == []
    page.route("**/api/jobs/**", nothing)
    page.click(".shelf >> text=A war in Harbour")
    page.wait_for_selector("#sections a[aria-current]")
    assert page.url.endswith("/?case=template")
    assert ordered  # a case that is chosen starts at once
    page.select_option("#case", "syria")
    page.wait_for_selector("h1:has-text('Syria')")
    assert page.url.endswith("/?case=syria")
    page.go_back()
    page.wait_for_selector("h1:has-text('A war')")
    assert page.input_value("#case") == "template"
    page.click(".brand a")
    page.wait_for_selector(".shelf a")


def test_another_case_gives_up_the_story_that_nobody_waits_for(opened):
    cancelled: list[str] = []
    page = opened("/", "wide", ".shelf a")
    job = {"id": "0" * 16, "kind": "story", "state": "running", "share": 0.1, "seconds": 1}
    job |= {"phase": "simulating", "ahead": 0, "parts": []}

    def slow(route) -> None:
        if route.request.method == "DELETE":
            cancelled.append(route.request.url)
        if "only_stored" in route.request.url:
            route.fulfill(status=204)
        else:
            route.fulfill(status=200, json=job)

    page.route("**/api/jobs/**", slow)
    page.route("**/api/tickets/**", slow)
    page.select_option("#case", "template")
    page.wait_for_selector("#waiting progress")
    assert cancelled == []
    page.select_option("#case", "")
    page.wait_for_selector(".shelf a")
    assert len(cancelled) == 1


OVERLAPS = """() => [...document.querySelectorAll('svg.map')].flatMap((map) => {
  const names = [...map.querySelectorAll('.place')].map((e) => [e.textContent, e.getBBox()]);
  const frame = map.viewBox.baseVal;
  const out = names.filter(([, b]) => b.x < 0 || b.y < 0 || b.x + b.width > frame.width
    || b.y + b.height > frame.height).map(([name]) => [name, 'outside']);
  const on = names.flatMap(([one, a], i) => names.slice(i + 1).filter(([, b]) =>
    Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1
    && Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 2)
    .map(([two]) => [one, two]));
  return [...out, ...on];
})"""


@pytest.mark.parametrize("width", WIDTHS)
def test_names_on_maps_keep_apart_and_are_told_in_full(opened, width):
    for case in ("syria", "afghanistan_soviet", "south_vietnam", "chad", "oman_dhofar"):
        page = opened(f"/?case={case}", width, "svg.map", still=True)
        page.wait_for_selector(".problem:not(:empty)")
        assert page.evaluate(OVERLAPS) == [], case
        told = page.evaluate(
            f"async () => (await (await fetch('/api/cases/{case}')).json()).places"
        )
        maps = page.locator("svg.map")
        for at, war in enumerate(told.values()):
            said = maps.nth(at).get_attribute("aria-label")
            assert all(f"{region['label']}: " in said for region in war["regions"].values())
            tips = maps.nth(at).locator("title").all_text_contents()
            assert len(tips) == len(war["regions"])
            named = maps.nth(at).locator(".place").count()
            assert named >= 0.7 * len(war["regions"]), (case, named)
        page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_story_opens_and_the_map_is_scrubbed(opened, width):
    page = opened("/?case=template", width)
    page.wait_for_selector("svg.map")  # the start, before anything is simulated
    page.wait_for_selector(".verdict strong")
    assert "%" in page.inner_text(".verdict strong")
    before = page.get_attribute("svg.map path", "d")
    date = page.inner_text(".time output")
    page.focus("#date")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert page.inner_text(".time output") > date
    assert page.get_attribute("#date", "aria-valuetext") == page.inner_text(".time output")
    assert page.get_attribute("svg.map path", "d") != before
    # The asked outcome stands first among what comes out.
    asked = page.inner_text(".verdict li").split(":")[0]
    assert page.inner_text("#outcomes tbody td") == asked
    assert "%" in page.inner_text("#outcomes tbody tr")
    page.keyboard.press("End")
    assert "Given last" in page.inner_text("#given")
    page.click("#story summary")
    # The tables are made when they are asked for.
    page.wait_for_selector("#story details table >> nth=1")
    assert page.locator("#story details table").count() == 2
    sound(page)
    pictured(page, f"story-{width}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_contrast_is_run_and_shared(opened, width, server):
    page = opened("/?case=template&runs=64#levers", width, "#contrast")
    assert page.is_disabled("#contrast")  # nothing differs yet
    page.select_option("[data-entry=north_enters]", "without")
    page.click("#contrast")
    page.wait_for_selector("#answer table")
    departed = page.inner_text("#answer")
    assert "departed" in departed
    assert "harbour." not in departed.split("departed first?")[1]
    box = page.locator("#answer tbody tr").first.locator("td").nth(4).bounding_box()
    assert box["x"] + box["width"] <= WIDTHS[width][0]  # the difference is in sight
    assert "without=north_enters" in page.url
    assert "--without north_enters" in page.inner_text("#command")
    sound(page)
    pictured(page, f"contrast-{width}")
    # Whoever gets the address sees the same, without computing anything.
    other = opened(page.url.removeprefix(server), width, "#answer table")
    assert other.input_value("[data-entry=north_enters]") == "without"
    assert other.inner_text("#answer") == page.inner_text("#answer")


def test_a_theory_is_chosen_and_its_contrast_cancelled(opened):
    page = opened("/?case=template#theories", "wide", "[data-theory=disposable]")
    sound(page)
    pictured(page, "theories")
    page.click("[data-theory=disposable]")
    page.wait_for_selector("#theory")
    assert page.input_value("#theory") == "disposable"
    page.fill("#runs", "2000")
    page.press("#runs", "Tab")
    page.click("#contrast")
    page.click(".progress button")
    page.wait_for_selector(".problem.calm")
    assert "Cancelled" in page.inner_text(".problem.calm")
    page.select_option("#theory", "unable")
    assert "theory=unable" in page.url
    page.fill("#runs", "64")
    page.press("#runs", "Tab")
    page.click("#contrast")
    page.wait_for_selector("#answer table")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_evidence_is_read_with_its_fit(opened, width):
    page = opened("/?case=template", width, ".verdict")
    page.click("nav a[href='#evidence']")
    page.wait_for_selector("#evidence table")
    text = page.inner_text("#evidence")
    assert "An invented map" in text
    assert "inside" in text
    assert "over 128 futures: model" in page.inner_text("#standing")
    page.select_option("#use", "hold")
    assert page.locator("#evidence tbody tr").count() == 3
    sound(page)
    pictured(page, f"evidence-{width}")


def test_data_are_taken_away(opened, tmp_path):
    page = opened("/?case=template&runs=64#data", "wide", "#run")
    page.click("#run")
    page.wait_for_selector("#run-files a")
    kept = taken(page, "#run-files a[href$='result.json']", tmp_path)
    assert kept.name == "template-run-result.json"
    assert json.loads(kept.read_text())["runs"] == 64
    sound(page)


def test_the_report_is_downloaded_and_opens(opened, tmp_path):
    page = opened("/?case=template&runs=8&without=volunteers#data", "narrow", "#report")
    page.click("#report")
    page.wait_for_selector("#report-files a")
    kept = taken(page, "#report-files a[download]", tmp_path)
    assert kept.name == "template-report.html"
    text = kept.read_text(encoding="utf-8")
    assert "A war in Harbour" in text
    assert "--without volunteers" in text
    sound(page)
    pictured(page, "data-narrow")
    shown = opened("/" + page.get_attribute("#report-files a[target]", "href")[1:], "wide", "svg")
    pictured(shown, "report")


def taken(page, link: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.click(link)
    kept = folder / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    return kept


def test_a_wrong_lever_is_told_and_the_page_lives(opened):
    opened.refusal = "422"
    page = opened("/?case=template#levers", "wide", "#contrast")
    page.click("text=Anything else")
    page.fill("#other", "north.trasury=1")
    page.press("#other", "Enter")
    with page.expect_response("**/api/jobs/contrast?ticket=*"):
        page.click("#contrast")
    page.wait_for_selector("#answer .problem:not(:empty)")
    assert "nearest: north.treasury" in page.inner_text("#answer")


def test_labels_are_text_whatever_they_hold(opened):
    page = opened("/?case=hostile", "wide", ".verdict")
    assert page.inner_text("h1") == "<script>alert('t')</script>"
    assert page.locator("#main img, #main script").count() == 0


def test_an_unknown_case_is_told(opened):
    opened.refusal = "404"
    page = opened("/?case=none_such", "wide", "#notice:not([hidden])")
    assert "no such case" in page.inner_text("#notice")


def test_the_reference_reads_the_interface(opened):
    page = opened("/api/docs", "narrow", "details")
    assert page.locator("details").count() >= 15
    sound(page)

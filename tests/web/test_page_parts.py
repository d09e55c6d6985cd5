"""Parts of the page in a real browser, with what they show given: no engine, no worker."""

import re
from typing import Any

import pytest
from web_browser import CHROMIUM, WIDTHS, nothing, sound

from allegiance.show import tables

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason="Debian's chromium is not installed"),
]


def entry(at: int, **other: Any) -> dict[str, Any]:
    """An entry of a chain, one a week."""
    about = {"address": f"harbour.quantity_{at}", "first": f"2001-01-{at + 1:02}", "unit": "share"}
    numbers = {"effect": 0.5, "q05": 0.25, "q95": 0.75, "share": 0.97}
    return {**about, **numbers, "label": f"Quantity {at}", "asked": False, **other}


DRAWN = """async (chain) => {
  const { outcome } = await import('/static/contrast.js');
  const found = { runs: 8, seed: 1, theory: 'default', levers: [], outcomes: {}, chain };
  document.querySelector('#cases').replaceChildren(...outcome({ job: { parts: [] }, found }));
}"""


@pytest.mark.parametrize("width", WIDTHS)
def test_a_chain_has_the_rows_of_the_command_line_up_to_what_outcomes_read(opened, width):
    chain = [entry(at) for at in range(30)]
    chain[28] |= {"asked": True, "label": "Harbour: the government has fallen"}
    page = opened("/", width, ".shelf a")
    page.evaluate(DRAWN, chain)
    told = page.locator("#cases .tabled")
    printed: Any = tables.chain(chain)
    lines = told.locator("tbody tr")
    assert lines.count() == printed.row_count == 26
    assert "(the first 25 of 30, then what outcomes read;" in told.locator(".caption").inner_text()
    assert "(the first 25 of 30, then what outcomes read;" in str(printed.title)
    cells = lines.last.locator("td").all_text_contents()
    fallen = "Harbour: the government has fallen"
    assert cells == [fallen, "2001-01-29", "share", "0.5", "0.25 to 0.75", "97%"]
    assert "differs by 1% or more" in page.inner_text("#cases")
    sound(page)


WORDS = "An exceedingly long title of a case that nobody thought to cut short " * 12
LONG = f"{WORDS}{'x' * 780}"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_title_makes_no_page_wider(opened, width):
    page = opened("/api/docs", width, "details")

    def longer(route) -> None:
        answer = route.fetch()
        told = answer.json()
        for each in (*told.get("cases", ()), told):
            each |= {"title": LONG, "summary": LONG}
        route.fulfill(response=answer, json=told)

    page.route("**/api/cases", longer)
    page.route("**/api/cases/template", longer)
    page.route("**/api/jobs/**", nothing)
    address = page.url.removesuffix("/api/docs")
    for where, ready in (("/", ".shelf a"), ("/?case=template", "svg.map")):
        page.goto(address + where)
        page.wait_for_selector(ready)
        assert LONG in page.inner_text("main")
        sound(page)


WORKS = {"id": "0" * 16, "kind": "contrast", "state": "running", "share": 0.1, "seconds": 1}
WORKS |= {"phase": "simulating", "ahead": 0, "parts": []}


@pytest.fixture
def busy(opened):
    """Open the page before a server that never finishes; its requests go into `page.asked`.

    The names that it gives its orders go into `page.tickets`.
    """

    def open_(where: str, width: str, ready: str):
        page = opened("/api/docs", width, "details")
        page.asked = []

        def slow(route) -> None:
            path, _, ticket = route.request.url.split("/api")[1].partition("?ticket=")
            page.asked.append((route.request.method, path))
            page.tickets += [ticket] if ticket else []
            if "only_stored" in route.request.url:
                route.fulfill(status=204)
            else:
                route.fulfill(status=200, json=WORKS)

        page.route("**/api/jobs/**", slow)
        page.route("**/api/tickets/**", slow)
        page.tickets = []
        page.goto(page.url.removesuffix("/api/docs") + where)
        page.wait_for_selector(ready)
        return page

    return open_


@pytest.mark.parametrize("width", WIDTHS)
def test_too_many_futures_are_refused_where_they_are_typed(busy, width):
    page = busy("/?case=template&without=volunteers#levers", width, "#contrast:not([disabled])")
    page.fill("#runs", "99999")
    assert page.inner_text("#runs-says") == "Futures: a whole number from 1 to 2000."
    assert page.is_disabled("#contrast")
    page.press("#runs", "Enter")
    page.wait_for_timeout(300)
    assert page.input_value("#runs") == "99999"
    assert ("POST", "/jobs/contrast") not in page.asked
    assert "runs" not in page.url
    sound(page)
    page.fill("#runs", "64")
    assert page.inner_text("#runs-says") == ""
    assert "runs=64" in page.url
    page.click("#contrast")
    page.wait_for_selector("#answer progress")
    assert ("POST", "/jobs/contrast") in page.asked


def test_a_page_that_closes_leaves_its_job(busy):
    page = busy("/?case=template&without=volunteers#levers", "wide", "#contrast:not([disabled])")
    page.click("#contrast")
    page.wait_for_selector("#answer progress")
    assert [told for told in page.asked if told[0] == "DELETE"] == []
    # As closing does; what a page still sends while it closes passes by the test's routes.
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.wait_for_timeout(200)
    left = [told for told in page.asked if told[0] == "DELETE"]
    assert left == [("DELETE", f"/tickets/{ticket}") for ticket in page.tickets]
    assert len(left) == 2  # the contrast, and the world that is kept ready for it


def test_a_page_that_closes_before_the_answer_takes_its_order_back(busy):
    page = busy("/?case=template&without=volunteers#levers", "wide", "#contrast:not([disabled])")
    held = []

    def hold(route) -> None:
        held.append(route)

    page.route("**/api/jobs/contrast?ticket=*", hold)
    page.click("#contrast")
    page.wait_for_selector("#answer progress")
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.wait_for_timeout(200)
    (route,) = held
    ticket = route.request.url.partition("?ticket=")[2]
    assert re.fullmatch("[0-9a-f]{16}", ticket)
    assert ("DELETE", f"/tickets/{ticket}") in page.asked
    route.fulfill(status=202, json={**WORKS, "state": "cancelled"})
    page.wait_for_selector("#answer .calm")


def test_every_command_on_the_page_has_the_futures_of_what_it_stands_under(busy):
    page = busy("/?case=template#data", "wide", "#story-command")
    assert page.inner_text("#story-command") == "allegiance run DIR/template --runs 128 --seed 1"
    assert page.inner_text("#run-command") == "allegiance run DIR/template --runs 500 --seed 1"
    assert page.inner_text("#report-command").endswith("--runs 500 --seed 1 --out out/template")
    assert page.locator("#contrast-command").count() == 0
    page = busy("/?case=template&runs=64&without=volunteers#data", "narrow", "#story-command")
    assert page.inner_text("#story-command") == "allegiance run DIR/template --runs 128 --seed 1"
    levers = "DIR/template --runs 64 --seed 1 --without volunteers"
    assert page.inner_text("#run-command") == f"allegiance run {levers}"
    assert page.inner_text("#contrast-command") == f"allegiance contrast {levers}"
    assert "--against out/template_as_it_is" in page.inner_text("#data")
    sound(page)


TICKS = """async (most) => {
  const { fan } = await import('/static/fan.js'), DATES = ['2001-01-01', '2002-01-01'];
  const drawn = fan('Help', '%', [{ label: 'asked', q50: [0, most] }], DATES, 8);
  return [...drawn.figure.querySelectorAll('text.end')].map((each) => each.textContent);
}"""


def test_a_scale_never_reads_nothing_twice(opened):
    page = opened("/", "wide", ".shelf a")
    for most in (0, 1e-9, 9e-6, 2e-5, 0.3, 96, 12_345):
        ticks = page.evaluate(TICKS, most)
        assert len(set(ticks)) == len(ticks) >= 3, (most, ticks)


def test_what_is_or_is_not_is_told_as_a_share_of_the_futures(opened):
    page = opened("/", "wide", ".shelf a")
    about = {"kind": "quantity", "label": "port open", "unit": "0 or 1", "n": 8, "mean": 0.875}
    about |= {"q05": 0.0, "q50": 1.0, "q95": 1.0}
    story = {"outcomes": {"port": about}, "runs": 8, "seed": 1, "theory": "default"}
    cells = page.evaluate(
        """async (story) => {
          const { outcomes } = await import('/static/story.js');
          const [made] = outcomes({ ...story, until: '2002-01-01' });
          return [...made.querySelectorAll('td')].map((each) => each.textContent);
        }""",
        story,
    )
    assert cells == ["Port open", "of futures, mean", "88%", "–", "–"]


CIRCLES = """async () => {
  const { controlMap } = await import('/static/map.js');
  const place = (i) => ({ label: `R ${i}`, lon: i % 4, lat: i / 4, area: 1, neighbours: [] });
  const war = (count) => ({ label: 'War', sides: ['a'], regions: Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`r${i}`, place(i)])) });
  return [3, 14].map((count) => {
    const picture = controlMap(war(count), { a: '#000' }).picture, box = picture.viewBox.baseVal;
    const lows = [...picture.querySelectorAll('circle.region')].map(
      (c) => c.cy.baseVal.value + c.r.baseVal.value);
    return [box.height, Math.max(...lows)];
  });
}"""


def test_a_war_of_few_regions_has_the_smaller_map(opened):
    page = opened("/", "wide", ".shelf a")
    (few, low), (many, lowest) = page.evaluate(CIRCLES)
    assert low < few < 0.7 * many
    assert lowest < many

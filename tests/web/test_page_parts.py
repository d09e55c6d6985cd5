"""Parts of the page in a real browser, with what they show given: no engine, no worker."""

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
    own = {each["address"] for each in chain if each["asked"]}
    printed: Any = tables.chain(chain, own=own)
    lines = told.locator("tbody tr")
    assert lines.count() == printed.row_count == 26
    assert "(the first 25 of 30, then what outcomes read;" in told.locator(".caption").inner_text()
    assert "(the first 25 of 30, then what outcomes read;" in str(printed.title)
    cells = lines.last.locator("td").all_text_contents()
    fallen = "Harbour: the government has fallen"
    assert cells == [fallen, "2001-01-29", "share", "0.5", "0.25 to 0.75", "97%"]
    assert "differs by 1% or more" in page.inner_text("#cases")
    sound(page)


LONG = "An exceedingly long title of a case that nobody thought to cut short " * 12


@pytest.mark.parametrize("title", [LONG, "x" * 780], ids=["words", "word"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_title_makes_no_page_wider(opened, width, title):
    page = opened("/api/docs", width, "details")

    def longer(route) -> None:
        answer = route.fetch()
        told = answer.json()
        for each in (*told.get("cases", ()), told):
            each |= {"title": title, "summary": title}
        route.fulfill(response=answer, json=told)

    page.route("**/api/cases", longer)
    page.route("**/api/cases/template", longer)
    page.route("**/api/jobs/**", nothing)
    address = page.url.removesuffix("/api/docs")
    for where, ready in (("/", ".shelf a"), ("/?case=template", "svg.map")):
        page.goto(address + where)
        page.wait_for_selector(ready)
        assert title[:700] in page.inner_text("main")
        sound(page)

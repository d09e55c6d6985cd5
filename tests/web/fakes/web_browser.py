"""What tests in a real browser share: two widths, what a sound page is, a server without work."""

from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
OUT = Path(__file__).parents[3] / "out" / "web"
LONG = 120_000  # milliseconds: a busy machine compiles that long
WIDTHS = {"wide": (1280, 900), "narrow": (390, 844)}


def nothing(route) -> None:
    """Answer for a server that neither has a result nor works one off."""
    if "only_stored" in route.request.url:
        route.fulfill(status=204)
    else:
        job = {"id": "0" * 16, "state": "refused", "error": "not in this test", "parts": []}
        route.fulfill(status=202, json=job)


def sound(page) -> None:
    """No serious violation that axe-core finds, and nothing wider than the window or cut off."""
    from axe_playwright_python.sync_playwright import Axe

    # The page's policy forbids inline scripts; axe comes in as the browser's own.
    found = page.evaluate(f"() => {{ {Path(axe_file(Axe)).read_text(encoding='utf-8')} }}")
    assert found is None
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    bad = [
        (violation["id"], [node["html"][:120] for node in violation["nodes"]][:3])
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert not bad, bad
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    tables = (
        "[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth)"
    )
    assert page.evaluate(f"() => {tables}.map((e) => e.ariaLabel)") == []


def axe_file(kind) -> Path:
    import inspect

    return Path(inspect.getfile(kind)).parent / "axe.min.js"


def pictured(page, name: str) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    page.evaluate("() => window.scrollTo(0, 0)")
    page.screenshot(path=OUT / f"{name}.png", full_page=True)

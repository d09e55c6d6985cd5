"""Only this machine's own pages and programs are answered."""

import pytest

from allegiance.web.guard import LARGEST, refusal

HOST = {"host": "127.0.0.1:8765"}


@pytest.mark.parametrize(
    "headers",
    [
        HOST,
        {"host": "localhost:1"},
        {"host": "[::1]:8765"},
        {**HOST, "origin": "http://127.0.0.1:8765", "sec-fetch-site": "same-origin"},
        {**HOST, "sec-fetch-site": "none"},
    ],
)
def test_our_own_are_let_through(headers):
    assert refusal("POST", "/api/jobs/run", headers) is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 421),
        ({"host": "evil.example:8765"}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"host": "127.0.0.1@evil.example:1"}, 421),
        ({**HOST, "origin": "http://evil.example"}, 403),
        ({**HOST, "origin": "null"}, 403),
        ({**HOST, "origin": "http://127.0.0.1:9999"}, 403),
        ({**HOST, "origin": "https://127.0.0.1:8765"}, 403),
        ({**HOST, "sec-fetch-site": "cross-site"}, 403),
        ({**HOST, "sec-fetch-site": "same-site"}, 403),
        ({**HOST, "content-length": str(LARGEST + 1)}, 413),
        ({**HOST, "content-length": "-1"}, 413),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_others_are_refused(headers, status, method):
    found = refusal(method, "/api/jobs", headers)
    assert found is not None
    assert found[0] == status


def test_a_link_from_elsewhere_may_open_the_page():
    headers = {**HOST, "sec-fetch-site": "cross-site"}
    assert refusal("GET", "/", headers) is None
    assert refusal("POST", "/", headers) is not None

import pytest

from allegiance.cases.addresses import LONGEST, Address, parse
from allegiance.cases.errors import CaseError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a.b", Address("a", None, None, "b", ())),
        ("a.b[c]", Address("a", None, None, "b", ("c",))),
        ("a.b[c,d]", Address("a", None, None, "b", ("c", "d"))),
        ("a->b.c", Address("a", "b", None, "c", ())),
        ("a/b.c[d]", Address("a", None, "b", "c", ("d",))),
        ("a.strikes.off_target_share", Address("a", None, None, "strikes.off_target_share", ())),
        ("a.side.cohesion", Address("a", None, None, "side.cohesion", ())),
    ],
)
def test_forms(text: str, address: Address):
    assert parse(text) == address
    assert str(address) == text


def test_spaces_within_keys():
    assert str(parse("a.b[c, d ]")) == "a.b[c,d]"


def test_entity():
    assert parse("a->b.c").entity == "a->b"
    assert parse("a/b.c[d]").entity == "a/b"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a.",
        ".b",
        "a.b[",
        "a.b[]",
        "a.b[c",
        "a->b",
        "a/b",
        "A.b",
        "a.b\n",
        "a..b",
        "a->b/c.d",
    ],
)
def test_not_an_address(text: str):
    with pytest.raises(CaseError, match="not an address"):
        parse(text)


def test_bounded():
    with pytest.raises(CaseError) as caught:
        parse("a." + "b" * LONGEST)
    assert len(str(caught.value)) < 400
    with pytest.raises(CaseError):
        parse("a" * 10_000_000)

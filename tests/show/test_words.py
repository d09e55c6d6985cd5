import pytest

from allegiance.show.tables import number
from allegiance.show.words import words


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.0, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.5, "roughly even chance"),
        (0.55, "likely"),
        (0.8, "very likely"),
        (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_words_of_icd_203(p, expected):
    assert words(p) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.1234, "0.123"),
        (12345.6, "12,346"),
        (1e-7, "0"),
        (99.96, "100"),
        (-2.0, "-2"),
        (-1e-9, "0"),
    ],
)
def test_numbers_as_people_read_them(value, text):
    assert number(value) == text

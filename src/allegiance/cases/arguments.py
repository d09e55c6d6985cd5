"""What a user wrote as an argument, in a command or a call: a date, a number, a whole number."""

from __future__ import annotations

import math
from datetime import date

from allegiance.cases.errors import CaseError


def day(key: str, value: object) -> date:
    """A date from what stands at `key`.

    Raises:
        CaseError: it is none.
    """
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise CaseError("no date", key=key, found=value, allowed="YYYY-MM-DD") from None


def number(value: object) -> float:
    """A number from a number or its text; NaN where it is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


def whole(key: str, value: object, least: int, most: int) -> None:
    """Check that a whole number from `least` to `most` stands at `key`.

    Raises:
        CaseError: it does not.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        allowed = f"a whole number from {least} to {most}"
        raise CaseError("out of range", key=key, found=value, allowed=allowed)

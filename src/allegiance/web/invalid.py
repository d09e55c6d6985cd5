"""A request that does not fit the description, refused as the command line refuses an option.

Place, problem, found, allowed. pydantic finds the fault; its own words name no place for a body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from allegiance.cases.errors import CaseError

WHOLE = {"body": "the body", "query": "the query", "path": "the address"}

WORDS = {
    "missing": ("missing", None),
    "extra_forbidden": ("no such key", "those that /api/docs lists"),
    "int_parsing": ("not a whole number", None),
    "int_parsing_size": ("out of range", None),
    "int_type": ("not a whole number", None),
    "int_from_float": ("not a whole number", None),
    "finite_number": ("not a whole number", None),
    "greater_than_equal": ("out of range", "{ge} or more"),
    "less_than_equal": ("out of range", "{le} or less"),
    "bool_parsing": ("neither true nor false", "true, false"),
    "list_type": ("not a list", "a list of texts"),
    "string_type": ("not a text", "a text"),
    "string_too_short": ("too short", "{min_length} characters or more"),
    "string_too_long": ("too long", "{max_length} characters or fewer"),
    "too_long": ("too many", "{max_length} or fewer"),
    "model_attributes_type": ("not an object", 'an object, such as {{"case": "NAME"}}'),
}
"""By pydantic's type of error: the problem, and what is allowed."""

FORMS = {
    "case": "lower-case letters, digits and underscores, a letter first",
    "id": "16 hexadecimal digits, as /api/jobs gives them",
    "row": "S and two digits",
}


def keyed(error: CaseError) -> str:
    """What a reader of JSON is told: the key that an order has, where an option would stand.

    The engine names places as the command line does (`--set`).
    """
    for each in (error, *error.others):
        each.key = each.key.removeprefix("--") if each.key else None
    return str(error)


def told(error: Mapping[str, Any]) -> CaseError:
    """One of pydantic's errors in a sentence that repeats little of what was sent."""
    kind, *inside = error["loc"]
    about = error.get("ctx", {})
    if error["type"] == "json_invalid":
        return CaseError(f"no JSON: {about['error']} at character {inside[-1]}", key=WHOLE["body"])
    if kind == "body" and isinstance(error.get("input"), bytes):
        # FastAPI leaves bytes that no header calls JSON as they are.
        problem = "not said to be JSON"
        return CaseError(problem, key="content-type", allowed="application/json")
    place = ".".join(str(part) for part in inside) or WHOLE.get(kind, str(kind))
    problem, allowed = WORDS.get(error["type"], (error["msg"], None))
    if error["type"] == "string_pattern_mismatch":
        problem, allowed = "not of this form", FORMS.get(place, about.get("pattern"))
    elif allowed:
        allowed = allowed.format(**about)
    found = error.get("input")
    plain = error["type"] not in ("missing", "extra_forbidden") and found is not None
    return CaseError(problem, key=place, found=found if plain else None, allowed=allowed)


def first(errors: Sequence[Mapping[str, Any]]) -> str:
    """The first of pydantic's errors, and how many more there are."""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{told(errors[0])}{more}"

"""From a document to a model of `schema`: its errors with file, line, key and what is allowed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from allegiance.cases.errors import MOST, CaseError, listed, nearest, raise_first
from allegiance.cases.reading import Document, Place, dotted, untold
from allegiance.cases.schema import PLAIN

M = TypeVar("M", bound=BaseModel)

MISSING = "the key is missing"

_KINDS = {
    "float_type": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "bool_type": "true or false",
    "date_type": "a date YYYY-MM-DD",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "list_type": "a list",
}
_PATTERNS = {
    r"^[A-F][1-6]$": "a letter A to F and a digit 1 to 6, such as B2",
    PLAIN: "text without control characters",
}
_NAMED = "lower-case letters, digits and underscores, a letter first"
_LIMITS = {
    "greater_than_equal": ("ge", "at least {}"),
    "greater_than": ("gt", "above {}"),
    "less_than_equal": ("le", "at most {}"),
    "less_than": ("lt", "below {}"),
    "too_short": ("min_length", "at least {} items"),
    "too_long": ("max_length", "at most {} items"),
    "string_too_long": ("max_length", "at most {} characters"),
    "literal_error": ("expected", "{}"),
}


def validated(document: Document, model: type[M]) -> M:
    """The document as a `model`.

    Raises:
        CaseError: it is none; the first error, with up to MOST - 1 more in `others`.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        found = error.errors(include_url=False)[:MOST]
        told = sorted((_translated(e, document, model) for e in found), key=_order)
        if document.elsewhere:
            raise untold(told[0]) from None
        raise_first(told)
        raise


def _order(error: CaseError) -> tuple[bool, int]:
    """By line; missing keys last, because a misspelled key is missing too."""
    return error.problem == MISSING, error.line or 0


def _translated(error: Any, document: Document, model: type[BaseModel]) -> CaseError:
    kind, context = error["type"], error.get("ctx", {})
    place = _place(error["loc"])
    found, near = error["input"], None
    problem = "not a value for this key"
    allowed = context.get("allowed") or _KINDS.get(kind) or error["msg"]
    if kind == "string_pattern_mismatch":
        allowed = _PATTERNS.get(context["pattern"], _NAMED)
    elif kind in _LIMITS:
        name, text = _LIMITS[kind]
        problem = "unknown word" if kind == "literal_error" else "out of range"
        allowed = text.format(_bound(context[name]))
    elif kind == "missing":
        problem, found, allowed = MISSING, None, f"{place[-1]} is required"
    elif kind == "extra_forbidden":
        problem, found = "unknown key", str(place[-1])
        keys = [field.alias or name for name, field in _fields(model, place[:-1]).items()]
        allowed, near = listed(keys, 40), nearest(place[-1], keys)
    elif kind == "case":
        problem, found = error["msg"], context.get("found")
    return CaseError(
        problem,
        file=document.file,
        line=document.line(place),
        key=dotted(place) or None,
        found=found,
        allowed=allowed,
        nearest=near,
    )


def _bound(limit: Any) -> str:
    """A limit as people write it: 1, not 1.0."""
    return f"{limit:.12g}" if isinstance(limit, float) else str(limit)


def _place(loc: tuple[int | str, ...]) -> Place:
    """A place from pydantic's, which writes a date as `datetime.date(2001, 1, 1)`."""
    parts: list[int | str] = []
    for part in loc:
        day = re.fullmatch(r"datetime\.date\((\d+), (\d+), (\d+)\)", str(part))
        if day:
            parts.append(str(date(int(day[1]), int(day[2]), int(day[3]))))
        elif part != "[key]":
            parts.append(part)
    return tuple(parts)


def _fields(model: type[BaseModel], place: Place) -> dict[str, Any]:
    """Fields of the model that stands at `place`."""
    at: Any = model
    for part in place:
        if isinstance(at, type) and issubclass(at, BaseModel):
            named = {f.alias or name: f for name, f in at.model_fields.items()}
            if part not in named:
                return {}
            at = named[str(part)].annotation
        else:
            at = _inner(at)
        at = _without_none(at)
    return at.model_fields if isinstance(at, type) and issubclass(at, BaseModel) else {}


def _inner(annotation: Any) -> Any:
    """Type of the items of a list or of the values of a mapping."""
    return get_args(annotation)[-1] if get_args(annotation) else annotation


def _without_none(annotation: Any) -> Any:
    """`X` of `X | None`; anything else as it is."""
    args = get_args(annotation)
    if type(None) in args:
        return next(arg for arg in args if arg is not type(None))
    return annotation

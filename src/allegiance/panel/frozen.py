"""The hash of the inputs of the crises: over what is coded, not over who says so.

Whoever has seen scores must not turn an input, not even by accident; a source that confirms an
input may still be added to it. So the hash covers the rule of choice, every episode with its names,
dates, kind, support and trigger, and every figure's value and range. It leaves out a figure's
`source`, `assumed`, `note` and `unit`, comments, and the order and the spelling of the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FIGURE = ("value", "low", "high")
"""What a figure is; the rest of it says where it comes from."""


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of a file of records as it was read."""
    episodes = {
        name: {
            **{key: value for key, value in record.items() if key != "figures"},
            "figures": {id: _numbers(figure) for id, figure in record["figures"].items()},
        }
        for name, record in data["records"].items()
    }
    frozen = {"rule": data.get("rule"), "records": episodes}
    text = json.dumps(frozen, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _numbers(figure: Mapping[str, Any]) -> list[float | None]:
    """Value, low and high; a whole number and the same with a point are one."""
    return [None if figure.get(key) is None else float(figure[key]) for key in FIGURE]

"""Units of what can be recorded, by noun; a name never hides a unit."""

from __future__ import annotations

from allegiance.cases.addresses import parse
from allegiance.cases.errors import CaseError

SHARES = (
    *("support", "income_loss", "off_target_share", "civilian_share", "dependence", "alarm"),
    *("autonomy", "trust", "alignment", "pledge", "asked", "delivered", "recognition"),
    *("credibility", "sanctions", "control", "people", "cohesion", "posture", "rules"),
    *("deterring", "covered", "steered", "regrouped", "legitimacy", "strain"),
    *("commitment", "short", "siege", "access", "self_help", "price", "leverage", "protest"),
)
UNITS: dict[str, str] = {
    **dict.fromkeys(SHARES, "share"),
    **dict.fromkeys(("treasury", "debt"), "bn USD"),
    **dict.fromkeys(("force", "deployed"), "thousand persons"),
    **dict.fromkeys(("losses", "spent", "killed", "displaced"), "thousand persons"),
    **dict.fromkeys(("strength", "believed", "odds", "fortune", "defeat"), "log"),
    **dict.fromkeys(("fallen", "exile", "open", "holder"), "0 or 1"),
    **dict.fromkeys(("exports", "capital", "investment", "pay"), "relative to the start"),
    "air": "thousand sorties a year",
    "strikes": "thousand sorties",
    "doubt": "log squared",
}
"""By the last word of the noun; what is absent is an index without a unit."""


def unit_of(address: str) -> str:
    """Unit of an address, empty for an index or where `address` is none."""
    try:
        return UNITS.get(parse(address).noun.split(".")[-1], "")
    except CaseError:
        return ""

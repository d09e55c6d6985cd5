"""Words of estimative probability: Intelligence Community Directive 203 (2015), D.6.e.(2)(a)."""

from __future__ import annotations

ICD_203 = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.0, "almost certain"),
)
"""Upper end of each band and its words."""


def words(p: float) -> str:
    """The words for a probability; never to be shown without the number."""
    return next(text for most, text in ICD_203 if p < most or most == 1.0)

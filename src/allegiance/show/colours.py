"""Colours that colour-blind readers can tell apart, for every picture.

Okabe & Ito (2008), Color Universal Design: blue, vermilion, green, purple, orange, sky, black, and
a grey for what is left over. Lines differ in their dashes too, so that a grey print stays legible.
"""

from __future__ import annotations

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

GREY = "#767676"
"""For what belongs to nobody; 4.5 to 1 against white."""


def faded(colour: str, alpha: float) -> str:
    """A colour `#RRGGBB` that lets through what lies below it, as CSS writes it."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"

"""The Admiralty grade, read as the probability that an item is true.

The scale (NATO AJP-2.1; US Army FM 2-22.3, appendix B) grades a source A-F and its information 1-6
and gives no numbers. The probabilities are assumed: in the order of the words, an even chance where
nothing can be judged (F, 6), never 0 or 1. The two are joined by the mean of their log odds. MISP's
taxonomy spaces the same grades evenly from 0 to 100, which would rule an E or a 5 out for good.
"""

from __future__ import annotations

import math

RELIABILITY = {"A": 0.98, "B": 0.92, "C": 0.8, "D": 0.5, "E": 0.25, "F": 0.5}
"""Probability that what the source says is true; assumed."""

CREDIBILITY = {"1": 0.98, "2": 0.9, "3": 0.7, "4": 0.35, "5": 0.1, "6": 0.5}
"""Probability that the information is true, whoever says it; assumed."""


def probability(grade: str) -> float:
    """Probability that an item of this grade (`B2`) is true."""
    odds = [p / (1.0 - p) for p in (RELIABILITY[grade[0]], CREDIBILITY[grade[1]])]
    return 1.0 / (1.0 + math.exp(-sum(map(math.log, odds)) / 2.0))

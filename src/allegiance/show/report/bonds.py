"""What became of the patrons' other ties: medians of this run, and the other world beside it."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.explain.contrast import difference
from allegiance.show.cards import clear
from allegiance.show.figures.inputs import Inputs
from allegiance.show.report.causes import MONTH, aligned
from allegiance.show.report.stored import Stored

HALF = 182
NOTABLE = 0.01
"""Change of a share that the words of a report count."""

NOUNS = {
    "trust": "the share of the patron's pledges that the client expects to be kept",
    "alignment": "the client's weight on the patron, of all powers and itself",
}
"""Both 0 to 1."""


def bonds(
    stored: Stored,
    inputs: Inputs,
    outcome: str | None,
    powers: list[str],
    client: str | None,
    other: Inputs | None = None,
) -> list[dict[str, Any]]:
    """For each patron and each of NOUNS: the rows of its other clients, in the order of change.

    `other` are the futures of a second world with the same noise.
    """
    case = stored.scenario.files.case
    return [
        {
            "power": case.powers[power].label,
            "noun": noun,
            "means": means,
            "rows": rows,
            "lost": [row for row in rows if row["change"] < -NOTABLE],
            "gained": [row for row in reversed(rows) if row["change"] > NOTABLE],
            "apart": _apart(rows),
        }
        for power in powers
        for noun, means in NOUNS.items()
        if (rows := _rows(stored, inputs, outcome, power, noun, client, other))
    ]


def _apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Clients whose tie differs clearly between the worlds, the largest difference first."""
    told = [row for row in rows if row["differs"] and clear(row["differs"])]
    some = [row for row in told if abs(row["differs"]["difference"]) > NOTABLE]
    return sorted(some, key=lambda row: -abs(row["differs"]["difference"]))


def _rows(
    stored: Stored,
    inputs: Inputs,
    outcome: str | None,
    power: str,
    noun: str,
    client: str | None,
    other: Inputs | None,
) -> list[dict[str, Any]]:
    """Medians at the start, around the event and at the end.

    `differs` are the means at the end in both worlds with the paired interval, as the table of
    outcomes has them: the difference of two medians would be another figure.
    """
    happens = outcome is not None and np.isfinite(inputs.futures.values[outcome]).any()
    found = []
    for name, about in stored.scenario.files.case.clients.items():
        address = f"{name}->{power}.{noun}"
        if name == client or address not in inputs:
            continue
        start, end = inputs.fan(address, steps=[0, -1])[2].tolist()
        row: dict[str, Any] = {"label": about.label, "start": start, "end": end}
        row |= {"before": None, "after": None, "differs": None, "change": end - start}
        if other is not None and address in other:
            one, two = (x.paths(address)[:, -1].astype(float) for x in (inputs, other))
            row["differs"] = difference("quantity", one, two)
        if happens and outcome is not None:
            pair = aligned(inputs, address, outcome, (-MONTH, HALF))
            row["before"], row["after"] = (float(np.median(side)) for side in pair)
            row["change"] = float(np.median(pair[1] - pair[0]))
        found.append(row)
    return sorted(found, key=lambda row: row["change"])

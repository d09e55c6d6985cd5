"""The dated inputs: what a case's start levels and timeline may give the model, by address."""

from __future__ import annotations

from typing import NamedTuple


class Input(NamedTuple):
    """One noun of the language: who may bear it, which keys it takes and how far it may go.

    `subject` and `keys` are kinds of names: power, client, theatre, region, side, tie (client to
    power) and rivalry (power to power). `axes` are the letters of its array.
    """

    noun: str
    subject: str
    keys: tuple[str, ...]
    axes: str
    share: bool
    pulse: bool = False
    meaning: str = ""


INPUTS: dict[str, Input] = {
    entry.noun: entry
    for entry in (
        Input("burden_force", "theatre", ("power",), "kp", False, meaning="thousand persons bound"),
        Input("burden_money", "theatre", ("power",), "kp", False, meaning="bn USD a year bound"),
        Input("burden_air", "theatre", ("power",), "kp", False, meaning="thousand sorties a year"),
        Input("burden_losses", "theatre", ("power",), "kp", False, meaning="thousand lost a year"),
        Input("ground", "theatre", ("power",), "kp", False, meaning="thousand persons offered"),
        Input("air", "theatre", ("power",), "kp", False, meaning="thousand sorties a year offered"),
        Input("restraint", "theatre", ("power",), "kp", True, meaning="reluctance to act"),
        Input("sponsor", "theatre", ("power", "side"), "kps", False, meaning="thousand fighters"),
        Input("air_defence", "theatre", ("side",), "ks", True, meaning="share of effort kept off"),
        Input("recruits", "power", (), "p", False, meaning="thousand persons a year"),
        Input("economy", "client", (), "c", False, meaning="factor, 1 = undisturbed"),
        Input("embargo", "client", (), "c", True, meaning="share of income lost"),
        Input("danger", "client", (), "c", True, meaning="by a war that is not simulated"),
        Input("uprising", "client", (), "c", True, meaning="revolt that is not simulated"),
        Input("sanctions", "rivalry", (), "pq", True, meaning="of the first on the second"),
        Input("sides_with_enemy", "tie", (), "cp", True, meaning="power with the client's enemy"),
        Input("deals", "tie", (), "cp", True, meaning="arms, energy, visits"),
        Input("refusal", "tie", (), "cp", True, meaning="the power denies a technology"),
        Input("deters", "tie", (), "cp", True, meaning="the power keeps others from attacking"),
        Input("detente", "rivalry", (), "pq", True, meaning="settlement between two powers"),
        Input("denounces", "rivalry", (), "pq", True, meaning="the first calls the second traitor"),
        Input("resolution", "client", (), "c", True, meaning="sanctions tabled at the Council"),
        Input("mediation", "power", (), "p", True, meaning="a negotiation track of its own"),
        Input("summit", "power", (), "p", True, pulse=True, meaning="the power convenes a summit"),
        Input("demonstrations", "power", (), "p", True, meaning="protest against its wars abroad"),
        Input(
            "attacked", "tie", (), "cp", True, pulse=True, meaning="the power attacks the client"
        ),
        Input("occupied", "tie", (), "cp", True, meaning="the power holds the client's country"),
        Input("revealed", "power", (), "p", True, pulse=True, meaning="strength shown elsewhere"),
        Input("arrivals", "region", ("side",), "rs", False, pulse=True, meaning="thousand persons"),
        Input("priority_elsewhere", "theatre", ("power",), "kp", True, meaning="a sponsor's own"),
        Input("propaganda", "power", (), "p", True, meaning="effort to confuse"),
        Input("fed_alarm", "theatre", ("power",), "kp", True, meaning="signals of a fall to come"),
        Input("fed_calm", "theatre", ("power",), "kp", True, meaning="signals that all is well"),
        Input("populists", "tie", (), "cp", True, meaning="populists in the client, by the power"),
    )
}
"""By noun. A noun is also the name of its array in `Given` (`arrivals`: in `Today`)."""

MULTIPLIES = "economy"
"""The one input whose changes multiply; it rests at 1, all others at 0."""

OFFERED = ("ground", "air")
"""Inputs whose start level is a figure of `theatres.*.powers.*`."""

OF_WAR = ("sponsor", "air_defence", "arrivals", "priority_elsewhere", "fed_alarm", "fed_calm")
"""Inputs that only a simulated war consumes."""

UNSIMULATED = ("danger", "uprising")
"""Inputs that tell what no theatre simulates; refused for a client whose war is simulated."""


def rest(noun: str) -> float:
    """The level where a case says nothing."""
    return 1.0 if noun == MULTIPLIES else 0.0

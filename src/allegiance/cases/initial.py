"""The world on the first day."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.cases.axes import Axes
from allegiance.cases.constants import regions_of
from allegiance.cases.schema import CaseFile
from allegiance.world.arrays import Array
from allegiance.world.case import Case
from allegiance.world.nouns import (
    Beliefs,
    Clients,
    Powers,
    Regions,
    Rivalries,
    Sites,
    Theatres,
    Ties,
    World,
)

FLOOR = 1e-3
"""Least share of any side in any region, absent or padded: verbs take its logarithm."""

BELIEF_VARIANCE = 0.25
"""Of log strength: strangers err by half a log unit (assumed)."""

BELIEVED, DOUBTED = 3.0, 1.0
"""Beta evidence for and against a power's claims at the start: mostly believed (assumed)."""

ALARM = 0.1
"""Of a regime whose war is simulated, at the start (assumed)."""

POSTURE = 0.2
"""Readiness of every side to attack at the start (assumed)."""

COHESION = 0.97
"""Share of an army that fights where a case says nothing (assumed)."""

LEGITIMACY = 1.0
"""Where a case says nothing of it: nobody disputes who may invite whom."""


def initial(case: CaseFile, axes: Axes, constants: Case) -> World:
    """Stocks at the start, single precision, without a run axis."""
    control = _control(case, axes)
    weight = constants.in_theatre * constants.people[None]
    held = np.log(np.maximum(weight @ control, FLOOR))
    parts = World(
        powers=_powers(case, axes),
        clients=_clients(constants, axes, held),
        ties=_ties(case, axes, constants),
        beliefs=_beliefs(axes, constants),
        rivalries=Rivalries(
            # Where nothing pins a pair its start level is 0.
            sanctions=constants.given.sanctions,
            detente=np.zeros(axes.shape("pq")),
            price=np.zeros(axes.shape("pq")),
        ),
        theatres=_theatres(case, axes, constants, held),
        regions=Regions(
            force=axes.tables("rs", {n: x.region.force for n, x in regions_of(case).items()}),
            control=control,
            siege=np.zeros(axes.shape("r")),
            displaced=np.zeros(axes.shape("r")),
            killed=np.zeros(axes.shape("r")),
        ),
        sites=Sites(
            holder=axes.fill("bp", {(n, site.holder): 1.0 for n, site in case.sites.items()}),
            access=axes.fill("b", {n: site.access.value for n, site in case.sites.items()}),
        ),
    )
    single: Any = [type(part)(*(array.astype(np.float32) for array in part)) for part in parts]
    return World(*single)


def _powers(case: CaseFile, axes: Axes) -> Powers:
    powers = case.powers.items()
    zeros = np.zeros(axes.shape("p"))
    stocks = dict.fromkeys(Powers._fields, zeros)
    stocks["treasury"] = axes.fill("p", {name: power.treasury.value for name, power in powers})
    stocks["force"] = axes.fill("p", {name: power.force.value for name, power in powers})
    stocks["support"] = axes.fill("p", {name: power.support.value for name, power in powers})
    stocks["exports"] = zeros + 1.0
    return Powers(**stocks)


def _clients(constants: Case, axes: Axes, held: Array) -> Clients:
    """`held` is the log of each side's population-weighted control [k, s]."""
    zeros = np.zeros(axes.shape("c"))
    here = constants.client_of * constants.theatre_on[:, None]
    stocks = dict.fromkeys(Clients._fields, zeros)
    stocks["treasury"] = constants.revenue * constants.client_gdp
    stocks["capital"] = stocks["investment"] = zeros + 1.0
    stocks["alarm"] = ALARM * here.sum(axis=0)
    stocks["losing"] = here.T @ held[:, 0]
    return Clients(**stocks)


def _ties(case: CaseFile, axes: Axes, constants: Case) -> Ties:
    clients = case.clients
    zeros = np.zeros(axes.shape("cp"))
    stocks = dict.fromkeys(Ties._fields, zeros)
    stocks["pledge"] = axes.tables("cp", {name: client.pledge for name, client in clients.items()})
    stocks["debt"] = axes.tables("cp", {name: client.debt for name, client in clients.items()})
    stocks["alpha"], stocks["beta"] = constants.resting_alpha, constants.resting_beta
    stocks["alignment"] = _alignment(case, axes)
    return Ties(**stocks)


def _alignment(case: CaseFile, axes: Axes) -> np.ndarray:
    """Shares of each client over the powers and autonomy [c, p + 1]; padding is autonomous."""
    shares = np.zeros((axes.size["client"], axes.size["power"] + 1))
    shares[len(case.clients) :, -1] = 1.0
    column = axes.place["power"] | {"autonomy": -1}
    for row, client in enumerate(case.clients.values()):
        for name, share in client.alignment.values.items():
            shares[row, column[name]] = share
    return shares / shares.sum(axis=1, keepdims=True)


def _beliefs(axes: Axes, constants: Case) -> Beliefs:
    """At the start every watcher believes the façade [o, p]."""
    watchers = np.concatenate([constants.client_on, constants.power_on])[:, None]
    everyone = np.ones((len(watchers), axes.size["power"]))
    return Beliefs(
        mean=watchers * (constants.strength_start + constants.facade)[None],
        variance=BELIEF_VARIANCE * everyone,
        believed=BELIEVED * everyone,
        doubted=DOUBTED * everyone,
    )


def _theatres(case: CaseFile, axes: Axes, constants: Case, held: Array) -> Theatres:
    theatres = case.theatres
    zeros, one_each = np.zeros(axes.shape("ks")), np.ones(axes.shape("ks"))
    given = axes.tables("ks", {n: t.cohesion for n, t in theatres.items()}, default=COHESION)
    rules = zeros.copy()
    rules[: len(theatres), 0] = 1.0
    commitment = {
        (name, power): there.commitment.value
        for name, theatre in theatres.items()
        for power, there in theatre.powers.items()
        if there.commitment
    }
    stocks = dict.fromkeys(Theatres._fields, zeros)
    by_power = ("deployed", "air", "short", "exile", "deterring", "covered", "steered")
    stocks |= dict.fromkeys(by_power, np.zeros(axes.shape("kp")))
    stocks |= {"fallen": np.zeros(axes.shape("k")), "regrouped": np.zeros(axes.shape("ks"))}
    stocks["cohesion"] = np.where(constants.side_on > 0, given, 1.0)
    stocks["legitimacy"] = axes.tables(
        "ks", {n: t.legitimacy for n, t in theatres.items()}, default=LEGITIMACY
    )
    stocks["ground"] = held
    stocks["pay"] = one_each
    stocks["posture"] = POSTURE * constants.side_on
    stocks["rules"] = rules
    stocks["commitment"] = axes.fill("kp", commitment)
    return Theatres(**stocks)


def _control(case: CaseFile, axes: Axes) -> np.ndarray:
    """Shares of each region [r, s], all at least FLOOR; padding belongs to the government."""
    shares = np.zeros(axes.shape("rs"))
    shares[len(axes.names.region) :, 0] = 1.0
    for name, (_, region) in regions_of(case).items():
        for side, share in region.control.values.items():
            shares[axes.at("rs", (name, side))] = share
    shares /= shares.sum(axis=1, keepdims=True)
    # Keeps the sum at 1 and every share at the floor or above, which clipping would not.
    return FLOOR + (1.0 - FLOOR * shares.shape[1]) * shares

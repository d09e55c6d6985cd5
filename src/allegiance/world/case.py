"""The constants of a case, and what its timeline gives each week. Both are plain arrays.

The verbs read names of fields, never names of countries. Index sets as in `nouns`; `m` are the
motives and `t` the targets (every side, then civilians). Constants carry no run axis in the case
folder; the engine adds one of length 1, so that they broadcast over the runs.
"""

from __future__ import annotations

from typing import NamedTuple

from allegiance.world.arrays import Array

MOTIVES = ("survival", "reach", "status", "fear", "stated")
"""What a patron may pursue: the client's survival, bases and rents, a seat at the top table,
fear of contagion, and the aim that it announces."""

CHOICES = ("out", "in", "draw_down", "trade_away")
"""What a power may choose in a theatre. In the timeline: enter, draw_down, leave, trade_away."""

DAYS = 7
"""Substeps of a step: a cascade lasts days."""

YEAR = 365.25
"""Days in a year."""


class Given(NamedTuple):
    """Outside inputs of one step. A quantity stands here or in the world, never in both."""

    burden_force: Array  # [k, p] thousand persons that an outside war claims from p
    burden_money: Array  # [k, p] bn USD a year, likewise
    burden_air: Array  # [k, p] thousand sorties a year, likewise
    burden_losses: Array  # [k, p] thousand persons a year lost there
    recruits: Array  # [p] thousand persons a year the power raises for its wars
    ground: Array  # [k, p] thousand persons offered to the side it backs, once in
    air: Array  # [k, p] thousand sorties a year offered, once in
    sponsor: Array  # [k, p, s] thousand fighters that p pays and arms
    restraint: Array  # [k, p] reluctance of p to act or to counter others, 0..1
    air_defence: Array  # [k, s] share of enemy air effort kept off, 0..1
    economy: Array  # [c] outside shocks to the client's economy, 1 = none
    embargo: Array  # [c] share of the client's income lost to sanctions
    sanctions: Array  # [p, q] sanctions of p on q, where the timeline gives them
    danger: Array  # [c] danger to the client from a war that is not simulated, 0..1
    attacked: Array  # [c, p] 1 in the step in which p attacks c
    occupied: Array  # [c, p] how far p holds c and installs its regime, 0..1
    sides_with_enemy: Array  # [c, p] 1 where p sides with the client's enemy
    deals: Array  # [c, p] business of p with c in arms, energy and visits, 0..1
    detente: Array  # [p, q] settlement of p with its old enemy q, 0..1
    denounces: Array  # [p, q] p broadcasts the inconsistency of q as treason, 0..1
    refusal: Array  # [c, p] p denies c a technology that it had or wants, 0..1
    deters: Array  # [c, p] p stands between c and others' attacks on it, 0..1
    resolution: Array  # [c] sanctions tabled against c at the Security Council, share of income
    mediation: Array  # [p] a negotiation track of p's own that is alive, 0..1
    summit: Array  # [p] 1 in the step in which p convenes a summit
    demonstrations: Array  # [p] protest of p's public against its wars abroad, 0..1
    uprising: Array  # [c] revolt against a client that is not simulated, 0..1
    revealed: Array  # [p] 1 in the step in which a war elsewhere tests p's strength
    choice: Array  # [k, p] pinned choice: -1 none, else the index in CHOICES
    blocked: Array  # [k, p] 1 where this entry of p may never happen
    choice_share: Array  # [k, p] share of the step left after the pinned choice
    priority_elsewhere: Array  # [k, p] pull of a priority of p's own outside the theatre, 0..1
    propaganda: Array  # [p] effort of p to confuse whoever watches, 0..1
    fed_alarm: Array  # [k, p] signals fed to p that its client is about to fall, 0..1
    fed_calm: Array  # [k, p] signals fed to p that its client is safe, 0..1
    populists: Array  # [c, p] backing of populists in c by p, 0..1
    released: Array  # [] 1 from the step on in which the timeline pins no choices any more


class Today(NamedTuple):
    """Outside inputs of one substep: events act on their day, not in their week."""

    arrivals: Array  # [r, s] thousand persons that join a side from outside
    launch: Array  # [k, s] 1 on the day of a pinned offensive
    truce: Array  # [k, s, s] truce between two sides, 0..1


class Standing(NamedTuple):
    """What of a war no day changes: worked out once a step, before its substeps."""

    help: Array  # [k, s] foreign ground force that fights for each side, thousand persons
    flown: Array  # [k, s] air effort for each side, thousand sorties a year
    unity: Array  # [k, s] share of a side's strength that infighting leaves
    mettle: Array  # [k, s] fighting strength of a side's soldier as battle finds it
    felt: Array  # [k, s] help as an army that believes in its senders feels it
    resolve: Array  # [k, s] nerve of an army apart from odds, help and defeat


class Case(NamedTuple):
    """Constants; the engine replaces `given` every step and `today` every substep.

    In the verbs that act once a step, `today` is its first substep and `standing` is empty: each
    works out what it needs of it from the world that it finds.
    """

    given: Given
    today: Today
    standing: Standing | tuple[()]
    # powers
    power_on: Array  # [p] 1 where the power exists (the rest is padding)
    gdp: Array  # [p] bn USD
    surplus: Array  # [p] bn USD a year for ventures abroad in a normal year
    arms_exports: Array  # [p] bn USD a year at the start
    veto: Array  # [p] 1 for permanent members of the Security Council
    peak_treasury: Array  # [p] bn USD at which saving stops
    peak_force: Array  # [p] thousand persons that can be deployed at most
    air_capacity: Array  # [p] thousand sorties a year that can be sent abroad
    facade: Array  # [p] claimed minus real log strength
    strength_zero: Array  # [p] mean log force of the powers at the start, the same for all
    strength_start: Array  # [p] real log strength at the start
    resting_support: Array  # [p]
    audience: Array  # [p] weight of the loyalist audience
    motive: Array  # [p, m] shares
    openness: Array  # [p] foreign trade as a share of GDP
    trade: Array  # [p, q] share of p's trade with q
    rival: Array  # [p, q] 1 where q is p's rival
    kinship: Array  # [p, c] likeness of the power's regime to the client's, 0..1
    # clients
    client_on: Array  # [c]
    client_gdp: Array  # [c] bn USD
    revenue: Array  # [c] share of GDP that the regime can spend
    likeness: Array  # [o, c] likeness of watcher o to client c, 0..1
    affinity: Array  # [c, p] affinity that trust and aid do not explain, log scale
    resting_alpha: Array  # [c, p] trust to which memory decays
    resting_beta: Array  # [c, p]
    proximity: Array  # [c, p] 1 for neighbours of the power, less for others
    rents: Array  # [c, p] bn USD a year that the power draws from the tie
    enemy: Array  # [c, o] 1 where the client counts o (a client or a power) as its rival
    at_war: Array  # [c] share of the client's people who live where its war is simulated
    need: Array  # [c, p] thousand persons the power would send to a client with no theatre
    hosts: Array  # [c, k] who flees to the client: share of the theatre's displaced over its people
    # theatres
    theatre_on: Array  # [k]
    client_of: Array  # [k, c] 1 for the client whose survival is at stake
    side_on: Array  # [k, s]
    hostile: Array  # [k, s, s] 1 where two sides fight
    challenger: Array  # [k, s] 1 for sides that may launch an offensive
    heir: Array  # [k, s] 1 for sides that may rule after the fall
    moderate: Array  # [k, s] 1 for the mainstream opposition
    radical: Array  # [k, s] 1 for the side to which the radicalised go
    backs: Array  # [k, p, s] 1 for the side that p helps
    contender: Array  # [k, p] 1 where p may intervene
    pinned: Array  # [k, p] 1 where the timeline gives p's choice
    launches_pinned: Array  # [k, s] 1 where the timeline gives the side's offensives
    sanctions_pinned: Array  # [p, q] 1 where the timeline gives the sanctions
    stake: Array  # [k, p, m] value that each motive finds in the theatre, 0..1
    named_enemy: Array  # [k, p, s] 1 for the announced target
    pursues: Array  # [k, p, s] 1 for sides that p strikes at all
    distance: Array  # [k, p] share of its force that the power brings to bear without a base
    own_air: Array  # [k, s] thousand sorties a year of the side's own
    mobilised: Array  # [k, s] thousand fighters per million people who support and are held
    upkeep_start: Array  # [k] thousand persons the government can pay in full at the start
    quality: Array  # [k, s] fighting strength of a soldier against the standard, 1 = standard
    reserve: Array  # [k, s] men a side can raise in all, against what it could hold at once
    unproven: Array  # [k, s] how much of what an army is worth nobody knows, 0..1
    discipline: Array  # [k, s] how far the army's margin lies from the case's mean
    # regions
    region_on: Array  # [r]
    in_theatre: Array  # [k, r] 1 for the theatre of the region
    theatre_of: Array  # [r] number of that theatre; 0 in padding
    area: Array  # [r] share of the theatre's area
    people: Array  # [r] share of the theatre's population
    population: Array  # [r] million persons at the start
    seat: Array  # [r] 1 for the seat of government
    adjacent: Array  # [r, r] 1 for neighbours, rows sum to 1
    backing: Array  # [r, s] share of the people who support the side
    priority: Array  # [r, s] how much the side wants to hold the region
    # sites
    site_on: Array  # [b]
    site_client: Array  # [b, c]
    site_region: Array  # [b, r]
    site_reach: Array  # [b, k] 1 for theatres that the site brings into reach
    site_value: Array  # [b, p] worth to the power, 0..1
    # noise streams, one per entity, so that order and name carry no meaning
    power_stream: Array  # [p]
    client_stream: Array  # [c]
    theatre_stream: Array  # [k]
    side_stream: Array  # [s]
    region_stream: Array  # [r]
    site_stream: Array  # [b]

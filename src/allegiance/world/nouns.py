"""The stocks of the world: everything a week may change, and nothing else.

Index sets, fixed for a case: powers `p` (and `q`), clients `c`, watchers `o` (the clients, then
the powers), theatres `k`, regions `r`, sides `s` (0 is the incumbent government), sites `b`.
Every array ends with the run axis, which the comments leave out.

Units: force in thousand persons, money in billion constant US dollars, air effort in thousand
sorties a year, persons harmed in thousands, time in years, shares in [0, 1], strength as log
force relative to the mean of the case's powers at the start.
"""

from __future__ import annotations

from typing import NamedTuple

from allegiance.world.arrays import Array


class Powers(NamedTuple):
    """Great and middle powers: what they can spend and what home makes of it."""

    treasury: Array  # [p] bn USD that can be spent on ventures abroad
    force: Array  # [p] thousand persons that can be deployed
    support: Array  # [p] share of the home public that supports the ruler
    anger: Array  # [p] anger of the loyalist audience, >= 0
    impunity: Array  # [p] ventures that went unpunished and are remembered, >= 0
    fear: Array  # [p] fear of contagion by revolts abroad, >= 0
    success: Array  # [p] foreign success still felt at home, may be negative
    income_loss: Array  # [p] share of GDP lost to sanctions now
    exports: Array  # [p] arms exports relative to the start
    leverage: Array  # [p] leverage from own negotiation tracks
    protest: Array  # [p] protest of its public against a war abroad


class Clients(NamedTuple):
    """Regimes and third states; everyone who watches and may be helped."""

    treasury: Array  # [c] bn USD
    capital: Array  # [c] economy relative to the start, worn down by war
    dependence: Array  # [c] share of its strength that is help
    alarm: Array  # [c] danger to the regime as it sees it, 0..1
    losing: Array  # [c] population-weighted control lost, log, with a memory of months
    self_help: Array  # [c] own programme of the denied technology, 0..1
    strain: Array  # [c] strain by refugees and backed populists
    investment: Array  # [c] foreign investment relative to the start
    sanctions: Array  # [c] sanctions of the Security Council, share of income lost


class Ties(NamedTuple):
    """What binds a client to each power."""

    pledge: Array  # [c, p] promised help as a share of the offer, 0..1
    asked: Array  # [c, p] help asked this week, share of the offer
    delivered: Array  # [c, p] help delivered this week, share of the offer
    owed: Array  # [c, p] help asked since the crisis began, share-years
    honoured: Array  # [c, p] help delivered since the crisis began, share-years
    alpha: Array  # [c, p] Beta evidence that the power keeps its word
    beta: Array  # [c, p] Beta evidence that it does not
    alignment: Array  # [c, p + 1] shares; the last column is autonomy
    recognition: Array  # [c, p] influence gained by recognising the regime, 0..1
    debt: Array  # [c, p] bn USD owed to the power
    grievance: Array  # [c, p] memory of having been attacked by the power, >= 0


class Beliefs(NamedTuple):
    """What each watcher believes of each power's strength, and of its word."""

    mean: Array  # [o, p] log strength
    variance: Array  # [o, p]
    believed: Array  # [o, p] Beta evidence that its claims are true
    doubted: Array  # [o, p] Beta evidence that they are not


class Rivalries(NamedTuple):
    """Between powers: first index acts, second is acted upon."""

    sanctions: Array  # [p, q] sanctions of p on q, 0..1
    detente: Array  # [p, q] 0..1
    price: Array  # [p, q] price that partner q extracts from p, share


class Theatres(NamedTuple):
    """Wars: sides and the powers that act in them."""

    cohesion: Array  # [k, s] share of an army that fights
    mood: Array  # [k, s] Ornstein-Uhlenbeck noise in an army's morale
    fortune: Array  # [k, s] Ornstein-Uhlenbeck noise in log fighting strength
    worth: Array  # [k, s] standard normal: what an army is worth against its paper, set once
    ground: Array  # [k, s] log of the population-weighted control at the last reckoning
    defeat: Array  # [k, s] recent loss of population-weighted control, log
    pay: Array  # [k, s] real pay relative to the start
    posture: Array  # [k, s] readiness to attack, 0..1
    campaign: Array  # [k, s] momentum of a launched offensive, 1 at the launch
    spent: Array  # [k, s] thousand fighters lost since the start, who cannot be raised again
    regrouped: Array  # [k, s] readiness that a truce gave a side that means to attack, 0..1
    legitimacy: Array  # [k, s] consent of the governed to the side, 0..1
    rules: Array  # [k, s] 1 for the side that rules
    fallen: Array  # [k] 1 once the first government fell
    commitment: Array  # [k, p] 0 out, 1 in, between: drawn down
    deployed: Array  # [k, p] thousand persons
    air: Array  # [k, p] thousand sorties a year
    short: Array  # [k, p] share of its offer that the power could not deliver
    exile: Array  # [k, p] 1 for the power that shelters the fallen ruler
    deterring: Array  # [k, p] share of its effort to save the client that p turns to a deterrent
    covered: Array  # [k, p] commitment of p that others still remember, 0..1
    steered: Array  # [k, p] weight of fed signals in p's reading: 1 all danger, -1 all calm


class Regions(NamedTuple):
    """Ground."""

    force: Array  # [r, s] thousand persons, own forces only
    control: Array  # [r, s] shares
    siege: Array  # [r] 0..1
    displaced: Array  # [r] thousand persons, cumulative
    killed: Array  # [r] thousand civilians, cumulative


class Sites(NamedTuple):
    """Bases of a power on a client's soil."""

    holder: Array  # [b, p] 1 for the power that holds it
    access: Array  # [b] 1 open, 0.5 under negotiation, 0 closed


class World(NamedTuple):
    """All stocks, and the clock of first passages kept by the engine."""

    powers: Powers
    clients: Clients
    ties: Ties
    beliefs: Beliefs
    rivalries: Rivalries
    theatres: Theatres
    regions: Regions
    sites: Sites


class News(NamedTuple):
    """What happened in one week. Flags are 0 or 1; the engine turns them into the event log."""

    entered: Array  # [k, p] a power went in
    left: Array  # [k, p] it left
    drew_down: Array  # [k, p] it halved what it has there
    traded: Array  # [k, p] it left for a gain elsewhere
    offensive: Array  # [k, s] a side launched an offensive
    truce_broken: Array  # [k]
    fell: Array  # [k] the government fell
    fell_day: Array  # [k] day of the week on which it fell, 0..7
    seat_lost: Array  # [k] it fell by losing its seat (else by its army)
    overthrown: Array  # [k] those around it put another in its place, without a war
    exiled: Array  # [k, p] the ruler went to this power
    asked: Array  # [c, p] a client in danger asked for help
    helped: Array  # [c, p] a crisis ended with the pledge kept
    failed: Array  # [c, p] a crisis ended with the pledge broken
    attacked: Array  # [c, p] the power attacked the client
    recognised: Array  # [c, p] the power recognised the new regime
    revealed: Array  # [p] the power's strength was tested for all to see
    strikes: Array  # [k, p, t] thousand sorties a year on each side; last: civilians
    killed: Array  # [r] thousand civilians killed this week
    losses: Array  # [k, s] thousand persons lost this week, own forces
    toll: Array  # [r] the same losses, shared out by where the line ran among people that day
    lost: Array  # [p] thousand persons of the power's own lost this week
    base_lost: Array  # [b]
    attended: Array  # [c, p] the client came to the power's summit
    put_off: Array  # [p] the power put its summit off, too few being willing to come
    extradited: Array  # [k, p] the power handed over the fallen ruler
    sanctioned: Array  # [p, q] new sanctions of p on q
    relieved: Array  # [p, q] sanctions lifted

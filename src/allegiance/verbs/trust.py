"""trust: learning from crises, one's own and others'.

Claim: abandoning one client lowers the confidence of the others; entering and then leaving costs
    more than staying out; an exit is read as a sale where the patron gains elsewhere; rivals sell
    inconsistency as treason; détente with a client's enemy splits the bloc.
Equation: a crisis runs while a client's alarm exceeds a threshold; at its end the kept share of the
    help that was owed, `kept = honoured / owed`, adds `stakes * kept` to alpha and `loss * stakes *
    (1 - kept)` to beta of that client's Beta trust. Every other watcher o adds the same, times
    `spillover * likeness(o, c)` [S41]. Leaving after entering adds to beta again [S42], more where
    the patron has another war to win by it [S16]. While a patron sides with the client's enemy, or
    is in détente with a power that the client counts as its rival, beta grows by `enemy_friend *
    trust` a year [S44], and by `treason * trust * sum_q broadcast_q * kinship_qc * credibility_q`
    while others q broadcast its inconsistency to regimes like their own [S43]: who expects nothing
    is not betrayed. Neither spills over: a broadcast all hear themselves, and with whom a patron
    sits down is an injury to the client whose enemy that is; others see its crises.
    Forgetting decays alpha and beta to rest, never to zero. A pledge never made cannot be broken:
    nothing is owed without one.
Moves: `ties.alpha`, `beta`, `owed`, `honoured`; news `asked`, `helped`, `failed`.
Left out: powers' trust in each other; whether the denounced patron is in fact inconsistent, which
    the broadcast's strength takes for granted.
Source: reputations in alliances: Gibler (2008), LeVeck & Narang (2017), Crescenzi (2007); honoured
    pledges: Berkemeier & Fuhrmann (2018); the enemy's friend: balance theory (Heider 1946; Maoz et
    al. 2007), held against polls of an ally whose enemy was armed; ideological rivals within a
    bloc: Haas (2005), Lüthi (2008).
Rows: S16 S41 S42 S43 S44.
"""

from __future__ import annotations

from allegiance.world import measures
from allegiance.world.arrays import Array, mix, namespace, relax
from allegiance.world.case import Case
from allegiance.world.draws import Draws
from allegiance.world.nouns import News, World
from allegiance.world.theory import Theory


def trust(
    world: World, last: News, now: News, case: Case, theory: Theory, noise: Draws, dt: float
) -> tuple[World, News]:
    """One step of crises and reputations."""
    del last, noise
    xp = namespace(world.ties.alpha)
    ties = world.ties
    on = theory.base("trust")
    alarm = xp.maximum(world.clients.alarm, case.given.danger)[:, None]
    fell = measures.at_stake(case, now.fell)[:, None]
    crisis = xp.where((alarm > theory["crisis_alarm"]) & (ties.pledge > 0.0), 1.0, 0.0)

    owed = ties.owed + crisis * ties.asked * dt
    honoured = ties.honoured + crisis * ties.delivered * dt
    # A fall ends its crisis; what fell due with it stands in `owed`.
    open_now = xp.where(owed > 0.0, 1.0, 0.0)
    ends = open_now * xp.where((crisis == 0.0) | (fell > 0.0), 1.0, 0.0)
    kept = xp.where(owed > 0.0, xp.clip(honoured / xp.maximum(owed, 1e-6), 0.0, 1.0), 0.0)
    # Alarm has passed when a crisis ends; what was at stake is at least what made it one.
    felt = xp.maximum(xp.maximum(alarm, theory["crisis_alarm"]), fell)
    stakes = theory["stakes"] * felt * xp.tanh(owed / theory["crisis_scale"])
    good = on * ends * stakes * kept
    bad = on * ends * stakes * theory["trust_loss"] * (1.0 - kept)

    gone = _of_client(case, now.left) * xp.where(alarm > theory["crisis_alarm"], 1.0, 0.3)
    bad = bad + on * theory.on("S42") * theory["leaving_cost"] * gone
    sold = _sold(world, now, case, fell)
    bad = bad + on * theory.on("S16") * theory["suspicion"] * sold
    expected = measures.kept_word(world) * dt
    siding = theory.on("S44") * theory["enemy_friend"] * sides_with_enemy(case)
    treason = theory.on("S43") * theory["treason"] * _denounced(world, case)
    betrayed = (siding + treason) * expected

    watchers = case.likeness[: case.client_on.shape[0]]
    others = watchers * (1.0 - xp.eye(watchers.shape[0])[:, :, None])
    spill = theory.on("S41") * theory["spillover"]
    alpha = ties.alpha + good + spill * mix(others, good)
    beta = ties.beta + bad + spill * mix(others, bad) + betrayed
    forget = on * theory["forgetting"]
    alpha = relax(alpha, case.resting_alpha, forget, dt)
    beta = relax(beta, case.resting_beta, forget, dt)

    still = 1.0 - ends
    ties = ties._replace(alpha=alpha, beta=beta, owed=owed * still, honoured=honoured * still)
    began = crisis * xp.where(world.ties.owed == 0.0, 1.0, 0.0)
    news = now._replace(
        asked=xp.maximum(now.asked, began),
        helped=ends * xp.where(kept >= 0.5, 1.0, 0.0),
        failed=ends * xp.where(kept < 0.5, 1.0, 0.0),
    )
    return world._replace(ties=ties), news


def _of_client(case: Case, of_theatre: Array) -> Array:
    """Carry a theatre's news by power [k, p] to the client at stake [c, p]."""
    return measures.at_stake(case, of_theatre)


def sides_with_enemy(case: Case) -> Array:
    """How far each power sides with each client's enemy, or has made peace with it, 0..1 [c, p]."""
    xp = namespace(case.given.detente)
    with_rival = measures.peace_with_enemies(case)
    return xp.clip(xp.maximum(case.given.sides_with_enemy, with_rival), 0.0, 1.0)


def _denounced(world: World, case: Case) -> Array:
    """Broadcasts against each power that each client hears and believes [c, p].

    A regime hears those whose own regime is like it, and believes them as their claims deserve.
    """
    xp = namespace(world.beliefs.believed)
    clients = case.client_on.shape[0]
    believed, doubted = world.beliefs.believed[:clients], world.beliefs.doubted[:clients]
    credible = believed / (believed + doubted)
    heard = case.kinship * xp.swapaxes(credible, 0, 1)
    return xp.swapaxes(mix(xp.swapaxes(case.given.denounces, 0, 1), heard), 0, 1)


def _sold(world: World, now: News, case: Case, fell: Array) -> Array:
    """A fall or an exit that a gain elsewhere could explain [c, p], 0..1.

    The suspicion needs a linked gain: another war that binds the patron's force.
    """
    xp = namespace(fell)
    linked = xp.clip(measures.burden(case) / xp.maximum(world.powers.force, 1e-6), 0.0, 1.0)
    fell_with_pledge = fell * xp.where(world.ties.owed > 0.0, 1.0, 0.0)
    return xp.maximum(_of_client(case, now.left), fell_with_pledge) * linked[None]

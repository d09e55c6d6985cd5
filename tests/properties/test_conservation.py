"""A power never delivers more force, money or air effort than it has; losses are accounted for."""

import numpy as np
import pytest

from allegiance.verbs.earn import earn

STEPS = 45
LANES = 24


@pytest.fixture(scope="module")
def year(busy_built, lab):
    """Parameters from their priors; patrons that want much more than they have, and send fast."""
    values = lab.drawn(LANES, seed=3)
    greedy = lab.with_value(values, presence=1.0, deployment_rate=60.0, decision_rate=6.0)
    values[:, ::2] = greedy[:, ::2]
    free = dict.fromkeys(("cost_of_force", "cost_of_sorties"), 1e-4)
    values[:, :4] = lab.with_value(greedy, overstretch=0.1, cost_of_force=1.5)[:, :4]
    values[:, 4:8] = lab.with_value(greedy, overstretch=0.1, **free)[:, 4:8]
    return list(lab.walk(busy_built, STEPS, values=values, runs=range(LANES)))


def supply(moment) -> np.ndarray:
    """Force that outside wars leave [p, lane]."""
    return np.maximum(moment.before.powers.force - moment.case.given.burden_force.sum(axis=0), 0.0)


def guards(moment) -> np.ndarray:
    """Force that stands with clients whose war is not simulated [p, lane]."""
    case = moment.case
    unfought = 1.0 - (case.client_of * case.theatre_on[:, None]).sum(axis=0)
    return (unfought[:, None] * case.need * moment.after.ties.delivered).sum(axis=0)


def test_no_more_men_are_out_than_there_are(year):
    tight = 0
    for moment in year:
        out = moment.after.theatres.deployed.sum(axis=0) + guards(moment)
        have = supply(moment)
        assert (out <= have * (1 + 1e-5) + 1e-5).all()
        tight += int(((out > 0.9 * have) & (have > 0)).sum())
    assert tight > 0  # the bound was reached somewhere, or nothing was tested


def test_no_more_sorties_are_flown_than_there_are(year):
    tight = 0
    for moment in year:
        flown = moment.after.theatres.air.sum(axis=0)
        bound = moment.case.given.burden_air.sum(axis=0)
        have = np.maximum(moment.case.air_capacity - bound, 0.0) + 0.0 * flown
        assert (flown <= have * (1 + 1e-5) + 1e-5).all()
        strikes = moment.news.strikes.sum(axis=(0, 2))
        assert strikes == pytest.approx(flown, rel=1e-4, abs=1e-4) or moment.news.fell.any()
        tight += int(((flown > 0.9 * have) & (have > 0)).sum())
    assert tight > 0


def test_help_is_paid_for_out_of_the_treasury(year):
    spent_all = 0
    for moment in year:
        theory, now = moment.theory, moment.news
        world, _ = earn(moment.before, now, now, moment.case, theory, None, moment.dt)  # type: ignore[arg-type]
        purse, left = world.powers.treasury, moment.after.powers.treasury
        theatres = moment.after.theatres
        help_sent = theory["cost_of_force"] * theatres.deployed.sum(axis=0)
        help_sent = help_sent + theory["cost_of_sorties"] * theatres.air.sum(axis=0)
        elsewhere = moment.case.given.burden_money.sum(axis=0)
        assert (left >= 0.0).all()
        assert (help_sent * moment.dt <= purse + 1e-5).all()
        calm = ~moment.news.fell.any(axis=0)  # after a fall the men are home already
        paid = np.minimum((help_sent + elsewhere) * moment.dt, purse)
        assert (purse - left)[:, calm] == pytest.approx(paid[:, calm], rel=1e-4, abs=2e-5)
        spent_all += int((paid > 0.0).sum())
    assert spent_all > 0


def test_what_a_power_loses_is_accounted_for(year):
    lost = 0.0
    for moment in year:
        before, after = moment.before.powers.force, moment.after.powers.force
        raised = moment.case.given.recruits * moment.dt
        room = after - before + moment.news.lost
        assert (after >= 0.0).all()
        assert (room >= -1e-4).all()
        assert (room <= raised + 1e-4).all()
        lost += float(moment.news.lost.sum())
        spent = moment.after.theatres.spent - moment.before.theatres.spent
        assert spent == pytest.approx(moment.news.losses, rel=1e-3, abs=1e-3)
    assert lost > 0.0


def test_men_who_march_or_change_sides_do_not_vanish(busy_built, toy_built, lab):
    """With nobody raised, killed or deserting, every theatre keeps its men."""
    still = dict.fromkeys(("recruiting_rate", "attrition", "desertion", "sortie_kills"), 0.0)
    still |= {"evasion": 0.0, "resistance": 0.0}
    values = lab.with_value(lab.drawn(LANES, seed=5), radicalisation=100.0, **still)
    for built in (busy_built, toy_built):
        moments = list(lab.walk(built, 12, values=values, runs=range(LANES)))
        inside = built.case.in_theatre
        men = np.einsum("kr,rsl->kl", inside, built.world.regions.force[..., None] + 0.0)
        for moment in moments:
            arrived = moment.case.today.arrivals.sum()
            assert arrived == 0.0
            now = np.einsum("kr,rsl->kl", inside, moment.after.regions.force)
            calm = ~moment.after.theatres.fallen.any(axis=0)  # a fallen army does go home
            assert now[:, calm] == pytest.approx(men + 0.0 * now[:, calm], rel=1e-4)
        assert any((m.after.regions.force != m.before.regions.force).any() for m in moments)


def test_harm_is_counted_once(year):
    """Deaths of the week add up to the deaths of the region."""
    for moment in year:
        rise = moment.after.regions.killed - moment.before.regions.killed
        assert rise == pytest.approx(moment.news.killed, rel=1e-3, abs=1e-4)
    assert year[-1].after.regions.killed.sum() > 0.0

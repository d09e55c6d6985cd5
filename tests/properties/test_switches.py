"""A mechanism that is switched off has no effect; with all off the world stands still."""

import re
from pathlib import Path

import numpy as np
import pytest

import allegiance
from allegiance.cases.compile import compile_case
from allegiance.world.parameters import NAMES
from allegiance.world.rows import IDS, ROWS

HOME = Path(allegiance.__file__).parent
WEEKS = 36
RUNS = tuple(range(18))

OWN = {
    "S01": ("weight_of_aid",),
    "S02": ("hedging",),
    "S04": ("shelter_cost",),
    "S05": ("copatron_friction",),
    "S06": ("deterrent",),
    "S07": ("overstretch",),
    "S08": ("attrition", "exposure", "foreign_exposure", "crossfire"),
    "S09": ("spoiling",),
    "S12": ("revelation",),
    "S13": ("redefinition",),
    "S14": ("confusion",),
    "S15": ("steering", "steering_rate"),
    "S16": ("suspicion",),
    "S18": ("rally",),
    "S19": ("diversion_wear",),
    "S21": ("embrace", "audience_restraint", "anger_weight"),
    "S22": ("crowd_half", "bystanders"),
    "S23": ("moderates_first",),
    "S24": ("surrender_rate", "siege_displaces"),
    "S25": ("regroup_rate", "escalation"),
    "S27": ("infighting",),
    "S28": ("radicalisation",),
    "S29": ("defection", "priority_cost"),
    "S31": ("vacuum_gain", "cover_memory"),
    "S32": ("coupling", "margin", "weight_of_odds", "weight_of_defeat", "desertion"),
    "S33": ("sortie_harm", "crossfire", "terror_factor"),
    "S34": ("base_rate", "base_value", "estranged"),
    "S40": ("refugee_strain", "populist_strain", "strain_rate"),
    "S41": ("spillover",),
    "S42": ("leaving_cost",),
    "S35": ("contract_alignment",),
    "S36": ("showcase", "arms_rate"),
    "S37": ("veto_shield", "veto_ease"),
    "S38": ("leverage_rate", "leverage_bite"),
    "S39": ("own_deals", "rival_deals"),
    "S43": ("treason",),
    "S44": ("enemy_friend",),
    "S45": ("programme_years", "preemption", "retaliation", "deterrence", "setback"),
    "S46": ("terms_of_trade",),
    "S47": ("inversion", "ordinary_need"),
    "S48": ("emboldenment",),
    "S49": ("crowding",),
    "S50": ("summit_rest", "summit_tie", "summit_clout", "summit_quorum"),
    "S51": ("drift", "weight_of_strength"),
    "S52": ("attack_grievance", "bloc_turn"),
    "S53": ("settlement",),
    "S11": ("hidden_worth",),
    "S57": ("resistance", "evasion", "erosion", "coup_rate"),
    "S54": ("backlash", "repudiation", "concession"),
    "S55": ("insecurity", "investment_rate"),
    "S56": ("shelter_cost", "extradition"),
    "S58": ("solidarity", "protest_rate"),
}
"""Rows and the parameters that speak for nothing else: off, they must be dead."""

UP = {"vacuum_gain"}
"""Moved up instead of down: it only shows where it brings an entry that would not have been."""


@pytest.fixture(scope="module")
def lanes(lab):
    """Lanes that differ in one thing: a row off; a parameter moved, with its row on and off."""
    base = lab.with_value(
        lab.defaults,
        margin=-0.5,
        offensive_rate=2.0,
        recognition_rate=8.0,
        base_rate=6.0,
        decision_rate=3.0,
        estranged=0.35,
        emboldenment=1.0,
        shelter_cost=5.0,
        preemption=30.0,
        sanction_rate=3.0,
        extradition=3.0,
        backlash=6.0,
        programme_years=0.5,
        contract_alignment=0.9,
        coup_rate=2.0,
    )
    pairs = [(row, name) for row, names in OWN.items() for name in names]
    count = 1 + len(IDS) + 2 * len(pairs)
    values = np.repeat(base[:, None], count, axis=1)
    switches = np.ones((len(IDS), count), np.float32)
    for at, row in enumerate(IDS):
        switches[IDS.index(row), 1 + at] = 0.0
    for at, (row, name) in enumerate(pairs):
        on, off = 1 + len(IDS) + 2 * at, 2 + len(IDS) + 2 * at
        moved = 10.0 if name in UP else 0.6
        values[NAMES.index(name), [on, off]] = moved * base[NAMES.index(name)] - 0.02
        switches[IDS.index(row), off] = 0.0
    return pairs, values, switches


@pytest.fixture(scope="module")
def history(busy_built, lab, lanes):
    """All stocks and news of every week and lane in a few futures [number, run, lane]."""
    _, values, switches = lanes
    lane = values.shape[1]
    runs = np.repeat(RUNS, lane)
    values, switches = np.tile(values, len(RUNS)), np.tile(switches, len(RUNS))
    # From a Harbour that stands to one that falls at once.
    values[NAMES.index("margin")] -= np.repeat(np.linspace(0.0, 4.5, len(RUNS)), lane)
    found = []
    for moment in lab.walk(busy_built, WEEKS, values=values, switches=switches, runs=runs):
        arrays = (*lab.stocks(moment.after).values(), *moment.news)
        found.extend(array.reshape(-1, len(RUNS), lane) for array in arrays)
    return np.concatenate(found)


def differ(history, one, other):
    return not np.array_equal(history[..., one], history[..., other])


def test_a_dead_mechanism_leaves_its_parameters_dead(history, lanes):
    pairs = lanes[0]
    silent = []
    for at, (row, name) in enumerate(pairs):
        off = 1 + IDS.index(row)
        on_moved, off_moved = 1 + len(IDS) + 2 * at, 2 + len(IDS) + 2 * at
        assert not differ(history, off, off_moved), f"{name} acts although {row} is off"
        if not differ(history, 0, on_moved):
            silent.append(name)
    assert not silent, f"these should act in this world: {silent}"


def test_a_row_that_no_verb_reads_changes_nothing(history):
    sources = [file for part in ("verbs", "world") for file in (HOME / part).glob("*.py")]
    text = " ".join(file.read_text(encoding="utf-8") for file in sources)
    read = set(re.findall(r'"(S\d\d)"', text))
    verbs = {ROWS[IDS.index(row)].verb for row in read}
    for at, row in enumerate(IDS):
        if row not in read:
            assert not differ(history, 0, 1 + at), row
    idle = {row for row in OWN if not differ(history, 0, 1 + IDS.index(row))}
    assert not idle, f"switched off without any effect: {idle}"
    assert verbs >= {"earn", "rule", "fight", "hold", "trust"}


MAY_MOVE = {
    # noise
    *("theatres.mood", "theatres.fortune", "theatres.worth"),
    # accounts of what was asked and could not be sent; nothing reads them while all is off
    *("ties.asked", "ties.delivered", "ties.owed", "ties.honoured", "theatres.short"),
    # the memory of what changed yesterday, which fades
    *("theatres.defeat", "theatres.ground"),
}
GIVEN = {"theatres.commitment", "theatres.campaign", "regions.force"}
"""What the timeline brings is given and no mechanism: choices, offensives, arrivals."""


@pytest.mark.parametrize("told", [False, True])
def test_with_all_off_the_world_stands_still(busy, lab, told):
    files = busy
    if not told:
        for entry in busy.timeline.entries:
            files = files.without(entry)
    built = compile_case(files)
    off = np.zeros(len(IDS), np.float32)
    *_, last = lab.walk(built, WEEKS, values=lab.drawn(6, 9), switches=off, runs=range(6))
    now = lab.stocks(last.after)
    moved = set()
    here = built.case.side_on[..., None]  # what stands where there is no side means nothing
    for name, before in lab.stocks(built.world).items():
        mask = here if before.shape == here.shape[:-1] else 1.0
        if not np.allclose(mask * now[name], mask * before[..., None], rtol=1e-5, atol=1e-5):
            moved.add(name)
    assert moved <= MAY_MOVE | (GIVEN if told else set())
    assert {"theatres.mood", "theatres.fortune"} <= moved

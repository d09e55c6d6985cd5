"""Affinities of a case are solved: alignment moves by what is given, and by nothing else."""

from typing import cast

import numpy as np
import pytest

from allegiance.cases.compile import compile_case
from allegiance.cases.loading import load
from allegiance.engine.program import lift, lift_case
from allegiance.engine.week import quiet
from allegiance.verbs.align import align
from allegiance.world.draws import Draws
from allegiance.world.parameters import PARAMETERS
from allegiance.world.rows import IDS
from allegiance.world.theory import Theory

YEARS = 5.0


@pytest.mark.parametrize("name", ["angola", "egypt_soviet", "sahel"])
def test_alignment_rests_where_nothing_is_given(name: str):
    files = load(name)
    for entry in list(files.timeline.entries):
        files = files.without(entry)
    built = compile_case(files, pad=False)
    world = lift(built.world)
    case = lift_case(built.case)._replace(given=lift(built.case.given))
    theory = Theory(np.array([[p.value] for p in PARAMETERS]), np.ones((len(IDS), 1)))
    last = quiet(world)
    no_chance = cast("Draws", None)
    moved, _ = align(world, last, last, case, theory, no_chance, YEARS)
    assert np.asarray(moved.ties.alignment) == pytest.approx(world.ties.alignment, abs=0.005)

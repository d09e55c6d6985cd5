"""Every random number that a step uses: its name, the entities it belongs to and its law.

The engine fills `Draws` once a step. A draw is a function of (seed, run, step, site, entities) and
never of its place in a batch, so two worlds that differ in one lever share all of their noise.
"""

from __future__ import annotations

from typing import NamedTuple

from allegiance.world.arrays import Array


class Draws(NamedTuple):
    """One step's noise; `uniform` is open at 0, `normal` is standard."""

    opportunity: Array  # [k, p] uniform, decide: does the question come up?
    choice: Array  # [k, p] uniform, decide: which option?
    offensive: Array  # [k, s] uniform, decide: does a side attack?
    coup: Array  # [k, s] uniform, rule: is the first side overthrown from within?
    fortune: Array  # [k, s] normal, allocate: luck in battle
    mood: Array  # [k, s] normal, allocate: an army's morale
    asylum: Array  # [k, p] uniform, succeed: who shelters the ruler
    home: Array  # [p] normal, rule: opinion at home
    signal: Array  # [p] normal, witness: error of what all see
    recognition: Array  # [k, p] uniform, bargain: who recognises the new regime this week
    base: Array  # [b] uniform, bargain: does the base question come up?
    terms: Array  # [b] uniform, bargain: how it is settled
    sanction: Array  # [p, q] uniform, press
    preemption: Array  # [c] uniform, press: is the client's programme struck?
    summit: Array  # [c] uniform, bargain: does the client come to a summit?


PAIRS: tuple[tuple[str, str, str, str], ...] = (
    ("opportunity", "choice", "kp", "uniform"),
    ("asylum", "recognition", "kp", "uniform"),
    ("fortune", "mood", "ks", "normal"),
    ("offensive", "coup", "ks", "uniform"),
    ("home", "signal", "p", "normal"),
    ("base", "terms", "b", "uniform"),
    ("sanction", "", "pq", "uniform"),
    ("preemption", "summit", "c", "uniform"),
)
"""Two draws, their axes and their law. One counter gives two words, hence the pairs; the place in
this table is the site number of a draw, so append only."""

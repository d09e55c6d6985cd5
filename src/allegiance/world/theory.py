"""A theory: values of the parameters and a 0/1 switch for every mechanism row."""

from __future__ import annotations

import difflib

from allegiance.world.arrays import Array, namespace
from allegiance.world.parameters import NAMES
from allegiance.world.rows import IDS, ROWS

_PARAMETER = {name: i for i, name in enumerate(NAMES)}
_ROW = {row: i for i, row in enumerate(IDS)}


class Theory:
    """What a verb may ask of the theory that it runs under.

    `values` is `[parameter, run]`, `switches` is `[row, run]`; either run axis may have length 1.
    Both are numbers in arrays, so that another value or an ablation needs no new program.
    """

    def __init__(self, values: Array, switches: Array) -> None:
        self.values = values
        self.switches = switches

    def __getitem__(self, name: str) -> Array:
        """Value of the parameter `name` [run]."""
        if name not in _PARAMETER:
            near = difflib.get_close_matches(name, NAMES, 1)
            raise KeyError(f"no parameter {name!r}; the nearest is {near[0] if near else 'none'}")
        return self.values[_PARAMETER[name]]

    def on(self, row: str) -> Array:
        """1 where the mechanism `row` (S01..S58) works, 0 where it is switched off [run]."""
        return self.switches[_ROW[row]]

    def base(self, verb: str) -> Array:
        """1 while any row of `verb` is on: what no row claims alone runs on this [run]."""
        xp = namespace(self.switches)
        return xp.max(xp.stack([self.on(row.id) for row in ROWS if row.verb == verb]), axis=0)

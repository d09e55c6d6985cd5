"""Correlates of War, National Material Capabilities (NMC), version 6 on: the abridged file.

Source: Singer, Bremer & Stuckey (1972); Singer (1987). Free to use with citation.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from allegiance.evidence.loaders.reading import Column, read

_NONE = ("-9", "-9.0")

NMC = {
    "state": Column("stateabb", "text"),
    "code": Column("ccode", "whole"),
    "year": Column("year", "whole"),
    "spending": Column("milex", "number", _NONE),  # thousand USD of the year (before 1914: GBP)
    "personnel": Column("milper", "number", _NONE),  # thousand persons
    "steel": Column("irst", "number", _NONE),  # thousand tons
    "energy": Column("pec", "number", _NONE),  # thousand tons of coal
    "population": Column("tpop", "number", _NONE),  # thousand persons
    "urban": Column("upop", "number", _NONE),  # thousand persons
    "share": Column("cinc", "number", _NONE),  # share of the world
}


def capabilities(path: str | Path) -> pa.Table:
    """Capabilities, one state and year a row; -9 is null.

    Raises:
        CaseError: the file is not NMC.
    """
    return read(path, NMC)

"""Sponsors and client regimes: spells, yearly indicators, capabilities and battle deaths.

Spells: one regime of one client under one sponsor, from the first to the last year in which an
indicator says so, and how it ended (after Geddes, Wright & Frantz 2014 and Bell 2016, REIGN).
Indicators: one sponsor, client and year a row, joined by `+`: `pact` (ATOP), `arms_dep50` (SIPRI),
`esd_support` (UCDP External Support), `troops_for_govt`, `us_troops_1000`. Capabilities: the
columns of Correlates of War's NMC that a thin case needs. Deaths: a country and year a row (UCDP,
PRIO).
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from allegiance.evidence.loaders.reading import Column, read

SPELLS = {
    "sponsor": Column("sponsor", "text"),
    "client": Column("client", "text"),
    "regime": Column("regime", "text"),
    "begins": Column("regime_start", "date"),
    "ends": Column("regime_end", "date"),
    "first": Column("spons_start", "whole"),
    "last": Column("spons_end", "whole"),
    "tier": Column("tier", "text"),
    "outcome": Column("outcome", "text"),
    "how": Column("how_regime_ended", "text"),
}

INDICATORS = {
    "sponsor_code": Column("sponsor_ccode", "whole"),
    "sponsor": Column("sponsor", "text"),
    "client_code": Column("client_ccode", "whole"),
    "client": Column("client", "text"),
    "year": Column("year", "whole"),
    "kinds": Column("indicators", "text"),
}

CAPABILITIES = {
    "code": Column("ccode", "whole"),
    "year": Column("year", "number"),
    "personnel": Column("milper", "number", ("-9", "-9.0")),  # thousand persons
    "population": Column("tpop", "number", ("-9", "-9.0")),  # thousand persons
}

DEATHS = {
    "code": Column("gwcode", "number"),
    "year": Column("year", "number"),
    "best": Column("best", "number"),  # persons
    "source": Column("source", "text"),
}


def spells(path: str | Path) -> pa.Table:
    """Client regimes as spells of sponsorship.

    Raises:
        CaseError: the file cannot be read or has other columns.
    """
    return read(path, SPELLS)


def indicators(path: str | Path) -> pa.Table:
    """Indicators of sponsorship by sponsor, client and year.

    Raises:
        CaseError: the file cannot be read or has other columns.
    """
    return read(path, INDICATORS)


def capabilities(path: str | Path) -> pa.Table:
    """Population and men under arms by state and year.

    Raises:
        CaseError: the file cannot be read or has other columns.
    """
    return read(path, CAPABILITIES)


def deaths(path: str | Path) -> pa.Table:
    """Battle deaths by country and year.

    Raises:
        CaseError: the file cannot be read or has other columns.
    """
    return read(path, DEATHS)

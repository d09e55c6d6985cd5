"""Thin cases: from a small flat record of a client and its patron to a case, by one rule for all.

A record says what a published table can say of a client in a year or in an episode: people, army,
opponents, what its patron has, has promised and has bound elsewhere. The rule turns it into one of
three shapes (`peace`, `insurgency`, `invasion`), which share one world: two powers, two clients,
one war of two sides in four regions. So one compiled program serves them all. The rule sees no
outcome and has no names of countries; what a record does not say is assumed, alike for all.
"""

from allegiance.cases.thin.building import built, written
from allegiance.cases.thin.record import Record, records

__all__ = ["Record", "built", "records", "written"]

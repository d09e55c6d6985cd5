"""The names of a case by kind, and the look-up that an address needs."""

from __future__ import annotations

from typing import NamedTuple

from allegiance.cases.addresses import Address, parse
from allegiance.cases.errors import CaseError, listed, nearest
from allegiance.cases.inputs import INPUTS, OFFERED, Input
from allegiance.cases.schema import CaseFile


class Names(NamedTuple):
    """Every name of a case; regions are `theatre/region`."""

    power: tuple[str, ...]
    client: tuple[str, ...]
    theatre: tuple[str, ...]
    region: tuple[str, ...]
    side: tuple[str, ...]
    site: tuple[str, ...]

    def of(self, kind: str) -> tuple[str, ...]:
        """Names of one kind."""
        return getattr(self, kind)


def names_of(case: CaseFile) -> Names:
    """The names of a case, in the order of its file."""
    return Names(
        power=tuple(case.powers),
        client=tuple(case.clients),
        theatre=tuple(case.theatres),
        region=tuple(f"{k}/{r}" for k, theatre in case.theatres.items() for r in theatre.regions),
        side=tuple(case.sides),
        site=tuple(case.sites),
    )


def known(name: str, names: tuple[str, ...], what: str) -> str:
    """`name`, which must be one of `names`.

    Raises:
        CaseError: it is none.
    """
    if name not in names:
        allowed = listed(names)
        raise CaseError(
            f"no such {what}", found=name, allowed=allowed, nearest=nearest(name, names)
        )
    return name


def input_at(text: str, case: CaseFile, names: Names) -> tuple[Input, tuple[str, ...]]:
    """The input that an address names, and the name along each of its axes.

    Raises:
        CaseError: the address is none, or names no input of this case.
    """
    address = parse(text)
    entry = INPUTS.get(address.noun)
    if entry is None:
        near = nearest(address.noun, INPUTS)
        allowed = f"inputs: {listed(INPUTS, 40)}"
        raise CaseError("no input of the model", found=text, allowed=allowed, nearest=near)
    form = _form(entry)
    subjects = _subjects(address, entry, names, form)
    if len(address.keys) != len(entry.keys):
        raise CaseError("not the keys that this input takes", found=text, allowed=form)
    keys = [known(key, names.of(k), k) for key, k in zip(address.keys, entry.keys, strict=True)]
    _present(entry, subjects, keys, case)
    return entry, (*subjects, *keys)


def _form(entry: Input) -> str:
    subject = {"tie": "CLIENT->POWER", "rivalry": "POWER->POWER", "region": "THEATRE/REGION"}
    keys = f"[{','.join(entry.keys).upper()}]" if entry.keys else ""
    return f"{subject.get(entry.subject, entry.subject.upper())}.{entry.noun}{keys}"


def _subjects(address: Address, entry: Input, names: Names, form: str) -> tuple[str, ...]:
    kind, first, second = entry.subject, address.subject, address.object
    if (second is not None) != (kind in ("tie", "rivalry")) or (
        (address.region is not None) != (kind == "region")
    ):
        raise CaseError("not the form of this input", found=str(address), allowed=form)
    if kind == "region":
        known(first, names.theatre, "theatre")
        return (known(f"{first}/{address.region}", names.region, "region"),)
    if second is None:
        return (known(first, names.of(kind), kind),)
    first_kind = "client" if kind == "tie" else "power"
    ends = known(first, names.of(first_kind), first_kind), known(second, names.power, "power")
    if ends[0] == ends[1]:
        raise CaseError("a power has no rivalry with itself", found=str(address), allowed=form)
    return ends


def _present(entry: Input, subjects: tuple[str, ...], keys: list[str], case: CaseFile) -> None:
    """Sides and offers must exist in the theatre that the address names."""
    if entry.subject not in ("theatre", "region"):
        return
    theatre = case.theatres[subjects[0].split("/")[0]]
    for key, kind in zip(keys, entry.keys, strict=True):
        if kind == "side":
            known(key, tuple(theatre.sides), "side in this theatre")
        elif entry.noun in OFFERED:
            known(key, tuple(theatre.powers), "power in this theatre")

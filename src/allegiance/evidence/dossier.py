"""Loading a dossier: from the case's folder to items that are checked against the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from allegiance.cases.addresses import parse
from allegiance.cases.checker import Checker
from allegiance.cases.compile import compile_case
from allegiance.cases.errors import CaseError, listed, nearest, raise_first
from allegiance.cases.loading import CaseFiles
from allegiance.cases.reading import Document, Place, read, stands
from allegiance.cases.validate import validated
from allegiance.engine import observe
from allegiance.evidence.provenance import given
from allegiance.evidence.schema import DossierFile, Item, Window

FILE = "dossier.yaml"


@dataclass(frozen=True)
class Dossier:
    """A case's dated evidence, by id, in the order of its file."""

    case: str
    items: Mapping[str, Item]


def load(files: CaseFiles) -> Dossier:
    """Load and check the dossier of a case, as its levers have left it.

    Raises:
        CaseError: there is none, or something in it is wrong.
    """
    if not present(files):
        allowed = f"a case with {FILE} in its folder"
        raise CaseError("no dossier", found=files.name, allowed=allowed)
    document = read(files.folder / FILE, f"{files.name}/{FILE}")
    dossier = validated(document, DossierFile)
    check(dossier, files, document)
    return Dossier(files.name, dossier.items)


def present(files: CaseFiles) -> bool:
    """Whether the case has a dossier."""
    return stands(files.folder / FILE)


def items(files: CaseFiles) -> Mapping[str, Item]:
    """The items of the case's dossier; none where it has no dossier.

    Raises:
        CaseError: something in it is wrong.
    """
    return load(files).items if present(files) else {}


def check(dossier: DossierFile, files: CaseFiles, document: Document) -> None:
    """Check a dossier against its case.

    Raises:
        CaseError: the first error, with up to 19 more in `others`.
    """
    built = compile_case(files)
    sizes = observe.axis_sizes(built.world)
    _Check(
        files,
        Checker(document),
        observe.catalogue(built.labels, sizes),
        observe.events(built.labels, sizes),
        given(files),
    ).all(dossier)


@dataclass(frozen=True)
class _Check:
    files: CaseFiles
    at: Checker
    quantities: Mapping[str, observe.Place]
    events: Mapping[str, int]
    given: Mapping[str, str]

    def all(self, dossier: DossierFile) -> None:
        """Check every item."""
        if not dossier.items:
            self.at.wrong(("items",), "no items", None, "at least one, or no dossier.yaml")
        for name, item in dossier.items.items():
            here: Place = ("items", name)
            self._addresses(here, item)
            self._dates(here, item)
            for key in ("when", "against"):
                window = getattr(item, key)
                if window is not None:
                    self._window((*here, key), item, window)
            self._numbers(here, item)
        raise_first(self.at.errors)

    def _addresses(self, here: Place, item: Item) -> None:
        known = self.events if item.happens else self.quantities
        kind = "event" if item.happens else "quantity"
        places: list[tuple[Place, str]] = [((*here, "what"), item.what)]
        places += [((*here, "plus", i), text) for i, text in enumerate(item.plus)]
        if item.order:
            places.append(((*here, "order", "before"), item.order.before))
        for place, text in places:
            self.at.attempt(place, self._known, text, known, kind)
        if len({plain(text, self.events) for _, text in places}) < len(places):
            self.at.wrong(here, "the same address twice", item.what, "different addresses")

    def _known(self, text: str, known: Mapping[str, object], kind: str) -> None:
        address = str(parse(text))
        if address not in known and address not in self.given:
            entity = parse(text).entity
            like = [name for name in known if parse(name).entity == entity]
            near = nearest(address, like or known)
            raise CaseError(
                f"no such {kind}", found=text, allowed=listed(like or known), nearest=near
            )
        entry = self.given.get(plain(text, self.events))
        if entry is not None:
            allowed = "what the model explains: a given quantity or event is never scored"
            raise CaseError(f"given by {entry}", found=text, allowed=allowed)

    def _dates(self, here: Place, item: Item) -> None:
        case = self.files.case
        dates = {("event",): item.event.dates if item.event else []}
        for key in ("when", "against"):
            window: Window | None = getattr(item, key)
            dates[key,] = [window.start, window.until] if window else []
        for key, found in dates.items():
            for date in dict.fromkeys(found):
                if not case.start <= date <= case.until:
                    allowed = f"{case.start} to {case.until}"
                    self.at.wrong((*here, *key), "outside the case's span", date, allowed)

    def _window(self, here: Place, item: Item, window: Window) -> None:
        case = self.files.case
        found = [self.quantities.get(_tidy(text)) for text in item.addresses]
        if None in found:
            return
        flows = {place.flow for place in found if place is not None}
        if len(flows) > 1:
            self.at.wrong(here, "a stock and a flow do not add up", None, "one kind")
        elif flows == {True} and window.aggregate != "sum":
            allowed = "from, until and aggregate: sum"
            self.at.wrong(here, "a flow is counted over a window", window.aggregate, allowed)
        elif flows == {False} and window.aggregate == "sum":
            self.at.wrong(here, "a stock is not summed", window.aggregate, "mean, last or max")
        elif flows == {False} and window.start < case.start + timedelta(days=7):
            problem = "the first week is given: it is where the stocks start"
            self.at.wrong(here, problem, window.start, f"from {case.start + timedelta(days=7)}")

    def _numbers(self, here: Place, item: Item) -> None:
        spread, value = item.spread, item.value
        if spread is None:
            return
        if item.against and spread.scale != "log":
            self.at.wrong((*here, "spread", "scale"), "a ratio", spread.scale, "log")
        interval = spread.interval or []
        if value is not None and interval and not interval[0] <= value <= interval[1]:
            allowed = f"{interval[0]} to {interval[1]}"
            self.at.wrong((*here, "value"), "outside its own interval", value, allowed)
        bound = item.bound
        limits = [bound.at_least, bound.at_most] if bound else []
        for number in [*([] if value is None else [value]), *interval, *limits]:
            if number is None:
                continue
            if spread.scale == "log" and number <= 0.0:
                self.at.wrong(here, "not on a log scale", number, "above 0")
            if spread.scale == "logit" and not 0.0 <= number <= 1.0:
                self.at.wrong(here, "not on a logit scale", number, "0 to 1")
        edge = spread.scale == "logit" and value in (0.0, 1.0)
        if edge and not interval:
            allowed = "a value between 0 and 1, or a bound"
            self.at.wrong((*here, "value"), "not on a logit scale", value, allowed)


def _tidy(text: str) -> str:
    try:
        return str(parse(text))
    except CaseError:
        return text


def plain(text: str, events: Mapping[str, int]) -> str:
    """An event's own name where it is called by a nickname; other addresses without spaces."""
    address = _tidy(text)
    if address in events:
        return next(name for name, place in events.items() if place == events[address])
    return address

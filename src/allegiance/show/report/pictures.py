"""The figures of a report, each with a heading, an alternative in words and a table of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import numpy as np

from allegiance.engine.units import unit_of
from allegiance.show import figures, sentences
from allegiance.show.figures.inputs import Inputs, chances, points, said
from allegiance.show.report.stored import Stored
from allegiance.show.tables import gathered, number, percent

PERCENT = "share"


@dataclass(frozen=True)
class Table:
    """A table that stands for a picture."""

    caption: str
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Picture:
    """A figure of the page; `narrow` is its layout on a narrow screen, where that differs."""

    id: str
    wide: Any
    alt: str
    caption: str = ""
    narrow: Any = None
    table: Table | None = None
    frames: list[str] = field(default_factory=list)
    first: int = 0

    @property
    def height(self) -> int:
        """Pixels on a wide screen."""
        return int(self.wide.layout.height)

    @property
    def title(self) -> str:
        """The figure's title on one line, for the names of buttons."""
        text = self.wide.layout.title.text.removeprefix("<b>").removesuffix("</b>")
        return unescape(text.replace("<br>", " "))

    @property
    def data(self) -> str:
        """JSON of figure and layout that no HTML parser can leave."""
        layout = "null" if self.narrow is None else self.narrow.to_json()
        text = f'{{"figure":{self.wide.to_json()},"narrow":{layout}}}'
        return text.replace("<", "\\u003c").replace(">", "\\u003e")


class Pictures:
    """Draws the figures of one stored run, beside those of a second one where there is one."""

    def __init__(self, stored: Stored, inputs: Inputs, other: Stored | None = None) -> None:
        self.stored, self.inputs, self.other = stored, inputs, other
        self.case = stored.scenario.files.case
        self.runs = stored.futures.runs
        self.known = sentences.labels(self.case)
        self.worlds = ("this run", "the other world")

    def outcomes(self) -> Picture | None:
        """Chances of all events."""
        report = self.stored.futures.report
        second = self.other.futures.report["outcomes"] if self.other else None
        found = chances(report["outcomes"], second)
        if not found:
            return None
        made = figures.outcomes(
            found,
            title=f"Does it happen by {report['until']}?",
            futures=self.runs,
            worlds=self.worlds,
        )
        told = "; ".join(f"{c.label}: {100 * c.p:.0f}%" for c in found)
        return Picture("outcomes-figure", made, f"Probabilities of the outcomes. {told}.")

    def timing(self, outcome: str) -> Picture:
        """When an event happens."""
        about = self.stored.futures.report["outcomes"][outcome]
        second = None
        if self.other:
            second = Inputs(self.other.futures, self.case).happened(outcome)
        made = figures.timing(
            self.inputs.dates,
            self.inputs.happened(outcome),
            title=f"When: {about['label']}",
            futures=self.runs,
            label=self.worlds[0],
            other=second,
            other_label=self.worlds[1],
        )
        alt = (
            f"Share of the futures in which it has happened, rising to {100 * about['p']:.0f}% "
            f"by {self.stored.manifest['until']}; median date {about['median_date'] or 'none'}."
        )
        return Picture("timing-figure", made, alt)

    def ground(self) -> Iterator[Picture]:
        """Who holds each war's ground, with the record."""
        for name, war in self.inputs.wars().items():
            fans = self.inputs.ground(name)
            if not fans:
                continue
            record = [
                point
                for side in war.sides
                for point in points(self.stored.items, f"{name}.control[{side}]", said(side), 100.0)
            ]
            made = figures.fan(
                self.inputs.dates,
                fans,
                title=f"{war.label}: who holds the area",
                unit="% of the area",
                futures=self.runs,
                record=record,
                span=(0, 100),
                colours=self.inputs.side_colours(),
            )
            table = self._yearly("Share of the area, %: median (5% to 95%)", fans)
            yield Picture(f"ground-{name}", made, self._ends(fans, "%"), table=table)

    def recorded(self) -> Iterator[Picture]:
        """Every other recorded stock on which the dossier gives a figure."""
        drawn = {
            f"{name}.control[{side}]"
            for name, war in self.inputs.wars().items()
            for side in war.sides
        }
        addresses = dict.fromkeys(item.what for item in self.stored.items.values())
        for number_, address in enumerate(a for a in addresses if a not in drawn):
            if address not in self.inputs:
                continue
            share = unit_of(address) == PERCENT
            factor, unit = (100.0, "%") if share else (1.0, unit_of(address) or "index")
            name = sentences.quantity(address, self.known)
            record = points(self.stored.items, address, name, factor)
            if not any(point.kind == "value" for point in record):
                continue
            fans = {name: self.inputs.fan(address, factor)}
            made = figures.fan(
                self.inputs.dates,
                fans,
                title=name,
                unit=unit,
                futures=self.runs,
                record=record,
                span=(0, 100) if share else (0, None),
                height=340,
            )
            table = self._yearly(f"{name}, {unit}: median (5% to 95%)", fans)
            yield Picture(f"record-{number_}", made, self._ends(fans, unit), table=table)

    def maps(self, until: str | None) -> Iterator[Picture]:
        """Control of the regions through time; shown first is the last moment before `until`."""
        for name, war in self.inputs.wars().items():
            found = self.inputs.control(name)
            if found is None or len(found.places) < 2:
                continue
            last_day = np.datetime64(until or self.stored.manifest["until"])
            first = max(int(np.searchsorted(found.dates, last_day)) - 1, 0)
            made = figures.control_map(
                found.places,
                found.dates,
                found.shares,
                found.sides,
                title=f"{war.label}: control by region",
                futures=self.runs,
                colours=found.colours,
                controls=False,
                at=first,
            )
            years = [str(day)[:4] for day in found.dates]
            last = [
                i for i, year in enumerate(years) if i + 1 == len(years) or years[i + 1] != year
            ]
            side = found.sides[0]
            table = Table(
                f"Share of each region that the {side} holds at the end of each year, "
                f"mean of {self.runs} futures, %",
                ["region", *(years[i] for i in last)],
                [
                    [place.label, *(f"{100 * found.shares[i, at, 0]:.0f}" for i in last)]
                    for at, place in enumerate(found.places)
                ],
            )
            regions = ", ".join(place.label for place in found.places)
            alt = f"Schematic map of {war.label}: {regions}. The table below has its numbers."
            frames = [str(day) for day in found.dates]
            yield Picture(f"map-{name}", made, alt, table=table, frames=frames, first=first)

    def pledged(self) -> Iterator[Picture]:
        """What patrons promised, were asked for and delivered."""
        for name, war in self.inputs.wars().items():
            found = self.inputs.pledges(name)
            if not found:
                continue
            client = self.case.clients[war.client].label if war.client else name
            made = figures.pledged(
                self.inputs.dates, found, title=f"Help to {client}", futures=self.runs
            )
            columns, rows = ["patron", "year end", "promised", "asked", "delivered"], []
            for tie in found:
                for year, step in self._year_ends():
                    low, _, middle, _, high = 100 * np.asarray(tie.delivered)[:, step]
                    rows.append(
                        [
                            tie.label,
                            year,
                            f"{100 * tie.pledged[step]:.0f}",
                            f"{100 * tie.asked[step]:.0f}",
                            f"{middle:.0f} ({low:.0f} to {high:.0f})",
                        ]
                    )
            caption = "Help, % of what the patron could offer: medians (delivered: 5% to 95%)"
            alt = f"Help promised to {client}, asked for and delivered, a panel a patron."
            table = Table(caption, columns, rows)
            yield Picture(f"pledged-{name}", made, alt, table=table)

    def ties(self) -> Picture | None:
        """The network at the start, in the middle of every third year, and at the end."""
        ends = [step for _, step in self._year_ends()]
        steps = sorted({0, *ends[:-1][:: max(1, len(ends) // 8)], len(self.inputs.dates) - 1})
        moments = self.inputs.ties(steps)
        if not next(iter(moments.values())):
            return None
        made = figures.ties(
            moments,
            title="Who leans on whom",
            futures=self.runs,
            colours=self.inputs.power_colours(),
            controls=False,
        )
        alt = "Network of clients and patrons; the tables of trust below have its numbers."
        names = list(moments)
        return Picture("ties-figure", made, alt, frames=names, first=len(names) - 1)

    def shifts(self, power: str) -> Picture | None:
        """Start and end of every client's trust in a patron."""
        second = Inputs(self.other.futures, self.case) if self.other else None
        found = self.inputs.shifts(power, "trust", second)
        if not found:
            return None
        label = self.case.powers[power].label
        made = figures.shifts(
            found,
            title=f"Trust in {label}: start and end",
            unit="trust, 0 to 1",
            futures=self.runs,
            worlds=self.worlds,
        )
        least, most = found[0], found[-1]
        alt = (
            f"Trust in {label} of {len(found)} clients. It falls most in {least.label}, "
            f"{least.start:.2f} to {least.end:.2f}; rises most in {most.label}, "
            f"{most.start:.2f} to {most.end:.2f}."
        )
        return Picture(f"shifts-{power}", made, alt)

    def trust(self, power: str) -> Picture | None:
        """Trust and alignment of every client through time."""
        steps = self.inputs.thinned(120)
        found = self.inputs.trusts(power, steps)
        if not found:
            return None
        label = self.case.powers[power].label
        title = f"Trust in {label} and alignment with it"
        wide, narrow = (
            figures.trust_lines(
                self.inputs.dates[steps], found, title=title, futures=self.runs, columns=columns
            )
            for columns in (min(4, len(found)), min(2, len(found)))
        )
        rows = [
            [
                client.label,
                *(
                    number(float(np.asarray(levels)[2, at]))
                    for levels in (client.trust, client.alignment)
                    for at in (0, -1)
                ),
            ]
            for client in found
        ]
        columns = ["client", "trust, start", "trust, end", "alignment, start", "alignment, end"]
        table = Table(f"{title}: medians of {self.runs} futures", columns, rows)
        alt = f"{title} through time, a panel for each of {len(found)} clients."
        return Picture(f"trust-{power}", wide, alt, narrow=narrow.layout, table=table)

    def departures(self, chain: list[dict[str, Any]]) -> Picture | None:
        """What departed first between the two worlds."""
        rows = [(e, more) for e, more in gathered(chain) if e.get("effect")]
        if not rows:
            return None
        entries = [
            figures.Departure(
                sentences.quantity(e["address"], self.known) + more,
                e["first"],
                e["effect"],
                e["unit"],
            )
            for e, more in rows
        ]
        made = figures.departures(
            entries, title="What departs first in the other world", futures=self.runs
        )
        told = [
            [
                str(e["first"]),
                drawn.label,
                f"{e['effect']:+.3g} {e['unit']}".strip(),
                f"{e['q05']:+.3g} to {e['q95']:+.3g}",
                percent(e["share"]),
            ]
            for drawn, (e, _) in zip(entries, rows, strict=True)
        ]
        caption = (
            f"Of {len(chain)} that depart the first, then what outcomes read. Mean difference over "
            "the year from then on, and the share of futures whose year differs in this sense by "
            "1% or more"
        )
        columns = ["from", "quantity", "other world less this run", "90%", "futures"]
        table = Table(caption, columns, told)
        alt = f"First departure: {entries[0].label}, {entries[0].first}."
        return Picture("departures-figure", made, alt, table=table)

    def _year_ends(self) -> list[tuple[str, int]]:
        years = [str(day)[:4] for day in self.inputs.dates]
        return [
            (year, i) for i, year in enumerate(years) if i + 1 == len(years) or years[i + 1] != year
        ]

    def _yearly(self, caption: str, fans: dict[str, np.ndarray]) -> Table:
        rows = []
        for year, step in self._year_ends():
            cells = []
            for levels in fans.values():
                low, _, middle, _, high = levels[:, step]
                known = np.isfinite(middle)
                cells.append(
                    f"{number(middle)} ({number(low)} to {number(high)})" if known else "–"
                )
            rows.append([year, *cells])
        return Table(f"{caption}, end of each year", ["year", *fans], rows)

    def _ends(self, fans: dict[str, np.ndarray], unit: str) -> str:
        told = []
        for name, levels in fans.items():
            seen = np.flatnonzero(np.isfinite(levels[2]))
            if len(seen):
                first, last = levels[2, seen[0]], levels[2, seen[-1]]
                told.append(f"{name} {number(first)} to {number(last)} {unit}")
        return f"Medians from the first to the last week: {'; '.join(told)}."

"""Makes the tables of this case's README: `python tables.py [RUNS]` prints Markdown.

Every world shares its noise with the plain one (seed 1), so that differences are effects.
"""

from __future__ import annotations

import sys
from datetime import date
from itertools import combinations

import numpy as np

import allegiance as al
from allegiance.world.parameters import FREE, PARAMETERS

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 512
CASE = al.load("syria")
START = date(2011, 3, 15)
SIDES = ("government", "opposition", "jihadist", "isis", "separatist")
WATCHERS = ("armenia", "belarus", "kazakhstan", "india", "serbia")
MOTIVES = ("survival", "reach", "status", "fear", "stated")
OFFENSIVE = "opposition_offensive_2024"


def day(*when: int) -> int:
    """Days from the start of the case."""
    return (date(*when) - START).days


def falls(futures: al.Futures, since: tuple[int, ...], until: tuple[int, ...]) -> float:
    """Share of the governments that stood at `since` which fall up to `until`."""
    days = futures.values["assad_falls"]
    stood = days >= day(*since)
    return float((days[stood] < day(*until) + 1).mean()) if stood.any() else float("nan")


def verdict(case: al.Scenario) -> tuple[float, ...]:
    """Falls by the end of 2016, 2017 to October 2024, November 2024 to March 2025."""
    f = al.simulate(case, runs=RUNS, seed=1)
    return (
        falls(f, (2011, 3, 15), (2016, 12, 31)),
        falls(f, (2017, 1, 1), (2024, 10, 31)),
        falls(f, (2024, 11, 1), (2025, 3, 31)),
    )


def row(name: str, numbers: tuple[float, ...]) -> None:
    """One line of a table."""
    print(f"| {name} | " + " | ".join(f"{n:.2f}" for n in numbers) + " |", flush=True)


def head(title: str, *columns: str) -> None:
    """The head of a table."""
    print(f"\n{title}\n\n| | " + " | ".join(columns) + " |\n" + "|---" * (len(columns) + 1) + "|")


def plain() -> None:
    """Bars, forces, area and trust of the plain case."""
    wanted = [f"syria.{side}.force" for side in SIDES] + ["syria.control[government]"]
    wanted += [f"{w}->russia.trust" for w in WATCHERS]
    f = al.simulate(CASE, runs=RUNS, seed=1, record=wanted)
    days = f.values["assad_falls"]
    head("Falls", "by 2016-12-31", "2017-01 to 2024-10", "2024-11 to 2025-03")
    row("plain", verdict(CASE))
    row("without russian_entry_2015", verdict(CASE.without("russian_entry_2015")))
    print(f"\nbefore the entry: {(days < day(2015, 9, 30)).mean():.3f}")
    after = days[(days >= day(2024, 11, 27)) & np.isfinite(days)] - day(2024, 11, 27)
    if after.size:
        print("days from 2024-11-27 to the fall:", np.quantile(after, [0.05, 0.5, 0.95]))
    for year in (2018, 2021):
        moved = al.simulate(CASE.set(f"{OFFENSIVE}.date", f"{year}-11-27"), runs=RUNS, seed=1)
        print(f"offensive of {year}:", falls(moved, (year, 11, 27), (year + 1, 3, 27)))
    dates = ("2013-12-31", "2015-08-10", "2016-12-31", "2018-12-31", "2021-12-31", "2024-11-20")
    stood = days > day(2024, 11, 26)
    for address in wanted:
        path = f.trajectory(address)
        cells = []
        for when in dates:
            here = path.sel(date=np.datetime64(when), method="pad").values
            low, high = np.quantile(here, [0.05, 0.95])
            cells.append(f"{here[stood].mean():.3g} [{low:.2f}-{high:.2f}]")
        print(f"| {address} | " + " | ".join(cells) + " |")
    for watcher in WATCHERS:
        path = f.trajectory(f"{watcher}->russia.trust")
        fell = days[stood] < day(2025, 1, 31)
        before = path.sel(date=np.datetime64("2024-11-20"), method="pad").values[stood][fell]
        later = path.sel(date=np.datetime64("2025-02-01"), method="pad").values[stood][fell]
        print(f"trust of {watcher} where it falls: {before.mean():.3f} -> {later.mean():.3f}")


def entry_left_free() -> None:
    """When Russia enters if `decide` chooses, and how its hazard follows the war."""
    f = al.simulate(
        CASE.free("russian_entry_2015"), runs=RUNS, seed=1, record=["syria.people[government]"]
    )
    entered, fallen = f.values["russia_enters"], f.values["assad_falls"]
    print(f"\nfree entry: before 2015 {(entered < day(2015, 1, 1)).mean():.3f}")
    held = np.log(
        np.maximum(f.trajectory("syria.people[government]").transpose("date", "run").values, 1e-3)
    )
    change = np.zeros_like(held)
    change[26:] = held[26:] - held[:-26]
    steps = np.arange(held.shape[0])[:, None]
    last = np.minimum(entered, fallen)[None]
    waiting = steps * 7 < last
    enters = (np.floor(np.where(np.isfinite(entered), entered, -9) / 7)[None] == steps) & (
        entered < fallen
    )[None]
    for name, when in (("losing", change < -0.02), ("winning", change > 0.02)):
        years = (waiting & when).sum() / 52.18
        print(f"hazard of entry while {name}: {(enters & when).sum() / years:.4f} a year")


def motives() -> None:
    """Share of Russian strikes on others than IS under each single motive, and two nulls."""
    head("Strikes away from IS, 2015-09-30 to 2017-12-31", "mean", "5%", "95%")
    for motive in MOTIVES:
        world = CASE.set(f"russia.motive[{motive}]", 1)
        f = al.simulate(world, runs=RUNS, seed=1, until="2017-12-31")
        share = f.values["off_target_share"]
        share = share[np.isfinite(share)]
        row(motive, (share.mean(), *np.quantile(share, [0.05, 0.95])))
    regions = CASE.files.case.theatres["syria"].regions
    hit = ("opposition", "jihadist", "isis")
    wanted = [
        f"syria/{r}.{noun}[{s}]"
        for r in regions
        for s in (*hit, "government")
        for noun in ("force", "control")
    ]
    f = al.simulate(CASE, runs=min(RUNS, 128), seed=1, until="2017-12-31", record=wanted)

    def mean(address: str) -> float:
        path = f.trajectory(address).sel(date=slice("2015-09-30", "2017-12-31"))
        return float(path.mean())

    density = {s: sum(mean(f"syria/{r}.force[{s}]") for r in regions) for s in hit}
    front = {
        s: sum(
            mean(f"syria/{r}.force[{s}]") * mean(f"syria/{r}.control[government]") for r in regions
        )
        for s in hit
    }
    for name, weight in (
        ("null: by density of targets", density),
        ("null: by closeness to the front", front),
    ):
        away = 1.0 - weight["isis"] / sum(weight.values())
        row(name, (away, away, away))


def worlds() -> None:
    """What the fall needs: worlds without one or two of its circumstances."""
    lacking = ("ukraine_war_2022", "hezbollah_weakened_2024", "idlib_truce_2020", OFFENSIVE)
    head("Worlds without", "by 2016-12-31", "2017-01 to 2024-10", "2024-11 to 2025-03")
    for entry in lacking:
        row(entry, verdict(CASE.without(entry)))
    for one, two in combinations(lacking, 2):
        row(f"{one}, {two}", verdict(CASE.without(one).without(two)))


def parameters() -> None:
    """Each free parameter moved by a fifth either way."""
    head(
        "Free parameters moved by 20%", "by 2016-12-31", "2017-01 to 2024-10", "2024-11 to 2025-03"
    )
    for parameter in (p for p in PARAMETERS if p.name in FREE):
        for factor in (0.8, 1.2):
            value = parameter.value * factor
            row(
                f"{parameter.name} x {factor}",
                verdict(CASE.set(f"parameter.{parameter.name}", value)),
            )


if __name__ == "__main__":
    for part in (plain, entry_left_free, motives, worlds, parameters):
        part()

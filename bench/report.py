"""The table of targets and the reasons for those missed, from what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

MARK = "<!-- below this line: written by `make bench` -->"


class Line(NamedTuple):
    """A measured figure; `low` and `high` bound the target, `value` what was measured."""

    what: str
    value: float
    low: float
    high: float
    detail: str

    @property
    def met(self) -> bool:
        return self.low <= self.value <= self.high

    @property
    def target(self) -> str:
        if self.low > 0 and self.high < float("inf"):
            return f"{self.low:g} to {self.high:g}"
        return f"at least {self.low:g}" if self.low > 0 else f"at most {self.high:g}"


def _span(found: dict[str, Any], form: str = ",.3g") -> str:
    return f"{found['median']:{form}} ({found['min']:{form}} to {found['max']:{form}})"


def lines(results: dict[str, Any]) -> list[Line]:
    rates, many = results["run_weeks_per_second"], float("inf")
    ratio = lambda a, b: rates[a]["median"] / rates[b]["median"]  # noqa: E731

    def spread(a: str, b: str) -> str:
        low, high = rates[a]["min"] / rates[b]["max"], rates[a]["max"] / rates[b]["min"]
        return f"at the extremes {low:,.3g} to {high:,.3g}"

    found = [
        Line(f"engine over {peer}, {case}, ratio", ratio(a, b), least, many, spread(a, b))
        for case, peer, least in (
            ("template", "oracle", 6.0),
            ("syria", "oracle", 6.0),
            ("template", "mesa", 500.0),
            ("template", "agentpy", 500.0),
        )
        for a, b in [(f"engine {case}", f"{peer} {case}")]
    ]
    scaling = results["scaling"]

    def sizes(kind: str) -> str:
        timed = scaling["seconds"].items()
        return "; ".join(f"{name} {_span(s)} s" for name, s in timed if name.startswith(kind))

    found += [
        *ensembles(results),
        Line("exponent of time, runs", scaling["exponent_runs"], 0.95, 1.05, sizes("runs")),
        Line("exponent of time, weeks", scaling["exponent_weeks"], 0.95, 1.05, sizes("weeks")),
    ]
    limits = {"run_64_cold": 5.0, "run_64_warm": 2.5, "help": 0.4, "cases": 0.4, "check_syria": 1.0}
    for name, limit in limits.items():
        timed = results["start_up_seconds"][name]
        found.append(Line(f"start-up, {name}, s", timed["median"], 0.0, limit, _span(timed)))
    return found


def ensembles(results: dict[str, Any]) -> list[Line]:
    """Time and memory of whole processes; the time of 10,000 from the largest that was run."""
    sizes = {int(runs): size for runs, size in results["ensemble"].items()}
    most = max(sizes)
    each = sizes[most]["seconds"] / most
    found = [Line("10,000 futures of Syria, s", 1e4 * each, 0.0, 60.0, f"from {most:,}")]
    for runs, size in sizes.items():
        what, took = f"peak memory of {runs:,} futures, GB", f"{size['seconds']:,.3g} s"
        found.append(Line(what, size["peak_gb"], 0.0, 1.5, took))
    for runs, size in results.get("long", {}).get("measured", {}).items():
        took = f"{size['seconds']:,.4g} s on {results['long']['on']}"
        what = f"peak memory of {int(runs):,} futures, GB"
        found.append(Line(what, size["peak_gb"], 0.0, 2.0, took))
    return found


def growth(results: dict[str, Any]) -> list[str]:
    """Exponents of what has no target: size of the world, workers."""
    scaling, workers = results["scaling"], results["workers"]
    text = []
    for kind in ("clients", "regions"):
        timed = {n: s for n, s in scaling["seconds"].items() if n.startswith(kind)}
        steps = "; ".join(f"{name} {_span(found)} s" for name, found in timed.items())
        text.append(
            f"{kind}: time grows with the power {scaling[f'exponent_{kind}']:.2f} ({steps})"
        )
    steps = "; ".join(f"{name} {_span(found)} s" for name, found in workers["seconds"].items())
    text.append(f"workers: the rate grows with the power {workers['exponent']:.2f} ({steps})")
    return text


def rates(results: dict[str, Any]) -> list[str]:
    found = results["run_weeks_per_second"]
    return [f"{name:<16} {_span(rate, ',.0f')}" for name, rate in found.items()]


def printed(results: dict[str, Any]) -> str:
    text = ["run-weeks per second, median (min to max)", *rates(results), ""]
    for line in lines(results):
        verdict = "met" if line.met else "MISSED"
        text.append(
            f"{line.what:<38} {line.value:>9.3g}  {line.target:<16} {verdict:<7} {line.detail}"
        )
    return "\n".join([*text, "", *growth(results), "", *reasons(results)])


def reasons(results: dict[str, Any]) -> list[str]:
    """A paragraph for each case: where the time goes, by measured parts."""
    text = []
    for case, found in results["microseconds_per_run_week"].items():
        parts = sorted(found["alone"].items(), key=lambda part: -part[1])
        total = sum(found["alone"].values())
        top = ", ".join(f"{name} {took / total:.0%}" for name, took in parts[:6])
        daily = (found["alone"]["fight"] + found["alone"]["hold"]) / total
        text.append(
            f"{case}: a run-week takes {found['whole']:.1f} microseconds on one device. Its parts, "
            f"each compiled alone with the whole world read and written, take {total:.1f} in sum; "
            f"of that {top}. The seven daily substeps (fight and hold) are {daily:.0%}."
        )
    rate = {n: r["median"] for n, r in results["run_weeks_per_second"].items()}
    start = results["start_up_seconds"]
    compiling = start["run_64_cold"]["median"] - start["run_64_warm"]["median"]
    text.append(
        f"Mesa goes through a week of the template's agents in "
        f"{1e6 / rate['mesa template']:,.0f} microseconds, AgentPy in "
        f"{1e6 / rate['agentpy template']:,.0f}, the engine in "
        f"{1e6 / rate['engine template']:.1f}; on Syria the engine needs "
        f"{1e6 / rate['engine syria']:.1f}."
    )
    text.append(
        f"Of a cold start {compiling:.1f} s are compilation (cold less warm); the rest is Python, "
        f"imports and 64 runs over the whole span."
    )
    return text


def readme(path: Path, results: dict[str, Any]) -> None:
    """Rewrite what follows the mark."""
    head = path.read_text(encoding="utf-8").split(MARK)[0]
    machine = results["machine"]
    versions = ", ".join(f"{n} {machine[n]}" for n in ("python", "jax", "numpy", "mesa", "agentpy"))
    text = [
        f"Measured on {machine['cores']} cores of {machine['cpu']} ({machine['system']}, "
        f"{versions}) in {results['minutes']:g} minutes; load average before the run "
        f"{machine['load_before']:g}"
        + (
            ", so the machine was busy with other work and the figures are pessimistic and noisy."
            if machine["load_before"] > 0.5
            else "."
        ),
        "",
        "| what | measured | target | | detail |",
        "|---|---|---|---|---|",
        *(
            f"| {x.what} | {x.value:.3g} | {x.target} | "
            f"{'met' if x.met else '**missed**'} | {x.detail} |"
            for x in lines(results)
        ),
        "",
        "Run-weeks per second, median (min to max):",
        "",
        *(f"- {rate}" for rate in rates(results)),
        "",
        "How it grows, without targets:",
        "",
        *(f"- {line}" for line in growth(results)),
        "",
        "![Rates, times and memory](../docs/pictures/speed.png)",
        "",
        "Where the time goes:",
        "",
        *(f"- {reason}" for reason in reasons(results)),
    ]
    path.write_text(head + MARK + "\n\n" + "\n".join(text) + "\n", encoding="utf-8")

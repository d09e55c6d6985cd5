"""The figures of a run as one picture: rates, growth of time, memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allegiance.show.colours import COLOURS
from allegiance.show.plots import STYLE

NAMES = {"mesa": "Mesa", "agentpy": "AgentPy", "oracle": "NumPy oracle", "engine": "engine"}


def drawn(path: Path, results: dict[str, Any]) -> None:
    """Write the picture of some results."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11, 3.6), layout="constrained")
        left, middle, right = figure.subplots(1, 3)
        _rates(left, results["run_weeks_per_second"])
        _growth(middle, results["scaling"])
        _memory(right, results)
        machine = results["machine"]
        figure.supxlabel(
            f"{machine['cores']} cores of {machine['cpu']}. Medians; whiskers: "
            "least and most over the rounds. Time relative to the smallest size.",
            fontsize=8,
            x=0.01,
            ha="left",
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Software": None})


def _rates(axes: Any, rates: dict[str, Any]) -> None:
    """Bars of run-weeks a second, the template's above Syria's."""
    rows = [
        (f"{NAMES[engine]}, {case}", rates[f"{engine} {case}"], case)
        for case in ("syria", "template")
        for engine in reversed(NAMES)
        if f"{engine} {case}" in rates
    ]
    for row, (_, rate, case) in enumerate(rows):
        spread = [[rate["median"] - rate["min"]], [rate["max"] - rate["median"]]]
        axes.barh(row, rate["median"], color=COLOURS[0 if case == "template" else 1], xerr=spread)
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.set(xscale="log", title="Run-weeks a second")


def _growth(axes: Any, scaling: dict[str, Any]) -> None:
    """Time against size, both relative to the smallest, with the fitted exponents."""
    for number, kind in enumerate(("runs", "weeks", "clients", "regions")):
        found = scaling["seconds"].items()
        timed = [(int(name.split()[1]), s) for name, s in found if name.startswith(kind)]
        first, base = timed[0][0], timed[0][1]["median"]
        low = [(s["median"] - s["min"]) / base for _, s in timed]
        high = [(s["max"] - s["median"]) / base for _, s in timed]
        axes.errorbar(
            [size / first for size, _ in timed],
            [s["median"] / base for _, s in timed],
            yerr=[low, high],
            color=COLOURS[number],
            marker="o",
            label=f"{kind} from {first}: {scaling[f'exponent_{kind}']:.2f}",
        )
    axes.set(xscale="log", yscale="log", title="Time against size, exponent")
    axes.legend()


def _memory(axes: Any, results: dict[str, Any]) -> None:
    """Peak memory of whole processes against runs."""
    sizes = {**results["ensemble"], **results.get("long", {}).get("measured", {})}
    runs = [int(count) for count in sizes]
    axes.plot(runs, [size["peak_gb"] for size in sizes.values()], color=COLOURS[0], marker="o")
    axes.set(
        xscale="log", ylim=(0, None), title="Peak memory of Syria's futures, GB", xlabel="runs"
    )

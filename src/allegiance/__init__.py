"""Great powers, client regimes and the price of keeping them: a simulator with its evidence.

```python
import allegiance as al

case = al.load("syria")
futures = al.simulate(case, runs=1000, seed=1)
futures.probability("assad_falls", by="2024-12-31")
other = al.simulate(case.without("ukraine_war_2022"), runs=1000, seed=1)
al.contrast(futures, other).summary()
al.drivers(case, "assad_falls").summary()
al.confront(case, runs=500, seed=1).summary()
al.forecast(case, start="2019-01-01", until="2024-12-31").summary()
al.calibrate(case, until="2018-12-31", out="out/syria/posterior").summary()
```
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allegiance.cases.errors import CaseError
    from allegiance.engine.futures import Futures
    from allegiance.engine.futures import opened as open_run
    from allegiance.engine.scenario import Scenario, load
    from allegiance.engine.simulate import simulate
    from allegiance.evidence.confront import Confrontation, confront
    from allegiance.explain.contrast import Contrast, contrast
    from allegiance.explain.drivers import Drivers, drivers
    from allegiance.infer.calibrate import Calibration, calibrate
    from allegiance.infer.compare import Comparison, compare
    from allegiance.infer.forecast import Forecast, forecast

__version__ = "0.1.0"

__all__ = [
    "Calibration",
    "CaseError",
    "Comparison",
    "Confrontation",
    "Contrast",
    "Drivers",
    "Forecast",
    "Futures",
    "Scenario",
    "calibrate",
    "compare",
    "confront",
    "contrast",
    "drivers",
    "forecast",
    "load",
    "open_run",
    "simulate",
]

_HOMES = {
    "Calibration": ("allegiance.infer.calibrate", "Calibration"),
    "Forecast": ("allegiance.infer.forecast", "Forecast"),
    "calibrate": ("allegiance.infer.calibrate", "calibrate"),
    "forecast": ("allegiance.infer.forecast", "forecast"),
    "CaseError": ("allegiance.cases.errors", "CaseError"),
    "Comparison": ("allegiance.infer.compare", "Comparison"),
    "Confrontation": ("allegiance.evidence.confront", "Confrontation"),
    "Contrast": ("allegiance.explain.contrast", "Contrast"),
    "Futures": ("allegiance.engine.futures", "Futures"),
    "Scenario": ("allegiance.engine.scenario", "Scenario"),
    "compare": ("allegiance.infer.compare", "compare"),
    "confront": ("allegiance.evidence.confront", "confront"),
    "contrast": ("allegiance.explain.contrast", "contrast"),
    "Drivers": ("allegiance.explain.drivers", "Drivers"),
    "drivers": ("allegiance.explain.drivers", "drivers"),
    "load": ("allegiance.engine.scenario", "load"),
    "open_run": ("allegiance.engine.futures", "opened"),
    "simulate": ("allegiance.engine.simulate", "simulate"),
}
"""Where each name lives. It is imported when first used, so that `import allegiance` is light."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, inner = _HOMES[name]
    found = getattr(import_module(module), inner)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

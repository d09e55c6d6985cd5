"""Figures for the page: pure functions from plain arrays to Plotly figures.

Nothing here opens a file or runs the model; `inputs` turns futures into what the others take. Every
figure names its unit and the number of futures. Text of a case is escaped, because Plotly reads a
few tags in it. Probabilities and shares come in as 0 to 1; a fan is [level, date], its levels
LEVELS.
"""

from allegiance.show.figures.dots import Chance, Shift, outcomes, shifts
from allegiance.show.figures.fans import LEVELS, Point, fan
from allegiance.show.figures.maps import Place, control_map
from allegiance.show.figures.multiples import Pledge, Trust, pledged, trust_lines
from allegiance.show.figures.networks import Tie, ties
from allegiance.show.figures.times import Departure, departures, timing

__all__ = [
    "LEVELS",
    "Chance",
    "Departure",
    "Place",
    "Pledge",
    "Point",
    "Shift",
    "Tie",
    "Trust",
    "control_map",
    "departures",
    "fan",
    "outcomes",
    "pledged",
    "shifts",
    "ties",
    "timing",
    "trust_lines",
]

"""The trend shapes: one file each, and this dictionary. The tests pick a new one up from here."""

from forecasts.models.bend import Bend
from forecasts.models.exponential import Exponential
from forecasts.models.gompertz import Gompertz
from forecasts.models.logistic import Logistic
from forecasts.models.piecewise import Piecewise
from forecasts.models.shape import Cells, Draws, Shape, Span

SHAPES: dict[str, Shape] = {
    shape.name: shape for shape in (Exponential(), Piecewise(), Logistic(), Bend(), Gompertz())
}

__all__ = [
    "SHAPES",
    "Bend",
    "Cells",
    "Draws",
    "Exponential",
    "Gompertz",
    "Logistic",
    "Piecewise",
    "Shape",
    "Span",
]

"""The trend shapes: one file each, and this dictionary. The tests pick a new one up from here."""

from forecasts.models.exponential import Exponential
from forecasts.models.logistic import Logistic
from forecasts.models.piecewise import Piecewise
from forecasts.models.shape import Cells, Draws, Shape, Span

SHAPES: dict[str, Shape] = {shape.name: shape for shape in (Exponential(), Piecewise(), Logistic())}

__all__ = ["SHAPES", "Cells", "Draws", "Exponential", "Logistic", "Piecewise", "Shape", "Span"]

"""Constant growth for ever: the shape that the naive line assumes."""

from dataclasses import dataclass

import numpy as np

from forecasts.models.piecewise import Piecewise
from forecasts.models.shape import FAR, Cells, Draws, Span
from forecasts.population import LN2


@dataclass(frozen=True)
class Exponential(Piecewise):
    """The piecewise shape with its one configuration that never changes: nothing can plateau.

    Being the same formula, it shares the compiled model and the priors of the piecewise shape.
    """

    name: str = "exponential"
    title: str = "Exponential: the same growth for ever"
    date_names: tuple[str, ...] = ()

    @property
    def graph(self) -> str:
        """The piecewise formula."""
        return "piecewise"

    def cells(self, span: Span) -> Cells:
        """One configuration: no change."""
        far = np.full((1, 2), FAR)
        return Cells(far, far, np.array([[1.0, 1.0, 0.0, 0.0]]))

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """Return the growth itself."""
        return draws.parameters[:, 1]

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Return the draws unchanged: nothing ever happens to an exponential."""
        return draws

    @property
    def has_stop(self) -> bool:
        """Nothing ever changes."""
        return False

    def named(self, draws: Draws) -> dict[str, np.ndarray]:
        """Growth in doublings per year."""
        return {"growth": draws.parameters[:, 1] / LN2}

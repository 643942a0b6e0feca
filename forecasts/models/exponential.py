"""Constant growth for ever: the shape that the naive line assumes."""

from dataclasses import dataclass

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.models.shape import Cells, Draws, Span
from forecasts.priors import GROWTH, GROWTH_SCALE, LEVEL, LN2, Prior


@dataclass(frozen=True)
class Exponential:
    """``level + growth * t``; no date is unknown, so nothing can plateau."""

    name: str = "exponential"
    title: str = "Exponential: the same growth for ever"
    hazard: float = 0.0

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Level, the series' own scale of growth, and growth."""
        return (LEVEL, GROWTH_SCALE, GROWTH)

    def cells(self, span: Span) -> Cells:
        """One configuration without dates."""
        return Cells(np.empty((1, 0)), np.empty((1, 0)), np.ones((1, 3)))

    def log_weight(self, cells: Cells, span: Span) -> np.ndarray:
        """All mass on the one configuration."""
        return np.zeros(len(cells))

    def start(self, growth: float) -> np.ndarray:
        """Level zero and the given growth, which also gives the scale."""
        return np.array([0.0, np.log(abs(growth) + 1e-3), growth])

    def log_prior(self, parameters: list[Array], xp: Namespace) -> list[Array]:
        """Growth is scaled by the series' own scale."""
        level, scale, growth = parameters
        return [
            LEVEL.logpdf(level, xp),
            GROWTH_SCALE.logpdf(scale, xp),
            GROWTH.scaled_logpdf(growth, xp, log_unit=scale),
        ]

    def curve(self, parameters: list[Array], dates: list[Array], t: Array, xp: Namespace) -> Array:
        """Return the straight line."""
        level, _, growth = parameters
        return level + growth * t

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """Return the growth itself."""
        return draws.parameters[:, 2]

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Return the draws unchanged: nothing ever happens to an exponential."""
        return draws

    def named(self, draws: Draws) -> dict[str, np.ndarray]:
        """Growth in doublings per year."""
        return {"growth": draws.parameters[:, 2] / LN2}

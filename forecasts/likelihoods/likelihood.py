"""What a kind of series must provide, and what several kinds share."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.population import Population
from forecasts.priors import PlainPrior
from forecasts.series import Series

#: A growth path: log values at the given times, one row a draw or a cell.
Curve = Callable[[Array], Array]

LOG_2PI = float(np.log(2 * np.pi))


class Likelihood(Protocol):
    """One kind of series.

    Attributes
    ----------
    kind : str
        Of the cards that it is for.
    name : str
        Its own: two formulas may be for one kind.
    """

    kind: str
    name: str

    def noise(self, population: Population) -> tuple[PlainPrior, ...]:
        """Return the priors of the noise parameters, in order."""
        ...

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """Return the arrays that `loglik` reads, from rows known at `as_of` only."""
        ...

    def rows(self, series: Series, data: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return times and values of the rows, from which a search for the mode starts."""
        ...

    def start(self, residual_sd: float, data: dict[str, np.ndarray]) -> np.ndarray:
        """Return a starting point for the noise parameters."""
        ...

    def loglik(
        self, curve: Curve, noise: list[Array], data: dict[str, Array], xp: Namespace
    ) -> Array:
        """Return the log likelihood of every row of `curve`."""
        ...

    def future(
        self,
        curve: Curve,
        noise: np.ndarray,
        series: Series,
        times: np.ndarray,
        *,
        seed: int,
        items: int = 1,
    ) -> np.ndarray:
        """Draw what the forecast is of at `times`; shape (draws, times).

        `items` is the number of new items of which the median is drawn; only `Item` heeds it.
        """
        ...


def plain_rows(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """Times and values of the rows, as years and log units since the first one."""
    return series.time - series.time[0], series.y - series.y[0]


def with_rounding(log_scale: Array, data: dict[str, Array], xp: Namespace) -> Array:
    """Log standard deviation of the scatter and the rounding together, one for each row."""
    return log_scale + 0.5 * xp.softplus(data["log_rounding"] - 2.0 * log_scale)

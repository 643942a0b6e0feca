"""What a trend shape is: a growth path on the log scale whose dates may be unknown.

A shape's unknown dates live in *cells* (intervals of time, or "has not happened"); given the cell,
the remaining parameters are well behaved, and the sum over cells is done exactly. That is why "not
yet" and "just happened", two separate modes, never trouble the sampler.

Inside a model, time is years since the first row and log values are relative to the first value.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.population import Population
from forecasts.priors import Prior

#: A date that has not happened, in years since the first row: beyond any horizon, yet finite,
#: because infinity times zero is nan in a gradient.
FAR = 1e5


@dataclass(frozen=True)
class Span:
    """The stretch of time a fit knows and looks ahead to.

    Attributes
    ----------
    years : float
        From the first row to `as_of`.
    horizon : float
        Years after `years` that the answer covers.
    """

    years: float
    horizon: float


@dataclass(frozen=True)
class Cells:
    """Intervals for the unknown dates, one row a configuration.

    A bend's width is kept here as if it were a date: it has separate modes, too.

    Attributes
    ----------
    low, high : ndarray, shape (cells, dates)
        Bounds in years since the first row; `FAR` for a date that has not happened.
    active : ndarray, shape (cells, parameters)
        1 where the configuration uses the parameter, 0 where its value is fixed at zero.
    """

    low: np.ndarray
    high: np.ndarray
    active: np.ndarray

    @property
    def middle(self) -> np.ndarray:
        """Midpoints, at which the curve is evaluated; shape (cells, dates)."""
        return 0.5 * (self.low + self.high)

    def __len__(self) -> int:
        return len(self.low)

    def take(self, index: np.ndarray) -> "Cells":
        """Return the configurations in `index` (positions or a mask)."""
        return Cells(self.low[index], self.high[index], self.active[index])

    def halved(self) -> "Cells":
        """Split every interval in two; a cell of `d` dates that are not fixed gives `2**d`."""
        cells = self
        for date in range(self.low.shape[1]):
            open_ = cells.low[:, date] < cells.high[:, date]
            lower, upper = cells.take(open_), cells.take(open_)
            middle = 0.5 * (lower.low[:, date] + lower.high[:, date])
            lower.high[:, date] = middle
            upper.low[:, date] = middle
            cells = join([cells.take(~open_), lower, upper])
        return cells


def join(parts: list[Cells]) -> Cells:
    """Stack several sets of cells into one."""
    return Cells(
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        np.concatenate([part.active for part in parts]),
    )


@dataclass(frozen=True)
class Draws:
    """Draws of a growth path, in the model's time and log units.

    Attributes
    ----------
    parameters : ndarray, shape (draws, parameters)
        The shape's parameters, zero where a configuration does not use them.
    dates : ndarray, shape (draws, dates)
        Years since the first row; `FAR` for "not within reach".
    """

    parameters: np.ndarray
    dates: np.ndarray

    def take(self, index: np.ndarray) -> "Draws":
        """Return the draws in `index`."""
        return Draws(self.parameters[index], self.dates[index])


class Shape(Protocol):
    """One trend shape. A new one is one file with these members and one line in `SHAPES`."""

    @property
    def name(self) -> str:
        """Its key in `SHAPES`."""
        ...

    @property
    def title(self) -> str:
        """What it is, for a reader."""
        ...

    @property
    def date_names(self) -> tuple[str, ...]:
        """What its unknown dates are called in `named`, in the order of `Draws.dates`."""
        ...

    @property
    def graph(self) -> str:
        """Name of its formula: shapes that share one share the compiled model."""
        ...

    @property
    def population(self) -> Population:
        """Hazard of a change, share of stops, and the numbers behind the priors."""
        ...

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The prior of each parameter, in order, for the report."""
        ...

    def cells(self, span: Span) -> Cells:
        """Return the first, coarse division of the unknown dates."""
        ...

    def log_weight(self, cells: Cells, span: Span) -> np.ndarray:
        """Return each cell's log prior mass, up to one constant for the shape."""
        ...

    def start(self, growth: float) -> np.ndarray:
        """Return a starting point for a straight line of that growth per year."""
        ...

    def log_prior(self, parameters: list[Array], xp: Namespace) -> list[Array]:
        """Return the log prior of each parameter, written with the array module `xp`."""
        ...

    def curve(self, parameters: list[Array], dates: list[Array], t: Array, xp: Namespace) -> Array:
        """Return the growth path at times `t`, relative to the first value (log scale)."""
        ...

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """Return r* where the shape defines it itself, None for the windowed maximum."""
        ...

    def unit(self, draws: Draws) -> np.ndarray:
        """Return what growth after a change is measured in, log per year; shape (draws,)."""
        ...

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Return the draws with what may still happen after `as_of` simulated."""
        ...

    @property
    def has_stop(self) -> bool:
        """Whether growth after a change may be a stop, exactly zero."""
        ...

    def named(self, draws: Draws) -> dict[str, np.ndarray]:
        """Return the draws in plain units (doublings per year, years since the first row)."""
        ...

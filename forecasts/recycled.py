"""One reference series as the population's model reads it: the draws of a fit with a wide prior."""

from dataclasses import dataclass

import numpy as np

from forecasts.fit import child_seed, fit_quickly
from forecasts.models import SHAPES, Shape, Span
from forecasts.models.shape import FAR
from forecasts.population import WEAK
from forecasts.series import Series

#: Draws kept of each series; years ahead are not looked at.
DRAWS, HORIZON = 400, 1.0
#: Kinds whose growth persists from one year to the next.
PERSISTENT = ("index", "share")


@dataclass(frozen=True)
class Recycled:
    """The draws of one reference series, and what the prior ratio needs to know of it.

    Attributes
    ----------
    id, family, kind : str
        From its card.
    before, middle, after : ndarray, shape (draws,)
        Growth before and after changes.
    changes, stopped : ndarray, shape (draws,)
        Number of changes, and 1 where growth after the last one is exactly zero.
    log_scatter, persistence : ndarray, shape (draws,)
        Noise; persistence is zero where the kind has none.
    one, two : float
        Prior mass of one and of two changes for a hazard of 1, relative to none.
    converged : bool
        Whether the fit passed the gate; one that did not teaches nothing.
    """

    id: str
    family: str
    kind: str
    before: np.ndarray
    middle: np.ndarray
    after: np.ndarray
    changes: np.ndarray
    stopped: np.ndarray
    log_scatter: np.ndarray
    persistence: np.ndarray
    one: float
    two: float
    converged: bool


def recycle(series: Series, *, seed: int = 0) -> Recycled:
    """Fit one reference series with the wide prior of its kind, with NUTS where weights are rough.

    Parameters
    ----------
    series : Series
        As known at its `as_of`.
    seed : int
        Same seed, same draws.
    """
    kind = series.card.kind
    one = fit_quickly(
        series,
        SHAPES["piecewise"],
        population=WEAK[kind],
        horizon=HORIZON,
        seed=seed,
    )
    rng = np.random.default_rng(child_seed(seed, series.card.id, "recycled"))
    keep = rng.choice(len(one.noise), DRAWS, replace=False)
    _, before, middle, after = one.past.parameters[keep].T
    changes = (one.past.dates[keep] < FAR).sum(1)
    free = one.scan.cells.active[one.cell[keep], 2:].sum(1)
    first, second = _masses(one.shape, one.span)
    return Recycled(
        id=series.card.id,
        family=series.card.family,
        kind=kind,
        before=before,
        middle=middle,
        after=after,
        changes=changes,
        stopped=(free < changes).astype(float),
        log_scatter=one.noise[keep, 0],
        persistence=one.noise[keep, 1] if kind in PERSISTENT else np.zeros(DRAWS),
        one=first,
        two=second,
        converged=one.converged,
    )


def _masses(shape: Shape, span: Span) -> tuple[float, float]:
    """Prior mass of one and two changes for a hazard of 1, relative to none."""
    cells = shape.cells(span)
    changes = (cells.low < FAR).sum(1)
    mass = np.exp(shape.log_weight(cells, span))
    hazard = shape.population.hazard
    return float(mass[changes == 1].sum() / hazard), float(mass[changes == 2].sum() / hazard**2)

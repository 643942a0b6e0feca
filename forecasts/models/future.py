"""What may still happen after `as_of`: changes of growth at the hazard, whatever the shape."""

from collections.abc import Callable

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.models.shape import FAR, Span
from forecasts.population import Population
from forecasts.priors import CHANGE_DF

#: Probability that a draw would have had more changes within the horizon than are simulated.
MISSED = 1e-4


def future_changes(
    span: Span,
    *,
    population: Population,
    growth: Callable[[np.ndarray], np.ndarray],
    unit: np.ndarray,
    rng: np.random.Generator,
    since: np.ndarray | None = None,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Simulate the changes of growth between `as_of` and the horizon.

    Parameters
    ----------
    span : Span
        Years observed and years ahead.
    population : Population
        Hazard, share of stops, and growth after a change.
    growth : callable
        Growth of each draw's path at given dates while no change has come; shape (draws,).
    unit : ndarray, shape (draws,)
        What growth after a change is measured in, log per year.
    rng : Generator
        Decides.
    since : ndarray, shape (draws,), optional
        Dates, not before `as_of`, from which changes may come; the default is `as_of`.

    Returns
    -------
    growths, dates : list of ndarray, each of shape (draws,)
        Growth after each change and its date; `FAR`, and the growth before it, for none.
    """
    from scipy.stats import poisson

    count, hazard = len(unit), population.hazard
    now = np.full(count, span.years) if since is None else since
    growths: list[np.ndarray] = []
    dates: list[np.ndarray] = []
    for _ in range(int(poisson.isf(MISSED, hazard * span.horizon)) + 1):
        now = now + rng.exponential(1.0 / hazard, count)
        within = now < span.years + span.horizon
        before = growths[-1] if growths else growth(np.where(within, now, span.years))
        spread = population.change_spread * unit * rng.standard_t(CHANGE_DF, count)
        stop = rng.random(count) < population.stop_probability
        new = np.where(stop, 0.0, population.kept_growth * before + spread)
        growths.append(np.where(within, new, before))
        dates.append(np.where(within, now, FAR))
    return growths, dates


def then_lines(
    path: Callable[[Array], Array],
    growths: list[Array],
    changes: list[Array],
    t: Array,
    xp: Namespace,
) -> Array:
    """Follow a path until the first of some changes, then straight lines of the given growths.

    Parameters
    ----------
    path : callable
        Log values at given times.
    growths, changes : list of arrays
        Growth after each change, and its date, in order; `FAR` for none.
    t : array
        Times.
    xp : namespace
        NumPy or PyTensor functions.
    """
    if not changes:
        return path(t)
    values = path(xp.minimum(t, changes[0]))
    for i, (growth, change) in enumerate(zip(growths, changes, strict=True)):
        run = xp.maximum(t - change, 0.0)
        if i + 1 < len(changes):
            run = run - xp.maximum(t - changes[i + 1], 0.0)
        values = values + growth * run
    return values

"""What may still happen after `as_of`: changes of growth at the hazard, whatever the shape."""

from collections.abc import Callable

import numpy as np

from forecasts.models.shape import FAR, Span
from forecasts.priors import GROWTH_AFTER, KEPT_GROWTH

#: Probability that a draw would have had more changes within the horizon than are simulated.
MISSED = 1e-4


def future_changes(
    span: Span,
    *,
    hazard: float,
    stop_probability: float,
    growth: Callable[[np.ndarray], np.ndarray],
    scale: np.ndarray,
    rng: np.random.Generator,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Simulate the changes of growth between `as_of` and the horizon.

    Parameters
    ----------
    span : Span
        Years observed and years ahead.
    hazard, stop_probability : float
        Changes per year, and the share of them after which growth is exactly zero.
    growth : callable
        Growth of each draw's path at given dates while no change has come; shape (draws,).
    scale : ndarray, shape (draws,)
        The series' own scale of growth, log per year.
    rng : Generator
        Decides.

    Returns
    -------
    growths, dates : list of ndarray, each of shape (draws,)
        Growth after each change and its date; `FAR`, and the growth before it, for none.
    """
    from scipy.stats import poisson

    count = len(scale)
    now = np.full(count, span.years)
    growths: list[np.ndarray] = []
    dates: list[np.ndarray] = []
    for _ in range(int(poisson.isf(MISSED, hazard * span.horizon)) + 1):
        now = now + rng.exponential(1.0 / hazard, count)
        within = now < span.years + span.horizon
        before = growths[-1] if growths else growth(np.where(within, now, span.years))
        spread = GROWTH_AFTER.scale * scale * rng.standard_t(GROWTH_AFTER.df, count)
        stop = rng.random(count) < stop_probability
        new = np.where(stop, 0.0, KEPT_GROWTH * before + spread)
        growths.append(np.where(within, new, before))
        dates.append(np.where(within, now, FAR))
    return growths, dates

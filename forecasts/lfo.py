"""Leave-future-out scores of the shapes: how well each foretold the rows after the first few.

By the chain rule the log predictive density of rows L + 1 … n, each given all rows before it, is
the log marginal likelihood of n rows minus that of the first L. So the score is exact (no
importance sampling over refits), and what the prior alone makes of the first rows cancels.
"""

import datetime

from forecasts.errors import InputError
from forecasts.fit import Fit, child_seed, fit_quickly
from forecasts.series import Series

#: Rows that are not foretold but given: this many, or half of a short series.
GIVEN = 8
#: A horizon is not looked at.
HORIZON = 1.0


def lfo_scores(fits: dict[str, Fit], *, seed: int = 0) -> dict[str, float]:
    """Return the log predictive density of the later rows under each shape (elpd, in nats).

    Parameters
    ----------
    fits : dict of Fit
        One for each shape, all of the same series.
    seed : int
        Same seed, same numbers.

    Returns
    -------
    dict of float
        By shape. A series too short to be cut keeps its log marginal likelihood.

    References
    ----------
    Bürkner, Gabry and Vehtari (2020), Approximate leave-future-out cross-validation for Bayesian
    time series models, doi:10.1080/00949655.2020.1783262; the chain rule is exact for what they
    approximate when every row is foretold from all rows before it.
    """
    series = next(iter(fits.values())).series
    early = _beginning(series)
    if early is None:
        return {name: one.log_evidence for name, one in fits.items()}
    return {
        name: one.log_evidence
        - fit_quickly(
            early,
            one.shape,
            population=one.shape.population,
            horizon=HORIZON,
            seed=child_seed(seed, "lfo", name),
            fallback=False,
        ).log_evidence
        for name, one in fits.items()
    }


def _beginning(series: Series) -> Series | None:
    """The series when its first rows were known; None when there is nothing to foretell."""
    day: datetime.date = series.date[min(GIVEN, series.n // 2) - 1]
    if day >= series.date[-1]:
        return None
    try:
        return series.known_at(day)
    except InputError:
        return None

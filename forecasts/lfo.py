"""Leave-future-out scores of the shapes: how well each foretold the rows after the first few.

By the chain rule the log predictive density of rows L + 1 … n, each given all rows before it, is
the log marginal likelihood of n rows minus that of the first L. So no refit is approximated, and
what the prior alone makes of the first rows cancels. One thing does not: the prior of the dates
looks ahead to the horizon of the fit, and from the beginning to its own one.
"""

import datetime

from forecasts.errors import InputError
from forecasts.fit import Fit, child_seed, fit_quickly
from forecasts.population import Population
from forecasts.series import Series

#: Rows that are not foretold but given: this many, or half of a short series.
GIVEN = 8
#: A horizon is not looked at.
HORIZON = 1.0


#: Evidence of beginnings, by their rows, formulas and population: the later dates of a backtest
#: share a beginning.
_BEGINNINGS: dict[tuple[str, str, str, Population], float] = {}


def lfo_scores(fits: dict[str, Fit]) -> dict[str, float]:
    """Return the log predictive density of the later rows under each shape (elpd, in nats).

    Parameters
    ----------
    fits : dict of Fit
        One for each shape, all of the same series.

    Returns
    -------
    dict of float
        By shape. A series too short to be cut keeps its log marginal likelihood.

    References
    ----------
    Bürkner, Gabry and Vehtari (2020), Approximate leave-future-out cross-validation for Bayesian
    time series models, doi:10.1080/00949655.2020.1783262; the chain rule gives what they
    approximate when every row is foretold from all rows before it.
    """
    series = next(iter(fits.values())).series
    early = _beginning(series)
    if early is None:
        return {name: one.log_evidence for name, one in fits.items()}
    return {name: one.log_evidence - _evidence(early, one) for name, one in fits.items()}


def _evidence(early: Series, one: Fit) -> float:
    """Log marginal likelihood of a beginning under the shape of a fit."""
    like = one.scan.problem.likelihood
    key = early.data_sha256, one.shape.name, like.name, one.shape.population
    if key not in _BEGINNINGS:
        # The seed follows from the rows, so that it does not matter which date asks first.
        seed = child_seed(int(early.data_sha256[:7], 16), one.shape.name)
        _BEGINNINGS[key] = fit_quickly(
            early,
            one.shape,
            population=one.shape.population,
            horizon=HORIZON,
            seed=seed,
            # Rows that were sparse at first may be close later: one formula for both.
            likelihood=like,
        ).log_evidence
    return _BEGINNINGS[key]


def _beginning(series: Series) -> Series | None:
    """The series when its first rows were known; None when there is nothing to foretell."""
    day: datetime.date = series.date[min(GIVEN, series.n // 2) - 1]
    if day >= series.date[-1]:
        return None
    try:
        return series.known_at(day)
    except InputError:
        return None

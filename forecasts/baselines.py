"""What a model has to beat: random walks on the log scale, and all baselines by their names.

Like the straight line of `forecasts.naive` they are fitted to ``y``, the signed log value that
rises with progress, and answer in the series' own unit. ``tests/test_baselines.py`` holds them to
the published formulas and to a table of scores on 32 technology cost series.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.baselines_optional import FEWEST, PACKAGES, installed, optional_quantiles
from forecasts.errors import InputError
from forecasts.naive import ToValue, fit_naive, log_t_quantiles

#: Moving-average coefficient that Farmer & Lafond (2016) estimated over 66 technologies.
FARMER_LAFOND_THETA = 0.63

#: Names used in every table; see `available`.
BASELINES = ("ols", "rwd", "rwd_ma63", "no_change")


@dataclass(frozen=True, kw_only=True)
class RandomWalk:
    """A random walk on the log scale, started from the last row.

    Attributes
    ----------
    sign
        As in `Naive`.
    last
        Signed log value of the last row.
    drift
        Mean log growth per row; 0 when the walk has none.
    row_length
        Mean distance between rows, in the unit of the horizon (1 when that is rows).
    steps
        Number of differences between rows.
    step_sd
        Standard deviation of one difference around the drift.
    theta
        Moving-average coefficient of the differences.
    has_drift
        Whether the drift was estimated, which widens the interval and costs a degree of freedom.
    to_value
        As in `Naive`.
    """

    sign: int
    last: float
    drift: float
    row_length: float
    steps: int
    step_sd: float
    theta: float
    has_drift: bool
    to_value: ToValue | None = None

    def predict(self, ahead: Sequence[float] | np.ndarray, probs: Sequence[float]) -> np.ndarray:
        """Give quantiles of the value some way after the last row.

        Parameters
        ----------
        ahead
            Distances from the last row, at least 0: rows, or years when fitted with dates.
        probs
            Probabilities of the quantiles wanted, between 0 and 1.

        Returns
        -------
        numpy.ndarray
            Shape ``(len(ahead), len(probs))``, in the value's own unit, ascending with `probs`. A
            walk with drift from two rows, and one without from a single row, has a known median
            and otherwise nan; with drift from a single row or date everything is nan.
        """
        rows = np.asarray(ahead, float) / self.row_length
        sd = self.step_sd * np.sqrt(self._growth_of_variance(rows))
        df = self.steps - 1 if self.has_drift else self.steps
        median = self.last + self.drift * rows if self.has_drift else np.full(len(rows), self.last)
        return log_t_quantiles(median, sd, probs, df=df, sign=self.sign, to_value=self.to_value)

    def _growth_of_variance(self, rows: np.ndarray) -> np.ndarray:
        """Squared forecast error at a horizon of some rows, in units of ``step_sd ** 2``."""
        if not self.has_drift or self.steps == 0:
            return rows
        theta, m = self.theta, self.steps
        whole = np.maximum(rows, 1.0)
        walk = whole + whole**2 / m
        memory = -2 * theta + (1 + 2 * (m - 1) * theta / m + theta**2) * walk
        # The formula knows whole rows; below one row it would turn negative, so it is scaled down.
        return memory / (1 + theta**2) * np.minimum(rows, 1.0)


def fit_random_walk(
    y: Sequence[float] | np.ndarray,
    *,
    sign: int = 1,
    time: Sequence[float] | np.ndarray | None = None,
    drift: bool = True,
    theta: float = 0.0,
    to_value: ToValue | None = None,
) -> RandomWalk:
    """Fit a random walk to log values, in rows or, for uneven rows, in years.

    Parameters
    ----------
    y
        Signed log values: ``sign * log(value)``.
    sign
        +1 when the value rises with progress (default), -1 when it falls.
    time
        Dates, decimal years. Default: rows are taken as evenly spaced and horizons count rows.
    drift
        Whether the walk has a mean growth; without it, nothing changes any more but by chance.
    theta
        Moving-average coefficient of the differences; default none. It needs a drift.
    to_value
        Turns the scale of `y` into the value's own unit; default: ``exp(sign * y)``.

    Returns
    -------
    RandomWalk
        With even rows exactly the published formulas.

    Notes
    -----
    With m differences of standard deviation K (m - 1 degrees of freedom) the error E at a horizon
    of h rows obeys E / (K sqrt(A)) ~ t(m - 1), where A = h + h**2 / m and, with a moving-average
    coefficient, A* = (-2 theta + (1 + 2 (m - 1) theta / m + theta**2) A) / (1 + theta**2). The walk
    without drift has A = h, K**2 the mean squared difference, and t(m).

    With dates, the variance of a difference is taken as proportional to its span, the estimator
    stays unbiased (rows of one date are allowed), and a horizon counts rows of mean length.

    References
    ----------
    Farmer and Lafond (2016), How predictable is technological progress?, Research Policy 45,
    647-665, doi:10.1016/j.respol.2015.11.001.
    """
    level = np.asarray(y, float)
    differences = np.diff(level)
    steps = len(differences)
    spans = np.ones(steps) if time is None else np.diff(np.asarray(time, float))
    total = float(spans.sum())
    rate = float(level[-1] - level[0]) / total if drift and total > 0 else 0.0
    # The endpoints fix the drift, so each residual lacks its span's share of the total.
    freedom = total - (float((spans**2).sum()) / total if drift and total > 0 else 0.0)
    row_length = total / steps if total > 0 else np.nan
    squares = float(((differences - rate * spans) ** 2).sum())
    estimable = freedom > 1e-9 * total
    return RandomWalk(
        sign=sign,
        last=float(level[-1]),
        drift=rate * row_length,
        row_length=row_length,
        steps=steps,
        step_sd=float(np.sqrt(squares / freedom * row_length)) if estimable else np.nan,
        theta=theta,
        has_drift=drift,
        to_value=to_value,
    )


def available() -> tuple[str, ...]:
    """Name the baselines of a table: our own, and those of other packages that are installed."""
    return (*BASELINES, *installed())


def baseline_quantiles(
    name: str,
    y: Sequence[float] | np.ndarray,
    ahead: Sequence[float] | np.ndarray,
    probs: Sequence[float],
    *,
    sign: int = 1,
    time: Sequence[float] | np.ndarray | None = None,
    items: int = 1,
    to_value: ToValue | None = None,
) -> np.ndarray:
    """Forecast with one of the baselines, by its name.

    Parameters
    ----------
    name
        ``ols`` (straight line), ``rwd`` (random walk with drift), ``rwd_ma63`` (the same with a
        moving-average term of 0.63), ``no_change`` (random walk without drift), or, where
        installed, ``prophet``, ``ets``, ``arima`` (random walk with drift up to six rows).
    y
        Signed log values of the rows known: ``sign * log(value)``.
    ahead
        Distances from the last row: rows, or years when `time` is given.
    probs
        Probabilities of the quantiles wanted, between 0 and 1.
    sign
        +1 when the value rises with progress (default), -1 when it falls.
    time
        Dates of the rows, decimal years; needed where rows are unevenly spaced.
    items
        Number of new rows whose median is forecast; only the straight line heeds it.
    to_value
        Turns the scale of `y` into the value's own unit, as a share's `Series.from_y` does;
        default: ``exp(sign * y)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(len(ahead), len(probs))``, in the value's own unit, ascending with `probs`.

    Raises
    ------
    InputError
        When there is no baseline of that name.
    """
    if name == "ols":
        dates = np.arange(len(y), dtype=float) if time is None else np.asarray(time, float)
        targets = dates[-1] + np.asarray(ahead, float)
        line = fit_naive(dates, y, sign=sign, to_value=to_value)
        return line.predict(targets, probs, items=items)
    if name not in available():
        raise InputError(
            f"A baseline must be known and installed, got {name!r}: use {', '.join(available())}."
        )
    if name in PACKAGES and len(y) >= FEWEST and (time is None or time[-1] > time[0]):
        # They are asked for the log value itself, whichever way is progress.
        values, to_own = sign * np.asarray(y, float), to_value or (lambda y: np.exp(sign * y))
        when = None if time is None else np.asarray(time, float)
        found = optional_quantiles(name, values, np.asarray(ahead, float), probs, time=when)
        return to_own(sign * found)
    theta = FARMER_LAFOND_THETA if name == "rwd_ma63" else 0.0
    walk = fit_random_walk(
        y, sign=sign, time=time, drift=name != "no_change", theta=theta, to_value=to_value
    )
    return walk.predict(ahead, probs)

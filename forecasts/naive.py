"""The naive extrapolation: a straight line on the log axis, with its prediction interval.

It is fitted to ``y``, the signed log value that rises with progress, and answers in the series' own
unit, where quantiles ascend for falling series too. Nothing but the rows handed in reaches a
number. ``tests/test_naive.py`` compares it with closed forms and with published figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

#: From the model's scale to the value's own unit, such as `forecasts.series.Series.from_y`.
ToValue = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Naive:
    """A straight line of log value on time, by ordinary least squares.

    Attributes
    ----------
    sign
        +1 for a series whose progress is up, -1 for one whose progress is down.
    n
        Number of rows.
    centre
        Mean date of the rows, decimal years; the line is stored there because level and growth are
        uncorrelated at that date.
    level
        Signed log value of the line at `centre`.
    growth
        Log growth per year, positive for progress (a falling price has positive growth).
    level_sd, growth_sd
        Standard errors of `level` and `growth`; nan when fewer than three rows give no residual.
    residual_sd
        Standard deviation of the rows around the line, with n - 2 degrees of freedom.
    r2
        Share of the variance of log values that the line explains; nan for a constant series.
    to_value
        Turns the scale of `level` into the value's own unit; None: ``exp(sign · y)``.

    Notes
    -----
    The line of a share is straight on its logit: log growth is that of the odds, in
    `growth_per_year` and `doubling_years` too, and `to_value` keeps forecasts within the bounds.
    """

    sign: int
    n: int
    centre: float
    level: float
    growth: float
    level_sd: float
    growth_sd: float
    residual_sd: float
    r2: float
    to_value: ToValue | None = None

    @property
    def growth_per_year(self) -> float:
        """Factor per year in the value's own unit: 1.28 is +28 % a year, below 1 is a fall.

        Of a share it is the factor of the odds.
        """
        return float(np.exp(self.sign * self.growth))

    @property
    def doubling_years(self) -> float:
        """Years for a doubling (for a falling value a halving); inf when the line is flat.

        Of a share it is the odds that double or halve.
        """
        return float(np.log(2) / abs(self.growth)) if self.growth != 0 else float("inf")

    def growth_interval(self, coverage: float) -> tuple[float, float]:
        """Give the confidence interval of `growth_per_year`, ascending; nan for two rows."""
        from scipy.stats import t

        half = t.ppf(0.5 + coverage / 2, max(self.n - 2, 1)) * self.growth_sd
        ends = np.exp(self.sign * (self.growth + np.array([-half, half])))
        return float(ends.min()), float(ends.max())

    def predict(
        self, times: Sequence[float] | np.ndarray, probs: Sequence[float], *, items: int = 1
    ) -> np.ndarray:
        """Give quantiles of what will be observed: the line plus the scatter around it.

        Parameters
        ----------
        times
            Dates, decimal years.
        probs
            Probabilities of the quantiles wanted, between 0 and 1.
        items
            Number of new rows whose median is forecast; default one row.

        Returns
        -------
        numpy.ndarray
            Shape ``(len(times), len(probs))``, in the value's own unit, ascending with `probs`.
            With fewer than three rows only the median is known and the other quantiles are nan;
            with a single date everything is nan. Without residual scatter the interval has no
            width.

        Notes
        -----
        Student t with n - 2 degrees of freedom around the line. The scatter of the median of
        several items uses the usual approximation of the variance of a normal sample median.
        """
        return self._quantiles(times, probs, self.residual_sd**2 * _median_variance(items))

    def band(self, times: Sequence[float] | np.ndarray, probs: Sequence[float]) -> np.ndarray:
        """Give quantiles of the line itself, without the scatter of the rows around it.

        Parameters
        ----------
        times, probs
            As in `predict`.

        Returns
        -------
        numpy.ndarray
            As in `predict`; at any date no wider.
        """
        return self._quantiles(times, probs, 0.0)

    def _quantiles(
        self, times: Sequence[float] | np.ndarray, probs: Sequence[float], scatter: float
    ) -> np.ndarray:
        away = np.asarray(times, float) - self.centre
        sd = np.sqrt(self.level_sd**2 + (away * self.growth_sd) ** 2 + scatter)
        return log_t_quantiles(
            self.level + self.growth * away,
            sd,
            probs,
            df=self.n - 2,
            sign=self.sign,
            to_value=self.to_value,
        )


def fit_naive(
    time: Sequence[float] | np.ndarray,
    y: Sequence[float] | np.ndarray,
    *,
    sign: int = 1,
    to_value: ToValue | None = None,
) -> Naive:
    """Draw the straight line that a naive extrapolation would follow.

    Parameters
    ----------
    time
        Dates, decimal years, one per row; several rows may share one.
    y
        Signed log values: ``sign * log(value)``; of a share signed logits.
    sign
        +1 when the value rises with progress (default), -1 when it falls.
    to_value
        Turns the scale of `y` into the value's own unit; default: ``exp(sign * y)``.

    Returns
    -------
    Naive
        Two rows give a line without an interval; rows of one single date give no line (growth and
        all quantiles nan). Neither is an error.

    Examples
    --------
    >>> price = np.array([8.0, 4.0, 2.0, 1.0])
    >>> line = fit_naive([2000.0, 2001.0, 2002.0, 2003.0], -np.log(price), sign=-1)
    >>> round(line.growth_per_year, 6), round(line.doubling_years, 6)
    (0.5, 1.0)
    """
    from statsmodels.regression.linear_model import OLS

    years, level = np.asarray(time, float), np.asarray(y, float)
    n = len(level)
    centre = float(years.mean()) if n else np.nan
    if n == 0 or np.ptp(years) == 0:
        nan = np.nan
        return Naive(
            sign=sign, n=n, centre=centre, level=nan, growth=nan,
            level_sd=nan, growth_sd=nan, residual_sd=nan, r2=nan, to_value=to_value,
        )  # fmt: skip
    fitted = OLS(level, np.column_stack([np.ones(n), years - centre])).fit()
    has_residuals = n > 2
    level_sd, growth_sd = fitted.bse if has_residuals else (np.nan, np.nan)
    return Naive(
        sign=sign,
        n=n,
        centre=centre,
        level=float(fitted.params[0]),
        growth=float(fitted.params[1]),
        level_sd=float(level_sd),
        growth_sd=float(growth_sd),
        residual_sd=float(np.sqrt(fitted.scale)) if has_residuals else np.nan,
        r2=float(fitted.rsquared) if np.ptp(level) > 0 else np.nan,
        to_value=to_value,
    )


def log_t_quantiles(
    median: np.ndarray,
    sd: np.ndarray,
    probs: Sequence[float],
    *,
    df: int,
    sign: int,
    to_value: ToValue | None = None,
) -> np.ndarray:
    """Turn Student t forecasts of signed log values into quantiles of the value.

    Parameters
    ----------
    median, sd
        Location and scale of each forecast on the signed log scale; an unknown scale is nan.
    probs
        Probabilities of the quantiles wanted, between 0 and 1.
    df
        Degrees of freedom; below 1 the scale cannot be known either.
    sign
        +1 when the value rises with progress, -1 when it falls.
    to_value
        Turns the scale of `median` into the value's own unit; default: ``exp(sign * y)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(len(median), len(probs))``, in the value's own unit, ascending with `probs`.
    """
    from scipy.special import stdtrit

    # A low value of a falling series is a high signed log: the probability is mirrored.
    tail = np.asarray(probs, float) if sign > 0 else 1.0 - np.asarray(probs, float)
    score = np.where(tail == 0.5, 0.0, stdtrit(max(df, 1), tail))
    # An unknown spread must not take the median with it (0 * nan is nan).
    spread = np.where(score == 0.0, 0.0, np.multiply.outer(sd, score))
    y = median[:, None] + spread
    with np.errstate(over="ignore"):
        return np.exp(sign * y) if to_value is None else to_value(y)


def _median_variance(items: int) -> float:
    """Variance of the median of normal items of variance 1; within 4 % of simulation."""
    return float(np.pi / (2 * items + (np.pi - 2 if items % 2 else 2.5)))

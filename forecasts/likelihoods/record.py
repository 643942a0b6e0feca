"""A new best a row."""

from datetime import timedelta

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.dates import decimal_year
from forecasts.likelihoods.likelihood import LOG_2PI, Curve, plain_rows
from forecasts.periods import ONE_DAY, parts_until, periods
from forecasts.population import Population
from forecasts.priors import PlainPrior, scatter
from forecasts.series import Series


class Record:
    """A new best a row: a period without one says that its best lay below the standing record.

    Annual (or monthly) best = trend + normal noise. A period of which only the share `f` counts
    (the first, the last, or one cut by a gap in which nobody could compete) has the best of `f` as
    many attempts: its distribution function is the f-th power.
    """

    kind = name = "record"

    def noise(self, population: Population) -> tuple[PlainPrior, ...]:
        """Scatter of a period's best."""
        return (scatter(population, self.kind),)

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """Periods with a record (time, share, value) and silent ones (time, share, standing)."""
        end = series.observed_year
        if series.date[-1] == series.observed_until:
            # The day of the last record counts: it may be the first one of its period.
            end = decimal_year(series.observed_until + timedelta(days=1))
        bounds, share = periods(series, series.time[0], end)
        before = np.searchsorted(series.time, bounds[:, 0], side="left")
        upto = np.searchsorted(series.time, bounds[:, 1], side="left")
        upto[-1] = series.n
        best = series.y[np.maximum(upto - 1, 0)]
        standing = series.y[np.maximum(before - 1, 0)]
        t = bounds[:, 2] - series.time[0]
        new, silent = upto > before, (upto <= before) & (share > 0)
        return {
            "t_new": t[new],
            "share_new": np.maximum(share[new], ONE_DAY),
            "y_new": best[new] - series.y[0],
            "t_silent": t[silent],
            "share_silent": share[silent],
            "y_silent": standing[silent] - series.y[0],
        }

    def rows(self, series: Series, data: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Each new best in the middle of its period, where the trend is compared with it.

        On their own dates the records of a steady trend would all lie on one side of it, by many
        times their scatter, and a search that begins there can lose the steady trend.
        """
        several = len(data["t_new"]) > 1
        return (data["t_new"], data["y_new"]) if several else plain_rows(series)

    def start(self, residual_sd: float, data: dict[str, np.ndarray]) -> np.ndarray:
        """The residual scatter."""
        return np.array([np.log(residual_sd)])

    def loglik(
        self, curve: Curve, noise: list[Array], data: dict[str, Array], xp: Namespace
    ) -> Array:
        """Density of each new best, probability of each silence."""
        (log_scale,) = noise
        precision = xp.exp(-log_scale)
        z = (data["y_new"] - curve(data["t_new"])) * precision
        share = data["share_new"]
        new = (share - 1.0) * xp.log_ndtr(z) - 0.5 * z**2 - 0.5 * LOG_2PI - log_scale
        below = (data["y_silent"] - curve(data["t_silent"])) * precision
        silent = data["share_silent"] * xp.log_ndtr(below)
        return (new + xp.log(share)).sum(-1) + silent.sum(-1)

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
        """The standing record: today's, or the best of the periods up to each time."""
        from scipy.special import ndtri_exp

        rng, origin = np.random.default_rng(seed), series.time[0]
        middle, share, upto = parts_until(series, origin + times)
        with np.errstate(divide="ignore"):
            log_u = np.log(rng.random((len(noise), len(share)))) / np.maximum(share, ONE_DAY)
        best = curve(middle - origin) + np.exp(noise[:, :1]) * ndtri_exp(log_u)
        best = np.maximum(best, series.y[-1] - series.y[0])
        return np.maximum.accumulate(best, axis=1)[:, upto]

"""One product or model a row."""

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.likelihoods.likelihood import Curve, with_rounding
from forecasts.population import Population
from forecasts.priors import TAIL, PlainPrior, scatter
from forecasts.series import Series

#: Variance (squared log units) of the rounding of an exact figure: its logarithm is finite.
_NEXT_TO_NOTHING = 1e-30


class Item:
    """One product or model a row: wide, independent, heavy-tailed scatter.

    The scale of each row is raised by the rounding of its figure, which matters where small numbers
    are counted: thirty processors with one core each do not lie on their trend exactly.
    """

    kind = name = "item"

    def noise(self, population: Population) -> tuple[PlainPrior, ...]:
        """Scatter around the trend and the weight of its tails."""
        return scatter(population, self.kind), TAIL

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """Times and values of the rows, and the log variance of their rounding."""
        return {
            "t": series.time - series.time[0],
            "y": series.y - series.y[0],
            "log_rounding": np.log(np.maximum(series.rounding_sd**2, _NEXT_TO_NOTHING)),
        }

    def rows(self, series: Series, data: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """The rows as they are."""
        return data["t"], data["y"]

    def start(self, residual_sd: float, data: dict[str, np.ndarray]) -> np.ndarray:
        """The residual scatter and ten degrees of freedom."""
        return np.array([np.log(residual_sd), np.log(10.0)])

    def loglik(
        self, curve: Curve, noise: list[Array], data: dict[str, Array], xp: Namespace
    ) -> Array:
        """Student-t around the curve."""
        log_scale, log_df = noise
        log_scale = with_rounding(log_scale, data, xp)
        df = xp.exp(log_df)
        z = (data["y"] - curve(data["t"])) * xp.exp(-log_scale)
        half = 0.5 * (df + 1)
        constant = xp.gammaln(half) - xp.gammaln(0.5 * df) - 0.5 * xp.log(df * np.pi) - log_scale
        return (constant - half * xp.log1p(z * z / df)).sum(-1)

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
        """The median of some new items at each time, by default of a single one.

        Of an even number it is the mean of the middle two values, not of their logarithms.
        """
        rng = np.random.default_rng(seed)
        scale, df = np.exp(noise[:, :1]), np.exp(noise[:, 1:])
        shape = (items, len(noise), len(times))
        stray = np.sort(rng.standard_t(np.broadcast_to(df, shape)), axis=0)
        low, high = stray[(items - 1) // 2], stray[items // 2]
        sign = series.sign
        middle = np.logaddexp(sign * scale * low, sign * scale * high) - np.log(2.0)
        return curve(times) + sign * middle

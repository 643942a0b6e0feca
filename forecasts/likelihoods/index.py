"""A period's level a row."""

import numpy as np

from forecasts.arrays import Array, Namespace, numpy_namespace
from forecasts.likelihoods.likelihood import LOG_2PI, Curve, plain_rows
from forecasts.likelihoods.walk import apart, carried, spacing, walk
from forecasts.population import Population
from forecasts.priors import PlainPrior, persistence, scatter
from forecasts.series import Series


class Index:
    """A period's level a row: growth between rows strays from the trend, and the stray persists."""

    kind = name = "index"

    def noise(self, population: Population) -> tuple[PlainPrior, ...]:
        """Scatter of yearly growth and its persistence."""
        return scatter(population, self.kind), persistence(population)

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """Times, growth between rows, years between them, and between the midpoints of gaps."""
        t = series.time - series.time[0]
        gap = np.diff(t)
        middle = 0.5 * (t[1:] + t[:-1])
        return {
            "t": t,
            "growth": np.diff(series.y),
            "root_gap": np.sqrt(gap),
            "apart": apart(np.diff(middle)),
        }

    def rows(self, series: Series, data: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """The rows as they are."""
        return plain_rows(series)

    def start(self, residual_sd: float, data: dict[str, np.ndarray]) -> np.ndarray:
        """A third of the residual scatter a year, little persistence."""
        return np.array([np.log(residual_sd / 3), 0.1])

    def loglik(
        self, curve: Curve, noise: list[Array], data: dict[str, Array], xp: Namespace
    ) -> Array:
        """Growth deviations, scaled to one year, follow a stationary AR(1)."""
        log_scale, persistence = noise
        path = curve(data["t"])
        deviation = (data["growth"] - (path[:, 1:] - path[:, :-1])) / data["root_gap"]
        log_spread = self.log_spread(log_scale, data, xp) + 0.0 * data["root_gap"]
        z = deviation * xp.exp(-log_spread)
        phi = carried(xp.tanh(persistence), data["apart"], xp)
        left = 1.0 - phi**2
        innovation = (z[:, 1:] - phi * z[:, :-1]) ** 2 / left
        rows = -0.5 * (innovation + xp.log(left)) - 0.5 * LOG_2PI - log_spread[:, 1:]
        first = -0.5 * (z[:, 0] ** 2 + LOG_2PI) - log_spread[:, 0]
        return rows.sum(-1) + first

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
        """The value itself: the last one, plus the path's growth, plus persisting deviations."""
        rng = np.random.default_rng(seed)
        data = self.prepare(series)
        known = curve(data["t"])
        scale, phi = np.exp(noise[:, 0]), np.tanh(noise[:, 1])
        spread = np.exp(self.log_spread(noise[:, :1], data, numpy_namespace())[:, -1])
        z = (data["growth"][-1] - (known[:, -1] - known[:, -2])) / data["root_gap"][-1] / spread
        strayed = walk(
            self.origin(series, len(noise), rng),
            z,
            scale=scale,
            phi=phi,
            before=float(data["root_gap"][-1]) ** 2,
            row=spacing(data["root_gap"]),
            times=times - data["t"][-1],
            rng=rng,
        )
        last = series.y[-1] - series.y[0]
        return last + curve(times) - known[:, -1:] + strayed

    def log_spread(self, log_scale: Array, data: dict[str, Array], xp: Namespace) -> Array:
        """Log standard deviation of growth between rows, scaled to one year."""
        return log_scale

    def origin(self, series: Series, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draws of how far the last value is from the last row: nowhere."""
        return np.zeros(count)

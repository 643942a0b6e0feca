"""A period's level a row."""

import numpy as np

from forecasts.arrays import Array, Namespace, numpy_namespace
from forecasts.likelihoods.likelihood import LOG_2PI, Curve
from forecasts.population import Population
from forecasts.priors import PlainPrior, persistence, scatter
from forecasts.series import Series

#: Years apart under which rows count as neighbours within the year.
CLOSE = 0.75


class Index:
    """A period's level a row: growth between rows strays from the trend, and the stray persists."""

    kind = "index"

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
            "apart": _apart(np.diff(middle)),
        }

    def start(self, residual_sd: float, data: dict[str, np.ndarray]) -> np.ndarray:
        """A third of the residual scatter a year, little persistence."""
        if np.median(data["root_gap"]) ** 2 < CLOSE:
            # What a level strays by from row to row tells little of what it strays by in a year.
            return np.array([np.log(np.std(data["growth"] / data["root_gap"]) + 1e-3), 0.0])
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
        phi = _carried(xp.tanh(persistence), data["apart"], xp)
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
        gap = np.diff(np.concatenate([data["t"][-1:], times]))
        row = float(np.median(data["root_gap"])) ** 2
        spread = np.exp(self.log_spread(noise[:, :1], data, numpy_namespace())[:, -1])
        z = (data["growth"][-1] - (known[:, -1] - known[:, -2])) / data["root_gap"][-1] / spread
        before, walk, out = data["root_gap"][-1] ** 2, self.origin(series, len(noise), rng), []
        for whole in gap:
            # Of rows within the year it is the growth from one to the next that persists.
            steps = max(1, round(whole / row)) if row < CLOSE else 1
            for years in [whole / steps] * steps:
                carried = _carried(phi, _apart(0.5 * (before + years)), np)
                z = carried * z + np.sqrt(1 - carried**2) * rng.standard_normal(len(z))
                walk = walk + scale * np.sqrt(years) * z
                before = years
            out.append(walk)
        last = series.y[-1] - series.y[0]
        return last + curve(times) - known[:, -1:] + np.stack(out, 1)

    def log_spread(self, log_scale: Array, data: dict[str, Array], xp: Namespace) -> Array:
        """Log standard deviation of growth between rows, scaled to one year."""
        return log_scale

    def origin(self, series: Series, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draws of how far the last value is from the last row: nowhere."""
        return np.zeros(count)


def _apart(years: np.ndarray | float) -> np.ndarray:
    """Years over which a deviation persists: a step from row to row counts as one at least.

    A correlation that falls with time alone would tie the growth of neighbouring months together
    whatever the persistence, and growth that is independent from month to month is the usual case.
    """
    return np.where(np.asarray(years) < CLOSE, 1.0, years)


def _carried(phi: Array, years: Array, xp: Namespace) -> Array:
    """Correlation of yearly deviations that many years apart, keeping its sign."""
    # A persistence of exactly one (tanh of a large number) would leave no innovation to score.
    size = xp.minimum(xp.maximum(xp.abs(phi), 1e-12), 1.0 - 1e-9)
    return xp.sign(phi) * xp.exp(years * xp.log(size))

"""What one row is, and so how it strays from the trend: one class per kind of series.

Each class prepares its arrays from a series as known at `as_of`, scores a growth path, and draws
what a forecast of this kind is of. Values are log values in the direction of progress, relative to
the first one; times are years since the first row.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from forecasts.arrays import Array, Namespace, numpy_namespace
from forecasts.periods import ONE_DAY, parts_until, periods
from forecasts.population import Population
from forecasts.priors import TAIL, PlainPrior, persistence, scatter
from forecasts.series import Series

#: A growth path: log values at the given times, one row a draw or a cell.
Curve = Callable[[Array], Array]

#: Years apart under which rows count as neighbours within the year.
CLOSE = 0.75
_LOG_2PI = float(np.log(2 * np.pi))
#: Variance (squared log units) of the rounding of an exact figure: its logarithm is finite.
_NEXT_TO_NOTHING = 1e-30


class Likelihood(Protocol):
    """One kind of series."""

    kind: str

    def noise(self, population: Population) -> tuple[PlainPrior, ...]:
        """Return the priors of the noise parameters, in order."""
        ...

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """Return the arrays that `loglik` reads, from rows known at `as_of` only."""
        ...

    def start(self, residual_sd: float, data: dict[str, np.ndarray]) -> np.ndarray:
        """Return a starting point for the noise parameters."""
        ...

    def loglik(
        self, curve: Curve, noise: list[Array], data: dict[str, Array], xp: Namespace
    ) -> Array:
        """Return the log likelihood of every row of `curve`."""
        ...

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
        """Draw what the forecast is of at `times`; shape (draws, times).

        `items` is the number of new items of which the median is drawn; only `Item` heeds it.
        """
        ...


class Item:
    """One product or model a row: wide, independent, heavy-tailed scatter.

    The scale of each row is raised by the rounding of its figure, which matters where small numbers
    are counted: thirty processors with one core each do not lie on their trend exactly.
    """

    kind = "item"

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

    def start(self, residual_sd: float, data: dict[str, np.ndarray]) -> np.ndarray:
        """The residual scatter and ten degrees of freedom."""
        return np.array([np.log(residual_sd), np.log(10.0)])

    def loglik(
        self, curve: Curve, noise: list[Array], data: dict[str, Array], xp: Namespace
    ) -> Array:
        """Student-t around the curve."""
        log_scale, log_df = noise
        log_scale = _with_rounding(log_scale, data, xp)
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
        """The median of some new items at each time, by default of a single one."""
        rng = np.random.default_rng(seed)
        scale, df = np.exp(noise[:, :1]), np.exp(noise[:, 1:])
        shape = (items, len(noise), len(times))
        stray = np.median(rng.standard_t(np.broadcast_to(df, shape)), axis=0)
        return curve(times) + scale * stray


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
        rows = -0.5 * (innovation + xp.log(left)) - 0.5 * _LOG_2PI - log_spread[:, 1:]
        first = -0.5 * (z[:, 0] ** 2 + _LOG_2PI) - log_spread[:, 0]
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


class Share(Index):
    """A fraction a row, on the logit scale: an index whose figures are rounded.

    The variance of each growth deviation is raised by the rounding variance of both its ends. That
    is an approximation: the negative correlation that rounding puts between neighbours is ignored.
    A forecast starts from what the last row may have been, and is not rounded again.
    """

    kind = "share"

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """What an index has, and the log rounding variance of growth, scaled to one year."""
        data = super().prepare(series)
        variance = series.rounding_sd**2
        both = (variance[1:] + variance[:-1]) / data["root_gap"] ** 2
        return {**data, "log_rounding": np.log(both)}

    def log_spread(self, log_scale: Array, data: dict[str, Array], xp: Namespace) -> Array:
        """Log standard deviation of the stray and the rounding together."""
        return _with_rounding(log_scale, data, xp)

    def origin(self, series: Series, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draws of the rounding of the last row."""
        return series.rounding_sd[-1] * rng.standard_normal(count)


class Record:
    """A new best a row: a period without one says that its best lay below the standing record.

    Annual (or monthly) best = trend + normal noise. A period of which only the share `f` counts
    (the first, the last, or one cut by a gap in which nobody could compete) has the best of `f` as
    many attempts: its distribution function is the f-th power.
    """

    kind = "record"

    def noise(self, population: Population) -> tuple[PlainPrior, ...]:
        """Scatter of a period's best."""
        return (scatter(population, self.kind),)

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """Periods with a record (time, share, value) and silent ones (time, share, standing)."""
        bounds, share = periods(series, series.time[0], series.observed_year)
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
        new = (share - 1.0) * xp.log_ndtr(z) - 0.5 * z**2 - 0.5 * _LOG_2PI - log_scale
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


#: kind -> likelihood.
LIKELIHOODS: dict[str, Likelihood] = {k.kind: k for k in (Item(), Index(), Record(), Share())}


def likelihood_of(series: Series) -> Likelihood:
    """Return the likelihood of the series' kind."""
    return LIKELIHOODS[series.card.kind]


def _with_rounding(log_scale: Array, data: dict[str, Array], xp: Namespace) -> Array:
    """Log standard deviation of the scatter and the rounding together, one for each row."""
    return log_scale + 0.5 * xp.softplus(data["log_rounding"] - 2.0 * log_scale)


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

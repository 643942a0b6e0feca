"""Rows closer than nine months: growth persists from row to row, and each row errs by itself.

Months and quarters, but also best scores that fall days apart. What a row errs by is gone in the
next one, while growth that strays stays in the level; rows a year apart can hardly tell the two,
close ones can. Taken for growth, an error of a row that lies a week from the last one would pass
for a growth of tens of times as much a year.
"""

from functools import partial

import numpy as np

from forecasts.arrays import Array, Namespace, numpy_namespace
from forecasts.likelihoods.index import Index
from forecasts.likelihoods.likelihood import LOG_2PI, Curve
from forecasts.likelihoods.walk import carried, spacing, walk
from forecasts.population import Population
from forecasts.priors import ROW_ERROR, PlainPrior
from forecasts.series import Series

#: Mean and covariance of the stray's level and of its growth: two means, two variances, and the
#: covariance between them.
State = tuple[Array, ...]


class CloseIndex(Index):
    """Levels closer than nine months."""

    name = "close index"

    def noise(self, population: Population) -> tuple[PlainPrior, ...]:
        """What an index has, and the error of a row."""
        return (*super().noise(population), ROW_ERROR)

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """Times, values, square roots of the years between rows, steps of persistence, rounding."""
        data = super().prepare(series)
        return {
            "t": data["t"],
            "y": series.y - series.y[0],
            "root_gap": data["root_gap"],
            "apart": np.concatenate([[0.0], data["apart"]]),
            "rounding": np.zeros(series.n),
        }

    def start(self, residual_sd: float, data: dict[str, np.ndarray]) -> np.ndarray:
        """The stray of growth between rows, no persistence, and an error of a third of it."""
        step = np.diff(data["y"])
        spread = np.std(step / data["root_gap"]) + 1e-3
        return np.array([np.log(spread), 0.0, np.log(np.std(step) / 3 + 1e-3)])

    def loglik(
        self, curve: Curve, noise: list[Array], data: dict[str, Array], xp: Namespace
    ) -> Array:
        """Density of every row given those before it, by the Kalman filter."""
        return self._filtered(curve, noise, data, xp)[0]

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
        """The value itself: the level, plus the path's growth, plus what strays and errs."""
        rng = np.random.default_rng(seed)
        data, columns = self.prepare(series), [column[:, None] for column in noise.T]
        _, (level, pace, level_var, both, pace_var) = self._filtered(
            curve, columns, data, numpy_namespace()
        )
        first, second = rng.standard_normal((2, len(noise)))
        slope = both / level_var
        left = np.sqrt(np.maximum(pace_var - slope * both, 0.0))
        strayed = walk(
            level + np.sqrt(level_var) * first,
            pace + slope * np.sqrt(level_var) * first + left * second,
            scale=np.exp(noise[:, 0]),
            phi=np.tanh(noise[:, 1]),
            before=float(data["root_gap"][-1]) ** 2,
            row=spacing(data["root_gap"]),
            times=times - data["t"][-1],
            rng=rng,
        )
        error = np.exp(noise[:, 2:]) * rng.standard_normal(strayed.shape)
        return curve(times) + strayed + error

    def _filtered(
        self, curve: Curve, noise: list[Array], data: dict[str, Array], xp: Namespace
    ) -> tuple[Array, State]:
        """Log likelihood, and what is known of the stray at the last row."""
        log_scale, persistence, log_error = noise
        apart_from = data["y"] - curve(data["t"])
        variance = xp.exp(2.0 * log_error) + data["rounding"] + 0.0 * apart_from
        stride = xp.exp(log_scale) * data["root_gap"]
        kept = carried(xp.tanh(persistence), data["apart"], xp)
        # The level is free: the first row says where it is, but for its own error.
        level, none = apart_from[:, 0], 0.0 * apart_from[:, 0]
        start = (none, level, none, variance[:, 0], none, 1.0 + none)
        end = xp.fold(
            partial(_step, xp=xp), start, (apart_from[:, 1:], variance[:, 1:], stride, kept)
        )
        return end[0] - 0.5 * LOG_2PI * (data["y"].shape[0] - 1), end[1:]


def _step(state: State, row: State, xp: Namespace) -> State:
    """Move on to the next row, and learn from it."""
    total, level, pace, level_var, both, pace_var = state
    value, variance, stride, kept = row
    pace, both = kept * pace, kept * both
    pace_var = kept**2 * pace_var + 1.0 - kept**2
    level = level + stride * pace
    level_var = level_var + 2.0 * stride * both + stride**2 * pace_var
    both = both + stride * pace_var
    seen, news = level_var + variance, value - level
    total = total - 0.5 * (news**2 / seen + xp.log(seen))
    return (
        total,
        level + level_var / seen * news,
        pace + both / seen * news,
        level_var * variance / seen,
        both * variance / seen,
        pace_var - both**2 / seen,
    )


class CloseShare(CloseIndex):
    """Shares closer than nine months, on the logit scale; rounding is part of a row's error."""

    name = "close share"

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """What a close index has, and the rounding variance of every row."""
        return {**super().prepare(series), "rounding": series.rounding_sd**2}

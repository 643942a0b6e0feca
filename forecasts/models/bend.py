"""Growth that bends once, abruptly or gradually: the width of the bend is learned from the rows.

Growth falls (or rises) from one rate to another along a sigmoid. With a width of zero that is a
corner; with the width of one over the growth rate and a stop it is exactly a logistic, which is
therefore a special case of this formula (`forecasts.models.logistic`). So "abrupt or gradual" is a
posterior like any other.

The bend is the first change of growth and arrives at the hazard of a change; growth after it is the
same stated mixture as in the piecewise shape: a stop, or free.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.models.future import future_changes, then_lines
from forecasts.models.shape import FAR, Cells, Draws, Span, join
from forecasts.models.waiting import log_waiting, waiting_cells
from forecasts.priors import (
    BEND_WIDTH,
    GROWTH_AFTER,
    HAZARD,
    KEPT_GROWTH,
    LEVEL,
    LN2,
    LOG_RATE,
    STOP_PROBABILITY,
    Prior,
)

#: Years in which a sigmoid of width one goes from 10 to 90 %.
TRANSITION = 2 * float(np.log(9.0))


@dataclass(frozen=True)
class Bend:
    """``a + b t - (b - b2) w softplus((t - tau) / w)`` on the log scale, zero at the first row.

    Its parameters are the level, log b, log(w b), which is 0 for a logistic, and b2.

    Parameters
    ----------
    hazard : float
        Changes per year: the bend is the first of them.
    stop_probability : float
        Probability that growth after the bend, or after a later change, is exactly zero.
    """

    hazard: float = HAZARD
    stop_probability: float = STOP_PROBABILITY
    name: str = "bend"
    title: str = "Bend: growth changes once, abruptly or gradually"
    date_names: tuple[str, ...] = ("bend",)

    @property
    def graph(self) -> str:
        """Its own formula."""
        return "bend"

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Level, growth before the bend, width, growth after it."""
        return (LEVEL, LOG_RATE, BEND_WIDTH, GROWTH_AFTER)

    def cells(self, span: Span) -> Cells:
        """A free and a stopped end for every cell of the date; neither for "not in sight"."""
        low, high = waiting_cells(span)
        parts = [_cells(low[-1:], high[-1:], (1, 1, 0, 0))]
        if self.stop_probability < 1:
            parts.append(_cells(low[:-1], high[:-1], (1, 1, 1, 1)))
        if self.stop_probability > 0:
            parts.append(_cells(low[:-1], high[:-1], (1, 1, 1, 0)))
        return join(parts)

    def log_weight(self, cells: Cells, span: Span) -> np.ndarray:
        """Mass of the waiting time, times the share of stops and of free ends."""
        low, high = cells.low[:, 0], cells.high[:, 0]
        free = np.where(cells.active[:, 3] > 0, 1 - self.stop_probability, self.stop_probability)
        share = np.where(low < FAR, free, 1.0)
        return log_waiting(low, high, span, self.hazard) + np.log(share)

    def start(self, growth: float) -> np.ndarray:
        """Level zero, the given growth, floored since it rises; the prior's width; no change."""
        floored = max(growth, 0.01)
        return np.array([0.0, np.log(floored), BEND_WIDTH.loc, KEPT_GROWTH * floored])

    def log_prior(self, parameters: list[Array], xp: Namespace) -> list[Array]:
        """Growth after the bend is scaled by the growth before it and pulled to zero."""
        level, log_rate, log_width, after = parameters
        left = after - KEPT_GROWTH * xp.exp(log_rate)
        return [
            LEVEL.logpdf(level, xp),
            LOG_RATE.logpdf(log_rate, xp),
            BEND_WIDTH.logpdf(log_width, xp),
            GROWTH_AFTER.scaled_logpdf(left, xp, log_unit=log_rate),
        ]

    def curve(self, parameters: list[Array], dates: list[Array], t: Array, xp: Namespace) -> Array:
        """Return the bend, then straight lines after any later changes."""
        level, log_rate, log_width, after, *growths = parameters
        date, *changes = dates
        rate, pace = xp.exp(log_rate), xp.exp(log_rate - log_width)
        lost = (rate - after) / pace
        start = xp.logaddexp(0.0, -pace * date)

        def bent(until: Array) -> Array:
            turned = xp.logaddexp(0.0, pace * (until - date)) - start
            return level + rate * until - lost * turned

        return then_lines(bent, growths, changes, t, xp)

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """No formula of its own: the windowed maximum."""
        return None

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Let abrupt changes follow the bend: it is the first change, so the hazard stays one."""
        return self._changed(draws, span, rng, since=np.maximum(draws.dates[:, 0], span.years))

    def named(self, draws: Draws) -> dict[str, np.ndarray]:
        """Growth in doublings per year, years of the bend and of its passage from 10 to 90 %."""
        rate, after = np.exp(draws.parameters[:, 1]), draws.parameters[:, 3]
        known = draws.dates[:, 0] < FAR
        width = np.exp(draws.parameters[:, 2]) / rate
        return {
            "growth": rate / LN2,
            "growth_after": np.where(known, after / LN2, np.nan),
            "bend": np.where(known, draws.dates[:, 0], np.inf),
            "transition_years": np.where(known, TRANSITION * width, np.nan),
        }

    def _changed(
        self, draws: Draws, span: Span, rng: np.random.Generator, *, since: np.ndarray
    ) -> Draws:
        """Simulate abrupt changes from each draw's own date on."""
        _, log_rate, log_width, after = draws.parameters.T
        rate, bend = np.exp(log_rate), draws.dates[:, 0]
        pace = np.exp(log_rate - log_width)

        def growth(date: np.ndarray) -> np.ndarray:
            turned = 1.0 / (1.0 + np.exp(np.clip(-pace * (date - bend), -500.0, 500.0)))
            return rate - (rate - after) * turned

        growths, dates = future_changes(
            span,
            hazard=self.hazard,
            stop_probability=self.stop_probability,
            growth=growth,
            scale=rate,
            rng=rng,
            since=since,
        )
        return Draws(np.stack([*draws.parameters.T, *growths], 1), np.stack([bend, *dates], 1))


def _cells(low: np.ndarray, high: np.ndarray, active: tuple[int, ...]) -> Cells:
    """Cells that all use the same parameters."""
    return Cells(low, high, np.tile(np.array(active, float), (len(low), 1)))

"""Growth that falls as a ceiling nears: an exponential that bends over gradually.

The unknown date is the inflection. It arrives at a constant hazard from the first row on, so most
of its mass may lie after `as_of`; "not in sight" is a cell of its own, in which the curve is an
exponential as far as the horizon. Without that cell the ceiling would be invented by the prior.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.arrays import Array
from forecasts.models.shape import FAR, Cells, Draws, Span
from forecasts.priors import HAZARD, LEVEL, LN2, LOG_RATE, Prior

#: Cells of the observed span and of the time after it, before those that matter are halved.
PAST_CELLS, FUTURE_CELLS = 32, 24
#: Inflections later than this many horizons after `as_of` count as "not in sight".
HORIZONS_AHEAD = 2.0


@dataclass(frozen=True)
class Logistic:
    """``ceiling / (1 + exp(-k (t - t0)))``, written on the log scale from the first row on.

    Parameters
    ----------
    hazard : float
        Rate per year at which the inflection arrives.
    """

    hazard: float = HAZARD
    name: str = "logistic"
    title: str = "Logistic: growth fades as a ceiling nears"

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Level and the growth rate long before the inflection."""
        return (LEVEL, LOG_RATE)

    def cells(self, span: Span) -> Cells:
        """Equal cells over the observed span, widening ones after it, and "not in sight"."""
        past = np.linspace(0.0, span.years, PAST_CELLS + 1)
        ahead = HORIZONS_AHEAD * span.horizon * np.linspace(0.0, 1.0, FUTURE_CELLS + 1)[1:] ** 2
        edge = np.append(past, span.years + ahead)
        low, high = np.append(edge[:-1], FAR), np.append(edge[1:], FAR)
        return Cells(low[:, None], high[:, None], np.ones((len(low), 2)))

    def log_weight(self, cells: Cells, span: Span) -> np.ndarray:
        """Mass of an exponential waiting time; the last cell holds the rest."""
        low, high = cells.low[:, 0], cells.high[:, 0]
        sight = span.years + HORIZONS_AHEAD * span.horizon
        mass = np.exp(-self.hazard * low) - np.exp(-self.hazard * high)
        return np.where(low < FAR, np.log(np.maximum(mass, 1e-300)), -self.hazard * sight)

    def start(self, growth: float) -> np.ndarray:
        """Level zero and the given growth, floored: a logistic rises."""
        return np.array([0.0, np.log(max(growth, 0.01))])

    def log_prior(self, parameters: list[Array], xp: object) -> list[Array]:
        """Independent priors."""
        level, log_rate = parameters
        return [LEVEL.logpdf(level, xp), LOG_RATE.logpdf(log_rate, xp)]

    def curve(self, parameters: list[Array], dates: list[Array], t: Array, xp: object) -> Array:
        """Return the logistic on the log scale, equal to the level at the first row."""
        level, log_rate = parameters
        (inflection,) = dates
        rate = xp.exp(log_rate)  # type: ignore[attr-defined]
        bent = xp.logaddexp(0.0 * t, rate * (inflection - t))  # type: ignore[attr-defined]
        return level + xp.logaddexp(0.0 * inflection, rate * inflection) - bent  # type: ignore[attr-defined]

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """Return k, the growth long before the inflection."""
        return np.exp(draws.parameters[:, 1])

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Return the draws unchanged: the inflection's own date already lies in the future."""
        return draws

    def named(self, draws: Draws) -> dict[str, np.ndarray]:
        """Growth in doublings per year, inflection in years since the first row, log ceiling."""
        level, rate = draws.parameters[:, 0], np.exp(draws.parameters[:, 1])
        inflection = draws.dates[:, 0]
        known = inflection < FAR
        ceiling = level + np.logaddexp(0.0, rate * inflection)
        return {
            "growth": rate / LN2,
            "inflection": np.where(known, inflection, np.inf),
            "log_ceiling": np.where(known, ceiling, np.inf),
        }

"""Growth that falls as a ceiling nears: an exponential that bends over gradually.

The unknown date is the inflection. It arrives at a constant rate from the first row on: an
inflection is an end, and ends are the stops among the changes, so the rate is the hazard of a
change times the share of stops, as in the piecewise shape. Most of its mass may lie after `as_of`;
"not in sight" is a cell of its own, in which the curve is an exponential as far as the horizon;
without it the ceiling would be invented by the prior.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.models.future import future_changes
from forecasts.models.shape import FAR, Cells, Draws, Span
from forecasts.priors import HAZARD, LEVEL, LN2, LOG_RATE, STOP_PROBABILITY, Prior

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
        Changes per year; the share `STOP_PROBABILITY` of them are ends.
    """

    hazard: float = HAZARD
    name: str = "logistic"
    title: str = "Logistic: growth fades as a ceiling nears"

    @property
    def graph(self) -> str:
        """Its own formula."""
        return "logistic"

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
        rate = self.hazard * STOP_PROBABILITY
        mass = np.exp(-rate * low) - np.exp(-rate * high)
        return np.where(low < FAR, np.log(np.maximum(mass, 1e-300)), -rate * sight)

    def start(self, growth: float) -> np.ndarray:
        """Level zero and the given growth, floored: a logistic rises."""
        return np.array([0.0, np.log(max(growth, 0.01))])

    def log_prior(self, parameters: list[Array], xp: Namespace) -> list[Array]:
        """Independent priors."""
        level, log_rate = parameters
        return [LEVEL.logpdf(level, xp), LOG_RATE.logpdf(log_rate, xp)]

    def curve(self, parameters: list[Array], dates: list[Array], t: Array, xp: Namespace) -> Array:
        """Return the logistic on the log scale, then straight lines after any later changes."""
        level, log_rate, *growths = parameters
        inflection, *changes = dates
        rate = xp.exp(log_rate)
        until = xp.minimum(t, changes[0]) if changes else t
        bent = xp.logaddexp(0.0 * until, rate * (inflection - until))
        path = level + xp.logaddexp(0.0 * inflection, rate * inflection) - bent
        for i, (growth, change) in enumerate(zip(growths, changes, strict=True)):
            run = xp.maximum(t - change, 0.0)
            if i + 1 < len(changes):
                run = run - xp.maximum(t - changes[i + 1], 0.0)
            path = path + growth * run
        return path

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """Return k, the growth long before the inflection."""
        return np.exp(draws.parameters[:, 1])

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Let abrupt changes arrive after `as_of`, as in every shape that can change."""
        rate, inflection = np.exp(draws.parameters[:, 1]), draws.dates[:, 0]
        growths, dates = future_changes(
            span,
            hazard=self.hazard,
            stop_probability=STOP_PROBABILITY,
            growth=lambda date: (
                rate / (1.0 + np.exp(np.minimum(rate * (date - inflection), 500.0)))
            ),
            scale=rate,
            rng=rng,
        )
        return Draws(
            np.stack([*draws.parameters.T, *growths], 1), np.stack([inflection, *dates], 1)
        )

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

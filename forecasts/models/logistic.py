"""Growth that falls as a ceiling nears: an exponential that bends over gradually.

On the log scale this is a bend to zero growth whose width is one over the growth rate, so it shares
the bend's formula and compiled model. The unknown date is the inflection. It arrives at a constant
rate from the first row on: an inflection is an end, and ends are the stops among the changes, so
the rate is the hazard of a change times the share of stops. Most of its mass may lie after `as_of`;
"not in sight" is a cell of its own, in which the curve is an exponential as far as the horizon.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.models.bend import Bend, fixed_width
from forecasts.models.shape import FAR, Cells, Draws, Span
from forecasts.models.waiting import FUTURE_CELLS, PAST_CELLS, log_waiting, waiting_cells
from forecasts.population import LN2


@dataclass(frozen=True)
class Logistic(Bend):
    """``ceiling / (1 + exp(-k (t - t0)))``: the bend with its width and its end fixed.

    Parameters
    ----------
    population : Population
        The hazard, of which the share of stops are ends, and the priors' numbers.
    """

    name: str = "logistic"
    title: str = "Logistic: growth fades as a ceiling nears"
    date_names: tuple[str, ...] = ("inflection",)

    def cells(self, span: Span) -> Cells:
        """Cells of the inflection; log(w b) and growth at the end are zero in all of them."""
        return fixed_width(*waiting_cells(span, PAST_CELLS, FUTURE_CELLS), (1, 1, 0))

    def log_weight(self, cells: Cells, span: Span) -> np.ndarray:
        """Mass of an exponential waiting time; the last cell holds the rest."""
        rate = self.population.hazard * self.population.stop_probability
        return log_waiting(cells.low[:, 1], cells.high[:, 1], span, rate)

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """Return k, the growth long before the inflection."""
        return np.exp(draws.parameters[:, 1])

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Let abrupt changes arrive after `as_of`, as in every shape that can change."""
        return self.changed(draws, span, rng, since=np.full(len(draws.dates), span.years))

    @property
    def has_stop(self) -> bool:
        """Its end is a ceiling, not a stop."""
        return False

    def named(self, draws: Draws) -> dict[str, np.ndarray]:
        """Growth in doublings per year, inflection in years since the first row, log ceiling."""
        level, rate = draws.parameters[:, 0], np.exp(draws.parameters[:, 1])
        inflection = draws.dates[:, 1]
        known = inflection < FAR
        ceiling = level + np.logaddexp(0.0, rate * inflection)
        return {
            "growth": rate / LN2,
            "inflection": np.where(known, inflection, np.inf),
            "log_ceiling": np.where(known, ceiling, np.inf),
        }

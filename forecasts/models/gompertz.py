"""Growth that fades at a constant pace: it halves, and halves again in as many years.

The unknown date is the one by which growth has halved, counted from the first row: the Gompertz
curve's half-life of growth. It has the prior of the logistic's inflection, where growth has halved
as well: an exponential waiting time at the hazard of a change times the share of stops. "Not in
sight" is a cell of its own, in which the curve is an exponential as far as the horizon.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.models.future import future_changes, then_lines
from forecasts.models.shape import FAR, Cells, Draws, Span
from forecasts.models.waiting import FUTURE_CELLS, PAST_CELLS, log_waiting, waiting_cells
from forecasts.population import LN2, UNTAUGHT, Population
from forecasts.priors import LEVEL, Prior, growth_unit, rising_growth

#: Smallest decay that is divided by; the error it makes is of this order.
TINY = 1e-9


@dataclass(frozen=True)
class Gompertz:
    """``level + g0 (1 - exp(-c t)) / c`` on the log scale, with c = ln 2 over the half-life.

    Parameters
    ----------
    population : Population
        The hazard, of which the share of stops are ends, and the priors' numbers.
    """

    population: Population = UNTAUGHT
    name: str = "gompertz"
    title: str = "Gompertz: growth halves again and again"
    date_names: tuple[str, ...] = ("growth_halved",)

    @property
    def graph(self) -> str:
        """Its own formula."""
        return "gompertz"

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Level and the growth rate at the first row."""
        return (LEVEL, rising_growth(self.population))

    def cells(self, span: Span) -> Cells:
        """Equal cells over the observed span, widening ones after it, and "not in sight"."""
        low, high = waiting_cells(span, PAST_CELLS, FUTURE_CELLS)
        return Cells(low[:, None], high[:, None], np.ones((len(low), 2)))

    def log_weight(self, cells: Cells, span: Span) -> np.ndarray:
        """Mass of an exponential waiting time; the last cell holds the rest."""
        rate = self.population.hazard * self.population.stop_probability
        return log_waiting(cells.low[:, 0], cells.high[:, 0], span, rate)

    def start(self, growth: float) -> np.ndarray:
        """Level zero and the given growth, floored: it rises."""
        return np.array([0.0, np.log(max(growth, 0.01))])

    def log_prior(self, parameters: list[Array], xp: Namespace) -> list[Array]:
        """Independent priors."""
        level, log_rate = parameters
        return [LEVEL.logpdf(level, xp), rising_growth(self.population).logpdf(log_rate, xp)]

    def curve(self, parameters: list[Array], dates: list[Array], t: Array, xp: Namespace) -> Array:
        """Return fading growth, added up, then straight lines after any later changes."""
        level, log_rate, *growths = parameters
        halved, *changes = dates
        rate, decay = xp.exp(log_rate), LN2 / halved

        def fading(until: Array) -> Array:
            faded = xp.maximum(decay * until, TINY)
            return level - rate * until * xp.expm1(-faded) / faded

        return then_lines(fading, growths, changes, t, xp)

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """No formula of its own: the windowed maximum, which is the first quarter's growth."""
        return None

    def unit(self, draws: Draws) -> np.ndarray:
        """Return growth at the first row, and not nearly nought."""
        return growth_unit(np.exp(draws.parameters[:, 1]), self.population.growth_width, np)

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Let abrupt changes arrive after `as_of`, as in every shape that can change."""
        rate, halved = np.exp(draws.parameters[:, 1]), draws.dates[:, 0]
        growths, dates = future_changes(
            span,
            population=self.population,
            growth=lambda date: rate * 0.5 ** (date / halved),
            unit=self.unit(draws),
            rng=rng,
        )
        return Draws(np.stack([*draws.parameters.T, *growths], 1), np.stack([halved, *dates], 1))

    @property
    def has_stop(self) -> bool:
        """Its end is a ceiling, not a stop."""
        return False

    def named(self, draws: Draws) -> dict[str, np.ndarray]:
        """Growth in doublings per year at the first row, when it had halved, and log ceiling."""
        level, rate = draws.parameters[:, 0], np.exp(draws.parameters[:, 1])
        halved = draws.dates[:, 0]
        known = halved < FAR
        return {
            "growth": rate / LN2,
            "growth_halved": np.where(known, halved, np.inf),
            "log_ceiling": np.where(known, level + rate * halved / LN2, np.inf),
        }

"""Growth that bends once, abruptly or gradually: the width of the bend is learned from the rows.

Growth falls (or rises) from one rate to another along a sigmoid. With a width of zero that is a
corner; with the width of one over the growth rate and a stop it is exactly a logistic, which is
therefore a special case of this formula (`forecasts.models.logistic`). So "abrupt or gradual" is a
posterior like any other. Like the date, the width lives in cells: a corner and a wide bend are two
separate modes.

The bend is the first change of growth and arrives at the hazard of a change; growth after it is the
same stated mixture as in the piecewise shape: a stop, or free.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.models.future import future_changes, then_lines
from forecasts.models.shape import FAR, Cells, Draws, Span, join
from forecasts.models.waiting import log_waiting, waiting_cells
from forecasts.population import LN2, UNTAUGHT, Population
from forecasts.priors import BEND_WIDTH, LEVEL, Prior, growth_after, growth_unit, rising_growth

#: Years in which a sigmoid of width one goes from 10 to 90 %.
TRANSITION = 2 * float(np.log(9.0))
#: Cells of the observed span, of the time after it, and of the width, before any are halved.
PAST_CELLS, FUTURE_CELLS, WIDTH_CELLS = 16, 12, 4


@dataclass(frozen=True)
class Bend:
    """``a + b t - (b - c) w softplus((t - tau) / w)`` on the log scale, zero at the first row.

    Its parameters are the level, log b and c, the growth after the bend: rows after an early bend
    say nothing of b, and would tie a share of it that is kept to it. Its cells hold log(w b), which
    is 0 for a logistic, and tau.

    Parameters
    ----------
    population : Population
        The hazard (the bend is the first change), the share of stops, the priors' numbers.
    """

    population: Population = UNTAUGHT
    name: str = "bend"
    title: str = "Bend: growth changes once, abruptly or gradually"
    date_names: tuple[str, ...] = ("bend",)

    @property
    def graph(self) -> str:
        """Its own formula."""
        return "bend"

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Level, growth before the bend and after it."""
        return (LEVEL, rising_growth(self.population), growth_after(self.population))

    def cells(self, span: Span) -> Cells:
        """Every width and date, with a free and with a stopped end; one cell "not in sight"."""
        width = np.linspace(BEND_WIDTH.low, BEND_WIDTH.high, WIDTH_CELLS + 1)
        low, high = waiting_cells(span, PAST_CELLS, FUTURE_CELLS)
        parts = [fixed_width(low[-1:], high[-1:], (1, 1, 0))]
        for active, share in (
            (1, 1 - self.population.stop_probability),
            (0, self.population.stop_probability),
        ):
            if share > 0:
                parts += [
                    _cells(narrow, wide, low[:-1], high[:-1], (1, 1, active))
                    for narrow, wide in itertools.pairwise(width)
                ]
        return join(parts)

    def log_weight(self, cells: Cells, span: Span) -> np.ndarray:
        """Mass of the waiting time, of the width, and the share of stops or of free ends."""
        low, high = cells.low[:, 1], cells.high[:, 1]
        free = np.where(
            cells.active[:, 2] > 0,
            1 - self.population.stop_probability,
            self.population.stop_probability,
        )
        width = (cells.high[:, 0] - cells.low[:, 0]) / (BEND_WIDTH.high - BEND_WIDTH.low)
        share = np.where(low < FAR, free * width, 1.0)
        with np.errstate(divide="ignore"):
            return log_waiting(low, high, span, self.population.hazard) + np.log(share)

    def start(self, growth: float) -> np.ndarray:
        """Level zero, the given growth, floored since it rises, and what is kept of it."""
        floored = max(growth, 0.01)
        return np.array([0.0, np.log(floored), self.population.kept_growth * floored])

    def log_prior(self, parameters: list[Array], xp: Namespace) -> list[Array]:
        """Growth after the bend is pulled towards zero, in units of the growth before it."""
        level, log_rate, after = parameters
        rate, later = xp.exp(log_rate), growth_after(self.population)
        unit = growth_unit(rate, self.population.growth_width, xp)
        return [
            LEVEL.logpdf(level, xp),
            rising_growth(self.population).logpdf(log_rate, xp),
            later.scaled_logpdf(after, xp, previous=rate, unit=unit),
        ]

    def curve(self, parameters: list[Array], dates: list[Array], t: Array, xp: Namespace) -> Array:
        """Return the bend, then straight lines after any later changes."""
        level, log_rate, after, *growths = parameters
        log_width, date, *changes = dates
        rate, pace = xp.exp(log_rate), xp.exp(log_rate - log_width)
        lost = (rate - after) / pace
        start = xp.softplus(-pace * date)

        def bent(until: Array) -> Array:
            turned = xp.softplus(pace * (until - date)) - start
            return level + rate * until - lost * turned

        return then_lines(bent, growths, changes, t, xp)

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """No formula of its own: the windowed maximum."""
        return None

    def unit(self, draws: Draws) -> np.ndarray:
        """Return growth before the bend, and not nearly nought."""
        return growth_unit(np.exp(draws.parameters[:, 1]), self.population.growth_width, np)

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Let abrupt changes follow the bend: it is the first change, so the hazard stays one."""
        return self.changed(draws, span, rng, since=np.maximum(draws.dates[:, 1], span.years))

    @property
    def has_stop(self) -> bool:
        """Growth after the bend may be a stop."""
        return True

    def named(self, draws: Draws) -> dict[str, np.ndarray]:
        """Growth in doublings per year, years of the bend and of its passage from 10 to 90 %."""
        log_width, bend = draws.dates.T
        rate, known = np.exp(draws.parameters[:, 1]), bend < FAR
        return {
            "growth": rate / LN2,
            "growth_after": np.where(known, draws.parameters[:, 2] / LN2, np.nan),
            "bend": np.where(known, bend, np.inf),
            "transition_years": np.where(known, TRANSITION * np.exp(log_width) / rate, np.nan),
        }

    def changed(
        self, draws: Draws, span: Span, rng: np.random.Generator, *, since: np.ndarray
    ) -> Draws:
        """Simulate abrupt changes from each draw's own date on."""
        _, log_rate, after = draws.parameters.T
        log_width, bend = draws.dates.T
        rate, pace = np.exp(log_rate), np.exp(log_rate - log_width)

        def growth(date: np.ndarray) -> np.ndarray:
            turned = 1.0 / (1.0 + np.exp(np.clip(-pace * (date - bend), -500.0, 500.0)))
            return rate - (rate - after) * turned

        growths, dates = future_changes(
            span,
            population=self.population,
            growth=growth,
            unit=self.unit(draws),
            rng=rng,
            since=since,
        )
        return Draws(
            np.stack([*draws.parameters.T, *growths], 1), np.stack([*draws.dates.T, *dates], 1)
        )


def fixed_width(low: np.ndarray, high: np.ndarray, active: tuple[int, ...]) -> Cells:
    """Cells of a date, log(w b) being zero."""
    return _cells(0.0, 0.0, low, high, active)


def _cells(
    narrow: float, wide: float, low: np.ndarray, high: np.ndarray, active: tuple[int, ...]
) -> Cells:
    """Cells of one width that all use the same parameters."""
    return Cells(
        np.stack([np.full(len(low), narrow), low], 1),
        np.stack([np.full(len(high), wide), high], 1),
        np.tile(np.array(active, float), (len(low), 1)),
    )

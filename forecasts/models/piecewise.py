"""Growth that changes at unknown dates: none, one or two so far, more to come at the same hazard.

After the last change growth is a stated mixture: a stop (exactly zero) with probability one half,
otherwise free, so that a bend or an acceleration is possible too. Two changes are needed because
real trends bend before the change that matters (airspeed, CPU clock).
"""

from dataclasses import dataclass

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.models.future import future_changes
from forecasts.models.shape import FAR, Cells, Draws, Span, join
from forecasts.population import LN2, UNTAUGHT, Population
from forecasts.priors import LEVEL, Prior, growth_after, growth_before, growth_unit

#: Cells of the first, coarse division of the observed span; those that matter are halved later.
COARSE_CELLS = 16
#: A growth phase lasts at least this many coarse cells: shorter ones would be jumps, not trends.
SHORTEST_PHASE = 1


@dataclass(frozen=True)
class Piecewise:
    """Zero to two changes of growth observed, any number in the future.

    Parameters
    ----------
    population : Population
        The hazard, the share of stops, and the numbers behind the priors.
    """

    population: Population = UNTAUGHT
    name: str = "piecewise"
    title: str = "Piecewise: growth changes, or stops, at unknown dates"
    date_names: tuple[str, ...] = ("first_change", "second_change")

    @property
    def graph(self) -> str:
        """Its own formula."""
        return "piecewise"

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Level, growth before any change and after each."""
        after = growth_after(self.population)
        return (LEVEL, growth_before(self.population), after, after)

    def cells(self, span: Span) -> Cells:
        """No change; one; two at least a phase apart; each with a free and a stopped end."""
        edge = np.linspace(0.0, span.years, COARSE_CELLS + 1)
        first, second = np.triu_indices(COARSE_CELLS, 1 + SHORTEST_PHASE)
        far1, far2 = np.full(COARSE_CELLS, FAR), np.full((1, 2), FAR)
        one = np.stack([edge[:-1], far1], 1), np.stack([edge[1:], far1], 1)
        two = (
            np.stack([edge[first], edge[second]], 1),
            np.stack([edge[first + 1], edge[second + 1]], 1),
        )
        parts = [_cells(far2, far2, (1, 1, 0, 0))]
        if self.population.stop_probability < 1:
            parts += [_cells(*one, (1, 1, 1, 0)), _cells(*two, (1, 1, 1, 1))]
        if self.population.stop_probability > 0:
            parts += [_cells(*one, (1, 1, 0, 0)), _cells(*two, (1, 1, 1, 0))]
        return join(parts)

    def log_weight(self, cells: Cells, span: Span) -> np.ndarray:
        """Poisson changes at the hazard, times the share of stops and of free ends."""
        happened = cells.low < FAR
        width = np.where(happened, cells.high - cells.low, 1.0)
        changes = happened.sum(1)
        growths = cells.active[:, 2:].sum(1)
        stop = self.population.stop_probability
        share = np.where(growths < changes, stop, 1 - stop)
        with np.errstate(divide="ignore"):
            end = np.where(changes > 0, np.log(share), 0.0)
        return changes * np.log(self.population.hazard) + np.log(width).sum(1) + end

    def start(self, growth: float) -> np.ndarray:
        """The straight line: growth after a change starts out as growth before it."""
        return np.array([0.0, growth, growth, growth])

    def log_prior(self, parameters: list[Array], xp: Namespace) -> list[Array]:
        """Growth after a change is pulled towards zero, in units of the growth before any."""
        level, before, middle, after = parameters
        later, unit = (
            growth_after(self.population),
            growth_unit(before, self.population.growth_width, xp),
        )
        return [
            LEVEL.logpdf(level, xp),
            growth_before(self.population).logpdf(before, xp),
            later.scaled_logpdf(middle, xp, previous=before, unit=unit),
            later.scaled_logpdf(after, xp, previous=middle, unit=unit),
        ]

    def curve(self, parameters: list[Array], dates: list[Array], t: Array, xp: Namespace) -> Array:
        """Return joined straight lines: one hinge a change; any number of changes."""
        level, growth, *later = parameters
        path = level + growth * t
        for date, new_growth in zip(dates, later, strict=True):
            path = path + (new_growth - growth) * xp.maximum(t - date, 0.0)
            growth = new_growth
        return path

    def reference_growth(self, draws: Draws) -> np.ndarray | None:
        """No formula of its own: the windowed maximum."""
        return None

    def unit(self, draws: Draws) -> np.ndarray:
        """Return growth before any change, and not nearly nought."""
        return growth_unit(draws.parameters[:, 1], self.population.growth_width, np)

    def extended(self, draws: Draws, span: Span, rng: np.random.Generator) -> Draws:
        """Let changes arrive after `as_of` at the hazard, each a stop or a new growth."""
        columns = list(draws.parameters.T)
        for i, date in enumerate(draws.dates.T):
            # An unused slot repeats the growth before it, so that later hinges start from it.
            columns[i + 2] = np.where(date < FAR, columns[i + 2], columns[i + 1])
        growths, dates = future_changes(
            span,
            population=self.population,
            growth=lambda _: columns[-1],
            unit=self.unit(draws),
            rng=rng,
        )
        return Draws(np.stack([*columns, *growths], 1), np.stack([*draws.dates.T, *dates], 1))

    @property
    def has_stop(self) -> bool:
        """Growth after a change may be a stop."""
        return True

    def named(self, draws: Draws) -> dict[str, np.ndarray]:
        """Growths in doublings per year, change dates in years since the first row."""
        growth, date = draws.parameters[:, 1:] / LN2, draws.dates
        happened = date < FAR
        return {
            "growth": growth[:, 0],
            "growth_after_first": np.where(happened[:, 0], growth[:, 1], np.nan),
            "growth_after_second": np.where(happened[:, 1], growth[:, 2], np.nan),
            "changes": happened.sum(1).astype(float),
            "first_change": np.where(happened[:, 0], date[:, 0], np.inf),
            "second_change": np.where(happened[:, 1], date[:, 1], np.inf),
        }


def _cells(low: np.ndarray, high: np.ndarray, active: tuple[int, ...]) -> Cells:
    """Cells that all use the same parameters."""
    return Cells(low, high, np.tile(np.array(active, float), (len(low), 1)))

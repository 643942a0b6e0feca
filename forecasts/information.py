"""What the rows taught about the plateau date: its prior, and the bits between prior and posterior.

The prior of the date is `find_plateaus` applied to draws from the priors of the shapes, averaged
with their prior odds, so that prior and posterior are of one and the same thing.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from forecasts.camps import learned_population
from forecasts.fit import child_seed
from forecasts.models import Draws, Shape, Span
from forecasts.plateau import Plateau, find_plateaus, pooled
from forecasts.population import Population
from forecasts.prior_draws import draw_prior
from forecasts.priors import PRIOR_ODDS
from forecasts.series import Series

if TYPE_CHECKING:
    from forecasts.comparison import Comparison

#: Draws from the prior of each shape.
DRAWS = 2000
#: Levels at which a share may stand at `as_of` before any row is seen: all alike between its floor
#: and its maximum, since a share that is near its end plateaus whatever its growth was.
LEVELS = 20
#: Bins in which prior and posterior are compared: about two years each, and no more than so many
#: on either side of `as_of`, so that long series have as many as short ones.
BIN_YEARS, MOST_BINS = 2.0, 24
#: Added to the count of draws in every bin (Jeffreys): an empty one is rare, not impossible.
PSEUDO_COUNT = 0.5


def prior_plateau(
    series: Series,
    shapes: dict[str, Shape],
    population: Population,
    *,
    horizon: float,
    seed: int,
) -> Plateau:
    """Draw the plateau date as it is believed to be before the rows are looked at.

    Parameters
    ----------
    series : Series
        Its kind, first date and `as_of`, and the ends of a share: no value is looked at.
    shapes : dict of Shape
        Those that are averaged.
    population : Population
        What is believed of trends of its kind.
    horizon : float
        Years after `as_of`.
    seed : int
        Same seed, same draws.

    Returns
    -------
    Plateau
        At kappa 0.1, among paths with a rising trend: a falling one has no date, and that this
        trend rises is known by looking at it.
    """
    span = Span(series.as_of_year - float(series.time[0]), horizon)
    parts = []
    for name, shape in shapes.items():
        believed: Shape = replace(shape, population=population)  # type: ignore[type-var]
        rng = np.random.default_rng(child_seed(seed, "prior", name))
        past, _ = draw_prior(believed, series.card.kind, span, DRAWS, rng)
        ahead = believed.extended(past, span, rng)
        found = _found(believed, ahead, series, span)
        rising = found.trend / max(found.trend.sum(), 1)
        parts.append(replace(found, weight=rising))
    odds = np.array([PRIOR_ODDS[name] for name in shapes])
    return pooled(parts, list(odds / odds.sum()), refused=None)


def _found(shape: Shape, draws: Draws, series: Series, span: Span) -> Plateau:
    """Find the plateau dates of prior draws, those of a share at every level that it may have."""
    if series.card.kind != "share":
        even = np.full(len(draws.parameters), 1.0 / len(draws.parameters))
        return find_plateaus(shape, draws, series, span, even)[0]
    parts = []
    for i, one in enumerate(_at_levels(series)):
        part = Draws(draws.parameters[i::LEVELS], draws.dates[i::LEVELS])
        even = np.full(len(part.parameters), 1.0 / len(part.parameters))
        parts.append(find_plateaus(shape, part, one, span, even)[0])
    return pooled(parts, [1.0 / LEVELS] * LEVELS, refused=None)


def _at_levels(series: Series) -> list[Series]:
    """The same share with its last row at each of the levels between floor and maximum."""
    low, high = series.card.floor, float(series.card.maximum or 1.0)
    levels = low + (high - low) * (np.arange(LEVELS) + 0.5) / LEVELS
    return [replace(series, value=np.append(series.value[:-1], level)) for level in levels]


def prior_of(comparison: "Comparison") -> Plateau:
    """Return the prior of the date that a comparison's average is the posterior of."""
    return prior_plateau(
        comparison.series,
        {name: comparison.fits[name].shape for name in comparison.used},
        learned_population(comparison),
        horizon=comparison.horizon,
        seed=comparison.seed,
    )


def information_bits(posterior: Plateau, prior: Plateau) -> float:
    """Return how many bits the rows added to the prior of the plateau date.

    Parameters
    ----------
    posterior, prior : Plateau
        Of one series and one `as_of`.

    Returns
    -------
    float
        Kullback-Leibler divergence of the posterior from the prior, in bits, over bins of about
        two years and one for "not within the horizon". One bit: the range of what is credible was
        halved once.
    """
    edges = date_bins(posterior)
    p, q = (_smoothed(plateau, edges) for plateau in (posterior, prior))
    return float((p * np.log2(p / q)).sum())


def date_bins(plateau: Plateau) -> np.ndarray:
    """Edges of the bins: equal ones before `as_of`, equal ones after it."""
    sides = (plateau.as_of - plateau.first, plateau.horizon)
    before, after = (min(max(round(years / BIN_YEARS), 1), MOST_BINS) for years in sides)
    past = np.linspace(plateau.first, plateau.as_of, before + 1)
    future = np.linspace(plateau.as_of, plateau.as_of + plateau.horizon, after + 1)
    return np.concatenate([past, future[1:]])


def _smoothed(plateau: Plateau, edges: np.ndarray) -> np.ndarray:
    """Probability of each bin, the last one "not within the horizon", with a pseudo-count."""
    # A date of exactly as_of is "already": bins are closed at their upper edge.
    at = np.searchsorted(edges[1:], plateau.date, side="left")
    mass = np.bincount(at, plateau.weight, minlength=len(edges))[: len(edges)]
    count = 1.0 / (plateau.weight**2).sum()
    return (count * mass + PSEUDO_COUNT) / (count + PSEUDO_COUNT * len(mass))

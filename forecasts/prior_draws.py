"""Draw trends from their prior: what a shape and a kind believe before any row is seen.

For simulation-based calibration (``tools/sbc.py``) and for looking at what a prior implies. The
draws are those of `Shape.log_prior`, `Shape.log_weight` and `Likelihood.noise`;
``tests/test_prior_draws.py`` fails when they are not.
"""

import numpy as np

from forecasts.likelihoods import LIKELIHOODS
from forecasts.models import Draws, Shape, Span
from forecasts.priors import GammaLog, Normal, Prior, RisingLog, StudentT, growth_unit


def draw_prior(
    shape: Shape, kind: str, span: Span, count: int, rng: np.random.Generator
) -> tuple[Draws, np.ndarray]:
    """Draw growth paths and noise parameters from the prior.

    Parameters
    ----------
    shape : Shape
        With the population that is believed in.
    kind : str
        One of `forecasts.likelihoods.LIKELIHOODS`: that of the card, or of its close rows.
    span : Span
        Years observed and years ahead: dates lie in the shape's cells of it.
    count : int
        Number of draws.
    rng : Generator
        Decides.

    Returns
    -------
    draws : Draws
        Growth paths up to `as_of`; what may still happen after it follows from `Shape.extended`.
    noise : ndarray, shape (count, noise parameters)
        Unconstrained, as the likelihood takes them.

    Examples
    --------
    >>> from forecasts.models import SHAPES
    >>> rng = np.random.default_rng(1)
    >>> draws, noise = draw_prior(SHAPES["piecewise"], "index", Span(30.0, 20.0), 2, rng)
    >>> draws.parameters.shape, draws.dates.shape, noise.shape
    ((2, 4), (2, 2), (2, 2))
    """
    cells = shape.cells(span)
    mass = np.exp(shape.log_weight(cells, span))
    cell = rng.choice(len(cells), count, p=mass / mass.sum())
    low, high = cells.low[cell], cells.high[cell]
    parameters = _parameters(shape, count, rng) * cells.active[cell]
    noise = [_plain(p, count, rng) for p in LIKELIHOODS[kind].noise(shape.population)]
    return Draws(parameters, low + (high - low) * rng.random(low.shape)), np.stack(noise, 1)


def _parameters(shape: Shape, count: int, rng: np.random.Generator) -> np.ndarray:
    """Parameters of a shape, in order; shape (count, parameters)."""
    columns: list[np.ndarray] = []
    growths: list[np.ndarray] = []
    for prior in shape.priors:
        if isinstance(prior, StudentT):
            unit = growth_unit(growths[0], shape.population.growth_width, np)
            stray = prior.scale * unit * rng.standard_t(prior.df, count)
            columns.append(prior.loc * growths[-1] + stray)
            growths.append(columns[-1])
        else:
            columns.append(_plain(prior, count, rng))
            growths = [np.exp(columns[-1]) if isinstance(prior, RisingLog) else columns[-1]]
    return np.stack(columns, 1)


def _plain(prior: Prior, count: int, rng: np.random.Generator) -> np.ndarray:
    """A parameter whose prior is its own."""
    if isinstance(prior, GammaLog):
        return np.log(rng.gamma(prior.shape, 1.0 / prior.rate, count))
    if isinstance(prior, RisingLog):
        angle = np.arctan(prior.loc / prior.scale)
        return np.log(prior.loc + prior.scale * np.tan(_between(-angle, np.pi / 2, count, rng)))
    if isinstance(prior, Normal):
        stray = rng.standard_normal(count) if prior.df is None else rng.standard_t(prior.df, count)
        return prior.loc + prior.scale * stray
    raise TypeError(
        f"A prior of its own is Normal, RisingLog or GammaLog, got {type(prior).__name__}."
    )


def _between(low: float, high: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Uniform draws that meet neither end."""
    return low + (high - low) * rng.uniform(1e-12, 1 - 1e-12, count)

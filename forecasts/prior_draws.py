"""Draw trends from their prior: what a shape and a kind believe before any row is seen.

For simulation-based calibration (``tools/sbc.py``) and for looking at what a prior implies. The
draws are those of `Shape.log_prior`, `Shape.log_weight` and `Likelihood.noise`;
``tests/test_prior_draws.py`` fails when they are not.
"""

import numpy as np

from forecasts.likelihoods import LIKELIHOODS
from forecasts.models import Draws, Shape, Span
from forecasts.priors import GammaLog, Normal, Prior, StudentT, growth_scale


def draw_prior(
    shape: Shape, kind: str, span: Span, count: int, rng: np.random.Generator
) -> tuple[Draws, np.ndarray]:
    """Draw growth paths and noise parameters from the prior.

    Parameters
    ----------
    shape : Shape
        With the population that is believed in.
    kind : str
        ``item``, ``index``, ``record`` or ``share``.
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

    Notes
    -----
    A Student-t prior is of growth, in units of the series' own scale and centred on a share of the
    growth before it, or, in a bend, of the share that is kept, which has no unit (`has_scale`).

    Examples
    --------
    >>> from forecasts.models import SHAPES
    >>> rng = np.random.default_rng(1)
    >>> draws, noise = draw_prior(SHAPES["piecewise"], "index", Span(30.0, 20.0), 2, rng)
    >>> draws.parameters.shape, draws.dates.shape, noise.shape
    ((2, 5), (2, 2), (2, 2))
    """
    cells = shape.cells(span)
    mass = np.exp(shape.log_weight(cells, span))
    cell = rng.choice(len(cells), count, p=mass / mass.sum())
    low, high = cells.low[cell], cells.high[cell]
    parameters = _parameters(shape, count, rng) * cells.active[cell]
    noise = [_plain(p, count, rng) for p in LIKELIHOODS[kind].noise(shape.population)]
    return Draws(parameters, low + (high - low) * rng.random(low.shape)), np.stack(noise, 1)


def has_scale(shape: Shape) -> bool:
    """Tell whether a shape's second parameter is the logarithm of the series' scale of growth."""
    return shape.priors[1].name == growth_scale(shape.population).name


def _parameters(shape: Shape, count: int, rng: np.random.Generator) -> np.ndarray:
    """Parameters of a shape, in order; shape (count, parameters)."""
    columns: list[np.ndarray] = []
    before = None
    for prior in shape.priors:
        if isinstance(prior, StudentT):
            scale = np.exp(columns[1]) if has_scale(shape) else np.ones(count)
            centre = scale if before is None else before
            stray = prior.scale * scale * rng.standard_t(prior.df, count)
            before = prior.loc * centre + stray
            columns.append(before)
        else:
            columns.append(_plain(prior, count, rng))
    return np.stack(columns, 1)


def _plain(prior: Prior, count: int, rng: np.random.Generator) -> np.ndarray:
    """A parameter whose prior is its own."""
    if isinstance(prior, GammaLog):
        return np.log(rng.gamma(prior.shape, 1.0 / prior.rate, count))
    if isinstance(prior, Normal):
        stray = rng.standard_normal(count) if prior.df is None else rng.standard_t(prior.df, count)
        return prior.loc + prior.scale * stray
    raise TypeError(f"A prior of its own is Normal or GammaLog, got {type(prior).__name__}.")

"""One shape, one likelihood, one set of rows: the log posterior that everything else explores."""

from dataclasses import dataclass

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.likelihoods import Likelihood, likelihood_of
from forecasts.models import Cells, Shape, Span
from forecasts.priors import PlainPrior
from forecasts.series import Series


@dataclass(frozen=True)
class Problem:
    """One shape, one likelihood and one set of rows: everything a log posterior needs.

    Attributes
    ----------
    shape, likelihood
        The growth path, and how rows stray from it.
    data : dict of arrays
        What the likelihood prepared.
    span : Span
        Years observed and years ahead.
    rows : tuple of two ndarrays
        Times and log values of the rows, from which the Newton steps start.
    """

    shape: Shape
    likelihood: Likelihood
    data: dict[str, np.ndarray]
    span: Span
    rows: tuple[np.ndarray, np.ndarray]

    @property
    def size(self) -> int:
        """Number of parameters: the shape's, then the noise."""
        return len(self.shape.priors) + len(self.noise)

    @property
    def noise(self) -> tuple[PlainPrior, ...]:
        """Priors of the noise parameters."""
        return self.likelihood.noise(self.shape.population)


def pose(
    shape: Shape, series: Series, horizon: float, *, likelihood: Likelihood | None = None
) -> Problem:
    """Put a shape and a series together.

    Parameters
    ----------
    shape : Shape
        From `forecasts.models.SHAPES`.
    series : Series
        As known at its `as_of`.
    horizon : float
        Years after `as_of`.
    likelihood : Likelihood, optional
        How rows stray; default: that of the series.
    """
    like = likelihood or likelihood_of(series)
    span = Span(series.as_of_year - series.time[0], horizon)
    data = like.prepare(series)
    return Problem(shape, like, data, span, like.rows(series, data))


def log_posterior(
    problem: Problem,
    theta: list[Array],
    active: list[Array],
    dates: list[Array],
    xp: Namespace,
) -> Array:
    """Log likelihood plus log prior of a batch of parameter vectors, dates given.

    The one formula that the scan, the sampler's graph and importance sampling share.

    Parameters
    ----------
    problem : Problem
        Shape, likelihood and arrays (NumPy or symbolic).
    theta, active, dates : list of arrays, each of shape (batch, 1)
        Parameters, their masks, and the cells' midpoints.
    xp : namespace
        `forecasts.arrays` NumPy or PyTensor functions.

    Returns
    -------
    array, shape (batch,)
        A parameter that a cell does not use has a standard normal pseudo-prior and no effect.
    """
    shape, like = problem.shape, problem.likelihood
    used = [value * mask for value, mask in zip(theta, active, strict=True)]
    count = len(shape.priors)
    parameters, noise = used[:count], used[count:]

    def curve(t: Array) -> Array:
        return shape.curve(parameters, dates, t, xp)

    prior = shape.log_prior(parameters, xp)
    prior += [p.logpdf(value, xp) for p, value in zip(problem.noise, noise, strict=True)]
    total = like.loglik(curve, noise, problem.data, xp)
    for term, mask, value in zip(prior, active, theta, strict=True):
        pseudo = -0.5 * (value**2 + np.log(2 * np.pi))
        total = total + (mask * term + (1 - mask) * pseudo)[:, 0]
    return total


def mask_of(problem: Problem, cells: Cells) -> np.ndarray:
    """Masks of all parameters: the cells' own, and ones for the noise."""
    noise = np.ones((len(cells), len(problem.noise)))
    return np.concatenate([cells.active, noise], axis=1)

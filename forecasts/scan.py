"""Find every configuration of unknown dates that matters, in closed form, before any sampling.

For each cell of dates the posterior of the remaining parameters is nearly normal: its mode `m`, the
Cholesky factor `L` of its covariance and its Laplace evidence follow from a few Newton steps, for
all cells at once. Cells that matter are halved until they are narrow. The heavy ones are kept; the
light ones are represented by a systematic sample with raised weights (Fearnhead & Clifford 2003,
doi:10.1111/1467-9868.00421), so that nothing is cut off and a rare change keeps its dates. In the whitened coordinates ``theta = m + L z`` of *each* cell the sampler
sees one round mode at the origin, so it neither gets stuck nor has to jump.

`tests/test_scan.py` compares the result with numerical quadrature.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.arrays import Array, numpy_namespace
from forecasts.likelihoods import Likelihood, likelihood_of
from forecasts.models import Cells, Shape, Span
from forecasts.models.shape import join
from forecasts.series import Series

#: Log evidence below the best at which a coarse cell is no longer halved: its midpoint may be far
#: from its peak, so the first rounds must be generous.
MARGINS = (12.0, 7.0, 4.0)
#: A cell that carries less than this share of the evidence is narrow enough already.
FINE = 0.02
#: Number of cells that are sampled from: a gradient's cost grows with it.
MOST_CELLS = 48
#: Share of the evidence below which a cell cannot move any figure that is printed.
NEGLIGIBLE = 1e-7
#: A cell that starts this far (log density) below the best after a few Newton steps is given up.
HOPELESS = 25.0
#: Smallest curvature trusted, per squared unit of a parameter: heavy-tailed priors have none.
LEAST_CURVATURE = 0.1
#: Step of the finite differences, in parameter units (log values and log values per year).
STEP = 1e-4


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
        return len(self.shape.priors) + len(self.likelihood.noise)


@dataclass(frozen=True)
class Scan:
    """The cells that matter, with the normal approximation in each.

    Attributes
    ----------
    problem : Problem
        What was scanned.
    cells : Cells
        Kept cells.
    log_weight : ndarray, shape (cells,)
        Log prior mass of each cell (all cells of the shape together have mass one), raised where
        a cell stands for others.
    mode : ndarray, shape (cells, parameters)
        Posterior mode given the cell.
    factor : ndarray, shape (cells, parameters, parameters)
        Lower Cholesky factor of the covariance at the mode.
    log_evidence : ndarray, shape (cells,)
        Laplace evidence, weight included.
    """

    problem: Problem
    cells: Cells
    log_weight: np.ndarray
    mode: np.ndarray
    factor: np.ndarray
    log_evidence: np.ndarray


def log_posterior(
    problem: Problem,
    theta: list[Array],
    active: list[Array],
    dates: list[Array],
    xp: object,
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
    prior += [p.logpdf(value, xp) for p, value in zip(like.noise, noise, strict=True)]
    total = like.loglik(curve, noise, problem.data, xp)
    for term, mask, value in zip(prior, active, theta, strict=True):
        pseudo = -0.5 * (value**2 + np.log(2 * np.pi))
        total = total + (mask * term + (1 - mask) * pseudo)[:, 0]
    return total


def pose(shape: Shape, series: Series, horizon: float) -> Problem:
    """Put a shape and a series together.

    Parameters
    ----------
    shape : Shape
        From `forecasts.models.SHAPES`.
    series : Series
        As known at its `as_of`.
    horizon : float
        Years after `as_of`.

    Raises
    ------
    NotYetError
        When the series' kind has no likelihood yet.
    """
    like = likelihood_of(series)
    span = Span(series.as_of_year - series.time[0], horizon)
    rows = series.time - series.time[0], series.y - series.y[0]
    return Problem(shape, like, like.prepare(series), span, rows)


def scan(problem: Problem) -> Scan:
    """Scan all configurations of dates and keep those that matter."""
    cells = problem.shape.cells(problem.span)
    prior = problem.shape.log_weight(cells, problem.span)
    normaliser = np.logaddexp.reduce(prior)
    mode, factor, evidence = _laplace(problem, cells, _least_squares(problem, cells), steps=20)
    evidence = evidence + prior - normaliser
    for margin in MARGINS:
        share = np.exp(evidence - np.logaddexp.reduce(evidence))
        near = evidence > evidence.max() - margin
        split = near & (share > FINE / len(MARGINS) if margin < MARGINS[0] else near)
        split &= (cells.low < cells.high).any(1)
        if not split.any():
            break
        halves, parent = _halved(cells.take(split))
        child_mode, child_factor, child = _laplace(problem, halves, mode[split][parent], steps=6)
        weight = problem.shape.log_weight(halves, problem.span)
        cells = join([cells.take(~split), halves])
        mode = np.concatenate([mode[~split], child_mode])
        factor = np.concatenate([factor[~split], child_factor])
        evidence = np.concatenate([evidence[~split], child + weight - normaliser])
    keep, raised = _represent(cells, evidence)
    kept = cells.take(keep)
    log_weight = problem.shape.log_weight(kept, problem.span) - normaliser + raised
    return Scan(problem, kept, log_weight, mode[keep], factor[keep], evidence[keep] + raised)


def log_joint(scan: Scan, z: np.ndarray) -> np.ndarray:
    """Log posterior of whitened points in every kept cell, prior mass and volume included.

    Parameters
    ----------
    scan : Scan
        Kept cells.
    z : ndarray, shape (draws, parameters)
        Whitened points.

    Returns
    -------
    ndarray, shape (draws, cells)
        Its log-sum-exp over cells is the density that NUTS samples.
    """
    xp = numpy_namespace()
    out = np.empty((len(z), len(scan.cells)))
    volume = np.log(np.diagonal(scan.factor, axis1=1, axis2=2)).sum(1)
    for j, date in enumerate(scan.cells.middle):
        theta = scan.mode[j] + z @ scan.factor[j].T
        out[:, j] = log_posterior(
            scan.problem,
            list(theta.T[:, :, None]),
            [np.full((1, 1), a) for a in _mask(scan.problem, scan.cells)[j]],
            [np.full((1, 1), d) for d in date],
            xp,
        )
    return out + volume + scan.log_weight


def _halved(cells: Cells) -> tuple[Cells, np.ndarray]:
    """Halve cells, and say which parent each child has."""
    tagged = Cells(
        cells.low, cells.high, np.column_stack([cells.active, np.arange(len(cells))])
    ).halved()
    parent = tagged.active[:, -1].astype(int)
    return Cells(tagged.low, tagged.high, tagged.active[:, :-1]), parent


def _mask(problem: Problem, cells: Cells) -> np.ndarray:
    """Masks of all parameters: the cells' own, and ones for the noise."""
    noise = np.ones((len(cells), len(problem.likelihood.noise)))
    return np.concatenate([cells.active, noise], axis=1)


def _represent(cells: Cells, evidence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Choose at most `MOST_CELLS` cells, and by how much each one's log weight is raised.

    Cells heavier than a threshold are kept as they are; among the lighter ones, ordered by
    configuration and date, a systematic sample stands for all, each raised to the threshold.
    """
    share = np.exp(evidence - np.logaddexp.reduce(evidence))
    alive = np.where(share > NEGLIGIBLE)[0]
    if len(alive) <= MOST_CELLS:
        return alive, np.zeros(len(alive))
    weight = np.sort(share[alive])[::-1]
    tail = np.cumsum(weight[::-1])[::-1]
    heavy = np.arange(len(weight))
    # The threshold c solves: cells above c, plus the rest's weight over c, is the number wanted.
    enough = weight * (MOST_CELLS - heavy) <= tail
    count = int(np.argmax(enough[:MOST_CELLS])) if enough[:MOST_CELLS].any() else MOST_CELLS - 1
    threshold = tail[count] / (MOST_CELLS - count)
    order = alive[np.lexsort([*cells.low[alive].T[::-1], *cells.active[alive].T])]
    light = order[share[order] < threshold]
    reached = np.cumsum(share[light]) / threshold
    hit = np.floor(reached + 0.5) > np.floor(np.concatenate([[0.0], reached[:-1]]) + 0.5)
    keep = np.sort(np.concatenate([order[share[order] >= threshold], light[hit]]))
    return keep, np.log(np.maximum(threshold / share[keep], 1.0))


def _least_squares(problem: Problem, cells: Cells) -> np.ndarray:
    """Starting points: a few Gauss-Newton steps on the rows, dates given, for all cells at once."""
    t, y = problem.rows
    xp, dates = numpy_namespace(), [column[:, None] for column in cells.middle.T]
    growth = np.polyfit(t, y, 1)[0]
    theta = np.tile(problem.shape.start(growth), (len(cells), 1)) * cells.active
    size = theta.shape[1]

    def path(values: np.ndarray) -> np.ndarray:
        columns = [values[:, i : i + 1] for i in range(size)]
        return problem.shape.curve(columns, dates, t, xp) + 0.0 * y

    for _ in range(4):
        left = y - path(theta)
        slope = np.stack([path(theta + s) - path(theta - s) for s in STEP * np.eye(size)], 2)
        slope = slope / (2 * STEP) * cells.active[:, None, :]
        # A little ridge keeps growth before the first or after the last row near its start.
        normal = np.einsum("kni,knj->kij", slope, slope) + 1e-2 * np.eye(size)
        step = np.linalg.solve(normal, np.einsum("kni,kn->ki", slope, left)[..., None])[..., 0]
        theta = theta + np.clip(step, -5.0, 5.0)
    left = y - path(theta)
    scatter = np.sqrt(np.mean(left**2, axis=1)) + 1e-3
    noise = np.stack([problem.likelihood.start(sd) for sd in scatter])
    return np.concatenate([theta, noise], axis=1)


def _laplace(
    problem: Problem, cells: Cells, start: np.ndarray, *, steps: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Damped Newton for all cells at once: mode, covariance factor, log evidence given the cell."""
    xp = numpy_namespace()
    mask, middle = _mask(problem, cells), cells.middle

    def value(theta: np.ndarray, rows: np.ndarray) -> np.ndarray:
        columns = [theta[:, i : i + 1] for i in range(theta.shape[1])]
        active = [mask[rows, i : i + 1] for i in range(mask.shape[1])]
        dates = [middle[rows, i : i + 1] for i in range(middle.shape[1])]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            out = log_posterior(problem, columns, active, dates, xp)
        return np.where(np.isfinite(out), out, -np.inf)

    theta, everyone = start * mask, np.arange(len(cells))
    best, damping = value(theta, everyone), np.full(len(cells), 1e-2)
    moving = everyone
    for turn in range(steps):
        gradient, precision = _curvature(value, theta[moving], moving)
        scaled = (
            precision
            + damping[moving, None, None]
            * np.eye(problem.size)
            * precision.diagonal(axis1=1, axis2=2)[:, None, :]
        )
        step = np.linalg.solve(scaled, gradient[..., None])[..., 0]
        trial = theta[moving] + np.clip(step, -3.0, 3.0)
        score = value(trial, moving)
        better = score > best[moving]
        gain = np.where(better, score - best[moving], np.inf)
        theta[moving] = np.where(better[:, None], trial, theta[moving])
        best[moving] = np.where(better, score, best[moving])
        damping[moving] = np.where(better, damping[moving] / 10, damping[moving] * 10)
        still = (gain > 1e-3) & (damping[moving] < 1e5)
        if turn >= 3:
            still &= best[moving] > best.max() - HOPELESS
        moving = moving[still]
        if not len(moving):
            break
    _, precision = _curvature(value, theta, everyone)
    factor = np.linalg.cholesky(np.linalg.inv(precision))
    volume = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(1)
    return theta, factor, best + volume + 0.5 * problem.size * np.log(2 * np.pi)


def _curvature(
    value: Callable[[np.ndarray, np.ndarray], np.ndarray], theta: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and (positive definite) negative Hessian by central differences."""
    size = theta.shape[1]
    step = STEP * np.eye(size)
    centre = value(theta, rows)
    up = np.stack([value(theta + s, rows) for s in step], 1)
    down = np.stack([value(theta - s, rows) for s in step], 1)
    hessian = np.empty((len(theta), size, size))
    for i in range(size):
        hessian[:, i, i] = up[:, i] + down[:, i] - 2 * centre
        for j in range(i):
            both = value(theta + step[i] + step[j], rows) + value(theta - step[i] - step[j], rows)
            cross = both - up[:, i] - up[:, j] - down[:, i] - down[:, j] + 2 * centre
            hessian[:, i, j] = hessian[:, j, i] = 0.5 * cross
    gradient = np.nan_to_num((up - down) / (2 * STEP), posinf=0.0, neginf=0.0)
    curvature, axes = np.linalg.eigh(np.nan_to_num(-hessian / STEP**2, posinf=0.0, neginf=0.0))
    curvature = np.maximum(curvature, LEAST_CURVATURE)
    return gradient, np.einsum("kij,kj,klj->kil", axes, curvature, axes)

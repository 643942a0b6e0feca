"""Mode, curvature and evidence of a log posterior, for many cells of unknown dates at once.

Damped Newton steps with central differences: a few tens of evaluations, each over all cells.
"""

from collections.abc import Callable

import numpy as np

from forecasts.arrays import numpy_namespace
from forecasts.models import Cells
from forecasts.problem import Problem, log_posterior, mask_of

#: Smallest curvature trusted, per squared unit of a parameter: heavy-tailed priors have none. Just
#: below the flattest prior's, the level's 1 / log(1000)²: an index says nothing of its level, and
#: a larger bound would make the proposal half as wide as the posterior.
LEAST_CURVATURE = 0.02
#: Largest one: beyond it rounding, not data, speaks (a series without scatter).
MOST_CURVATURE = 1e10
#: Step of the finite differences, in parameter units (log values and log values per year).
STEP = 1e-4
#: Gauss-Newton steps before those. A rate's logarithm overshoots at first, then comes back by less
#: than one a step: with four of them early ends of fast growth were given up.
START_STEPS = 12
#: A cell that starts this far (log density) below the best after a few steps is given up.
HOPELESS = 25.0


def least_squares(problem: Problem, cells: Cells) -> np.ndarray:
    """Starting points: some Gauss-Newton steps on the rows, for all cells at once."""
    t, y = problem.rows
    xp, dates = numpy_namespace(), [column[:, None] for column in cells.middle.T]
    growth = np.polyfit(t, y, 1)[0]
    theta = np.tile(problem.shape.start(growth), (len(cells), 1)) * cells.active
    size = theta.shape[1]

    def path(values: np.ndarray) -> np.ndarray:
        columns = [values[:, i : i + 1] for i in range(size)]
        return problem.shape.curve(columns, dates, t, xp) + 0.0 * y

    for _ in range(START_STEPS):
        left = y - path(theta)
        slope = np.stack([path(theta + s) - path(theta - s) for s in STEP * np.eye(size)], 2)
        slope = slope / (2 * STEP) * cells.active[:, None, :]
        # A little ridge keeps growth before the first or after the last row near its start.
        normal = np.einsum("kni,knj->kij", slope, slope) + 1e-2 * np.eye(size)
        step = np.linalg.solve(normal, np.einsum("kni,kn->ki", slope, left)[..., None])[..., 0]
        theta = theta + np.clip(step, -5.0, 5.0)
    left = y - path(theta)
    scatter = np.sqrt(np.mean(left**2, axis=1)) + 1e-3
    noise = np.stack([problem.likelihood.start(sd, problem.data) for sd in scatter])
    return np.concatenate([theta, noise], axis=1)


def laplace(
    problem: Problem, cells: Cells, start: np.ndarray, *, steps: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Damped Newton for all cells at once: mode, covariance factor, log evidence given the cell."""
    xp = numpy_namespace()
    mask, middle = mask_of(problem, cells), cells.middle

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
    factor = _factor(precision)
    volume = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(1)
    return theta, factor, best + volume + 0.5 * problem.size * np.log(2 * np.pi)


def _factor(precision: np.ndarray) -> np.ndarray:
    """Lower Cholesky factors of the inverses, also where these are too flat to be inverted."""
    curvature, axes = np.linalg.eigh(precision)
    root = axes / np.sqrt(np.clip(curvature, LEAST_CURVATURE, MOST_CURVATURE))[:, None, :]
    upper = np.linalg.qr(np.swapaxes(root, 1, 2), mode="r")
    sign = np.sign(np.diagonal(upper, axis1=1, axis2=2))
    return np.swapaxes(upper * np.where(sign < 0, -1.0, 1.0)[:, :, None], 1, 2)


def _curvature(
    value: Callable[[np.ndarray, np.ndarray], np.ndarray], theta: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and (positive definite) negative Hessian by central differences.

    Where the density is not concave its curvature counts without sign (Dauphin et al. 2014,
    doi:10.48550/arXiv.1406.2572): taken for flat instead, such a direction would get a volume
    hundreds of times too large, and its cell all the evidence.
    """
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
    curvature = np.clip(np.abs(curvature), LEAST_CURVATURE, MOST_CURVATURE)
    return gradient, np.einsum("kij,kj,klj->kil", axes, curvature, axes)

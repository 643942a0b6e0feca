"""Find every configuration of unknown dates that matters, in closed form, before any sampling.

For each cell of dates the posterior of the remaining parameters is nearly normal: its mode `m`, the
Cholesky factor `L` of its covariance and its Laplace evidence follow from a few Newton steps, for
all cells at once. Cells that matter are halved until they are narrow.

In the whitened coordinates ``theta = m + L z`` of *each* cell the sampler sees one round mode at
the origin, so it neither gets stuck nor has to jump.

`tests/test_scan.py` compares the result with numerical quadrature.
"""

from dataclasses import dataclass, replace

import numpy as np

from forecasts.arrays import numpy_namespace
from forecasts.laplace import laplace, least_squares
from forecasts.models import Cells
from forecasts.models.shape import join
from forecasts.problem import Problem, log_posterior, mask_of

#: Log evidence below the best at which a coarse cell is no longer halved: its midpoint may be far
#: from its peak, so the first rounds must be generous.
MARGINS = (12.0, 7.0, 4.0)
#: A cell that carries less than this share of the evidence is narrow enough already.
FINE = 0.02
#: Share of the evidence below which a cell cannot move any figure that is printed.
NEGLIGIBLE = 1e-7
#: Variance, in whitened units, below which draws have not moved at all.
LEAST_VARIANCE = 1e-6


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
        Log prior mass of each cell (all cells of the shape together have mass one).
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


def scan(problem: Problem) -> Scan:
    """Scan all configurations of dates and keep those that matter."""
    cells = problem.shape.cells(problem.span)
    prior = problem.shape.log_weight(cells, problem.span)
    normaliser = np.logaddexp.reduce(prior)
    mode, factor, evidence = laplace(problem, cells, least_squares(problem, cells), steps=20)
    evidence = evidence + prior - normaliser
    for margin in MARGINS:
        share = np.exp(evidence - np.logaddexp.reduce(evidence))
        near = evidence > evidence.max() - margin
        split = near & (share > FINE / len(MARGINS) if margin < MARGINS[0] else near)
        split &= (cells.low < cells.high).any(1)
        if not split.any():
            break
        halves, parent = _halved(cells.take(split))
        child_mode, child_factor, child = laplace(problem, halves, mode[split][parent], steps=6)
        weight = problem.shape.log_weight(halves, problem.span)
        cells = join([cells.take(~split), halves])
        mode = np.concatenate([mode[~split], child_mode])
        factor = np.concatenate([factor[~split], child_factor])
        evidence = np.concatenate([evidence[~split], child + weight - normaliser])
    keep = np.flatnonzero(evidence - np.logaddexp.reduce(evidence) > np.log(NEGLIGIBLE))
    kept = cells.take(keep)
    log_weight = problem.shape.log_weight(kept, problem.span) - normaliser
    return Scan(problem, kept, log_weight, mode[keep], factor[keep], evidence[keep])


def log_joint(scan: Scan, z: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Log posterior of whitened points, each in its own cell, prior mass and volume included.

    Parameters
    ----------
    scan : Scan
        Kept cells.
    z : ndarray, shape (draws, parameters)
        Whitened points.
    cell : ndarray of int, shape (draws,) or (draws, choices)
        The cell, or several cells, in which each point is looked at.

    Returns
    -------
    ndarray, shape of `cell`
        Its log-sum-exp over all cells is the log density of z.
    """
    if cell.ndim == 2:
        return np.stack([log_joint(scan, z, column) for column in cell.T], 1)
    xp, mask, middle = numpy_namespace(), mask_of(scan.problem, scan.cells), scan.cells.middle
    volume = np.log(np.diagonal(scan.factor, axis1=1, axis2=2)).sum(1)
    theta = located(scan, z, cell)
    # A point far out in a proposal's tail overflows: it has no posterior, and gets no weight.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        out = log_posterior(
            scan.problem,
            list(theta.T[:, :, None]),
            list(mask[cell].T[:, :, None]),
            list(middle[cell].T[:, :, None]),
            xp,
        )
    return out + (volume + scan.log_weight)[cell]


def located(scan: Scan, z: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Plain parameters of whitened points in their cells; shape of `z`."""
    return scan.mode[cell] + np.einsum("dij,dj->di", scan.factor[cell], z)


def rewhitened(scan: Scan, z: np.ndarray) -> Scan:
    """Return the same cells in coordinates in which some draws are round.

    Parameters
    ----------
    scan : Scan
        Whitened at the modes: far from round where a mode is not typical of its posterior, as
        with a handful of rows whose scatter may be small or large.
    z : ndarray, shape (draws, parameters)
        Draws in the coordinates of `scan`.
    """
    stretch = np.linalg.cholesky(np.cov(z.T) + LEAST_VARIANCE * np.eye(z.shape[1]))
    return replace(
        scan, mode=scan.mode + scan.factor @ z.mean(axis=0), factor=scan.factor @ stretch
    )


def _halved(cells: Cells) -> tuple[Cells, np.ndarray]:
    """Halve cells, and say which parent each child has."""
    tagged = Cells(
        cells.low, cells.high, np.column_stack([cells.active, np.arange(len(cells))])
    ).halved()
    parent = tagged.active[:, -1].astype(int)
    return Cells(tagged.low, tagged.high, tagged.active[:, :-1]), parent

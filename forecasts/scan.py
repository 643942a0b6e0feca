"""Find every configuration of unknown dates that matters, in closed form, before any sampling.

For each cell of dates the posterior of the remaining parameters is nearly normal: its mode `m`, the
Cholesky factor `L` of its covariance and its Laplace evidence follow from a few Newton steps, for
all cells at once. Cells that matter are halved until they are narrow. The heavy ones are kept; the
light ones are represented by a systematic sample with raised weights (Fearnhead & Clifford 2003,
doi:10.1111/1467-9868.00421), so that nothing is cut off and a rare change keeps its dates.

In the whitened coordinates ``theta = m + L z`` of *each* cell the sampler sees one round mode at
the origin, so it neither gets stuck nor has to jump.

`tests/test_scan.py` compares the result with numerical quadrature.
"""

from dataclasses import dataclass

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
#: Number of cells that are sampled from: a gradient's cost grows with it.
MOST_CELLS = 48
#: Share of the evidence below which a cell cannot move any figure that is printed.
NEGLIGIBLE = 1e-7


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
            [np.full((1, 1), a) for a in mask_of(scan.problem, scan.cells)[j]],
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
    # The last change decides most: neighbours in its date stand for each other.
    order = alive[np.lexsort([*cells.low[alive].T, *cells.active[alive].T])]
    light = order[share[order] < threshold]
    reached = np.cumsum(share[light]) / threshold
    hit = np.floor(reached + 0.5) > np.floor(np.concatenate([[0.0], reached[:-1]]) + 0.5)
    keep = np.sort(np.concatenate([order[share[order] >= threshold], light[hit]]))
    return keep, np.log(np.maximum(threshold / share[keep], 1.0))

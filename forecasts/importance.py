"""Draw from a scanned posterior without a sampler, and measure its evidence.

Each point takes a cell by its Laplace evidence and whitened coordinates from a heavy-tailed
distribution around that cell's mode, and is weighted by the exact posterior. It takes a tenth of a
second and no compilation, shares nothing with NUTS but the log posterior, and says itself when it
is not good enough: Pareto k-hat (Vehtari et al. 2024, doi:10.48550/arXiv.1507.02646).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from forecasts.diagnostics import ESS_LIMIT, K_HAT_LIMIT, Diagnostics
from forecasts.scan import Scan, log_joint

#: Points of an importance sample; share of them that goes to all cells alike, in case the Laplace
#: evidence of one is far too low.
DRAWS, DEFENSIVE = 4000, 0.1
#: Tails of the proposal: share of the points, spread, degrees of freedom. The second one is for
#: posteriors far from normal, and costs more points.
TAILS = (((1.0, 1.0, 7),), ((0.4, 1.0, 7), (0.3, 1.8, 5), (0.3, 3.0, 4)))
SECOND_TRY = 5 * DRAWS
#: Turns of the bridge's iteration; it contracts to a fixed point in a handful.
BRIDGE_STEPS = 30


@dataclass(frozen=True)
class Weighted:
    """What importance sampling returned for one scan; the counterpart of `sample.Sampled`.

    Attributes
    ----------
    scan : Scan
        What was sampled.
    draws : int
        Equally weighted draws that were taken from the points.
    effective : float
        Effective number of the weighted points.
    k_hat : float
        Shape of the tail of their weights.
    """

    scan: Scan
    draws: int
    effective: float
    k_hat: float

    @property
    def shape(self) -> tuple[int, int]:
        """Chains and draws: independent draws are one chain."""
        return 1, self.draws

    @property
    def statistics(self) -> dict[str, np.ndarray]:
        """There is no sampler to have any."""
        return {}

    def verdict(
        self, derived: dict[str, np.ndarray], forecast: Callable[[], np.ndarray]
    ) -> Diagnostics:
        """Judge the weights; independent draws need no further look."""
        return Diagnostics(float("nan"), self.effective, 0, self.k_hat)


def draw_weighted(
    scan: Scan, rng: np.random.Generator
) -> tuple[Weighted, np.ndarray, np.ndarray, float]:
    """Draw equally weighted points from a scan's posterior.

    Returns
    -------
    weighted : Weighted
        How good they are.
    z : ndarray, shape (DRAWS // 2, parameters)
        Whitened points.
    cell : ndarray of int, shape (DRAWS // 2,)
        The cell of each.
    evidence : float
        Log marginal likelihood.
    """
    z, cell, log_weight = importance_sample(scan, DRAWS, rng)
    smooth, k_hat = smoothed(log_weight)
    if k_hat >= K_HAT_LIMIT or _effective(smooth) < ESS_LIMIT:
        z, cell, log_weight = importance_sample(scan, SECOND_TRY, rng, tails=1)
        smooth, k_hat = smoothed(log_weight)
    keep = resample(smooth, DRAWS // 2, rng)
    evidence = float(np.logaddexp.reduce(log_weight) - np.log(len(log_weight)))
    return Weighted(scan, len(keep), _effective(smooth), k_hat), z[keep], cell[keep], evidence


def importance_sample(
    scan: Scan, count: int, rng: np.random.Generator, *, tails: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw whitened points and their cells, with weights.

    Parameters
    ----------
    scan : Scan
        All cells that matter.
    count : int
        Points.
    rng : Generator
        Decides.
    tails : int
        Which of `TAILS` to draw from.

    Returns
    -------
    z : ndarray, shape (count, parameters)
        Whitened points.
    cell : ndarray of int, shape (count,)
        The cell of each.
    log_weight : ndarray, shape (count,)
        Log posterior density (not normalised) over proposal density: the logarithm of its mean is
        the log evidence.
    """
    reached = np.cumsum(np.exp(_log_share(scan)))
    wanted = (np.arange(count) + rng.random()) / count * reached[-1]
    cell = np.minimum(np.searchsorted(reached, wanted), len(reached) - 1)
    parts = _tails(scan.problem.size, tails)
    part = rng.choice(len(parts), count, p=[share for share, _ in parts])
    z = np.empty((count, scan.problem.size))
    for i, (_, tail) in enumerate(parts):
        mine = np.flatnonzero(part == i)
        z[mine] = tail.rvs(len(mine), random_state=rng).reshape(len(mine), -1)
    return z, cell, _log_ratio(scan, z, cell, tails)


def smoothed(log_weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Pareto-smooth importance weights.

    Returns
    -------
    log_weight : ndarray
        Smoothed, same order, normalised to a sum of one.
    k_hat : float
        Shape of the weights' tail; from 0.7 on the sample is not to be trusted.
    """
    from arviz_stats.base import array_stats

    # ArviZ takes what would be divided by, as in leave-one-out: minus the log weight.
    smooth, k_hat = array_stats.psislw(-log_weight)
    return smooth - np.logaddexp.reduce(smooth), float(k_hat)


def resample(log_weight: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Systematic resampling: positions, in order, of `count` equally weighted draws."""
    reached = np.cumsum(np.exp(log_weight - log_weight.max()))
    wanted = (np.arange(count) + rng.random()) / count * reached[-1]
    return np.minimum(np.searchsorted(reached, wanted), len(log_weight) - 1)


def log_evidence(
    scan: Scan, z: np.ndarray, cell: np.ndarray, rng: np.random.Generator, count: int = DRAWS
) -> float:
    """Log marginal likelihood by bridge sampling between posterior draws and importance sampling.

    Parameters
    ----------
    scan : Scan
        All cells that matter.
    z : ndarray, shape (draws, parameters)
        Whitened posterior draws.
    cell : ndarray of int, shape (draws,)
        Their cells.
    rng : Generator
        Draws the proposal's points.
    count : int
        How many.

    References
    ----------
    Meng and Wong (1996), Simulating ratios of normalizing constants via a simple identity,
    Statistica Sinica 6, 831-860: the iterative optimal bridge. Importance sampling alone is rough
    where the posterior's tails are wider than the proposal's (`tests/test_quadrature.py`).
    """
    _, _, proposed = importance_sample(scan, count, rng)
    posterior = _log_ratio(scan, z, cell)
    log_share = np.log([len(posterior), count]) - np.log(len(posterior) + count)
    evidence = np.logaddexp.reduce(proposed) - np.log(count)
    for _ in range(BRIDGE_STEPS):
        above = proposed - np.logaddexp(log_share[0] + proposed, log_share[1] + evidence)
        below = -np.logaddexp(log_share[0] + posterior, log_share[1] + evidence)
        evidence = (np.logaddexp.reduce(above) - np.log(len(above))) - (
            np.logaddexp.reduce(below) - np.log(len(below))
        )
    return float(evidence)


def _log_ratio(scan: Scan, z: np.ndarray, cell: np.ndarray, tails: int = 0) -> np.ndarray:
    """Log posterior density over proposal density of points in their cells."""
    parts = [np.log(share) + tail.logpdf(z) for share, tail in _tails(scan.problem.size, tails)]
    proposal = _log_share(scan)[cell] + np.logaddexp.reduce(parts, axis=0)
    joint = log_joint(scan, z, cell)
    # A growth rate far out in the proposal's tail overflows: no path, no posterior.
    return np.where(np.isfinite(joint), joint, -np.inf) - proposal


def _log_share(scan: Scan) -> np.ndarray:
    """Log probability with which each cell is proposed."""
    share = np.exp(scan.log_evidence - np.logaddexp.reduce(scan.log_evidence))
    return np.log((1 - DEFENSIVE) * share + DEFENSIVE / len(share))


def _effective(log_weight: np.ndarray) -> float:
    """Effective number of points of normalised log weights."""
    return float(np.exp(-np.logaddexp.reduce(2 * log_weight)))


@cache
def _tails(size: int, which: int) -> list[tuple[float, Any]]:
    """Multivariate Student-t distributions around the origin, where every cell has its mode."""
    from scipy.stats import multivariate_t

    return [
        (share, multivariate_t(np.zeros(size), spread**2 * np.eye(size), df=df))
        for share, spread, df in TAILS[which]
    ]

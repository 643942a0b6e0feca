"""Draw from a scanned posterior without a sampler, and measure its evidence.

Each point takes a cell by its Laplace evidence and whitened coordinates from a heavy-tailed
distribution around that cell's mode, and is weighted by the exact posterior. It takes a tenth of a
second and no compilation, shares nothing with NUTS but the log posterior, and says itself when it
is not good enough: Pareto k-hat (Vehtari et al. 2024, doi:10.48550/arXiv.1507.02646).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.diagnostics import ESS_LIMIT, K_HAT_LIMIT, Diagnostics
from forecasts.scan import Scan, log_joint, rewhitened

#: Points of an importance sample; share of them that goes to all cells alike, in case the Laplace
#: evidence of one is far too low.
DRAWS, DEFENSIVE = 4000, 0.1
#: Degrees of freedom of the proposal's tails.
TAIL_DF = 7
#: Distances, in whitened units, at which the skewness of the posterior is felt out, and the bounds
#: of the spread that is made of it.
REACH = np.arange(0.5, 8.1, 0.5)
NARROWEST, WIDEST = 0.8, 6.0
#: Points of a second try, when the first ones were too few.
SECOND_TRY = 5 * DRAWS
#: Rounds in which the points of one try whiten the next one.
ROUNDS = 2
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
    def good(self) -> bool:
        """Whether the weights are to be trusted."""
        return self.k_hat < K_HAT_LIMIT and self.effective >= ESS_LIMIT

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
        Whitened points, in the coordinates of ``weighted.scan``.
    cell : ndarray of int, shape (DRAWS // 2,)
        The cell of each.
    evidence : float
        Log marginal likelihood.
    """
    found = _weighted(scan, DRAWS, rng)
    if not found[0].good:
        found = _weighted(scan, SECOND_TRY, rng)
    for _ in range(ROUNDS):
        if found[0].good:
            break
        # The mode was not typical: look again from where the draws are.
        again = _weighted(rewhitened(found[0].scan, found[1]), SECOND_TRY, rng)
        found = min(found, again, key=lambda one: one[0].k_hat)
    return found


def _weighted(
    scan: Scan, count: int, rng: np.random.Generator
) -> tuple[Weighted, np.ndarray, np.ndarray, float]:
    """Draw and weigh so many points, once."""
    z, cell, log_weight = importance_sample(scan, count, rng)
    smooth, k_hat = smoothed(log_weight)
    keep = resample(smooth, DRAWS // 2, rng)
    evidence = float(np.logaddexp.reduce(log_weight) - np.log(len(log_weight)))
    return Weighted(scan, len(keep), _effective(smooth), k_hat), z[keep], cell[keep], evidence


def importance_sample(
    scan: Scan, count: int, rng: np.random.Generator
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
    below, above = _spreads(scan)
    normal = rng.standard_normal((count, scan.problem.size))
    tail = normal / np.sqrt(rng.chisquare(TAIL_DF, (count, 1)) / TAIL_DF)
    z = tail * np.where(tail < 0, below, above)
    return z, cell, _log_ratio(scan, z, cell)


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


def _log_ratio(scan: Scan, z: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Log posterior density over proposal density of points in their cells."""
    proposal = _log_share(scan)[cell] + _log_proposal(scan, z)
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


def _log_proposal(scan: Scan, z: np.ndarray) -> np.ndarray:
    """Log density of the split Student-t from which whitened points are drawn."""
    from scipy.stats import multivariate_t

    below, above = _spreads(scan)
    spread = np.where(z < 0, below, above)
    around = multivariate_t(np.zeros(z.shape[1]), df=TAIL_DF)
    return around.logpdf(z / spread) - np.log(spread).sum(axis=1)


def _spreads(scan: Scan) -> np.ndarray:
    """Spread below and above the mode along each whitened axis of the heaviest cell; (2, axes).

    The widest normal curve through any of the points felt out (Geweke 1989,
    doi:10.2307/1913710): posteriors are skewed, since growth that the rows allow to be small has a
    long tail on the log scale.
    """
    size, heaviest = scan.problem.size, int(np.argmax(scan.log_evidence))
    steps = np.concatenate([-REACH, REACH])
    points = (steps[:, None, None] * np.eye(size)).reshape(-1, size)
    at = np.full(len(points) + 1, heaviest)
    value = log_joint(scan, np.vstack([np.zeros((1, size)), points]), at)
    fall = np.maximum(value[0] - value[1:], 1e-3).reshape(2, len(REACH), size)
    spread = (REACH[:, None] / np.sqrt(2 * fall)).max(axis=1)
    return np.clip(spread, NARROWEST, WIDEST)

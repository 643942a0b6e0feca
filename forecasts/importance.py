"""Draw from a scanned posterior without a sampler, and measure its evidence.

Points come from a proposal (`forecasts.proposals`) and are weighted by the exact posterior. It
takes a tenth of a second and no compilation, shares nothing with NUTS but the log posterior, and
says itself when it is not good enough: Pareto k-hat (Vehtari et al. 2024,
doi:10.48550/arXiv.1507.02646). Then it looks again, at most `ROUNDS` times, around the points that
it found (Cappé et al. 2004, Population Monte Carlo, doi:10.1198/106186004X12803).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.diagnostics import K_HAT_LIMIT, Diagnostics
from forecasts.proposals import Proposal, around_modes, around_points, resample
from forecasts.scan import Scan, log_joint

#: Points of an importance sample.
DRAWS = 4000
#: Points of every further try, when the first ones were too few.
SECOND_TRY = 5 * DRAWS
#: Points where they follow the posterior and are still too few.
ENOUGH = 5 * SECOND_TRY
#: Rounds in which the points of one try are what the next one follows.
ROUNDS = 4
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
    quality : Diagnostics
        Effective number of the weighted points, and the shape of the tail of their weights.
    """

    scan: Scan
    draws: int
    quality: Diagnostics

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
        """The weights decide; independent draws need no further look."""
        return self.quality


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
    first = around_modes(scan)
    found = points = _weigh(scan, first, DRAWS, rng)
    if not found.quality.converged:
        found = points = _weigh(scan, first, SECOND_TRY, rng)
    for _ in range(ROUNDS):
        if found.quality.converged:
            break
        # The modes were not typical: look again around what was found.
        after = around_points(scan, first, points.z, points.cell, points.log_weight)
        # A tail in order says that it is only a matter of number.
        count = ENOUGH if points.k_hat < K_HAT_LIMIT else SECOND_TRY
        points = _weigh(scan, after, count, rng)
        found = min(found, points, key=lambda one: (not one.quality.converged, one.k_hat))
    keep = resample(found.log_weight, DRAWS // 2, rng)
    weighted = Weighted(scan, len(keep), found.quality)
    return weighted, found.z[keep], found.cell[keep], found.log_evidence


@dataclass(frozen=True)
class _Points:
    """One try: points, their cells, smoothed weights that sum to one, and how good they are."""

    z: np.ndarray
    cell: np.ndarray
    log_weight: np.ndarray
    k_hat: float
    log_evidence: float

    @property
    def quality(self) -> Diagnostics:
        """Whether the weights are to be trusted."""
        effective = float(np.exp(-np.logaddexp.reduce(2 * self.log_weight)))
        return Diagnostics(float("nan"), effective, 0, self.k_hat)


def _weigh(scan: Scan, proposal: Proposal, count: int, rng: np.random.Generator) -> _Points:
    """Draw so many points and weigh them."""
    z, cell, log_weight = weighted_points(scan, proposal, count, rng)
    smooth, k_hat = smoothed(log_weight)
    # Below the tail, smoothing does nothing but divide by the sum of the smoothed weights.
    there = np.isfinite(log_weight)
    total = np.median(log_weight[there] - smooth[there])
    evidence = float(total - np.log(count))
    # Weights without a number have no tail that could be trusted.
    return _Points(z, cell, smooth, np.inf if np.isnan(k_hat) else k_hat, evidence)


def weighted_points(
    scan: Scan, proposal: Proposal, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw points and their cells from a proposal, with their weights.

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
    z, cell = proposal.draw(count, rng)
    return z, cell, _log_joint(scan, z, cell) - proposal.logpdf(z, cell)


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
    first = around_modes(scan)
    _, _, proposed = weighted_points(scan, first, count, rng)
    posterior = _log_joint(scan, z, cell) - first.logpdf(z, cell)
    log_share = np.log([len(posterior), count]) - np.log(len(posterior) + count)
    evidence = np.logaddexp.reduce(proposed) - np.log(count)
    for _ in range(BRIDGE_STEPS):
        above = proposed - np.logaddexp(log_share[0] + proposed, log_share[1] + evidence)
        below = -np.logaddexp(log_share[0] + posterior, log_share[1] + evidence)
        evidence = (np.logaddexp.reduce(above) - np.log(len(above))) - (
            np.logaddexp.reduce(below) - np.log(len(below))
        )
    return float(evidence)


def _log_joint(scan: Scan, z: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Log posterior density of points in their cells.

    A growth rate far out in a proposal's tail overflows: no path, no posterior.
    """
    joint = log_joint(scan, z, cell)
    return np.where(np.isfinite(joint), joint, -np.inf)

"""What importance sampling draws from: first the scan's own approximation, then what it found.

`around_modes` takes a cell by its Laplace evidence and whitened coordinates from a heavy-tailed
distribution. Where that is too rough, `around_points` puts kernels on points that were weighed,
configuration by configuration, so that it follows a bent or skewed posterior and gives each
configuration the share it was found to have (West 1993, Approximating posterior distributions by
mixtures, doi:10.1111/j.2517-6161.1993.tb01911.x).
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from forecasts.scan import LEAST_VARIANCE, Scan, log_joint

#: Share of an importance sample that goes to all cells alike, in case the Laplace evidence of one
#: is far too low.
DEFENSIVE = 0.1
#: Share of a second one that goes to the first proposal; the rest is shared out among the cells of
#: a configuration by what was found (right, but rough), by Laplace evidence, and evenly.
FIRST_AGAIN, BY_FOUND, BY_LAPLACE, EVENLY = 0.2, 0.3, 0.3, 0.4
#: Degrees of freedom of the first proposal's tails, and of all in a second one: what the scan has
#: missed lies far out.
TAIL_DF, WIDE_DF = 7, 3
#: Distances, in whitened units, at which the skewness of the posterior is felt out, and the bounds
#: of the spread that is made of it.
REACH = np.arange(0.5, 8.1, 0.5)
NARROWEST, WIDEST = 0.8, 6.0
#: Kernels in all, and in the least of configurations.
KERNELS, FEWEST = 240, 12


class Proposal(Protocol):
    """A distribution of cells and whitened points that can be drawn from and evaluated."""

    def draw(self, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw points, shape (count, parameters), and their cells, shape (count,)."""
        ...

    def logpdf(self, z: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """Log density of points in their cells, shape (count,)."""
        ...


@dataclass(frozen=True)
class Modes:
    """Split Student-t around the mode of each cell, cells by their Laplace evidence.

    Attributes
    ----------
    log_share : ndarray, shape (cells,)
        Log probability of each cell.
    below, above : ndarray, shape (parameters,)
        Spread on either side of the mode.
    df : int
        Degrees of freedom of the tails.
    """

    log_share: np.ndarray
    below: np.ndarray
    above: np.ndarray
    df: int

    def draw(self, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw points and their cells, the cells as evenly as they come."""
        cell = resample(self.log_share, count, rng)
        tail = _student(rng, count, len(self.below), self.df)
        return tail * np.where(tail < 0, self.below, self.above), cell

    def logpdf(self, z: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """Log density."""
        spread = np.where(z < 0, self.below, self.above)
        return (
            self.log_share[cell]
            + _log_student(((z / spread) ** 2).sum(axis=1), z.shape[1], self.df)
            - np.log(spread).sum(axis=1)
        )


@dataclass(frozen=True)
class Kernels:
    """Student-t kernels around points of each configuration, and some of another proposal.

    Attributes
    ----------
    first : Modes
        Takes its share of the points, for what lies far out.
    log_share : ndarray, shape (cells,)
        Log probability of each cell among the kernels' points.
    group : ndarray of int, shape (cells,)
        Configuration of each cell.
    centre : dict of ndarray, shape (kernels, parameters)
        By configuration.
    factor : dict of ndarray, shape (parameters, parameters)
        Lower Cholesky factor of the kernels' scale, by configuration.
    """

    first: Modes
    log_share: np.ndarray
    group: np.ndarray
    centre: dict[int, np.ndarray]
    factor: dict[int, np.ndarray]

    def draw(self, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw points and their cells."""
        again = round(FIRST_AGAIN * count)
        z, cell = self.first.draw(again, rng)
        new = resample(self.log_share, count - again, rng)
        tail = _student(rng, len(new), z.shape[1], WIDE_DF)
        for group, centre in self.centre.items():
            here = self.group[new] == group
            middle = centre[rng.integers(len(centre), size=here.sum())]
            tail[here] = middle + tail[here] @ self.factor[group].T
        return np.concatenate([z, tail]), np.concatenate([cell, new])

    def logpdf(self, z: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """Log density of the mixture of both."""
        new = np.full(len(z), -np.inf)
        for group, centre in self.centre.items():
            here = self.group[cell] == group
            factor = self.factor[group]
            apart = np.linalg.inv(factor)
            gap = _squared(z[here] @ apart.T, centre @ apart.T)
            kernel = _log_student(gap, z.shape[1], WIDE_DF) - np.log(np.diagonal(factor)).sum()
            top = kernel.max(axis=1)
            mean = np.exp(kernel - top[:, None]).mean(axis=1)
            new[here] = top + np.log(mean) + self.log_share[cell[here]]
        old = self.first.logpdf(z, cell)
        return np.logaddexp(np.log(FIRST_AGAIN) + old, np.log1p(-FIRST_AGAIN) + new)


def around_modes(scan: Scan) -> Modes:
    """Return the proposal that the scan itself suggests."""
    share = np.exp(scan.log_evidence - np.logaddexp.reduce(scan.log_evidence))
    mixed = (1 - DEFENSIVE) * share + DEFENSIVE / len(share)
    return Modes(np.log(mixed), *_spreads(scan), TAIL_DF)


def around_points(
    scan: Scan, first: Modes, z: np.ndarray, cell: np.ndarray, log_weight: np.ndarray
) -> Kernels:
    """Return a proposal that follows weighted points.

    Parameters
    ----------
    scan : Scan
        Their coordinates.
    first : Modes
        Takes `FIRST_AGAIN` of the new points, with wider tails.
    z : ndarray, shape (count, parameters)
        Whitened points.
    cell : ndarray of int, shape (count,)
        The cell of each.
    log_weight : ndarray, shape (count,)
        Normalised to a sum of one.
    """
    group = np.unique(scan.cells.active, axis=0, return_inverse=True)[1].reshape(-1)
    weight = np.exp(log_weight)
    found = np.bincount(cell, weight, minlength=len(group))
    laplace = np.exp(scan.log_evidence - scan.log_evidence.max())
    share, centre, factor = np.zeros(len(group)), {}, {}
    for one in map(int, np.unique(group)):
        members, here = group == one, group[cell] == one
        mass = found[members].sum()
        if mass <= 0:
            continue
        number = max(FEWEST, round(KERNELS * mass))
        share[members] = (number / KERNELS) * (
            BY_FOUND * found[members] / mass
            + BY_LAPLACE * laplace[members] / laplace[members].sum()
            + EVENLY / members.sum()
        )
        centre[one], factor[one] = _kernels(z[here], weight[here] / mass, number)
    with np.errstate(divide="ignore"):
        log_share = np.log(share / share.sum())
    return Kernels(replace(first, df=WIDE_DF), log_share, group, centre, factor)


def _kernels(z: np.ndarray, weight: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres and common scale of kernels whose mixture keeps mean and covariance of points."""
    size, mean = z.shape[1], weight @ z
    apart = z - mean
    covariance = (apart.T * weight) @ apart + LEAST_VARIANCE * np.eye(size)
    # The bandwidth that is best for a normal distribution (Scott 1992, section 6.3); the centres
    # are drawn in by as much as it widens.
    width = (4 / ((size + 2) * count)) ** (1 / (size + 4))
    chosen = apart[np.searchsorted(np.cumsum(weight), (np.arange(count) + 0.5) / count)]
    return mean + np.sqrt(1 - width**2) * chosen, width * np.linalg.cholesky(covariance)


def resample(log_weight: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Systematic resampling: positions, in order, of `count` equally weighted draws."""
    reached = np.cumsum(np.exp(log_weight - log_weight.max()))
    wanted = (np.arange(count) + rng.random()) / count * reached[-1]
    return np.minimum(np.searchsorted(reached, wanted), len(log_weight) - 1)


def _student(rng: np.random.Generator, count: int, size: int, df: int) -> np.ndarray:
    """Draw from a multivariate Student-t of scale one."""
    normal = rng.standard_normal((count, size))
    return normal / np.sqrt(rng.chisquare(df, (count, 1)) / df)


def _log_student(squared: np.ndarray, size: int, df: int) -> np.ndarray:
    """Log density of it at squared distances from its middle."""
    from scipy.stats import multivariate_t

    top = float(multivariate_t(np.zeros(size), df=df).logpdf(np.zeros(size)))
    return top - 0.5 * (df + size) * np.log1p(squared / df)


def _squared(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distances of every point to every other; shape (points, others)."""
    out = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.maximum(out, 0.0)


def _spreads(scan: Scan) -> tuple[np.ndarray, np.ndarray]:
    """Spread below and above the mode along each whitened axis of the heaviest cell.

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
    below, above = np.clip(spread, NARROWEST, WIDEST)
    return below, above

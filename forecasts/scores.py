"""Scores of forecasts given as quantiles: pinball loss, weighted interval score, coverage.

The functions are pure, take arrays whose last axis runs over the quantiles, and do not know on
which scale they work: levels are compared on log values, so that a factor counts the same at every
level. Lower scores are better. ``tests/test_scores.py`` holds them to brute force and to each
other.
"""

from collections.abc import Mapping, Sequence

import numpy as np

#: The quantiles of every forecast table: median, 50 % and 90 % central intervals.
PROBS = (0.05, 0.25, 0.5, 0.75, 0.95)


def pinball(
    quantiles: np.ndarray, actual: float | np.ndarray, *, probs: Sequence[float] = PROBS
) -> np.ndarray:
    """Score each quantile by the pinball (quantile) loss.

    Parameters
    ----------
    quantiles
        Forecast quantiles, shape ``(..., len(probs))``.
    actual
        What was observed, shape ``(...)``.
    probs
        Probabilities of the quantiles; default `PROBS`.

    Returns
    -------
    numpy.ndarray
        Loss of each quantile, shape of `quantiles`.

    Notes
    -----
    ``(actual - q) * p`` when the actual lies above the quantile q of probability p, otherwise
    ``(q - actual) * (1 - p)``.

    Examples
    --------
    >>> pinball(np.array([1.0, 2.0]), 4.0, probs=(0.25, 0.5)).tolist()
    [0.75, 1.0]
    """
    miss = np.asarray(actual, float)[..., None] - np.asarray(quantiles, float)
    p = np.asarray(probs, float)
    return np.maximum(p * miss, (p - 1.0) * miss)


def interval_score(
    lower: np.ndarray, upper: np.ndarray, actual: float | np.ndarray, *, coverage: float
) -> np.ndarray:
    """Score a central interval by its width and a penalty for what falls outside.

    Parameters
    ----------
    lower, upper
        Ends of the interval.
    actual
        What was observed.
    coverage
        Nominal probability of the interval, such as 0.9.

    Returns
    -------
    numpy.ndarray
        Score, in the unit of the actual.

    Notes
    -----
    ``(u - l) + 2 / a * max(l - y, 0) + 2 / a * max(y - u, 0)`` with ``a = 1 - coverage``.

    References
    ----------
    Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation, JASA
    102, 359-378, doi:10.1198/016214506000001437.
    """
    low, high, seen = (np.asarray(part, float) for part in (lower, upper, actual))
    outside = np.maximum(low - seen, 0.0) + np.maximum(seen - high, 0.0)
    return (high - low) + 2.0 / (1.0 - coverage) * outside


def weighted_interval_score(
    quantiles: np.ndarray, actual: float | np.ndarray, *, probs: Sequence[float] = PROBS
) -> np.ndarray:
    """Score a median and its central intervals in one number.

    Parameters
    ----------
    quantiles
        Forecast quantiles, shape ``(..., len(probs))``; pass logs to score on log values.
    actual
        What was observed, shape ``(...)``, on the same scale.
    probs
        Probabilities of the quantiles, symmetric around one half, which must be among them;
        default `PROBS`.

    Returns
    -------
    numpy.ndarray
        Score, shape ``(...)``. With ever more quantiles it tends to the continuous ranked
        probability score.

    Notes
    -----
    With K central intervals of nominal coverage 1 - a_k and median m,

    ``WIS = (|y - m| / 2 + sum_k a_k / 2 * IS_k) / (K + 1 / 2)``,

    where IS_k is the `interval_score`. It equals twice the mean pinball loss of the 2 K + 1
    quantiles, which is how it is computed here.

    References
    ----------
    Bracher, Ray, Gneiting and Reich (2021), Evaluating epidemic forecasts in an interval format,
    PLOS Computational Biology 17, e1008618, doi:10.1371/journal.pcbi.1008618.

    Examples
    --------
    >>> round(float(weighted_interval_score(np.array([-2.0, -1.0, 0.0, 1.0, 2.0]), 3.0)), 3)
    2.08
    """
    return 2.0 * pinball(quantiles, actual, probs=probs).mean(axis=-1)


def covered(
    quantiles: np.ndarray,
    actual: float | np.ndarray,
    *,
    coverage: float,
    probs: Sequence[float] = PROBS,
) -> np.ndarray:
    """Say whether each actual lies inside the central interval, ends included.

    Parameters
    ----------
    quantiles, actual, probs
        As in `weighted_interval_score`.
    coverage
        Nominal probability of the interval; its two ends must be among `probs`.

    Returns
    -------
    numpy.ndarray
        Booleans, shape ``(...)``; their mean is the empirical coverage.

    Raises
    ------
    ValueError
        When an end of the interval is not among `probs`.
    """
    low, high = (_index(probs, 0.5 + side * coverage / 2) for side in (-1, 1))
    edges, seen = np.asarray(quantiles, float), np.asarray(actual, float)
    return (edges[..., low] <= seen) & (seen <= edges[..., high])


def mean_over_series(values: np.ndarray, series: Sequence[str]) -> float:
    """Average over cells so that each series weighs the same, however many cells it has.

    Parameters
    ----------
    values
        One score (or one "covered") per cell.
    series
        Name of the series of each cell.

    Returns
    -------
    float
        Mean over series of the mean over the cells of a series.

    Examples
    --------
    >>> mean_over_series(np.array([1.0, 1.0, 4.0]), ["a", "a", "b"])
    2.5
    """
    return float(_means_by_series(values, series).mean())


def bootstrap_over_families(
    values: np.ndarray,
    series: Sequence[str],
    families: Mapping[str, str],
    *,
    seed: int,
    draws: int = 2000,
) -> np.ndarray:
    """Redraw whole families to see how far a mean over series depends on which they are.

    Parameters
    ----------
    values, series
        As in `mean_over_series`; for a comparison pass the differences of two models' scores, cell
        by cell.
    families
        Family of each series; one that is not in it is a family of its own. Relatives, such as
        prices of one thing for several uses, err together: they are drawn together.
    seed
        Seed of the redraws.
    draws
        Number of redraws; 2,000 give a standard error to about 2 %.

    Returns
    -------
    numpy.ndarray
        `mean_over_series` of each redraw, shape ``(draws,)``: its standard deviation is the
        standard error, its quantiles an interval. One family cannot tell how far it depends on
        which it is: nan.
    """
    means, names = _means_by_series(values, series), np.unique(np.asarray(series))
    _, family = np.unique([families.get(name, name) for name in names], return_inverse=True)
    total, count = np.bincount(family, means), np.bincount(family)
    if len(count) < 2:
        return np.full(draws, np.nan)
    chosen = np.random.default_rng(seed).integers(len(count), size=(draws, len(count)))
    return total[chosen].sum(axis=1) / count[chosen].sum(axis=1)


def _means_by_series(values: np.ndarray, series: Sequence[str]) -> np.ndarray:
    """Mean of the cells of each series, in alphabetical order of the names."""
    _, number = np.unique(np.asarray(series), return_inverse=True)
    return np.bincount(number, np.asarray(values, float)) / np.bincount(number)


def _index(probs: Sequence[float], wanted: float) -> int:
    """Position of a probability; 0.5 - 0.9 / 2 is not exactly 0.05."""
    found = np.flatnonzero(np.isclose(probs, wanted, rtol=0.0, atol=1e-9))
    if len(found) == 0:
        have = ", ".join(f"{p:g}" for p in probs)
        raise ValueError(f"quantile {wanted:g} is needed, got {have}: ask for it in `probs`")
    return int(found[0])

"""How a level strays from its trend after the last row: growth that persists from row to row."""

import numpy as np

from forecasts.arrays import Array, Namespace

#: Years apart under which rows count as neighbours within the year.
CLOSE = 0.75
#: Gaps at the end of a series of which the middle one is taken to go on.
RECENT = 5


def spacing(root_gap: np.ndarray) -> float:
    """Years between rows to come: the median of the last few gaps, given their square roots."""
    return float(np.median(root_gap[-RECENT:] ** 2))


def apart(years: np.ndarray | float) -> np.ndarray:
    """Years over which a deviation persists: a step from row to row counts as one at least.

    A correlation that falls with time alone would tie the growth of neighbouring months together
    whatever the persistence, and growth that is independent from month to month is the usual case.
    """
    return np.where(np.asarray(years) < CLOSE, 1.0, years)


def carried(phi: Array, years: Array, xp: Namespace) -> Array:
    """Correlation of yearly deviations that many years apart, keeping its sign."""
    # A persistence of exactly one (tanh of a large number) would leave no innovation to score.
    size = xp.minimum(xp.maximum(xp.abs(phi), 1e-12), 1.0 - 1e-9)
    return xp.sign(phi) * xp.exp(years * xp.log(size))


def walk(
    start: np.ndarray,
    z: np.ndarray,
    *,
    scale: np.ndarray,
    phi: np.ndarray,
    before: float,
    row: float,
    times: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw how far a level has strayed at some times after the last row.

    It goes on as its rows did, one row at a time, whatever times are asked for: what ten years
    bring must not hang on whether the years between are looked at too. Within a row it is a
    Brownian bridge, as growth that strays within a row is unknown.

    Parameters
    ----------
    start, z : ndarray, shape (draws,)
        Where it stands at the last row, and by how much the growth before that row strayed, in
        standard deviations.
    scale, phi : ndarray, shape (draws,)
        Standard deviation of a year's growth (log units), and persistence.
    before, row : float
        Years between the last two rows, and between those to come.
    times : ndarray, shape (times,)
        Years after the last row, increasing.
    rng : Generator
        Decides.

    Returns
    -------
    ndarray, shape (draws, times)
    """
    at, stop, now, end, out = start, start, 0.0, 0.0, []
    for time in times:
        while end < time:
            at, now = stop, end
            kept = carried(phi, apart(0.5 * (before + row)), np)
            z = kept * z + np.sqrt(1 - kept**2) * rng.standard_normal(len(z))
            stop, end, before = stop + scale * np.sqrt(row) * z, end + row, row
        if time > now:
            part = (time - now) / (end - now)
            away = scale * np.sqrt(part * (end - time)) * rng.standard_normal(len(z))
            at, now = at + part * (stop - at) + away, time
        out.append(at)
    return np.stack(out, 1)

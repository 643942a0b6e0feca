"""The periods of a record: over what span a best is taken, and how much of each counts."""

import itertools
from datetime import date

import numpy as np

from forecasts.dates import decimal_year
from forecasts.series import Series

#: A record's day counts for at least one day of its period, whatever the gaps say.
ONE_DAY = 1 / 365.25
#: Years by which a time that was added up may differ from the day that is meant.
LAST_BIT = 1e-6


def periods(series: Series, start: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Divide a stretch of time into the card's periods, without the gaps.

    Parameters
    ----------
    series : Series
        Its card gives the period and the gaps.
    start, end : float
        Decimal years.

    Returns
    -------
    bounds : ndarray, shape (periods, 3)
        Start, end and middle of the part of each period that counts.
    share : ndarray, shape (periods,)
        That part as a share of the whole period, gaps taken out.
    """
    edge = _edges(series.card.period, start, end)
    low, high = np.maximum(edge[:-1], start), np.minimum(edge[1:], end)
    open_ = high - low
    # The middle of what is left, gaps taken out, is the time at which the trend is read.
    centre = 0.5 * (low + high) * open_
    for first_day, last_day in series.card.gaps:
        a = np.maximum(low, decimal_year(first_day))
        b = np.minimum(high, decimal_year(last_day) + ONE_DAY)
        lost = np.maximum(b - a, 0.0)
        open_ = open_ - lost
        centre = centre - 0.5 * (a + b) * lost
    open_ = np.where(open_ < 1e-9, 0.0, open_)
    middle = np.where(open_ > 0, centre / np.where(open_ > 0, open_, 1.0), 0.5 * (low + high))
    return np.stack([low, high, middle], 1), open_ / np.diff(edge)


def _edges(period: str, start: float, end: float) -> np.ndarray:
    """First days of periods, from that of the start to the first one not before the end."""
    years = range(int(start), int(np.ceil(end)) + 1)
    months = {"year": (1,), "month": range(1, 13)}[period]
    days = np.array([decimal_year(date(year, month, 1)) for year in years for month in months])
    # A time that was added up may miss the first day of a period by the last bit.
    first = np.searchsorted(days, start + LAST_BIT, side="right") - 1
    return days[first : np.searchsorted(days, end - LAST_BIT, side="left") + 1]


def parts_until(series: Series, times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Divide the time after the end of observation into periods, cut at each of some times.

    Parameters
    ----------
    series : Series
        Its card gives the period; observation ends at its `observed_year`.
    times : ndarray, shape (times,)
        Decimal years, increasing: what falls in the part of a period before one stands by then.

    Returns
    -------
    middle, share : ndarray, shape (parts,)
        Of each part, as `periods` has them.
    upto : ndarray of int, shape (times,)
        Position of the last part before each time.
    """
    cuts = itertools.pairwise([series.observed_year, *times])
    parts = [periods(series, start, end) for start, end in cuts]
    middle = np.concatenate([bounds[:, 2] for bounds, _ in parts])
    share = np.concatenate([share for _, share in parts])
    return middle, share, np.cumsum([len(share) for _, share in parts]) - 1

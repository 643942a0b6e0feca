"""What a backtest asks: as-of dates, target dates and what came, before any model is looked at.

Pure arithmetic on dates and values; ``tests/test_targets.py`` checks it as lists.
"""

import datetime
from dataclasses import dataclass

import numpy as np

from forecasts.dates import decimal_year, to_date
from forecasts.series import Series

#: First as-of date: this row, or the second number for series with fewer rows than the third.
FIRST_ROW, FIRST_ROW_SHORT, SHORT = 9, 5, 12
#: Rows whose distances differ by less than this share (leap years, months) are evenly spaced.
UNEVEN = 0.15
#: Items this many years before and after a target date are what came at it.
WINDOW = 0.5


@dataclass(frozen=True)
class Target:
    """One question of a backtest.

    Attributes
    ----------
    h : float
        Horizon: rows ahead for evenly spaced `index` and `share` series, years otherwise.
    date : date
        Day that the forecast is for.
    years : float
        Years from as_of to it.
    actual : float
        What came, in the series' own unit.
    items : int
        Number of items whose median `actual` is; 1 for other kinds.
    """

    h: float
    date: datetime.date
    years: float
    actual: float
    items: int = 1


def as_of_dates(series: Series, every: int = 1) -> list[datetime.date]:
    """Days at which a backtest stands: every so many rows, from the ninth on.

    Parameters
    ----------
    series : Series
        The whole series.
    every : int
        Rows from one as-of date to the next.

    Returns
    -------
    list of date
        Dates of rows; several rows of one date give one as-of date. Series with fewer than 12
        rows begin at the fifth.
    """
    first = FIRST_ROW_SHORT if series.n < SHORT else FIRST_ROW
    return list(dict.fromkeys(series.date[first - 1 :: every]))


def even(series: Series) -> bool:
    """Tell whether horizons count rows: an `index` or `share` with evenly spaced rows."""
    gaps = np.diff(series.time)
    level = series.card.kind in ("index", "share")
    return bool(level and np.ptp(gaps) < UNEVEN * gaps.mean())


def targets(series: Series, as_of: datetime.date, horizons: tuple[float, ...]) -> list[Target]:
    """Return what can be asked at a day: the horizons at which something is known to have come.

    Parameters
    ----------
    series : Series
        The whole series.
    as_of : date
        The day on which the forecast is made.
    horizons : tuple of float
        Rows or years ahead, see `even`.
    """
    known = sum(day <= as_of for day in series.date)
    by_rows = even(series)
    found = [
        _by_rows(series, as_of, known, h) if by_rows else _by_years(series, as_of, known, h)
        for h in horizons
    ]
    return [target for target in found if target is not None]


def _by_rows(series: Series, as_of: datetime.date, known: int, h: float) -> Target | None:
    """The row that many rows ahead."""
    at = known - 1 + int(h)
    if h != int(h) or at >= series.n:
        return None
    return _target(as_of, h, series.date[at], series.value[at])


def _by_years(series: Series, as_of: datetime.date, known: int, h: float) -> Target | None:
    """What came that many years ahead, by kind."""
    when = decimal_year(as_of) + h
    if when > decimal_year(series.card.observed_through) + 1e-9:
        return None
    day, later = to_date(when), slice(known, None)
    if series.card.kind == "record":
        best = series.value[: sum(row <= day for row in series.date)]
        return _target(as_of, h, day, best.max() if series.sign > 0 else best.min())
    away = np.abs(series.time[later] - when)
    if series.card.kind == "item":
        near = series.value[later][away <= WINDOW]
        return _target(as_of, h, day, float(np.median(near)), len(near)) if len(near) else None
    # A level belongs to its row's own date: the nearest one, if it is near.
    reach = min(WINDOW, 0.5 * float(np.median(np.diff(series.time))))
    if not len(away) or away.min() > reach:
        return None
    at = known + int(away.argmin())
    return _target(as_of, h, series.date[at], series.value[at])


def _target(
    as_of: datetime.date, h: float, day: datetime.date, actual: float, items: int = 1
) -> Target:
    """Put a target together."""
    return Target(h, day, decimal_year(day) - decimal_year(as_of), float(actual), items)

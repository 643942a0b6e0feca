"""Trends over the observed span, as rows of quantiles that figures draw."""

import numpy as np

from forecasts.averaging import LEVELS, quantiles
from forecasts.dates import iso
from forecasts.fit import Fit
from forecasts.naive import Naive
from forecasts.plateau import curve_of
from forecasts.series import Series

#: Points of a trend drawn over the observed span.
POINTS = 80


def trend_rows(one: Fit, name: str, weight: np.ndarray | None = None) -> list[dict]:
    """Return quantiles of one shape's growth path over the observed span, in the series' own unit.

    Parameters
    ----------
    one : Fit
        Its draws.
    name : str
        Goes into each row as ``model``.
    weight : ndarray, shape (draws,), optional
        Of each draw; default: all alike.
    """
    series, span = one.series, one.span
    t = np.linspace(0.0, span.years, POINTS)
    path = series.y[0] + curve_of(one.shape, one.past, t)
    if series.card.kind == "record":
        # What stands is the best so far: the trend of a period's best may fall, a record cannot.
        path = np.maximum.accumulate(path, axis=1)
    if series.card.kind in ("index", "share"):
        # An index strays from its path for good, so the path is drawn through the last value.
        last = curve_of(one.shape, one.past, series.time[-1:] - series.time[0])
        path = path - series.y[0] - last + series.y[-1]
    if weight is None:
        weight = np.full(len(path), 1.0 / len(path))
    rows = [quantiles(column, weight, series) for column in path.T]
    return [
        {"model": name, **_row(year, list(row.values()))}
        for year, row in zip(series.time[0] + t, rows, strict=True)
    ]


def naive_rows(naive: Naive, series: Series) -> list[dict]:
    """Return the naive line and its 90 % prediction interval over the observed span."""
    years = np.linspace(series.time[0], series.as_of_year, POINTS)
    rows = naive.predict(years, list(LEVELS.values()))
    return [_row(year, row) for year, row in zip(years, rows, strict=True)]


def _row(year: float, values: np.ndarray | list[float]) -> dict:
    """One dated row of quantiles."""
    named = dict(zip(LEVELS, map(float, values), strict=True))
    return {"year": float(year), "date": iso(float(year)), **named}

"""Baselines of other packages, used where those are installed: Prophet, AutoETS, AutoARIMA.

They are what a reader would otherwise reach for. Each runs as it comes, without seasonality, on the
log values, and answers through `forecasts.baselines.baseline_quantiles` like the others.
Nothing is imported before it is used; ``tests/test_baselines_optional.py`` is skipped without them.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

#: Name in every table -> package that it needs.
PACKAGES = {"prophet": "prophet", "ets": "statsforecast", "arima": "statsforecast"}
#: With fewer rows AutoETS refuses and AutoARIMA divides by nought: none of them is asked.
FEWEST = 7
#: Seed of Prophet's draws.
_SEED = 1
_LOGGERS = ("prophet", "cmdstanpy")

#: Log values, shape (ahead, probs).
_Predict = Callable[[np.ndarray, np.ndarray], np.ndarray]


@cache
def installed() -> dict[str, str]:
    """Name the optional baselines whose package is installed, with its version."""
    found = {}
    for name, package in PACKAGES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            continue
    return found


def optional_quantiles(
    name: str,
    y: np.ndarray,
    ahead: np.ndarray,
    probs: Sequence[float],
    *,
    time: np.ndarray | None = None,
) -> np.ndarray:
    """Forecast log values with another package's default.

    Parameters
    ----------
    name
        A key of `PACKAGES`.
    y
        Log values of the rows known, shape ``(n,)``; at least `FEWEST`, of more than one date.
    ahead
        Distances from the last row: rows, or years when `time` is given.
    probs
        Probabilities of the quantiles wanted, between 0 and 1.
    time
        Dates of the rows, decimal years. Prophet uses them; the other two know rows only, so a
        distance in years becomes the nearest whole number of rows of mean length, at least one.

    Returns
    -------
    numpy.ndarray
        Shape ``(len(ahead), len(probs))``, on the scale of `y`.

    References
    ----------
    Taylor and Letham (2018), Forecasting at scale, The American Statistician 72, 37-45,
    doi:10.1080/00031305.2017.1380080. Hyndman and Khandakar (2008), Automatic time series
    forecasting: the forecast package for R, Journal of Statistical Software 27(3),
    doi:10.18637/jss.v027.i03.
    """
    dates = np.arange(len(y), dtype=float) if time is None else np.asarray(time, float)
    fitted = _fit(name, tuple(map(float, y)), tuple(map(float, dates)))
    return fitted(np.asarray(ahead, float), np.asarray(probs, float))


@lru_cache(maxsize=8)
def _fit(name: str, y: tuple[float, ...], dates: tuple[float, ...]) -> _Predict:
    """Fit once for all horizons and quantiles of a cell."""
    values, when = np.array(y), np.array(dates)
    if name == "prophet":
        return _prophet(values, when)
    return _by_rows(name, values, (when[-1] - when[0]) / (len(when) - 1))


def _by_rows(name: str, y: np.ndarray, row_length: float) -> _Predict:
    """AutoETS or AutoARIMA of statsforecast."""
    from statsforecast.models import AutoARIMA, AutoETS

    model: Any = {"ets": AutoETS, "arima": AutoARIMA}[name](season_length=1)
    model.fit(y=y)

    def predict(ahead: np.ndarray, probs: np.ndarray) -> np.ndarray:
        rows = np.maximum(np.rint(ahead / row_length).astype(int), 1)
        # It answers with central intervals: the level of each and the side give the quantile.
        levels = {p: round(100 * abs(2 * p - 1), 9) for p in probs.tolist()}
        found = model.predict(h=int(rows.max()), level=sorted({v for v in levels.values() if v}))
        columns = [
            found["mean"] if not level else found[f"{'hi' if p > 0.5 else 'lo'}-{level}"]
            for p, level in levels.items()
        ]
        return np.column_stack([np.asarray(column)[rows - 1] for column in columns])

    return predict


def _prophet(y: np.ndarray, dates: np.ndarray) -> _Predict:
    """Prophet with its defaults but for seasonality, which needs more than one row a period."""
    import pandas as pd

    def frame(years: np.ndarray) -> pd.DataFrame:
        # It scales time by the span of the rows, so a day may stand for a year: millennia fit in.
        days = pd.to_timedelta(np.round(86_400 * (years - dates[0])), unit="s")
        return pd.DataFrame({"ds": pd.Timestamp("2000-01-01") + days})

    with _quiet():
        from prophet import Prophet

        model = Prophet(yearly_seasonality=False, weekly_seasonality=False, daily_seasonality=False)
        model.fit(frame(dates).assign(y=y))

    step = (dates[-1] - dates[0]) / (len(dates) - 1)

    def predict(ahead: np.ndarray, probs: np.ndarray) -> np.ndarray:
        # It lets the trend change between the rows that it is asked for: ask for all on the way.
        rows = np.unique(np.concatenate([np.arange(step, ahead.max(), step), ahead]))
        with _quiet(), _seeded():
            draws = model.predictive_samples(frame(dates[-1] + rows))["yhat"]
        return np.quantile(draws[np.searchsorted(rows, ahead)], probs, axis=1).T

    return predict


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the packages from telling of every fit."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def _seeded() -> Iterator[None]:
    """Seed the global generator, which Prophet draws from and takes no other, and put it back."""
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(_SEED)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002

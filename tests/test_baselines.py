import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from forecasts.baselines import BASELINES, baseline_quantiles, fit_random_walk
from forecasts.errors import InputError
from forecasts.naive import fit_naive
from forecasts.scores import PROBS, covered, mean_over_series, weighted_interval_score

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
FIRST_AS_OF, EVERY = 9, 2


def _walk(n: int = 12) -> np.ndarray:
    return np.cumsum(np.random.default_rng(n).normal(0.1, 0.2, n))


@cache
def _technologies() -> dict[str, np.ndarray]:
    found = {}
    for path in sorted(REFERENCE.glob("fl_*.csv")):
        with path.open(encoding="utf-8") as file:
            found[path.stem] = np.log([float(row["value"]) for row in csv.DictReader(file)])
    return found


def _cells(model: str, ahead: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Log quantiles, log actuals and series of every as-of date with a row that far ahead."""
    quantiles, actuals, names = [], [], []
    for name, y in _technologies().items():
        for n in range(FIRST_AS_OF, len(y) - ahead + 1, EVERY):
            # Prices fall: progress is minus the log price.
            forecast = baseline_quantiles(model, -y[:n], [ahead], PROBS, sign=-1)
            quantiles.append(np.log(forecast[0]))
            actuals.append(y[n - 1 + ahead])
            names.append(name)
    return np.array(quantiles), np.array(actuals), names


@pytest.mark.parametrize(("ahead", "cells", "series"), [(1, 170, 30), (5, 114, 19), (10, 74, 11)])
def test_technology_table_has_the_stated_cells(ahead: int, cells: int, series: int):
    _, actuals, names = _cells("no_change", ahead)

    assert len(_technologies()) == 32
    assert (len(actuals), len(set(names))) == (cells, series)


@pytest.mark.parametrize(
    ("model", "ahead", "wis", "within_90", "within_50"),
    [
        ("ols", 1, 0.077, 0.81, 0.33),
        ("ols", 5, 0.150, 0.62, 0.31),
        ("ols", 10, 0.452, 0.51, 0.27),
        ("rwd", 1, 0.053, 0.90, 0.49),
        ("rwd", 5, 0.141, 0.90, 0.52),
        ("rwd", 10, 0.361, 0.72, 0.40),
        ("rwd_ma63", 1, 0.053, 0.90, 0.49),
        ("rwd_ma63", 5, 0.146, 0.98, 0.62),
        ("rwd_ma63", 10, 0.355, 0.89, 0.46),
    ],
)
def test_technology_table_is_reproduced(model, ahead, wis, within_90, within_50):
    quantiles, actuals, names = _cells(model, ahead)

    score = mean_over_series(weighted_interval_score(quantiles, actuals), names)
    wide = mean_over_series(covered(quantiles, actuals, coverage=0.9), names)
    narrow = mean_over_series(covered(quantiles, actuals, coverage=0.5), names)

    assert score == pytest.approx(wis, abs=0.001)
    assert wide == pytest.approx(within_90, abs=0.01)
    assert narrow == pytest.approx(within_50, abs=0.01)


def test_random_walk_with_drift_matches_the_published_formula():
    from scipy.stats import t

    y, h = _walk(), 7
    steps = np.diff(y)
    m = len(steps)
    sd = steps.std(ddof=1) * np.sqrt(h + h**2 / m)

    forecast = fit_random_walk(y).predict([h], PROBS)

    expected = y[-1] + h * steps.mean() + sd * t.ppf(PROBS, m - 1)
    assert np.log(forecast[0]) == pytest.approx(expected)


def test_moving_average_matches_the_published_formula():
    y, h, theta = _walk(), 7, 0.63
    m = len(y) - 1
    plain = h + h**2 / m
    memory = (-2 * theta + (1 + 2 * (m - 1) * theta / m + theta**2) * plain) / (1 + theta**2)

    widths = [
        np.diff(np.log(baseline_quantiles(model, y, [h], [0.05, 0.95])[0]))[0]
        for model in ("rwd", "rwd_ma63")
    ]

    assert widths[1] / widths[0] == pytest.approx(np.sqrt(memory / plain))


def test_no_change_is_flat_and_widens_with_the_root_of_the_horizon():
    from scipy.stats import t

    y = _walk()
    forecast = np.log(baseline_quantiles("no_change", y, [1, 4], PROBS))

    rms = np.sqrt((np.diff(y) ** 2).mean())
    assert forecast[:, 2] == pytest.approx([y[-1], y[-1]])
    assert forecast[0, 4] - y[-1] == pytest.approx(rms * t.ppf(0.95, 11))
    assert forecast[1, 4] - y[-1] == pytest.approx(2 * (forecast[0, 4] - y[-1]))


@pytest.mark.parametrize("model", BASELINES)
def test_even_dates_give_the_same_as_rows(model: str):
    y, time = _walk(), 1950.0 + 2.5 * np.arange(12)

    by_rows = baseline_quantiles(model, y, [1, 4], PROBS)
    by_years = baseline_quantiles(model, y, [2.5, 10.0], PROBS, time=time)

    assert by_years == pytest.approx(by_rows)


@pytest.mark.parametrize("model", BASELINES)
def test_falling_quantiles_mirror_rising_ones(model: str):
    y = _walk()

    falling = baseline_quantiles(model, y, [1, 4], PROBS, sign=-1)

    assert (np.diff(falling, axis=1) > 0).all()
    assert falling == pytest.approx(1 / baseline_quantiles(model, y, [1, 4], PROBS)[:, ::-1])


def test_uneven_dates_recover_the_noise_of_a_simulated_walk():
    rng = np.random.default_rng(11)
    spans = rng.choice([0.0, 0.2, 1.0, 10.0], size=4000)
    y = np.concatenate(
        [[0.0], np.cumsum(0.05 * spans + 0.3 * np.sqrt(spans) * rng.normal(size=4000))]
    )
    time = np.concatenate([[0.0], np.cumsum(spans)])

    walk = fit_random_walk(y, time=time)

    # 1,000 spans of ten years carry nearly all the information: 4 / sqrt(2 * 1000) = 9 %.
    assert walk.step_sd / np.sqrt(walk.row_length) == pytest.approx(0.3, rel=0.09)


def test_moving_average_interval_grows_from_nothing_within_the_first_row():
    time = 2000.0 + np.arange(12.0)
    ahead = [0.0, 0.01, 0.5, 1.0, 1.5, 3.0]

    forecast = np.log(baseline_quantiles("rwd_ma63", _walk(), ahead, [0.05, 0.95], time=time))

    widths = np.diff(forecast, axis=1)[:, 0]
    assert widths[0] == 0.0
    assert (np.diff(widths) > 0).all()


@pytest.mark.parametrize(
    ("model", "rows", "median"),
    [("rwd", 2, 3.0), ("rwd_ma63", 2, 3.0), ("no_change", 1, 0.0), ("rwd", 1, np.nan)],
)
def test_too_few_rows_give_no_interval(model: str, rows: int, median: float):
    low, middle, high = baseline_quantiles(model, np.arange(float(rows)), [2], [0.05, 0.5, 0.95])[0]

    assert np.isnan([low, high]).all()
    assert np.log(middle) == pytest.approx(median, nan_ok=True)


def test_rows_of_one_date_give_no_drift_but_a_last_value():
    time, y = [2000.0, 2000.0, 2000.0], [0.0, 1.0, 2.0]

    drifting = baseline_quantiles("rwd", y, [1.0], PROBS, time=time)
    flat = baseline_quantiles("no_change", y, [1.0], PROBS, time=time)

    assert np.isnan(drifting).all()
    assert flat[0, 2] == pytest.approx(np.exp(2.0))
    assert np.isnan(flat[0, [0, 4]]).all()


def test_constant_rows_give_an_interval_without_width():
    for model in BASELINES:
        forecast = baseline_quantiles(model, np.ones(6), [5], PROBS)

        assert forecast == pytest.approx(np.full((1, 5), np.e))


def test_ols_baseline_is_the_naive_line():
    y, time = _walk(), 1950.0 + np.arange(12.0)

    by_name = baseline_quantiles("ols", y, [3.0], PROBS, time=time)

    assert by_name == pytest.approx(fit_naive(time, y).predict([1964.0], PROBS))


@pytest.mark.parametrize("model", BASELINES)
def test_share_is_forecast_on_its_own_scale(model: str):
    y = _walk()

    plain = baseline_quantiles(model, y, [5], PROBS)
    share = baseline_quantiles(model, y, [5], PROBS, to_value=lambda y: 1 / (1 + np.exp(-y)))

    assert share == pytest.approx(plain / (1 + plain))


def test_unknown_baseline_is_refused_with_the_names_there_are():
    with pytest.raises(InputError, match="got 'drift': use ols, rwd, rwd_ma63, no_change"):
        baseline_quantiles("drift", [0.0, 1.0, 2.0], [1], PROBS)

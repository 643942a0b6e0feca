import csv
import datetime
from pathlib import Path

import numpy as np
import pytest

from forecasts.naive import Naive, fit_naive

DATA = Path(__file__).parents[1] / "data"


def _noisy_line(n: int = 15) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n)
    time = 1990.0 + np.sort(rng.uniform(0, 20, n))
    return time, 0.3 * (time - 2000.0) + rng.normal(scale=0.4, size=n)


def _cpu_line(before: int) -> Naive:
    with (DATA / "cpu_clock.csv").open(encoding="utf-8") as file:
        rows = [
            (datetime.date.fromisoformat(r["date"]), float(r["value"]))
            for r in csv.DictReader(file)
        ]
    known = [(d, v) for d, v in rows if d.year < before]
    time = [d.year + (d.timetuple().tm_yday - 1) / (365 + (d.year % 4 == 0)) for d, _ in known]
    return fit_naive(time, np.log([v for _, v in known]))


def test_growth_matches_polyfit_and_r2_the_correlation():
    time, y = _noisy_line()

    line = fit_naive(time, y)

    slope, at_2000 = np.polyfit(time - 2000.0, y, 1)
    assert line.growth == pytest.approx(slope)
    assert line.predict([2000.0], [0.5])[0, 0] == pytest.approx(np.exp(at_2000))
    assert line.r2 == pytest.approx(np.corrcoef(time, y)[0, 1] ** 2)
    assert line.n == 15


def test_prediction_interval_matches_the_closed_form():
    from scipy.stats import t

    time, y = _noisy_line()
    slope, intercept = np.polyfit(time - 2000.0, y, 1)
    residual = y - intercept - slope * (time - 2000.0)
    variance = (residual**2).sum() / 13
    leverage = 1 / 15 + (2020.0 - time.mean()) ** 2 / ((time - time.mean()) ** 2).sum()

    line = fit_naive(time, y)

    middle, score = intercept + 20 * slope, t.ppf(0.95, 13)
    ahead = middle + score * np.sqrt(variance * (1 + leverage))
    trend = middle + score * np.sqrt(variance * leverage)
    assert np.log(line.predict([2020.0], [0.95])[0, 0]) == pytest.approx(ahead)
    assert np.log(line.band([2020.0], [0.95])[0, 0]) == pytest.approx(trend)


def test_intervals_match_statsmodels():
    import statsmodels.api as sm

    time, y = _noisy_line()
    design = sm.add_constant(time - 2000.0)
    frame = sm.OLS(y, design).fit().get_prediction(design[[0, 9]]).summary_frame(alpha=0.1)

    line = fit_naive(time, y)

    assert np.log(line.predict(time[[0, 9]], [0.05, 0.95])) == pytest.approx(
        frame[["obs_ci_lower", "obs_ci_upper"]].to_numpy()
    )
    assert np.log(line.band(time[[0, 9]], [0.05, 0.95])) == pytest.approx(
        frame[["mean_ci_lower", "mean_ci_upper"]].to_numpy()
    )


def test_falling_price_progresses_and_keeps_its_quantiles_in_order():
    time, y = _noisy_line()

    rising, falling = fit_naive(time, y), fit_naive(time, y, sign=-1)

    assert falling.growth == rising.growth > 0
    assert falling.growth_per_year == pytest.approx(1 / rising.growth_per_year)
    assert falling.doubling_years == rising.doubling_years > 0
    quantiles = falling.predict([2015.0, 2030.0], [0.05, 0.5, 0.95])
    assert quantiles.shape == (2, 3)
    assert (np.diff(quantiles, axis=1) > 0).all()
    assert quantiles == pytest.approx(1 / rising.predict([2015.0, 2030.0], [0.95, 0.5, 0.05]))


def test_line_of_a_share_is_straight_on_the_logit_and_stays_below_its_maximum():
    time = np.arange(2000.0, 2010.0)
    y = np.log(0.05) + 0.4 * (time - 2000.0)

    line = fit_naive(time, y, to_value=lambda y: 100 / (1 + np.exp(-y)))

    # 0.05 · e^(0.4 · 20) is odds of 149 to 1.
    assert line.predict([2020.0], [0.5])[0, 0] == pytest.approx(100 * 149.05 / 150.05, rel=1e-4)
    assert line.growth_per_year == pytest.approx(np.exp(0.4))
    assert line.predict([2500.0], [0.95])[0, 0] <= 100


def test_exact_doubling_every_two_years_is_found():
    time = np.arange(2000.0, 2010.0)

    line = fit_naive(time, np.log(2.0) * (time - 2000.0) / 2)

    assert line.doubling_years == pytest.approx(2.0)
    assert line.growth_per_year == pytest.approx(2**0.5)
    assert line.r2 == pytest.approx(1.0)


def test_no_scatter_gives_an_interval_without_width():
    line = fit_naive([2000.0, 2001.0, 2002.0], [0.0, 1.0, 2.0])

    assert line.predict([2005.0], [0.05, 0.5, 0.95]) == pytest.approx(np.full((1, 3), np.exp(5.0)))


def test_two_rows_give_a_line_without_an_interval():
    line = fit_naive([2000.0, 2002.0], [0.0, 1.0])

    low, middle, high = line.predict([2004.0], [0.05, 0.5, 0.95])[0]

    assert middle == pytest.approx(np.exp(2.0))
    assert np.isnan([low, high]).all()
    assert line.growth == pytest.approx(0.5)


@pytest.mark.parametrize("time", [[2000.0], [2000.0, 2000.0, 2000.0], []])
def test_a_single_date_gives_no_line(time: list[float]):
    line = fit_naive(time, np.arange(len(time), dtype=float))

    assert np.isnan(line.growth)
    assert np.isnan(line.predict([2004.0], [0.05, 0.5])).all()


def test_constant_series_has_no_doubling_time_and_no_r2():
    line = fit_naive([2000.0, 2001.0, 2002.0, 2003.0], [1.0, 1.0, 1.0, 1.0])

    assert line.doubling_years > 1e9
    assert np.isnan(line.r2)
    assert line.predict([2010.0], [0.5, 0.95]) == pytest.approx(np.full((1, 2), np.e))


@pytest.mark.parametrize("items", [1, 2, 3, 4, 5, 8, 15])
def test_median_of_several_items_scatters_as_simulated(items: int):
    # Many rows, so that the line itself is known and only the scatter of the new items remains.
    rng = np.random.default_rng(items)
    time = np.linspace(2000.0, 2010.0, 4000)
    line = fit_naive(time, rng.normal(size=4000))

    low, high = np.log(line.predict([2005.0], [0.05, 0.95], items=items))[0]

    medians = np.median(rng.normal(size=(20_000, items)), axis=1)
    # 4 % for the approximation of the variance (2 % of the width) and 3 % for the simulation.
    assert high - low == pytest.approx(np.diff(np.quantile(medians, [0.05, 0.95]))[0], rel=0.05)


# Figures computed elsewhere from K. Rupp's processor data, dates to within a day: 5e-4 covers both.
@pytest.mark.parametrize(
    ("before", "n", "in_2010", "in_2015"),
    [
        (2000, 33, (1888, 5168, 14146), (5894, 16851, 48179)),
        (2003, 42, (2651, 7273, 19958), (8990, 25450, 72048)),
        (2005, 48, (3041, 7905, 20551), (10591, 28189, 75024)),
    ],
)
def test_cpu_clock_is_extrapolated_far_beyond_what_came(before, n, in_2010, in_2015):
    line = _cpu_line(before)

    quantiles = line.predict([2010.0, 2015.0], [0.025, 0.5, 0.975])

    assert line.n == n
    assert quantiles == pytest.approx(np.array([in_2010, in_2015]), rel=5e-4)


def test_cpu_clock_doubled_every_2_77_years_before_2003():
    assert _cpu_line(2003).doubling_years == pytest.approx(2.77, abs=0.005)

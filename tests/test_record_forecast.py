"""The standing record at a date counts every attempt up to it, whatever the day of the year."""

import datetime

import numpy as np
import pytest

from forecasts.fit import fit_quickly
from forecasts.likelihoods import Record
from forecasts.models import SHAPES
from forecasts.series import Card, Series

#: Log units a year, and a scatter so small that the best of a year is its trend.
GROWTH, SCATTER = 0.3, 1e-6


def steady(until):
    """Ten records, the best of each year on its trend, and the day until which someone looked."""
    days = [datetime.date(2000 + i, 1, 1) for i in range(10)]
    card = Card(
        id="steady", title="Steady", unit="units", direction="rising", kind="record",
        observed_through=datetime.date.fromisoformat(until),
    )  # fmt: skip
    y = GROWTH * (np.arange(10.0) + 0.5)
    return Series(card=card, date=days, value=np.exp(y))


def standing(series, years):
    """Standing record some years after as_of, years of growth after that of today."""

    def curve(t):
        # Relative to the first value, which is that of the middle of its year.
        return GROWTH * (np.atleast_2d(t) - 0.5)

    times = series.as_of_year - series.time[0] + np.asarray(years)
    ahead = Record().future(curve, np.log([[SCATTER]]), series, times, seed=1)[0]
    return (ahead - (series.y[-1] - series.y[0])) / GROWTH


@pytest.mark.parametrize("until", ["2009-12-31", "2010-01-01"])
def test_year_to_come_counts_on_whichever_day_the_old_one_ends(until):
    ahead = standing(steady(until), [1.0, 2.0, 5.0])

    # A year without its last day has its middle half a day earlier.
    assert ahead == pytest.approx([1.0, 2.0, 5.0], abs=1 / 365)


def test_half_a_year_counts_as_half():
    ahead = standing(steady("2010-07-01"), [0.25, 1.0])

    # Middle of July to September 2010; middle of January to June 2011.
    assert ahead == pytest.approx([1.12, 1.75], abs=0.01)


def test_best_of_part_of_a_year_is_the_best_of_fewer_attempts():
    series = steady("2010-07-01")

    def flat(t):
        return np.full((20_000, 1), series.y[-1] - series.y[0]) + 0.0 * t

    now = series.as_of_year - series.time[0]
    noise = np.zeros((20_000, 1))
    ahead = Record().future(flat, noise, series, now + np.array([0.25, 0.5]), seed=1)

    # Without a new best: 2 to the power of minus the share of the year; four standard errors.
    none = (ahead == series.y[-1] - series.y[0]).mean(axis=0)
    assert none == pytest.approx([0.5**0.25, 0.5**0.5], abs=0.014)


@pytest.mark.statistical
@pytest.mark.parametrize("first", ["2008-12-31", "2008-01-02"])
@pytest.mark.parametrize("noise", [0.0, 0.015])
def test_a_steady_record_has_not_plateaued_on_whichever_day_it_begins(first, noise):
    day = datetime.date.fromisoformat(first)
    card = Card(
        id="steady", title="Steady", unit="units", direction="rising", kind="record",
        observed_through=datetime.date(2022, 12, 31),
    )  # fmt: skip
    y = np.log(1.14) * np.arange(15) + noise * np.random.default_rng(1).standard_normal(15)
    series = Series(
        card=card, date=tuple(day.replace(year=2008 + i) for i in range(15)), value=np.exp(y)
    )

    for name in ("piecewise", "bend"):
        fit = fit_quickly(series, SHAPES[name], seed=1, fallback=False)

        assert fit.converged
        # Growth may have ended since the middle of the last year, at two per cent a year.
        assert fit.plateaus[0].p_already < 0.05


@pytest.mark.parametrize("day", [1, 2, 15])
@pytest.mark.parametrize("period", ["month", "year"])
def test_a_record_counts_in_its_own_period_on_whichever_day_it_falls(period, day):
    months = range(1, 6) if period == "month" else [1] * 5
    years = [2020] * 5 if period == "month" else range(2020, 2025)
    days = tuple(datetime.date(year, month, day) for year, month in zip(years, months, strict=True))
    card = Card(
        id="steady", title="Steady", unit="units", direction="rising", kind="record",
        observed_through=days[-1], period=period,
    )  # fmt: skip
    series = Series(card=card, date=days, value=2.0 ** np.arange(5))

    data = Record().prepare(series)

    assert data["y_new"] / np.log(2) == pytest.approx(np.arange(5.0))
    assert len(data["y_silent"]) == 0
    assert data["share_new"][-1] == pytest.approx(
        day / (31 if period == "month" else 366), rel=0.01
    )


def test_rows_of_one_period_start_the_search_as_they_are():
    days = (datetime.date(2000, 1, 1), datetime.date(2000, 6, 1))
    two = Series(card=steady("2009-12-31").card, date=days, value=np.array([1.0, 2.0]))
    like = Record()

    assert like.rows(two, like.prepare(two))[0] == pytest.approx([0.0, 152 / 366])

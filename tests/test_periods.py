"""The periods of a record end where the calendar says."""

import datetime

import numpy as np
import pytest

from forecasts.cards import Card
from forecasts.dates import decimal_year
from forecasts.periods import parts_until, periods
from forecasts.series import Series

UNTIL = datetime.date(2012, 12, 31)


def record(period="year", day="2010-01-15"):
    first = datetime.date.fromisoformat(day)
    card = Card(
        id="x", title="x", unit="u", direction="rising", kind="record",
        observed_through=UNTIL, period=period,
    )  # fmt: skip
    return Series(card=card, date=(first, UNTIL), value=np.array([1.0, 2.0]))


def test_every_first_of_a_month_begins_a_month():
    series = record("month", "2010-01-01")

    bounds, share = periods(series, 2010.0, decimal_year(UNTIL))

    days = [datetime.date(2010 + i // 12, i % 12 + 1, 1) for i in range(36)]
    assert bounds[:, 0] == pytest.approx([decimal_year(day) for day in days], abs=0)
    assert share[:-1] == pytest.approx(1.0)
    assert share[-1] == pytest.approx(30 / 31)


def test_a_time_added_up_makes_no_period_of_nothing():
    series = record()
    times = series.observed_year + np.array([1 / 366, 1.0 + 1 / 366, 2.0 + 1 / 366])

    _, share, upto = parts_until(series, times - np.array([1e-12, -1e-12, 1e-12]))

    assert share == pytest.approx([1 / 366, 1.0, 1.0], abs=1e-6)
    assert list(upto) == [0, 1, 2]

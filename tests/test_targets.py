"""What a backtest asks, as plain lists: as-of dates, target dates, and what came."""

import datetime

import numpy as np
import pytest

from forecasts.series import Card, Series
from forecasts.targets import as_of_dates, even, targets

JANUARY = [datetime.date(year, 1, 1) for year in range(2000, 2040)]


def series_of(kind, days, values, until=None, **changes):
    fields = {"direction": "rising", "maximum": 100.0 if kind == "share" else None} | changes
    card = Card(
        id="asked", title="Asked", unit="units", kind=kind,
        observed_through=until or days[-1], **fields,
    )  # fmt: skip
    return Series(card=card, date=tuple(days), value=np.array(values, float))


def yearly(kind, rows, **changes):
    """Values 1, 2, 3, … on 1 January from 2000 on."""
    return series_of(kind, JANUARY[:rows], range(1, rows + 1), **changes)


def day(text):
    return datetime.date.fromisoformat(text)


def asked(series, as_of, *horizons):
    """Horizon, day and what came, of every target."""
    found = targets(series, day(as_of), horizons)
    return [(target.h, target.date.isoformat(), target.actual) for target in found]


@pytest.mark.parametrize(
    ("rows", "every", "years"),
    [
        (12, 1, [2008, 2009, 2010, 2011]),
        (11, 1, [2004, 2005, 2006, 2007, 2008, 2009, 2010]),
        (20, 5, [2008, 2013, 2018]),
        (9, 3, [2004, 2007]),
        (5, 1, [2004]),
        (4, 1, []),
    ],
)
def test_as_of_dates_begin_at_the_ninth_row_or_the_fifth_of_a_short_series(rows, every, years):
    found = as_of_dates(yearly("index", rows), every)

    assert found == [datetime.date(year, 1, 1) for year in years]


def test_rows_of_one_date_are_one_as_of_date_that_knows_them_all():
    # The ninth, tenth and eleventh row came on one day.
    days = [*JANUARY[:9], JANUARY[8], JANUARY[8], *JANUARY[9:12]]
    series = series_of("item", days, range(1, 15))

    assert as_of_dates(series) == JANUARY[8:12]
    assert series.known_at(as_of_dates(series)[0]).n == 11


@pytest.mark.parametrize("kind", ["index", "share"])
def test_evenly_spaced_levels_are_asked_rows_ahead(kind):
    series = yearly(kind, 20)

    assert even(series)
    assert asked(series, "2008-01-01", 1, 5, 11) == [
        (1, "2009-01-01", 10),
        (5, "2013-01-01", 14),
        (11, "2019-01-01", 20),
    ]


def test_a_row_ahead_is_no_year_when_rows_are_decades_or_months():
    decades = series_of("index", JANUARY[::10], [1, 2, 3, 4])
    months = series_of(
        "index", [datetime.date(2001, month, 1) for month in range(1, 13)], range(1, 13)
    )

    assert even(decades)
    assert asked(decades, "2010-01-01", 1, 2) == [(1, "2020-01-01", 3), (2, "2030-01-01", 4)]
    # February is a tenth shorter than January.
    assert even(months)
    assert asked(months, "2001-02-01", 1, 5) == [(1, "2001-03-01", 3), (5, "2001-07-01", 7)]


def test_rows_after_the_last_and_parts_of_rows_are_not_asked_for():
    series = yearly("index", 12)

    assert asked(series, "2010-01-01", 1, 2, 5) == [(1, "2011-01-01", 12)]
    assert asked(series, "2008-01-01", 0.5, 1.5) == []
    assert asked(series, "2011-01-01", 1) == []


def test_years_to_a_target_are_those_from_as_of():
    series = yearly("index", 20)

    # Half a year after the row of 2008: the row of 2009 is half a year away.
    (target,) = targets(series, day("2008-07-02"), (1,))

    assert target.date == day("2009-01-01")
    assert target.years == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("kind", ["item", "record"])
def test_items_and_records_are_asked_years_ahead_however_even(kind):
    series = series_of(kind, JANUARY[::2], range(1, 21))

    assert not even(series)
    assert asked(series, "2010-01-01", 2, 10) == [(2, "2012-01-01", 7), (10, "2020-01-01", 11)]


def test_what_came_of_items_is_the_median_of_half_a_year_on_either_side():
    days = ["2000-01-01", "2001-01-01", "2002-06-01", "2002-08-01", "2003-01-01", "2003-06-01",
            "2003-08-01", "2008-01-01"]  # fmt: skip
    series = series_of("item", [day(each) for each in days], [1, 2, 1000, 3, 40, 7, 2000, 9])

    (target,) = targets(series, day("2001-01-01"), (2,))

    # 3, 40 and 7: those of June 2002 and August 2003 are more than half a year away.
    assert (target.date, target.actual, target.items) == (day("2003-01-01"), 7, 3)
    assert target.years == pytest.approx(2)


def test_two_items_give_the_mean_of_both():
    days = [JANUARY[0], JANUARY[1], JANUARY[3], JANUARY[3]]
    (target,) = targets(series_of("item", days, [1, 2, 10, 20]), JANUARY[1], (2,))

    assert (target.actual, target.items) == (15, 2)


def test_no_item_near_a_date_means_no_target():
    series = series_of("item", [*JANUARY[:2], JANUARY[9]], [1, 2, 9])

    assert asked(series, "2001-01-01", 5) == []


def test_items_known_already_are_never_what_came():
    # The row of 2001 lies in the window around April 2001, and was known.
    series = series_of("item", [*JANUARY[:2], day("2001-05-01"), JANUARY[9]], [1, 2, 3, 4])

    assert asked(series, "2001-01-01", 0.25) == [(0.25, "2001-04-02", 3)]


@pytest.mark.parametrize(
    ("direction", "values"), [("rising", [1, 2, 3]), ("falling", [3, 2, 1])]
)  # fmt: skip
def test_a_record_stands_through_silence_until_someone_stopped_looking(direction, values):
    days = [JANUARY[0], JANUARY[1], JANUARY[5]]
    series = series_of("record", days, values, until=JANUARY[10], direction=direction)

    found = asked(series, "2001-01-01", 1, 3.9, 4, 9, 9.1)

    assert [(h, actual) for h, _, actual in found] == [
        (1, 2),
        (3.9, 2),
        (4, values[2]),
        (9, values[2]),
    ]
    assert found[-1][1] == "2010-01-01"


def test_nothing_past_observed_through_is_asked_of_items():
    series = series_of("item", JANUARY[:10], range(1, 11), until=day("2009-06-30"))

    # An item of January 2009 is near July 2009, but nobody would have seen one of August.
    assert asked(series, "2004-01-01", 5.4) == [(5.4, "2009-05-27", 10)]
    assert asked(series, "2004-01-01", 5.6) == []


def test_uneven_levels_are_asked_at_the_row_nearest_to_so_many_years():
    days = [*JANUARY[:4], day("2004-03-01"), *JANUARY[5:7], JANUARY[9]]
    series = series_of("index", days, range(1, 9))

    assert not even(series)
    # The row's own date counts, not the anniversary; half a median gap away is near enough.
    assert asked(series, "2003-01-01", 1, 2, 4, 6) == [
        (1, "2004-03-01", 5),
        (2, "2005-01-01", 6),
        (6, "2009-01-01", 8),
    ]


def test_levels_closer_than_a_year_must_be_nearer():
    months = [1, 2, 3, 4, 5, 6, 7, 12]
    days = [datetime.date(2001, month, 1) for month in months]
    series = series_of("index", days, range(1, 9))

    # The median gap is a month: half of that is the reach, and 1 September is two from 1 July.
    assert not even(series)
    assert asked(series, "2001-03-01", 0.5) == []
    assert [h for h, _, _ in asked(series, "2001-03-01", 0.33)] == [0.33]

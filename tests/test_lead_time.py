"""Alarms and their dates, counted by hand."""

import datetime

import pandas as pd
import pytest

from forecasts.lead_time import false_alarms, split, watched

DAY = datetime.date


def plateaus(**series):
    """Rows of plateaus.csv: (year, P(already), median) of the average, and a shape to ignore."""
    rows = []
    for name, cells in series.items():
        for year, p, median in cells:
            row = {"series": name, "as_of": f"{year}-01-01", "p_already": p, "q50": median}
            rows += [row | {"model": "averaged"}, row | {"model": "piecewise", "p_already": 1.0}]
    return pd.DataFrame(rows)


TABLE = plateaus(
    # Ended in July 2003: two dates before it, one of them an alarm.
    stopped=[
        (2000, 0.6, None), (2002, 0.1, None), (2004, 0.55, "2003-01-01"), (2006, 0.95, "2003-07-02")
    ],
    # Went on: one alarm of five dates, at which one no claim was made.
    grows=[(2000, 0.2, None), (2001, 0.92, None), (2002, None, None), (2003, 0.1, None),
           (2004, 0.49, None), (2005, 0.4, None)],
    # At the last date no claim was possible.
    thin=[(2000, 0.9, "1999-01-01"), (2001, None, None)],
)  # fmt: skip


def test_a_trend_ended_when_the_last_word_says_so():
    assert split(watched(TABLE)) == {"trend went on": {"grows"}, "trend ended": {"stopped"}}


def test_the_date_believed_is_the_median_of_the_last_row():
    found = {one.series: one for one in watched(TABLE)}

    assert found["stopped"].believed == DAY(2003, 7, 2)
    assert (found["stopped"].last, found["stopped"].p_last) == (DAY(2006, 1, 1), 0.95)
    assert found["grows"].believed is None


def test_lead_time_is_from_the_date_believed_to_the_first_alarm():
    stopped = next(one for one in watched(TABLE) if one.series == "stopped")

    # 2000-01-01 came before the plateau of mid 2003, 2006-01-01 after it.
    assert stopped.late(stopped.called(0.5)) == pytest.approx(-3.5, abs=0.003)
    assert stopped.late(stopped.called(0.9)) == pytest.approx(2.5, abs=0.003)
    assert stopped.late(stopped.called(0.99)) is None


def test_an_alarm_is_for_good_when_it_was_never_taken_back():
    stopped = next(one for one in watched(TABLE) if one.series == "stopped")

    assert stopped.for_good(0.5) == DAY(2004, 1, 1)
    assert stopped.for_good(0.9) == DAY(2006, 1, 1)
    assert stopped.for_good(0.99) is None


def test_a_trend_that_went_on_has_no_lead_time():
    grows = next(one for one in watched(TABLE) if one.series == "grows")

    assert grows.called(0.9) == DAY(2001, 1, 1)
    assert grows.late(grows.called(0.9)) is None
    assert grows.for_good(0.1) == DAY(2000, 1, 1)


def test_false_alarms_are_those_before_the_plateau_or_at_any_date_of_a_trend_that_went_on():
    found = {(one.ended, one.level): one for one in false_alarms(watched(TABLE))}

    assert [found[False, 0.5].dates, found[False, 0.5].alarms] == [5, 1]
    assert [found[True, 0.5].dates, found[True, 0.5].alarms] == [2, 1]
    assert [found[True, 0.9].dates, found[True, 0.9].alarms] == [2, 0]
    assert found[False, 0.9].share == pytest.approx(0.2)
    assert found[True, 0.5].share == pytest.approx(0.5)


def test_each_series_weighs_the_same():
    table = plateaus(a=[(2000, 0.6, None), (2001, 0.1, None)], b=[(2000, 0.1, None)])

    (one, *_) = false_alarms(watched(table))

    assert one.share == pytest.approx(0.25)
    assert one.alarms / one.dates == pytest.approx(1 / 3)

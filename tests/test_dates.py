import datetime
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.dates import decimal_year, iso, parse_date, to_date
from forecasts.errors import InputError

DAYS = st.dates(min_value=datetime.date(1, 1, 1), max_value=datetime.date(9999, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1971-11-16", "1971-11-16"),
        (" 1971-11-16 ", "1971-11-16"),
        ("1971-11-16T12:30:00Z", "1971-11-16"),
        ("1971-11-16 00:00:00", "1971-11-16"),
        ("2004-02", "2004-02-29"),
        ("1900-02", "1900-02-28"),
        ("1971-12", "1971-12-31"),
        ("1971", "1971-12-31"),
        ("1301", "1301-12-31"),
        ("1971.874", "1971-11-16"),
        ("1987.4959", "1987-07-01"),
        ("1987.0", "1987-01-01"),
        ("1987.", "1987-01-01"),
        ("0001", "0001-12-31"),
        ("9999", "9999-12-31"),
    ],
)
def test_date_forms_mean_the_last_day_they_cover(text, expected):
    assert parse_date(text).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    """|abc|12/05/2004|2004/05/12|20040512|2004-W20|987|-500|1e3|nan|2004-5-1|٢٠٠٤|2004-05-17x
    |2004-05-17 noon|=1+1|<b>""".replace("\n    ", "").split("|"),
)
def test_other_texts_are_refused_and_quoted(text):
    with pytest.raises(InputError, match=r"A date must be .*got " + re.escape(repr(text))):
        parse_date(text)


@pytest.mark.parametrize("text", ["2001-02-29", "2004-13", "2004-00", "0000", "0000.5"])
def test_days_outside_the_calendar_are_refused(text):
    with pytest.raises(InputError, match="must exist in the calendar"):
        parse_date(text)


def test_dates_pass_through_parsing():
    assert parse_date(datetime.datetime(2004, 5, 1, 12)) == datetime.date(2004, 5, 1)
    assert parse_date(datetime.date(2004, 5, 1)) == datetime.date(2004, 5, 1)


def test_decimal_year_counts_days_from_zero():
    assert decimal_year(datetime.date(1971, 11, 16)) == pytest.approx(1971 + 319 / 365)
    assert decimal_year(datetime.date(2004, 12, 31)) == pytest.approx(2004 + 365 / 366)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 0.5, 10000.0, -3.0])
def test_numbers_outside_the_calendar_are_refused(number):
    with pytest.raises(InputError, match="between 1 and 9999"):
        to_date(number)


def test_last_moment_of_the_calendar_is_its_last_day():
    assert to_date(9999.99999) == datetime.date.max


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_date_survives_the_round_trip(day):
    assert to_date(decimal_year(day)) == day
    assert parse_date(iso(decimal_year(day))) == day


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_four_decimals_are_enough_for_a_day(day):
    if day.year < 9999:
        assert parse_date(f"{decimal_year(day):09.4f}") == day

"""Dates at the edges, decimal years inside: the only place where one becomes the other.

A decimal year is ``year + (day_of_year - 1) / days_in_year``. Edges use `datetime.date`, so years
1 to 9999 are good input (nanosecond timestamps would end in 1677). The invariant that a date
survives the round trip is held by ``tests/test_dates.py``.
"""

import calendar
import datetime
import math
import re

from forecasts.errors import InputError
from forecasts.messages import quote

# [0-9] rather than \d, which also matches digits of other scripts.
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.,]+(?:Z|[+-][0-9:]+)?)?")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEAR = re.compile(r"[0-9]{4}")
_DECIMAL = re.compile(r"[0-9]{4}\.[0-9]*")
_FORMS = "write 2004-05-17, 2004-05, 2004 or a decimal year such as 2004.375"


def parse_date(text: str | datetime.date, *, where: str = "") -> datetime.date:
    """Read a date written as a day, a month, a year or a decimal year.

    Parameters
    ----------
    text
        ``yyyy-mm-dd`` (a time of day after it is ignored), ``yyyy-mm``, ``yyyy`` or a decimal
        year (``1987.4959``, ``1987.0``). A `datetime.date` is passed through.
    where
        Words for the message, such as ``" at line 5"``; default: none.

    Returns
    -------
    datetime.date
        The day meant. A month and a year mean their **last** day, because that is when their
        value was known; ``1987.0``, being a decimal year, is 1 January 1987.

    Raises
    ------
    InputError
        When the text is none of the four forms or names a day that does not exist.

    Examples
    --------
    >>> parse_date("2004-02").isoformat(), parse_date("2004").isoformat()
    ('2004-02-29', '2004-12-31')
    """
    if isinstance(text, datetime.datetime):
        return text.date()
    if isinstance(text, datetime.date):
        return text
    stripped = str(text).strip()
    try:
        parsed = _match_forms(stripped)
    except ValueError:
        rule = "A date must exist in the calendar (years 0001 to 9999)"
    else:
        rule = "A date must be a day, a month or a year"
        if parsed is not None:
            return parsed
    raise InputError(f"{rule}, got {quote(text)}{where}: {_FORMS}.")


def check_past(text: str | datetime.date) -> datetime.date:
    """Read a day on which something was known.

    Raises
    ------
    InputError
        When it lies in the future.
    """
    day = parse_date(text)
    if day > datetime.date.today():
        raise InputError(f"as_of must not lie in the future, got {day}: choose a past day.")
    return day


def _match_forms(text: str) -> datetime.date | None:
    """Try each form in turn; `ValueError` for a day outside the calendar."""
    if match := _DAY.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
        return datetime.date(year, month, day)
    if match := _MONTH.fullmatch(text):
        year, month = (int(part) for part in match.groups())
        # The first of the month validates both numbers before their length is asked for.
        first = datetime.date(year, month, 1)
        return first.replace(day=calendar.monthrange(year, month)[1])
    if _YEAR.fullmatch(text):
        return datetime.date(int(text), 12, 31)
    if _DECIMAL.fullmatch(text):
        return to_date(float(text))
    return None


def decimal_year(date: datetime.date) -> float:
    """Turn a date into a decimal year.

    Parameters
    ----------
    date
        Any day of the years 1 to 9999.

    Returns
    -------
    float
        ``year + (day_of_year - 1) / days_in_year``.

    Examples
    --------
    >>> round(decimal_year(datetime.date(1971, 11, 16)), 3)
    1971.874
    """
    day_of_year = date.timetuple().tm_yday
    return date.year + (day_of_year - 1) / _days_in(date.year)


def to_date(decimal_year: float) -> datetime.date:
    """Turn a decimal year into the nearest day.

    Parameters
    ----------
    decimal_year
        A finite number from 1 to just under 10,000.

    Returns
    -------
    datetime.date
        The day whose decimal year is nearest; the inverse of `decimal_year`.

    Raises
    ------
    InputError
        When the number is not finite or lies outside the years 1 to 9999.
    """
    if not (math.isfinite(decimal_year) and 1 <= decimal_year < datetime.MAXYEAR + 1):
        rule = "A decimal year must lie between 1 and 9999"
        raise InputError(f"{rule}, got {float(decimal_year):g}: correct it.")
    year = math.floor(decimal_year)
    days = round((float(decimal_year) - year) * _days_in(year))
    if year == datetime.MAXYEAR and days >= _days_in(year):
        return datetime.date.max
    return datetime.date(year, 1, 1) + datetime.timedelta(days=days)


def iso(decimal_year: float) -> str:
    """Write a decimal year as an ISO date, ``yyyy-mm-dd``.

    Parameters
    ----------
    decimal_year
        As in `to_date`.

    Returns
    -------
    str
        Four-digit year, month and day.
    """
    return to_date(decimal_year).isoformat()


def _days_in(year: int) -> int:
    """Count the days of a year."""
    return 366 if calendar.isleap(year) else 365

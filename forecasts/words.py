"""Numbers and dates as a reader meets them: page, command line and notebook share these.

Only the last step of a number's life happens here; nothing is computed. ``test_report.py`` and
``test_charts.py`` hold the examples. Every function takes ``None`` where a result may lack a value.
"""

import math
from datetime import date

NBSP = "\u00a0"
MISSING = "–"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e7, "million"))  # below 10 million: digits


def number(value: float | None, *, digits: int = 3) -> str:
    """
    Write a number with a few significant digits.

    Parameters
    ----------
    value : float or None
        Any finite number; ``None`` and NaN give a dash.
    digits : int
        Significant digits, 3 unless given.

    Returns
    -------
    str
        ``2,700``, ``0.0123``, ``12.3 million`` or ``5.00 × 10²⁶``.

    Examples
    --------
    >>> number(2700.4), number(0.01234), number(5), number(-1234567.0)
    ('2,700', '0.0123', '5', '-1,230,000')
    """
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 1e15 or size < 1e-4:
        return _scientific(value, digits)
    if size == int(size) and size < 1000:
        return f"{value:.0f}"
    rounded = float(f"{value:.{digits - 1}e}")
    for step, word in _LARGE:
        if abs(rounded) >= step:
            unit = 1e6 if word == "million" else step
            return f"{_significant(rounded / unit, digits)}{NBSP}{word}"
    return _significant(rounded, digits)


def quantity(value: float | None, unit: str, *, digits: int = 3) -> str:
    """Write a number with its unit: ``2,700 MHz``."""
    return f"{number(value, digits=digits)}{NBSP}{unit}".strip()


def percent(share: float | None) -> str:
    """
    Write a probability as whole per cent, never as certainty.

    Examples
    --------
    >>> [percent(p).replace(NBSP, " ") for p in (0.0, 0.004, 0.43, 0.997, 1.0)]
    ['<1 %', '<1 %', '43 %', '>99 %', '>99 %']
    """
    if share is None or math.isnan(share):
        return MISSING
    if share < 0.01:
        return f"<1{NBSP}%"
    if share > 0.99:
        return f">99{NBSP}%"
    return f"{share * 100:.0f}{NBSP}%"


def rate(share: float | None) -> str:
    """
    Write a yearly rate to two digits: a hazard is no probability, and may be tiny.

    Examples
    --------
    >>> [rate(h).replace(NBSP, " ") for h in (0.02, 0.0137123, 1e-6)]
    ['2 %', '1.4 %', '0.0001 %']
    """
    if share is None or math.isnan(share):
        return MISSING
    return f"{float(f'{share * 100:.2g}'):.10g}" + f"{NBSP}%"


def times(factor: float | None, *, digits: int = 2) -> str:
    """Write a ratio: ``3.4×``, ``0.05×``, ``5.0 × 10⁹ ×`` for what no picture can hold."""
    if factor is None or math.isnan(factor):
        return MISSING
    text = number(factor, digits=3 if factor >= 100 else digits)
    return f"{text}×" if "10" not in text or "×" not in text else f"{text}{NBSP}×"


def growth(factor: float | None, *, kind: str = "") -> str:
    """
    Write a yearly growth factor in the value's own unit; of a share, that of the odds.

    Examples
    --------
    >>> growth(1.28), growth(4.7), growth(0.5).replace(NBSP, " "), growth(0.004)
    ('1.28× a year', '4.70× a year', '-50 % a year', '0.0040× a year')
    >>> growth(0.9961).replace(NBSP, " "), growth(1.012).replace(NBSP, " ")
    ('-0.39 % a year', '+1.2 % a year')
    >>> growth(1.28, kind="share")
    'odds 1.28× a year'
    """
    if factor is None or math.isnan(factor):
        return MISSING
    if kind == "share":
        return f"odds {growth(factor)}"
    if abs(factor - 1) < 0.05:
        return f"{(factor - 1) * 100:+.2g}{NBSP}% a year"
    if 0.01 <= factor < 1:
        return f"-{(1 - factor) * 100:.0f}{NBSP}% a year"
    return f"{times(factor, digits=3 if factor > 1 else 2)} a year"


def doubling(factor: float, years_each: float, *, kind: str = "") -> str:
    """
    Say how long a value takes to double, or to halve if it falls; of a share, its odds.

    Examples
    --------
    >>> doubling(1.28, 2.8), doubling(0.5, 1.0), doubling(1.28, 2.8, kind="share")
    ('doubles every 2.8 years', 'halves every year', 'the odds double every 2.8 years')
    """
    verb = "double" if factor > 1 else "halve"
    subject = f"the odds {verb}" if kind == "share" else f"{verb}s"
    span = years(years_each)
    return f"{subject} every {'year' if span == '1 year' else span}"


def years(length: float | None, *, horizon: float | None = None) -> str:
    """Write a span in years; ``None`` means longer than the horizon."""
    if length is None:
        return MISSING if horizon is None else f"more than {horizon:g} years"
    if length == 0:
        return "0 years"
    text = number(length, digits=2)
    return f"{text} {'year' if text == '1' else 'years'}"


def day(iso: str | date | None) -> str:
    """Write a date with its day: ``31 Dec 2021``."""
    if iso is None:
        return MISSING
    when = date.fromisoformat(iso) if isinstance(iso, str) else iso
    return f"{when.day}{NBSP}{_MONTHS[when.month - 1]}{NBSP}{when.year}"


def month(iso: str | date | None) -> str:
    """Write a date to its month: ``Dec 2021``."""
    return day(iso).split(NBSP, 1)[-1]


def year(iso: str) -> str:
    """Write the year of a date."""
    return str(date.fromisoformat(iso).year)


def plateau_date(iso: str | None, *, end_year: int) -> str:
    """Write a censored quantile: a month, or ``later than 2055`` where the result is null."""
    return month(iso) if iso is not None else f"later than{NBSP}{end_year}"


def plain(text: str) -> str:
    """Put a space for every character that is not printed: chart expressions cannot hold them."""
    return "".join(c if c.isprintable() else " " for c in text)


def power(exponent: int) -> str:
    """Write a power of ten: ``10²⁶``."""
    return f"10{str(exponent).translate(_SUPERSCRIPT)}"


def _scientific(value: float, digits: int) -> str:
    """Mantissa and power of ten."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa}{NBSP}×{NBSP}{power(int(exponent))}"


def _significant(value: float, digits: int) -> str:
    """Fixed-point digits with thousands separators."""
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}"

"""What can be said about bare dates and values, before they are a series.

Everything here looks at the rows it is handed and at nothing else, so that a caller who hands in
the rows known at a date gets an answer that was possible on that date.
"""

import datetime
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.cards import Direction
from forecasts.dates import decimal_year
from forecasts.errors import InputError

#: Fewest rows that make a series.
MINIMUM_ROWS = 2


def guess_direction(date: Iterable[datetime.date], value: ArrayLike) -> Direction:
    """Guess which way is progress: the sign of the slope of log value on time.

    Parameters
    ----------
    date, value
        The rows. Values of zero (a share may have them) are left out.

    Returns
    -------
    str
        ``rising`` or ``falling``; a level series counts as rising.
    """
    time = np.array([decimal_year(day) for day in date])
    values = np.asarray(value, dtype=np.float64)
    time, values = time[values > 0], values[values > 0]
    slope = np.sum((time - time.mean()) * np.log(values)) if values.size else 0.0
    return "falling" if slope < 0 else "rising"


def direction_remark(direction: Direction) -> str:
    """Say that the direction was guessed, and how to give it.

    Parameters
    ----------
    direction
        What was guessed.

    Returns
    -------
    str
        One sentence for `Series.remarks`.
    """
    return (
        f"The direction was not given and is taken as {direction}, from the slope of the rows "
        "known: use --direction or a card to say otherwise."
    )


def check_dates_vary(date: tuple[datetime.date, ...], *, what: str) -> None:
    """Refuse rows of a single date: they have no slope.

    Parameters
    ----------
    date
        Dates of the rows in order, at least one.
    what
        Name of the rows in the message.

    Raises
    ------
    InputError
        When all rows share one date.
    """
    if date[0] == date[-1]:
        raise InputError(
            f"A trend needs at least two different dates, got {len(date)} rows all dated "
            f"{date[0]} in {what}: add rows of other dates."
        )


def check_values_vary(value: NDArray[np.float64], *, what: str) -> None:
    """Refuse rows of a single value.

    Parameters
    ----------
    value
        Values of the rows, at least one.
    what
        Name of the rows in the message.

    Raises
    ------
    InputError
        When all rows share one value.
    """
    if np.all(value == value[0]):
        raise InputError(
            f"A trend needs at least two different values, got {value[0]:g} in all {len(value)} "
            f"rows of {what}: there is nothing to extrapolate, so check the value column."
        )

"""The card of a series: everything about it except its rows."""

import dataclasses
import datetime
import math
from typing import Literal, get_args

from forecasts.errors import InputError

Direction = Literal["rising", "falling"]
Kind = Literal["item", "index", "record", "share"]
Period = Literal["year", "month"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
KINDS: tuple[Kind, ...] = get_args(Kind)
PERIODS: tuple[Period, ...] = get_args(Period)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Card:
    """What a series is: everything about it except its rows.

    Attributes
    ----------
    id, title, unit
        Short name, name in words, unit of the values.
    direction
        ``rising`` or ``falling``: which way is progress.
    kind
        What one row is: an ``item``, an ``index`` level, a ``record`` or a ``share``.
    observed_through
        Day until which someone looked; silence counts until then.
    family
        Name shared by series that are the same thing; default: the id.
    period
        Record only: the span over which a best is taken.
    gaps
        Record only: spans in which nobody could compete, or whose records are not in the rows,
        each (first day, last day).
    maximum, floor
        Share only: the bounds of the values, such as 100 for per cent, and the score that chance
        alone reaches; a floor of 0 unless given.
    source, licence, notes
        Where the figures come from, on what terms, and what is wrong with them.
    published
        A growth rate that somebody else published for the same thing, with its source.
    group
        Heading in the catalogue.
    related
        Ids of series to be shown beside this one.
    direction_guessed
        The direction was guessed from the rows, and is guessed again from those known at an
        earlier date.
    """

    id: str
    title: str
    unit: str
    direction: Direction
    kind: Kind
    observed_through: datetime.date
    family: str = ""
    period: Period = "year"
    gaps: tuple[tuple[datetime.date, datetime.date], ...] = ()
    maximum: float | None = None
    floor: float = 0.0
    source: str = ""
    licence: str = ""
    notes: str = ""
    published: str = ""
    group: str = ""
    related: tuple[str, ...] = ()
    direction_guessed: bool = False

    def __post_init__(self) -> None:
        if not self.family:
            object.__setattr__(self, "family", self.id)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Flags:
    """What a reader says about a CSV that has no card, or against its card.

    Attributes
    ----------
    kind, unit, direction
        As in `Card`; None: the card's, or a default that is said.
    maximum
        As in `Card`, for a share.
    date_column, value_column
        Names of the two columns in the file; None: ``date`` and ``value``.
    """

    kind: str | None = None
    unit: str | None = None
    direction: str | None = None
    maximum: float | None = None
    date_column: str | None = None
    value_column: str | None = None


def check_bounds(card: Card) -> None:
    """Refuse bounds that leave a share no room.

    Parameters
    ----------
    card
        Of any kind; only a share has bounds.

    Raises
    ------
    InputError
        When a share has no maximum, or its floor is not below it.
    """
    if card.kind != "share":
        return
    if card.maximum is None:
        raise InputError(
            f"A share needs its maximum, the value of all of it, and {card.id} has none: "
            "write maximum = 100 in its card for per cent, or say --maximum 100."
        )
    if not (math.isfinite(card.maximum) and 0 <= card.floor < card.maximum):
        raise InputError(
            f"The floor of a share must be at least 0 and below its maximum, got {card.floor:g} "
            f"and {card.maximum:g} for {card.id}: correct them."
        )

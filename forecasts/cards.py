"""The card of a series: everything about it except its rows."""

import dataclasses
import datetime
from typing import Literal, get_args

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
        Record only: spans in which nobody could compete, each (first day, last day).
    maximum
        Share only: the bound of the values.
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
    date_column, value_column
        Names of the two columns in the file; None: ``date`` and ``value``.
    """

    kind: str | None = None
    unit: str | None = None
    direction: str | None = None
    date_column: str | None = None
    value_column: str | None = None

"""From rows of text to the rows of a series: numbers checked, order and repeats repaired.

Invariant: what is dropped or moved is said in a remark, and whether a row is kept depends on no
later row, so that a file cut at a date gives the same rows as the file known at that date.
``tests/test_reading.py`` holds it.
"""

import dataclasses
import datetime
import itertools
import math
import re

from forecasts.cards import Card, Direction
from forecasts.dates import parse_date
from forecasts.errors import InputError
from forecasts.messages import quote
from forecasts.tables import TextRow

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([,'_ \u00a0\u2009\u202f][0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_MISSING = {"", "-", "–", "—", ".", "..", "...", "na", "n/a", "#n/a", "null", "none", "missing"}
_LONGEST_NUMBER = 30
_WHOLE_DECIMAL = re.compile(r"[0-9]{4}\.0*")


@dataclasses.dataclass(frozen=True)
class Row:
    """One row: where it stood, what it says."""

    line: int
    date: datetime.date
    value: float
    text: TextRow


def parse_rows(table: list[TextRow], *, name: str) -> tuple[list[Row], tuple[str, ...]]:
    """Read the dates and the values of a table.

    Parameters
    ----------
    table
        Rows of text, at least one.
    name
        Name of the file, for messages.

    Returns
    -------
    tuple
        The rows in order of date (those of one date in the file's order), and remarks.

    Raises
    ------
    InputError
        When a date or value is missing, or is none.
    """
    rows = []
    for text in table:
        where = f" at line {text.line} of {name}"
        if text.date.lower() in _MISSING:
            raise InputError(
                f"Each row needs a date, got {quote(text.date)}{where}: fill it in or remove it."
            )
        date = parse_date(text.date, where=where)
        rows.append(Row(text.line, date, parse_value(text.value, where=where), text))
    remarks = []
    if all(_WHOLE_DECIMAL.fullmatch(text.date) for text in table):
        remarks.append(
            f"Dates such as {table[0].date} are decimal years and mean 1 January: write "
            f"{table[0].date[:4]} for the end of the year."
        )
    for before, after in itertools.pairwise(rows):
        if after.date < before.date:
            remarks.append(f"Rows were not in order of date (line {after.line}) and were sorted.")
            rows.sort(key=lambda row: row.date)
            break
    return rows, tuple(remarks)


def parse_value(text: str, *, where: str = "") -> float:
    """Read a number.

    Parameters
    ----------
    text
        Digits with a decimal point and an exponent at most: ``1234.5``, ``5e+26``.
    where
        Words for the message, such as ``" at line 5"``.

    Returns
    -------
    float
        A finite number.

    Raises
    ------
    InputError
        When the text is missing, not a plain number, or not finite.
    """
    stripped = text.strip()
    if stripped.lower() in _MISSING:
        raise InputError(
            f"Each row needs a value, got {quote(text)}{where}: fill it in or remove the row."
        )
    number = float(stripped) if _NUMBER.fullmatch(stripped) else math.nan
    if math.isfinite(number):
        return number
    if math.isinf(number) or _NOT_FINITE.fullmatch(stripped):
        raise InputError(
            f"A value must be a finite number, got {quote(text)}{where}: correct or remove it."
        )
    raise InputError(f"A value must be a plain number, got {quote(text)}{where}: {_cure(stripped)}")


def check_range(rows: list[Row], card: Card, *, name: str) -> None:
    """Refuse values that the card's kind does not allow.

    Parameters
    ----------
    rows
        The rows.
    card
        Its kind and, for a share, its maximum.
    name
        Name of the file, for messages.

    Raises
    ------
    InputError
        When a value is zero or negative on a log scale, or a share is outside its bounds.
    """
    share = card.kind == "share"
    highest = card.maximum if share and card.maximum is not None else math.inf
    for row in rows:
        where = f"got {row.text.value[:_LONGEST_NUMBER]} at line {row.line} ({row.date}) of {name}"
        if row.value < 0 or (row.value == 0 and not share):
            rule = (
                "A share cannot be negative" if share else "A value on a log scale must be positive"
            )
            raise InputError(f"{rule}, {where}: correct it or remove the row.")
        if row.value > highest:
            raise InputError(
                f"A share cannot exceed its maximum of {highest:g}, {where}: correct it, or state "
                "maximum in a card."
            )


def check_dates(rows: list[Row], *, latest: datetime.date, latest_name: str, name: str) -> None:
    """Refuse rows later than a day.

    Parameters
    ----------
    rows
        The rows in order of date.
    latest
        Last day allowed.
    latest_name
        What that day is, for the message.
    name
        Name of the file, for messages.

    Raises
    ------
    InputError
        When a row is later.
    """
    for row in rows:
        if row.date > latest:
            meaning = "" if row.text.date == str(row.date) else f", which means {row.date},"
            raise InputError(
                f"No row may be later than {latest_name} ({latest}), got {quote(row.text.date)}"
                f"{meaning} at line {row.line} of {name}: correct the date or remove the row"
                f"{', or move observed_through' * (latest_name == 'observed_through')}."
            )


def repair_repeats(rows: list[Row], card: Card, *, name: str) -> tuple[list[Row], tuple[str, ...]]:
    """Settle rows that share a date or add nothing, as the card's kind demands.

    Parameters
    ----------
    rows
        The rows in order of date.
    card
        Its kind and direction.
    name
        Name of the file, for messages.

    Returns
    -------
    tuple
        The rows kept, at least one, and remarks on those that were not.

    Raises
    ------
    InputError
        When an index or a share has two rows of one date, or a share never leaves its floor.
    """
    if card.kind == "item":
        return _without_copies(rows)
    if card.kind == "record":
        return _improving(rows, card.direction)
    for before, after in itertools.pairwise(rows):
        if before.date == after.date:
            lines = sorted((before.line, after.line))
            raise InputError(
                f"A series of kind {card.kind!r} has one row for each date, got two for "
                f"{after.date} at lines {lines[0]} and {lines[1]} of {name}: remove one"
                f"{', or say kind item if a row is one product' * (card.kind == 'index')}."
            )
    return _begun(rows, card.floor, name) if card.kind == "share" else (rows, ())


def _cure(text: str) -> str:
    """Say what to write instead of a text that is not a number."""
    if _GROUPED.fullmatch(text):
        plain = re.sub(r"[^0-9.+-]", "", text)
        return f"write {plain}, without a thousands separator."
    if _DECIMAL_COMMA.fullmatch(text):
        return f"write {text.replace(',', '.')}, with a decimal point."
    return "write digits only (1234.5 or 5e26); units belong in the card."


def _without_copies(rows: list[Row]) -> tuple[list[Row], tuple[str, ...]]:
    """Drop rows of items that repeat an earlier row in every cell."""
    seen: set[tuple[str, ...]] = set()
    kept: list[Row] = []
    copies: list[Row] = []
    for row in rows:
        (copies if row.text.cells in seen else kept).append(row)
        seen.add(row.text.cells)
    if not copies:
        return rows, ()
    return kept, (f"{_counted(copies)} repeating another in every field dropped{_at(copies)}.",)


def _improving(rows: list[Row], direction: Direction) -> tuple[list[Row], tuple[str, ...]]:
    """Keep the records: the best of each date, and only if better than all before."""
    sign = 1 if direction == "rising" else -1
    kept: list[Row] = []
    same_day: list[Row] = []
    others: list[Row] = []
    for _, group in itertools.groupby(rows, key=lambda row: row.date):
        # max and sorted keep the file's order among equals.
        best, *rest = sorted(group, key=lambda row: -sign * row.value)
        same_day += rest
        better = not kept or sign * best.value > sign * kept[-1].value
        (kept if better else others).append(best)
    remarks = []
    if same_day:
        remarks.append(f"{_counted(same_day)} of a date with a better one dropped{_at(same_day)}.")
    if others:
        remarks.append(f"{_counted(others)} no better than the record dropped{_at(others)}.")
    return kept, tuple(remarks)


def _begun(rows: list[Row], floor: float, name: str) -> tuple[list[Row], tuple[str, ...]]:
    """Drop the rows before a share begins: those at its floor, or below it."""
    kept = list(itertools.dropwhile(lambda row: row.value <= floor, rows))
    level = f"its floor of {floor:g}" if floor else "zero"
    if not kept:
        raise InputError(
            f"A share needs values above {level}, got none in all {len(rows)} rows of {name}: "
            f"check the value column{' and the floor' * bool(floor)}."
        )
    dropped = rows[: len(rows) - len(kept)]
    later = [row for row in kept if row.value <= floor]
    what = (
        "with a leading zero" if not floor else f"at or below the floor of {floor:g} at the start"
    )
    remarks = [f"{_counted(dropped)} {what} dropped."] if dropped else []
    if later:
        remarks.append(f"{_counted(later)} not above {level} taken as just above it{_at(later)}.")
    return kept, tuple(remarks)


def _counted(rows: list[Row]) -> str:
    """Count rows in words."""
    return f"{len(rows)} row{'s' if len(rows) > 1 else ''}"


def _at(rows: list[Row]) -> str:
    """Name the first few lines."""
    lines = sorted(row.line for row in rows)
    shown = ", ".join(str(line) for line in lines[:5])
    return f" (line{'s' if len(lines) > 1 else ''} {shown}{', …' if len(lines) > 5 else ''})"

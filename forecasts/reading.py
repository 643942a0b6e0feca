"""From a CSV and its card to a series: the order of the checks, and what is assumed.

Invariant: a file is either refused with one sentence (`InputError`) or read whole, and everything
that was repaired or assumed is in the series' ``remarks``. ``tests/test_reading.py`` holds it.
"""

import dataclasses
import datetime
import os
import re
import unicodedata
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from forecasts.card_files import check_kind, foreign, read_card
from forecasts.cards import DIRECTIONS, KINDS, Card, Direction, Flags, Kind, check_bounds
from forecasts.errors import InputError
from forecasts.messages import either, quote
from forecasts.repairs import Row, check_dates, check_range, parse_rows, repair_repeats
from forecasts.rows import (
    MINIMUM_ROWS,
    check_dates_vary,
    check_values_vary,
    direction_remark,
    guess_direction,
)
from forecasts.series import Series
from forecasts.tables import read_table

_LONGEST_ID = 60
_NO_FLAGS = Flags()


def read_csv(
    path: str | os.PathLike[str],
    *,
    flags: Flags = _NO_FLAGS,
    card: Card | None = None,
    today: datetime.date | None = None,
) -> Series:
    """Read a series from a CSV file, with its card or without one.

    Parameters
    ----------
    path
        A comma-separated UTF-8 file with the columns ``date``, ``value`` and, if wanted,
        ``label`` and ``source``; others are ignored. A card ``<same name>.toml`` beside it is
        read too.
    flags
        Kind, unit and direction, which go before the card's, and the names of the columns.
    card
        A card instead of the one beside the file.
    today
        Rows and ``observed_through`` may not be later; default: the day of this computer.

    Returns
    -------
    Series
        As known at the card's ``observed_through`` (default: the last row).

    Raises
    ------
    InputError
        When the file, the card or a flag breaks a rule; one sentence says which.

    Notes
    -----
    Without a card the kind is ``index``, the direction is the sign of the slope of log value on
    time, the title is the file's name, and a remark says so. A share has no default maximum.
    """
    path, today = Path(path), today or datetime.date.today()
    _check_flags(flags)
    table, remarks = read_table(path, flags=flags)
    rows, more = parse_rows(table, name=path.name)
    # Before the direction is guessed: a date of the future is an error, not knowledge.
    check_dates(rows, latest=today, latest_name="today", name=path.name)
    card, assumed = _settle_card(path, rows, flags=flags, card=card)
    remarks += more + assumed
    _check_bounds(card, flags)
    _check_observed_through(card, rows, today, path)
    check_range(rows, card, name=path.name)
    rows, more = repair_repeats(rows, card, name=path.name)
    if len(rows) < MINIMUM_ROWS:
        raise InputError(
            f"A series needs at least {MINIMUM_ROWS} rows, got {len(rows)} in {path.name}"
            f"{' after the repairs' if more else ''}: {_cure(card, bool(more))}."
        )
    _check_gaps(rows, card, path)
    series = Series(
        card=card,
        date=tuple(row.date for row in rows),
        value=np.array([row.value for row in rows]),
        label=tuple(row.text.label for row in rows),
        source=tuple(row.text.source for row in rows),
        remarks=remarks + more,
    )
    check_dates_vary(series.date, what=path.name)
    check_values_vary(series.value, what=path.name)
    return series


def clean_id(stem: str) -> str:
    """Turn a file's name into an id that is safe in file names and addresses.

    Parameters
    ----------
    stem
        Name without its suffix.

    Returns
    -------
    str
        ASCII letters, digits, ``_`` and ``-``, at most 60. A name of other letters alone becomes
        ``series_`` and its checksum, so that two of them stay two.
    """
    apart = unicodedata.normalize("NFKD", stem)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    found = re.sub(r"[^A-Za-z0-9_-]+", "_", bare).strip("_-")[:_LONGEST_ID]
    return found or f"series_{crc32(apart.encode(errors='surrogateescape')):08x}"


def _as_text(name: str) -> str:
    """Replace what is no text in a name from the system."""
    return name.encode(errors="surrogateescape").decode(errors="replace")


def _check_flags(flags: Flags) -> None:
    """Refuse a kind or direction that does not exist, and a unit without a name."""
    if flags.unit is not None and not flags.unit.strip():
        raise InputError("A unit is a text, got '': name it, or leave it out.")
    options = {"kind": (flags.kind, KINDS), "direction": (flags.direction, DIRECTIONS)}
    for name, (given, allowed) in options.items():
        if given is not None and given not in allowed:
            raise InputError(
                f"The {name} must be {either(allowed)}, got {quote(given)}: choose one."
            )


def _check_bounds(card: Card, flags: Flags) -> None:
    """Refuse a share without bounds, and a bound that is said of anything else."""
    check_bounds(card)
    if flags.maximum is not None and card.kind != "share":
        raise InputError(
            f"A maximum belongs only to a share, got --maximum {flags.maximum:g} for kind "
            f"{card.kind}: leave it out, or say --kind share."
        )


def _settle_card(
    path: Path, rows: list[Row], *, flags: Flags, card: Card | None
) -> tuple[Card, tuple[str, ...]]:
    """Merge flags, card and defaults; flags go first, and defaults are said."""
    given: dict[str, Any] = {
        name: getattr(flags, name)
        for name in ("kind", "unit", "direction", "maximum")
        if getattr(flags, name) is not None
    }
    if "unit" in given:
        given["unit"] = _as_text(given["unit"])
    if card is not None:
        if "direction" in given:
            given["direction_guessed"] = False
        return dataclasses.replace(card, **given), ()
    beside = path.with_suffix(".toml")
    stated = read_card(beside) if beside != path and beside.is_file() else {}
    defaults: dict[str, Any] = {
        "id": clean_id(path.stem),
        # A name may hold bytes that are no text; a page and a picture can only show text.
        "title": _as_text(path.stem).strip() or clean_id(path.stem),
        "unit": flags.value_column or "value",
        # The last row of the file, even one that is no record: somebody looked on that day.
        "observed_through": rows[-1].date,
    }
    remarks = []
    if "kind" in given:
        for key in foreign(stated, given["kind"]):
            del stated[key]
            remarks.append(
                f"The card's {key} is left out: it says nothing of kind {given['kind']}."
            )
    fields = {**defaults, **stated, **given}
    if "kind" not in fields:
        fields["kind"] = "index"
        remarks.append(
            "The kind was not given and is taken as index, one period's level in a row: say "
            "item, record or share in a card, or by --kind, if a row is something else."
        )
    if "kind" not in stated:
        check_kind(stated, fields["kind"], beside.name)
    if "direction" not in fields:
        fields["direction"] = _guess(rows, fields["kind"], path.name)
        fields["direction_guessed"] = fields["kind"] != "record"
        remarks.append(direction_remark(fields["direction"]))
    return Card(**fields), tuple(remarks)


def _guess(rows: list[Row], kind: Kind, name: str) -> Direction:
    """Guess the direction; that of a record only from a list of nothing but records."""
    if kind != "record":
        return guess_direction([row.date for row in rows], [row.value for row in rows])
    values = [row.value for row in rows]
    for direction, ordered in zip(DIRECTIONS, (sorted(values), sorted(values)[::-1]), strict=True):
        if values == ordered:
            # Every prefix of such a list points the same way, so this is no hindsight.
            return direction
    raise InputError(
        f"A record needs a direction, and the values in {name} go both ways: write direction = "
        '"rising" in its card if higher is better, else "falling", or say --direction.'
    )


def _cure(card: Card, repaired: bool) -> str:
    """Say what a file with too few rows needs."""
    if card.kind == "record" and repaired:
        return f"of a record only new bests are rows, so see whether {card.direction} is progress"
    return "add the history of the trend"


def _check_gaps(rows: list[Row], card: Card, path: Path) -> None:
    """Refuse a record in a time in which, so the card, nobody could set one."""
    for first, last in card.gaps:
        for row in rows:
            if first <= row.date <= last:
                raise InputError(
                    f"No row can lie in a gap, in which nobody could compete, got {row.date} in "
                    f"{first} to {last} for {path.name}: shorten the gap, leave the row out, "
                    "or, where it was written as a month or a year, give its day."
                )


def _check_observed_through(card: Card, rows: list[Row], today: datetime.date, path: Path) -> None:
    """Refuse silence that nobody can have observed, and rows after it."""
    if card.observed_through > today:
        raise InputError(
            f"observed_through cannot be later than today ({today}), got {card.observed_through} "
            f"for {path.name}: write the last day on which someone looked."
        )
    check_dates(rows, latest=card.observed_through, latest_name="observed_through", name=path.name)

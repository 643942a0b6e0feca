"""Reading a card, the TOML file beside a CSV.

Invariant: what leaves this file has the type and the range that `Card` states; a key that no card
has is refused, because a misspelt key would silently be a default. ``tests/test_reading.py``
holds it.
"""

import datetime
import itertools
import math
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from forecasts.cards import DIRECTIONS, KINDS, PERIODS
from forecasts.dates import parse_date
from forecasts.errors import InputError
from forecasts.messages import either, nearest, quote

#: Far above any card; a larger file is something else.
_MAXIMUM_BYTES = 1_000_000
_ONLY_FOR = {"gaps": "record", "period": "record", "maximum": "share", "floor": "share"}

Gaps = tuple[tuple[datetime.date, datetime.date], ...]


def read_card(path: Path) -> dict[str, Any]:
    """Read the fields that a card states.

    Parameters
    ----------
    path
        A TOML file.

    Returns
    -------
    dict
        Checked fields of `forecasts.cards.Card`, dates as `datetime.date`; only those that the
        file has.

    Raises
    ------
    InputError
        When the file is not TOML, or a key or value is not a card's.
    """
    text = _read_text(path)
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) or "it is nested too deeply"
        raise InputError(
            f"A card must be valid TOML, got {path.name}: {reason[:1].lower()}{reason[1:]}; "
            'write lines such as kind = "index".'
        ) from None
    fields = {}
    for key, value in raw.items():
        where = f"line {_line_of(key, text)} of {path.name}"
        if key not in _READERS:
            raise InputError(_unknown_key(key, where))
        fields[key] = _READERS[key](value, f"{key} at {where}")
    if "kind" in fields:
        check_kind(fields, fields["kind"], path.name)
    return fields


def check_kind(fields: dict[str, Any], kind: str, name: str) -> None:
    """Refuse what only another kind has.

    Parameters
    ----------
    fields
        What a card states.
    kind
        Stated there, or assumed.
    name
        Of the card's file, for the message.

    Raises
    ------
    InputError
        Such as for a maximum of anything but a share.
    """
    for key in foreign(fields, kind):
        needed, stated = _ONLY_FOR[key], "" if "kind" in fields else ", which no line of it states"
        raise InputError(
            f"{key} belongs only to a card of kind {needed!r}, and in {name} the kind is "
            f'{kind!r}{stated}: write kind = "{needed}", or remove {key}.'
        )


def foreign(fields: dict[str, Any], kind: str) -> list[str]:
    """List the stated keys that only another kind has."""
    return [key for key, needed in _ONLY_FOR.items() if key in fields and kind != needed]


def _read_text(path: Path) -> str:
    """Read a small UTF-8 file."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MAXIMUM_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"Cannot read {path.name}: {reason}; check the path.") from None
    if len(raw) > _MAXIMUM_BYTES:
        raise InputError(
            f"A card must be under 1 MB, got more in {path.name}: it is probably not a card."
        )
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"A card must be UTF-8 text, got byte 0x{raw[error.start]:02x} at line {line} of "
            f"{path.name}: save it as UTF-8."
        ) from None


def _line_of(key: str, text: str) -> int:
    """Find the line that sets a key; 1 when it is written in some unusual way."""
    pattern = rf"^\s*\[*\s*[\"']?{re.escape(key)}\b"
    found = re.search(pattern, text, flags=re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1


def _unknown_key(key: str, where: str) -> str:
    """Say that no card has this key, and which is meant."""
    close = nearest(key, _READERS)
    cure = f"did you mean {either(close)}?" if close else f"its keys are {', '.join(_READERS)}."
    return f"A card has no key {quote(key)}, found at {where}: {cure}"


def _text(value: Any, where: str) -> str:
    """Require a text."""
    if not isinstance(value, str):
        raise InputError(f"A text in quotes is needed for {where}, got {quote(value)}: quote it.")
    return value.strip()


def _name(value: Any, where: str) -> str:
    """Require a text that is not empty."""
    text = _text(value, where)
    if not text:
        raise InputError(f"A text is needed for {where}, got '': fill it in or remove the line.")
    return text


def _one_of(options: tuple[str, ...]) -> Callable[[Any, str], str]:
    """Make a reader that requires one of a few words."""

    def read(value: Any, where: str) -> str:
        if value not in options:
            listed = either(repr(option) for option in options)
            raise InputError(
                f"One of a few words is needed for {where}, got {quote(value)}: write {listed}."
            )
        return str(value)

    return read


def _date(value: Any, where: str) -> datetime.date:
    """Require a date: TOML's own, or text or a year as in a CSV."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | datetime.date):
        raise InputError(
            f"A date is needed for {where}, got {quote(value)}: write it like 2021-12-31."
        )
    return parse_date(
        value if isinstance(value, datetime.date) else str(value), where=f" for {where}"
    )


def _day(value: Any, where: str) -> datetime.date:
    """Require a full date: the first day of a gap is not the last of its month."""
    if isinstance(value, datetime.date) or (isinstance(value, str) and value.count("-") == 2):
        return _date(value, where)
    raise InputError(f"A gap needs full days in {where}, got {quote(value)}: write 1914-08-01.")


def _gaps(value: Any, where: str) -> Gaps:
    """Require a list of pairs of dates, each forwards, none overlapping."""
    pairs = isinstance(value, list) and all(isinstance(p, list) and len(p) == 2 for p in value)
    if not pairs:
        raise InputError(
            f"A list of pairs of dates is needed for {where}, got {quote(value)}: write "
            '[["1914-08-01", "1918-11-11"]].'
        )
    gaps = sorted((_day(first, where), _day(last, where)) for first, last in value)
    for first, last in gaps:
        if first > last:
            raise InputError(
                f"A gap must begin before it ends in {where}, got {first} to {last}: swap them."
            )
    for before, after in itertools.pairwise(gaps):
        if after[0] <= before[1]:
            raise InputError(
                f"Gaps must not overlap in {where}, got one until {before[1]} and one from "
                f"{after[0]}: join them."
            )
    return tuple(gaps)


def _maximum(value: Any, where: str, *, example: str = "100 for per cent") -> float:
    """Require a finite positive number."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # The upper bound comes first: an integer of a thousand digits is no float at all.
    if not number or not 0 < value < math.inf or value > 1e300:
        raise InputError(
            f"A positive number is needed for {where}, got {quote(value)}: write {example}."
        )
    return float(value)


def _floor(value: Any, where: str) -> float:
    """Require zero or a finite positive number."""
    if value == 0 and not isinstance(value, bool) and isinstance(value, int | float):
        return 0.0
    return _maximum(value, where, example="25 for four choices")


def _names(value: Any, where: str) -> tuple[str, ...]:
    """Require a list of texts."""
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise InputError(
            f'A list of ids is needed for {where}, got {quote(value)}: write ["cpu_clock"].'
        )
    return tuple(value)


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "title": _name,
    "unit": _name,
    "direction": _one_of(DIRECTIONS),
    "kind": _one_of(KINDS),
    "observed_through": _date,
    "family": _name,
    "period": _one_of(PERIODS),
    "gaps": _gaps,
    "maximum": _maximum,
    "floor": _floor,
    "source": _text,
    "licence": _text,
    "notes": _text,
    "published": _text,
    "group": _text,
    "related": _names,
}

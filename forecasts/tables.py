"""From a file to rows of text: bytes, encoding, delimiter, header, line numbers.

Invariant: a file that is not a comma-separated table of reasonable size is refused in a sentence
before its values are looked at, in bounded time and memory. ``tests/test_reading.py`` holds it.
"""

import csv
import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path

from forecasts.cards import Flags
from forecasts.dates import parse_date
from forecasts.errors import InputError
from forecasts.messages import either, nearest, quote

#: A series is read by people and fitted in seconds; more rows are another kind of data.
MAXIMUM_ROWS = 100_000
#: About 300 bytes a row.
MAXIMUM_BYTES = 32_000_000
MAXIMUM_LINE = 100_000
_LONGEST_PATH = 300

_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_NOT_CSV = {
    b"PK\x03\x04": ("a workbook or zip archive", "export the sheet as CSV"),
    b"\x1f\x8b": ("a gzip archive", "unpack it"),
    b"\xff\xfe": ("UTF-16 text", "save it as CSV UTF-8"),
    b"\xfe\xff": ("UTF-16 text", "save it as CSV UTF-8"),
    b"<": ("a web page", "download the CSV itself"),
}


@dataclasses.dataclass(frozen=True)
class TextRow:
    """One row as it stands in the file: line number, the four known texts, all cells."""

    line: int
    date: str
    value: str
    label: str
    source: str
    cells: tuple[str, ...]


def read_table(path: Path, *, flags: Flags) -> tuple[list[TextRow], tuple[str, ...]]:
    """Read a CSV file as text.

    Parameters
    ----------
    path
        A UTF-8 file, comma-separated, the first line naming the columns.
    flags
        Names of the date and value columns.

    Returns
    -------
    tuple
        The rows in the file's order, at least one, and remarks on what was repaired.

    Raises
    ------
    InputError
        When the file cannot be read or is not such a table.
    """
    text, remarks = _decode(_read_bytes(path), path.name)
    lines = _split(text, path.name)
    header_line, header = next(lines, (1, []))
    body = list(lines)
    columns = _find_columns(header, body, flags, path.name)
    rows, empty = [], 0
    for line, cells in body:
        if len(cells) != len(header):
            raise InputError(
                f"Each row needs the {len(header)} fields of the header (line {header_line}), got "
                f"{len(cells)} at line {line} of {path.name}: put quotes around text with commas "
                "and write numbers like 1234.5, without commas."
            )
        if not any(cells):
            empty += 1
            continue
        date, value, label, source = (cells[i] if i is not None else "" for i in columns)
        rows.append(TextRow(line, date, value, label, source, tuple(cells)))
    if not rows:
        raise InputError(
            f"A series needs rows below its header, got none in {path.name}: add at least two."
        )
    if empty:
        remarks = (*remarks, f"{empty} row{'s' if empty > 1 else ''} without any text skipped.")
    return rows, remarks


def _read_bytes(path: Path) -> bytes:
    """Read a file of bounded size."""
    shown = quote(path, longest=_LONGEST_PATH)
    if path.is_dir():
        raise InputError(f"A series is one CSV file, got the directory {shown}: name a file in it.")
    try:
        with path.open("rb") as file:
            raw = file.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"There is no file {shown}: check the path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"Cannot read {shown}: {reason}; check the path.") from None
    lines = max(raw.count(b"\n"), raw.count(b"\r"))
    # One line for the header.
    if lines > MAXIMUM_ROWS + 1:
        least = "" if len(raw) <= MAXIMUM_BYTES else "more than "
        raise InputError(
            f"A series has at most {MAXIMUM_ROWS:,} rows, got {least}{lines:,} lines in "
            f"{path.name}: keep one series, or one row for each month or year."
        )
    if len(raw) > MAXIMUM_BYTES:
        raise InputError(
            f"A series file has at most {MAXIMUM_BYTES // 1_000_000} MB, got more in {path.name}: "
            "keep only the columns date, value, label and source."
        )
    return raw


def _decode(raw: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Turn bytes into text, dropping a byte-order mark."""
    bom = raw.startswith(b"\xef\xbb\xbf")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        raise InputError(f"A series needs a header line and rows, got the empty file {name}.")
    for start, (what, cure) in _NOT_CSV.items():
        if raw.lstrip().startswith(start):
            raise InputError(f"A series is a CSV file, got {what} in {name}: {cure}.")
    if (nul := raw.find(b"\0")) >= 0:
        line = raw.count(b"\n", 0, nul) + 1
        raise InputError(
            f"A CSV file is text, got a NUL byte at line {line} of {name}: export it again."
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"A CSV file must be UTF-8, got byte 0x{raw[error.start]:02x} at line {line} of "
            f"{name}: save it as CSV UTF-8."
        ) from None
    return text, ("A byte-order mark at the start of the file was removed.",) if bom else ()


def _split(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line number and the stripped cells of each row; blank lines are skipped."""
    reader = csv.reader(_bounded_lines(text, name), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"A CSV row must be well-formed, got one that is not at line {line} of {name} "
                f"({error}): check its quotes and its length."
            ) from None
        if cells:
            yield line, [cell.strip() for cell in cells]


def _bounded_lines(text: str, name: str) -> Iterator[str]:
    """Yield the lines of a text, none so long that its cells would fill the memory."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > MAXIMUM_LINE:
            raise InputError(
                f"A line has at most {MAXIMUM_LINE:,} characters, got {len(line):,} at line "
                f"{number} of {name}: shorten its text."
            )
        yield line


def _find_columns(
    header: list[str], body: list[tuple[int, list[str]]], flags: Flags, name: str
) -> tuple[int | None, ...]:
    """Find the positions of date, value, label and source; None for an absent optional one."""
    wanted = (flags.date_column or "date", flags.value_column or "value", "label", "source")
    if wanted[0].casefold() == wanted[1].casefold():
        raise InputError(
            f"Date and value must be two columns, got {quote(wanted[0])} for both: correct "
            "--date-column or --value-column."
        )
    taken = {column.casefold() for column in wanted}
    found: list[int | None] = []
    for column, flag in zip(wanted, ("--date-column", "--value-column", "", ""), strict=True):
        places = [i for i, cell in enumerate(header) if cell == column]
        places = places or [i for i, c in enumerate(header) if c.casefold() == column.casefold()]
        if len(places) > 1:
            raise InputError(
                f"A column name must occur once, got {len(places)} columns {quote(column)} in "
                f"line 1 of {name}: rename all but one."
            )
        if not places and flag:
            _check_header(header, name)
            pairs = zip(header, body[0][1] if body else header, strict=False)
            free = {cell: below for cell, below in pairs if cell and cell.casefold() not in taken}
            raise InputError(_missing_column(column, flag, header, free, name=name))
        found.append(places[0] if places else None)
    return tuple(found)


def _check_header(header: list[str], name: str) -> None:
    """Refuse a first line that has other delimiters, or is a row already."""
    for delimiter, word in _DELIMITERS.items():
        if len(",".join(header).split(delimiter)) > len(header):
            raise InputError(
                f"Columns must be separated by commas, got {word} in line 1 of {name}: save it "
                "with commas, and with points in decimals (3.5, not 3,5)."
            )
    if any(_is_date(cell) for cell in header) and any(_is_number(cell) for cell in header):
        shown = quote(",".join(header))
        raise InputError(
            f"The first line must name the columns, got {shown} in {name}: put a line such as "
            "date,value above it."
        )


def _missing_column(
    column: str, flag: str, header: list[str], free: dict[str, str], *, name: str
) -> str:
    """Say which of the free columns may be meant: by its name, or by its first cell."""
    right = _is_date if flag == "--date-column" else _is_number
    close = nearest(column, free) or [cell for cell, below in free.items() if right(below)]
    meant = either(quote(cell) for cell in close[:3]) if close else ""
    cure = f"{flag} {meant} may be meant" if close else f"name it with {flag}"
    columns = quote(", ".join(header))
    return f"A column {quote(column)} is needed, got the columns {columns} in {name}: {cure}."


def _is_date(text: str) -> bool:
    """Tell whether a text reads as a date."""
    try:
        parse_date(text)
    except InputError:
        return False
    return True


def _is_number(text: str) -> bool:
    """Tell whether a text reads as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True

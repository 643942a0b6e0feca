"""The catalogue: the series that come with the package, and the way to load any series.

A series of the catalogue is a CSV with a card beside it, anywhere under the data directory; its
id is the file's name. ``tests/test_catalog.py`` holds that every one of them loads.

The list of cards needs no numbers, so NumPy is imported only when rows are read: that is half the
time in which ``forecasts list`` answers.
"""

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

from forecasts.card_files import read_card
from forecasts.cards import Card, Flags
from forecasts.errors import InputError
from forecasts.messages import either, nearest, quote

if TYPE_CHECKING:
    from forecasts.series import Series

_REQUIRED = ("title", "unit", "direction", "kind")
_NO_FLAGS = Flags()


def load(
    id_or_path: str | os.PathLike[str],
    *,
    kind: str | None = None,
    unit: str | None = None,
    direction: str | None = None,
    maximum: float | None = None,
    date_column: str | None = None,
    value_column: str | None = None,
) -> "Series":
    """Load a series of the catalogue, or one's own.

    Parameters
    ----------
    id_or_path
        An id that `catalogue` lists, or the path of a CSV file.
    kind
        What a row is: ``item``, ``index``, ``record`` or ``share``. Default, like those of unit
        and direction: the card's; without a card see `forecasts.reading.read_csv`.
    unit
        Unit of the values.
    direction
        Which way is progress: ``rising`` or ``falling``.
    maximum
        Bound of a share: 100 for per cent.
    date_column, value_column
        Names of the columns; default: ``date`` and ``value``.

    Returns
    -------
    Series
        The series as known at its ``observed_through``; see `Series.known_at`.

    Raises
    ------
    InputError
        When there is no such series, or its file breaks a rule.
    """
    flags = Flags(
        kind=kind,
        unit=unit,
        direction=direction,
        maximum=maximum,
        date_column=date_column,
        value_column=value_column,
    )
    return open_series(id_or_path, flags=flags)


def open_series(
    id_or_path: str | os.PathLike[str], *, flags: Flags = _NO_FLAGS, data_dir: Path | None = None
) -> "Series":
    """Load a series, the flags in one object and the catalogue anywhere.

    Parameters
    ----------
    id_or_path
        As in `load`.
    flags
        What is said against the card, or instead of it.
    data_dir
        Directory of the catalogue; default: the package's.

    Returns
    -------
    Series
        As in `load`.
    """
    from forecasts.reading import read_csv

    if not isinstance(id_or_path, str | os.PathLike):
        raise InputError(
            f"A series is an id or the path of a CSV, got {quote(id_or_path)}: see forecasts list."
        )
    name = os.fspath(id_or_path)
    cards = _card_paths(data_dir)
    if name in cards:
        if flags != _NO_FLAGS:
            raise InputError(
                f"{name} is a bundled series with a card of its own, so kind, unit, direction, "
                "maximum and columns do not apply: leave them out, or name a CSV."
            )
        # Bundled rows were checked when they were built; a clock that is wrong must not stop them.
        return read_csv(cards[name].with_suffix(".csv"), flags=flags, today=datetime.date.max)
    path = Path(name)
    if name and (path.suffix.lower() == ".csv" or path.name != name or _exists(path)):
        return read_csv(path, flags=flags)
    close = nearest(name, cards)
    cure = (
        f"did you mean {either(close)}?" if close else "see `forecasts list`, or name a CSV file."
    )
    raise InputError(f"A series is an id of the catalogue or a CSV file, got {quote(name)}: {cure}")


def catalogue(data_dir: Path | None = None) -> list[Card]:
    """List the cards of all series that come with the package.

    Parameters
    ----------
    data_dir
        Directory of the catalogue; default: the package's.

    Returns
    -------
    list of Card
        Those at the top of the directory first, then those in its folders, each by id.

    Raises
    ------
    InputError
        When a card is broken or incomplete.
    """
    return [_bundled_card(path) for path in _card_paths(data_dir).values()]


def data_directory() -> Path:
    """Find the directory of the catalogue.

    Returns
    -------
    Path
        ``data`` inside the installed package, or beside it in a checkout.
    """
    package = Path(__file__).resolve().parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def _card_paths(data_dir: Path | None) -> dict[str, Path]:
    """Map each id to its card; a card without rows is no series."""
    directory = data_directory() if data_dir is None else data_dir
    paths = sorted(directory.rglob("*.toml"), key=lambda path: (len(path.parts), path.stem))
    found: dict[str, Path] = {}
    for path in paths:
        if path.with_suffix(".csv").is_file():
            found.setdefault(path.stem, path)
    return found


def _bundled_card(path: Path) -> Card:
    """Build a card without its rows, unless only they say how far silence counts."""
    fields = read_card(path)
    missing = [key for key in _REQUIRED if key not in fields]
    if missing:
        raise InputError(
            f"A card of the catalogue needs {', '.join(_REQUIRED)}, got none for "
            f"{either(missing)} in {path.name}: add it."
        )
    if "observed_through" not in fields:
        from forecasts.reading import read_csv

        return read_csv(path.with_suffix(".csv"), today=datetime.date.max).card
    return Card(id=path.stem, **fields)


def _exists(path: Path) -> bool:
    """Tell whether a path exists; a text that cannot be a path does not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False

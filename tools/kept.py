"""Rows of a long simulation, kept in a file as soon as each is there: a rerun goes on from them."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import as_completed
from contextlib import closing
from pathlib import Path

from forecasts.progress import shown
from forecasts.whole_files import write_whole
from forecasts.workers import processes

Row = dict[str, str]
Key = tuple[str, ...]


def read(path: Path, keys: tuple[str, ...]) -> dict[Key, Row]:
    """Rows of an earlier run by the columns that tell them apart; none if there was none."""
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {tuple(row[key] for key in keys): row for row in csv.DictReader(file)}


def write(path: Path, rows: list[Row]) -> None:
    """Replace the file at once, so that an interrupted run leaves a whole one.

    Rows may lack columns that others have: those stay empty.
    """
    text = io.StringIO()
    lines = csv.DictWriter(text, max(map(list, rows), key=len), restval="", lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    write_whole(path, text.getvalue())


def run[Case](
    out: Path,
    rows: dict[Key, Row],
    todo: Mapping[Key, Case],
    measure: Callable[[Case], Row],
    *,
    place: Callable[[Key], object],
    workers: int = 1,
) -> None:
    """Measure what is to be done, and keep each row as soon as it is there.

    Parameters
    ----------
    out : Path
        File of the rows.
    rows : dict
        Rows of earlier runs by key; the new ones are added.
    todo : mapping
        What is to be done by its key, in the order of doing it.
    measure : callable
        Gives the row of one of them; other processes must be able to load it.
    place : callable
        Place of a key's row in the file, for sorting.
    workers : int
        Processes.
    """
    with shown(len(todo)) as progress, closing(_measured(todo, measure, workers)) as measured:
        for key, row in measured:
            rows[key] = row
            write(out, [rows[each] for each in sorted(rows, key=place)])
            progress(" ".join(key), 1, 1)


def _measured[Case](
    todo: Mapping[Key, Case], measure: Callable[[Case], Row], workers: int
) -> Iterator[tuple[Key, Row]]:
    """Measure them, in whatever order they get finished."""
    if min(workers, len(todo)) <= 1:
        yield from ((key, measure(case)) for key, case in todo.items())
        return
    with processes(workers) as pool:
        waiting = {pool.submit(measure, case): key for key, case in todo.items()}
        for future in as_completed(waiting):
            yield waiting[future], future.result()

"""Run a backtest: many cells, one worker or several, and the two files that come of it."""

import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecasts.averaging import LEVELS
from forecasts.cell_store import CellStore, key_of
from forecasts.cells import HORIZONS, Question, answer, questions
from forecasts.errors import InputError
from forecasts.series import Series
from forecasts.whole_files import write_whole
from forecasts.workers import processes

if TYPE_CHECKING:
    import pandas as pd

FORECASTS = ("series", "as_of", "target", "h", "model", *LEVELS, "actual", "crps")
PLATEAUS = (
    "series", "as_of", "model", "p_already", "p_future", "q05", "q50", "q95", "converged"
)  # fmt: skip
#: Finished cells, below the folder of the two files.
CELLS = "cells"
#: What a backtest writes into its folder, beside them.
WRITTEN = ("forecasts.csv", "plateaus.csv", "scoreboard.md")


def backtest(
    series: Sequence[Series],
    out: str | os.PathLike[str],
    *,
    every: int | Callable[[Series], int] = 1,
    horizons: tuple[float, ...] = HORIZONS,
    seed: int = 0,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Path, Path]:
    """Forecast as at past dates, score against what came, and write two files.

    Parameters
    ----------
    series : sequence of Series
        Whole series; each cell sees only what was known at its as-of date.
    out : path
        Folder; made when missing. Finished cells are kept below it, and a rerun continues.
    every : int or callable
        Rows from one as-of date to the next, or how to choose them for a series.
    horizons : tuple of float
        Rows ahead for evenly spaced `index` and `share` series, years otherwise.
    seed : int
        Same seed, series and versions: same numbers, whatever the number of workers.
    workers : int
        Processes on this machine.
    scheduler : str, optional
        Address of a dask scheduler that does the work instead (extra ``distributed``).
    progress : callable, optional
        Told what was done, how many cells are done, and of how many.

    Returns
    -------
    forecasts, plateaus : Path
        ``forecasts.csv``: a row for every series, as-of date, horizon and model;
        ``plateaus.csv``: a row for every series, as-of date and model.

    Raises
    ------
    InputError
        When no series has a date at which anything can be asked.
    """
    folder = Path(out)
    asked = [
        question
        for one in series
        for question in questions(one, every=_step(every, one), horizons=horizons, seed=seed)
    ]
    if not asked:
        raise InputError(
            "A backtest needs a series with at least one target after its first as-of date (the "
            "9th row, the 5th of fewer than 12), got none: use longer series or shorter horizons."
        )
    store = CellStore(folder / CELLS)
    known = {one.card.id: store.read(one.card.id) for one in series}
    done = {i: known[q.series.card.id].get(key_of(q)) for i, q in enumerate(asked)}
    missing = [i for i, found in done.items() if found is None]
    with _executor(min(workers, len(missing)), scheduler) as pool:
        for i, found in _answers(pool, asked, missing):
            store.add(asked[i], found)
            done[i] = found
            if progress:
                question = asked[i]
                progress(f"{question.series.card.id} {question.as_of}", 1, 1)
    answers = [found for found in done.values() if found is not None]
    return (
        _write(folder / "forecasts.csv", FORECASTS, [r for a in answers for r in a["forecasts"]]),
        _write(folder / "plateaus.csv", PLATEAUS, [r for a in answers for r in a["plateaus"]]),
    )


def check(out: str | os.PathLike[str]) -> Path:
    """Refuse a folder whose files a backtest would replace without having written them.

    Parameters
    ----------
    out : path
        Folder; it need not be there.

    Raises
    ------
    InputError
        When it holds a file of that name, and no finished cells from which it was made.
    """
    folder = Path(out)
    found = next((folder / name for name in WRITTEN if (folder / name).exists()), None)
    if found and not (folder / CELLS).is_dir():
        raise InputError(
            f"A backtest replaces {found.name}, and no backtest wrote the one in {folder}: choose "
            "another folder, or move the file."
        )
    return folder


def read_table(path: Path) -> "pd.DataFrame":
    """Read one of the two files as it was written: an id such as ``2024`` or ``NA`` is text."""
    import pandas as pd

    return pd.read_csv(path, dtype={"series": str}, keep_default_na=False, na_values=[""])


def unfinished(
    series: Sequence[Series],
    out: str | os.PathLike[str],
    *,
    every: int | Callable[[Series], int],
    horizons: tuple[float, ...],
    seed: int,
) -> int:
    """Count the cells that a backtest with these options still has to do."""
    store, count = CellStore(Path(out) / CELLS), 0
    for one in series:
        known = store.read(one.card.id)
        asked = questions(one, every=_step(every, one), horizons=horizons, seed=seed)
        count += sum(key_of(question) not in known for question in asked)
    return count


def _step(every: int | Callable[[Series], int], series: Series) -> int:
    """Rows from one as-of date of a series to the next."""
    return every(series) if callable(every) else every


def _answers(
    pool: Executor | None, asked: Sequence[Question], missing: Sequence[int]
) -> Iterator[tuple[int, dict]]:
    """Answer the missing cells, in whatever order they get finished."""
    if pool is None:
        yield from ((i, answer(asked[i])) for i in missing)
        return
    waiting = {pool.submit(answer, asked[i]): i for i in missing}
    try:
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


@contextmanager
def _executor(workers: int, scheduler: str | None) -> Iterator[Executor | None]:
    """Give a pool of processes, a dask cluster, or nothing for work in this process."""
    if scheduler:
        with _client(scheduler) as client:
            yield client.get_executor()
    elif workers > 1:
        with processes(workers) as pool:
            yield pool
    else:
        yield None


def _client(scheduler: str) -> Any:
    """Connect to a dask scheduler."""
    try:
        from dask.distributed import Client
    except ImportError:
        raise InputError(
            "A scheduler needs the package dask.distributed, which is not installed: install the "
            "extra 'distributed', or use --workers."
        ) from None
    try:
        return Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(
            f"No scheduler answers at {scheduler!r} ({error}): start one, or use --workers."
        ) from None


def _write(path: Path, columns: Sequence[str], rows: Sequence[dict]) -> Path:
    """Write a table as a whole; None is an empty cell."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(row[name]) for name in columns} for row in rows)
    return write_whole(path, out.getvalue())


def _cell(value: object) -> object:
    """Write numbers to seven digits, truth values in small letters."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.7g}" if isinstance(value, float) else value

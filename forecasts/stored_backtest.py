"""Backtests that come with the package: one small file a series, for the series' own page.

A file holds what the average and the naive line said at past dates and what came, with what it was
made from: `Stored.older_than` says whether rows, code or learned population have changed since.
"""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecasts.catalog import data_directory
from forecasts.cell_store import numbers_digest
from forecasts.cells import AVERAGED
from forecasts.dates import decimal_year
from forecasts.targets import WINDOW
from forecasts.versions import versions
from forecasts.whole_files import write_whole

if TYPE_CHECKING:
    import pandas as pd

    from forecasts.series import Series

#: Folder of the catalogue, and the naive line's name in a table.
FOLDER, NAIVE = "backtests", "ols"
_QUANTILES = ("q05", "q50", "q95")


@dataclass(frozen=True)
class PastForecast:
    """One forecast made before, and what came.

    Attributes
    ----------
    as_of, target : date
        Day on which it was made, day that it is for.
    h : float
        Horizon, in rows or years.
    ours, naive : tuple of float
        5 %, 50 % and 95 % quantiles of the average and of the naive line, in the series' unit.
    actual : float
        What came.
    """

    as_of: datetime.date
    target: datetime.date
    h: float
    ours: tuple[float, float, float]
    naive: tuple[float, float, float]
    actual: float

    def inside(self, interval: tuple[float, float, float]) -> bool:
        """Tell whether the truth lies in a 90 % interval, ends included."""
        return interval[0] <= self.actual <= interval[2]


@dataclass(frozen=True)
class Stored:
    """The stored backtest of one series.

    Attributes
    ----------
    series : str
        Its id.
    made : dict
        What it was made from: ``data_sha256``, ``digest``, ``versions``, ``seed``.
    forecasts : tuple of PastForecast
        By as-of date and horizon.
    already : tuple of (date, float)
        Averaged P(already) by as-of date, where a claim was made.
    """

    series: str
    made: dict[str, Any]
    forecasts: tuple[PastForecast, ...]
    already: tuple[tuple[datetime.date, float], ...]

    def known(self, as_of: datetime.date, *, kind: str) -> "Stored":
        """Return what could be looked back upon on a day.

        Parameters
        ----------
        as_of : date
            The day; forecasts made after it, or for days after it, are left out.
        kind : str
            Of the series: what came of an `item` is known half a year after its date only.
        """
        later = WINDOW if kind == "item" else 0.0
        now = decimal_year(as_of) + 1e-9
        forecasts = tuple(
            one
            for one in self.forecasts
            if one.as_of <= as_of and one.target <= as_of
            and decimal_year(one.target) + later <= now
        )  # fmt: skip
        return replace(
            self,
            forecasts=forecasts,
            already=tuple(pair for pair in self.already if pair[0] <= as_of),
        )

    def older_than(self, series: "Series") -> str:
        """Say what changed since it was made: the rows, the models, or nothing (empty).

        Parameters
        ----------
        series : Series
            The whole series as it is now.
        """
        if self.made["data_sha256"] != series.data_sha256:
            return "rows"
        return "" if self.made["digest"] == numbers_digest(series.card) else "models"


def read(series_id: str, folder: Path | None = None) -> Stored | None:
    """Return the stored backtest of a series, or None where there is none."""
    path = (folder or data_directory() / FOLDER) / f"{series_id}.json"
    if Path(series_id).name != series_id or not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    day = datetime.date.fromisoformat
    return Stored(
        series=found["series"],
        made=found["made"],
        forecasts=tuple(
            PastForecast(day(row[0]), day(row[1]), row[2], tuple(row[3:6]), tuple(row[6:9]), row[9])
            for row in found["forecasts"]
        ),
        already=tuple((day(when), p) for when, p in found["already"]),
    )


def write(
    folder: Path,
    forecasts: "pd.DataFrame",
    plateaus: "pd.DataFrame",
    series: "Sequence[Series]",
    *,
    seed: int,
) -> list[Path]:
    """Write one file a series from the two tables of a backtest that has just been made.

    Parameters
    ----------
    folder : Path
        Made when missing; files of other series stay.
    forecasts, plateaus : DataFrame
        Rows of ``forecasts.csv`` and ``plateaus.csv``.
    series : sequence of Series
        The whole series in them.
    seed : int
        Seed of the backtest.
    """
    rows = _side_by_side(forecasts)
    mine = plateaus[(plateaus["model"] == AVERAGED) & plateaus["p_already"].notna()]
    paths = []
    for one in series:
        name = one.card.id
        made = {
            "data_sha256": one.data_sha256,
            "digest": numbers_digest(one.card),
            "versions": versions(),
            "seed": seed,
        }
        claims = mine[mine["series"] == name]
        already = zip(claims["as_of"], claims["p_already"], strict=True)
        blocks = {
            "forecasts": [json.dumps(row) for row in rows.get(name, [])],
            "already": [json.dumps([when, float(f"{p:.4g}")]) for when, p in already],
        }
        text = ",\n".join(
            [
                f'"series": {json.dumps(name)}',
                f'"made": {json.dumps(made)}',
                *(f'"{key}": [\n{",\n".join(lines)}\n]' for key, lines in blocks.items()),
            ]
        )
        paths.append(write_whole(folder / f"{name}.json", "{\n" + text + "\n}\n"))
    return paths


def _side_by_side(forecasts: "pd.DataFrame") -> dict[str, list[list[Any]]]:
    """Put the average and the naive line of each target into one row, by series."""
    key = ["series", "as_of", "target", "h", "actual"]
    ours = forecasts[forecasts["model"] == AVERAGED].set_index(key)[list(_QUANTILES)]
    naive = forecasts[forecasts["model"] == NAIVE].set_index(key)[list(_QUANTILES)]
    found: dict[str, list[list[Any]]] = {}
    naive.columns = [f"{name}_naive" for name in naive.columns]
    joined = ours.join(naive, how="inner").sort_index()
    for (name, as_of, target, h, actual), row in zip(
        joined.index, joined.to_numpy(float), strict=True
    ):
        values = [float(f"{value:.5g}") for value in (*row, actual)]
        found.setdefault(name, []).append([as_of, target, float(h), *values])
    return found

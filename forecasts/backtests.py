"""A backtest as one object: run it in a notebook, or read what the command wrote."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from forecasts import backtest_run, words
from forecasts.catalog import catalogue
from forecasts.cells import AVERAGED, HORIZONS
from forecasts.checks import check_backtest, check_names
from forecasts.errors import InputError
from forecasts.progress import shown
from forecasts.scoreboard import Score, score
from forecasts.series import Series
from forecasts.shown import Shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Backtest(Shown):
    """Forecasts made as at past dates, and what came.

    Attributes
    ----------
    forecasts : DataFrame
        ``forecasts.csv``: a row for every series, as-of date, horizon and model; quantiles and
        ``actual`` in the series' own unit, ``crps`` on log values (of a share: on the value).
    plateaus : DataFrame
        ``plateaus.csv``: a row for every series, as-of date and model; an empty date means later
        than the horizon.
    maxima : dict of float
        Maximum of each series of kind ``share``, by id: those are scored on the value.
    families : dict of str
        Family of each series, by id: relatives are redrawn together. One that is not in it is a
        family of its own.
    """

    forecasts: "pd.DataFrame"
    plateaus: "pd.DataFrame"
    maxima: dict[str, float]
    families: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        folder: str | os.PathLike[str],
        *,
        maxima: dict[str, float] | None = None,
        families: dict[str, str] | None = None,
    ) -> "Backtest":
        """Read the two files that `backtest` or ``forecasts backtest`` wrote.

        Parameters
        ----------
        folder : path
            Holds ``forecasts.csv`` and ``plateaus.csv``.
        maxima : dict of float, optional
            Maximum of each series of kind ``share`` that is not of the catalogue.
        families : dict of str, optional
            Family of each series that is not of the catalogue; a series that is named here is not
            looked up there, so that a file of one's own may bear the name of a bundled one.

        Returns
        -------
        Backtest
            As it was written.

        Raises
        ------
        InputError
            When one of the two files is not there.
        """
        paths = [Path(folder) / name for name in ("forecasts.csv", "plateaus.csv")]
        for path in paths:
            if not path.is_file():
                raise InputError(
                    f"A backtest is a folder with forecasts.csv and plateaus.csv, got no "
                    f"{path.name} in {Path(folder).name}: run forecasts backtest first."
                )
        forecasts, plateaus = (backtest_run.read_table(path) for path in paths)
        here = set(forecasts["series"]) - set(families or {})
        cards = [card for card in catalogue() if card.id in here]
        known = {card.id: card.maximum or 1.0 for card in cards if card.kind == "share"}
        related = {card.id: card.family for card in cards}
        return cls(forecasts, plateaus, known | (maxima or {}), related | (families or {}))

    @property
    def series(self) -> list[str]:
        """Ids, in the order of the file."""
        return list(dict.fromkeys(self.forecasts["series"]))

    @cached_property
    def scores(self) -> list[Score]:
        """How each model did at each horizon, see `forecasts.scoreboard.score`."""
        return score(self.forecasts, self.maxima, self.families)

    @property
    def sentence(self) -> str:
        """What was asked, and how the average did, in words."""
        cells = self.forecasts.drop_duplicates(["series", "as_of"])
        text = (
            f"{len(cells)} as-of dates of {len(self.series)} series, from "
            f"{words.day(cells['as_of'].min())} to {words.day(cells['as_of'].max())}."
        )
        all_together = [s for s in self.scores if s.h != s.h and s.model == AVERAGED]
        for one in all_together:
            of = f" ({one.scale})" if len(all_together) > 1 else ""
            text += (
                f" Of {one.cells} outcomes{of}, {words.percent(one.cover90[0])} lay in the "
                f"averaged 90 % interval and {words.percent(one.cover50[0])} in the 50 % interval"
            )
            text += ", each series weighing the same." if one.series > 1 else "."
        return text

    def averaged_forecasts(self, name: str) -> "pd.DataFrame":
        """Return the averaged forecasts of one series at the horizon with the most outcomes.

        Parameters
        ----------
        name : str
            Id of the series.
        """
        table = self.forecasts
        table = table[(table["series"] == name) & (table["model"] == AVERAGED)]
        return table[table["h"] == table["h"].mode().max()] if len(table) else table

    def averaged_plateaus(self, name: str) -> "pd.DataFrame":
        """Return the averaged plateau of one series at each as-of date.

        Parameters
        ----------
        name : str
            Id of the series.
        """
        table = self.plateaus
        return table[(table["series"] == name) & (table["model"] == AVERAGED)]

    def __str__(self) -> str:
        return self.sentence


def backtest(
    series: Series | Sequence[Series],
    *,
    every: int = 1,
    horizons: tuple[float, ...] = HORIZONS,
    folder: str | os.PathLike[str] | None = None,
    seed: int = 0,
    workers: int = 1,
) -> Backtest:
    """Forecast as at past dates and score against what came, with progress.

    Parameters
    ----------
    series : Series or sequence of Series
        Whole series; each cell sees only what was known at its as-of date.
    every : int
        Rows from one as-of date to the next.
    horizons : tuple of float
        Rows ahead for evenly spaced `index` and `share` series, years otherwise.
    folder : path, optional
        Where ``forecasts.csv``, ``plateaus.csv`` and the finished cells are kept, so that a rerun
        continues; default: nowhere.
    seed : int
        Same seed, series and versions: same numbers.
    workers : int
        Processes on this machine.

    Returns
    -------
    Backtest
        The two tables; it shows itself in Jupyter.

    Raises
    ------
    InputError
        When no series has a date at which anything can be asked, two of them have one name, an
        option is out of its range, or the folder holds files of these names from elsewhere.
    """
    asked = [series] if isinstance(series, Series) else list(series)
    every, horizons, seed = check_backtest(every, horizons, seed)
    check_names([one.card.id for one in asked])
    if folder is not None:
        backtest_run.check(folder)
    maxima = {s.card.id: s.card.maximum or 1.0 for s in asked if s.card.kind == "share"}
    families = {s.card.id: s.card.family for s in asked}
    with tempfile.TemporaryDirectory() as nowhere:
        out = Path(folder) if folder is not None else Path(nowhere)
        todo = backtest_run.unfinished(asked, out, every=every, horizons=horizons, seed=seed)
        with shown(todo) as progress:
            backtest_run.backtest(
                asked,
                out,
                every=every,
                horizons=horizons,
                seed=seed,
                workers=workers,
                progress=progress,
            )
        return Backtest.read(out, maxima=maxima, families=families)

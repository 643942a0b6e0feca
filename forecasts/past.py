"""Committed backtests, and what they say of the ends of trends, as tables for notebooks.

Which trend ended, when that was called and what was a false alarm is decided in
`forecasts.lead_time`; ``tests/test_past.py`` holds hand-made cases of the tables.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from forecasts.backtests import Backtest, backtest
from forecasts.catalog import data_directory, load
from forecasts.cells import AVERAGED
from forecasts.dates import decimal_year
from forecasts.lead_time import ALARMS, Watched, false_alarms, watched

if TYPE_CHECKING:
    import pandas as pd

#: What stands in for committed results: two short series, quickly done.
SAMPLE, SAMPLE_EVERY = ("fl_dram", "fl_aluminum"), 6


def committed(
    name: str = "", *, sample: Sequence[str] = SAMPLE, every: int = SAMPLE_EVERY
) -> Backtest:
    """Read the results that come with the checkout, or make a small sample of them.

    Parameters
    ----------
    name : str
        Folder below ``validation``; default: that folder itself, which holds the scoreboard.
    sample, every : sequence of str, int
        Where nothing is committed (an installed wheel, say): series to backtest, and how many rows
        from one as-of date to the next.
    """
    folder = data_directory().parent / "validation" / name
    if (folder / "forecasts.csv").is_file() and (folder / "plateaus.csv").is_file():
        return Backtest.read(folder)
    return backtest([load(one) for one in sample], every=every, seed=1)


def outcomes(series: Sequence[Watched]) -> "pd.DataFrame":
    """Tabulate which trends ended and which went on: a row a series, named as in `Watched`."""
    import pandas as pd

    return pd.DataFrame(series, columns=["series", "last", "p_last", "ended", "believed"])


def calls(series: Sequence[Watched]) -> "pd.DataFrame":
    """Tabulate when the plateaus of the trends that ended were called.

    Returns
    -------
    DataFrame
        A row a series and level: ``series``, ``level``, ``believed``, ``called`` (dates) and
        ``years_after``: lead time, negative when the call came before the date now believed.
    """
    import pandas as pd

    rows = [
        (one.series, level, one.believed, one.called(level), one.late(one.called(level)))
        for one in series
        if one.ended
        for level in ALARMS
    ]
    return pd.DataFrame(rows, columns=["series", "level", "believed", "called", "years_after"])


def alarms(series: Sequence[Watched]) -> "pd.DataFrame":
    """Tabulate the false alarms: a row an outcome and level, named as in `FalseAlarms`."""
    import pandas as pd

    return pd.DataFrame(false_alarms(series))


def eve_rises(plateaus: "pd.DataFrame", *, eve: float = 1.0) -> "pd.DataFrame":
    """Ask whether the probability of a plateau rose before each trend ended.

    Parameters
    ----------
    plateaus : DataFrame
        Rows of ``plateaus.csv``.
    eve : float
        Years before the end began (5 % quantile of the last row) at which its eve is.

    Returns
    -------
    DataFrame
        A row a trend that ended, with two or more as-of dates up to its eve: ``series``,
        ``believed``; ``earliest``: when the end may have begun (5 % quantile of the last row);
        ``eve``: the last as-of date up to a year before that; ``on_eve`` and ``earlier``:
        P(plateau come, or within 30 years) then, and its median over all earlier dates; ``rise``.
    """
    import pandas as pd

    rows = []
    mine = plateaus[plateaus["model"] == AVERAGED].dropna(subset="p_already")
    for one in watched(plateaus):
        if one.earliest is None:
            continue
        part = mine[mine["series"] == one.series].sort_values("as_of")
        until = decimal_year(one.earliest) - eve
        days = [day for day in one.as_of if decimal_year(day) <= until]
        if len(days) < 2:
            continue
        *earlier, last = (part["p_already"] + part["p_future"]).to_numpy(float)[: len(days)]
        usual = float(np.median(earlier))
        rows.append((one.series, one.believed, one.earliest, days[-1], last, usual, last - usual))
    names = ["series", "believed", "earliest", "eve", "on_eve", "earlier", "rise"]
    return pd.DataFrame(rows, columns=names)

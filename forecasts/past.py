"""What a backtest says of stops: when it called each, how often falsely, and what it scored.

Works on the two tables that ``forecasts backtest`` writes. What counts as a stop and as a false
alarm is decided by stated thresholds here, once; ``tests/test_past.py`` holds hand-made cases.
"""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from forecasts.backtests import Backtest, backtest
from forecasts.catalog import data_directory, load
from forecasts.cells import AVERAGED
from forecasts.dates import decimal_year

if TYPE_CHECKING:
    import pandas as pd

#: At the last as-of date: from here on it has stopped, up to here it has not.
STOPPED, WENT_ON = 0.95, 0.5
#: Probabilities of "already" at which a stop counts as called.
LEVELS = (0.5, 0.9)
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


def stops(plateaus: "pd.DataFrame") -> "pd.DataFrame":
    """Say of each series whether it stopped, by the averaged posterior of its last as-of date.

    Parameters
    ----------
    plateaus : DataFrame
        ``plateaus.csv``.

    Returns
    -------
    DataFrame
        A row a series: ``series``, ``last_as_of``, ``p_already``, ``state`` (``stopped``, ``went
        on`` or ``open``), and ``early``, ``stop``, ``late``: 5, 50 and 95 % quantiles of the stop
        as decimal years, where it stopped.
    """
    import pandas as pd

    rows = []
    for series, part in _averaged(plateaus).groupby("series"):
        last = part.iloc[-1]
        p = float(last["p_already"])
        state = "stopped" if p >= STOPPED else "went on" if p < WENT_ON else "open"
        dates = [_year(last[q]) if state == "stopped" else float("nan") for q in _QUANTILES]
        rows.append([series, last["as_of"], p, state, *dates])
    return pd.DataFrame(rows, columns=["series", "last_as_of", "p_already", "state", *_NAMES])


def calls(plateaus: "pd.DataFrame", *, levels: Sequence[float] = LEVELS) -> "pd.DataFrame":
    """Say when each stop was called, and how often it was called falsely.

    A stop is called at the first as-of date from which P(already) stays at the level or above. An
    as-of date before the stop (before its 5 % quantile), or any of a series that went on, with
    P(already) at the level or above is a false alarm. Series that are still open are left out.

    Returns
    -------
    DataFrame
        A row a series and level: ``series``, ``level``, ``stop``, ``called`` (decimal years),
        ``years_after`` (called minus stop), ``false_alarms``, ``dates`` (at which it could have
        been one).
    """
    import pandas as pd

    rows = []
    for known in stops(plateaus).itertuples():
        if known.state == "open":
            continue
        part = _averaged(plateaus)
        part = part[part["series"] == known.series]
        when, p = part["as_of"].map(_year).to_numpy(), part["p_already"].to_numpy(float)
        before = when < known.early if known.state == "stopped" else when == when
        for level in levels:
            over = p >= level
            tail = int(over[::-1].argmin()) if not over.all() else len(over)
            called = when[len(when) - tail] if tail and known.state == "stopped" else float("nan")
            false, dates = int((over & before).sum()), int(before.sum())
            late = called - known.stop
            rows.append([known.series, level, known.stop, called, late, false, dates])
    names = ["series", "level", "stop", "called", "years_after", "false_alarms", "dates"]
    return pd.DataFrame(rows, columns=names)


def false_alarms(found: "pd.DataFrame") -> str:
    """Say in a sentence how often stops were called falsely, by level."""
    said = [
        f"{int(part['false_alarms'].sum())} of {int(part['dates'].sum())} as-of dates at "
        f"{level:g} or above"
        for level, part in found.groupby("level")
    ]
    return f"False alarms before a stop, or where none came: {'; '.join(said)}."


def eve_rises(plateaus: "pd.DataFrame", *, eve: float = 1.0) -> "pd.DataFrame":
    """Ask whether the probability of a plateau rose before each stop.

    Parameters
    ----------
    plateaus : DataFrame
        ``plateaus.csv``.
    eve : float
        Years before the 5 % quantile of the stop at which its eve is.

    Returns
    -------
    DataFrame
        A row a stop with two or more as-of dates up to its eve: ``series``, ``stop``, ``eve`` (the
        last as-of date up to then), ``on_eve`` and ``earlier``: P(plateau up to 30 years after)
        then, and its median over all earlier dates; ``rise``.
    """
    import pandas as pd

    rows = []
    for known in stops(plateaus).query("state == 'stopped'").itertuples():
        part = _averaged(plateaus)
        part = part[part["series"] == known.series]
        when = part["as_of"].map(_year).to_numpy()
        ahead = (part["p_already"] + part["p_future"]).to_numpy(float)
        before = when <= known.early - eve
        if before.sum() < 2:
            continue
        *earlier, last = ahead[before]
        usual = float(pd.Series(earlier).median())
        rows.append([known.series, known.stop, when[before][-1], last, usual, last - usual])
    names = ["series", "stop", "eve", "on_eve", "earlier", "rise"]
    return pd.DataFrame(rows, columns=names)


_QUANTILES, _NAMES = ("q05", "q50", "q95"), ("early", "stop", "late")


def _averaged(plateaus: "pd.DataFrame") -> "pd.DataFrame":
    """Rows of the average that make a claim, by series and date."""
    part = plateaus[(plateaus["model"] == AVERAGED) & plateaus["p_already"].notna()]
    return part.sort_values(["series", "as_of"])


def _year(text: object) -> float:
    """Decimal year of an ISO date; nan for an empty cell (later than the horizon)."""
    return (
        decimal_year(datetime.date.fromisoformat(text)) if isinstance(text, str) else float("nan")
    )

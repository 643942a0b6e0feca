"""Did the alarm come in time, and did it cry wolf: P(already) at past dates against what came.

A trend **ended** when the average, at the last as-of date of the backtest, gives at least one half
to a plateau that has come already; it **went on** otherwise. The plateau date *now believed* is the
median of that last row. Nothing better is known of most series, so a late surprise would make an
alarm that counts as false here a true one.

A plateau is **called** at a level on the first as-of date with a P(already) of that level or more;
**lead time** is counted from the date now believed to that date. A **false alarm** is such a
P(already) before the date now believed, or at any date of a trend that went on.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecasts.cells import AVERAGED
from forecasts.dates import decimal_year, parse_date

if TYPE_CHECKING:
    import pandas as pd

#: From this P(already) at the last as-of date on, a trend counts as ended.
ENDED = 0.5
#: From these P(already) on, an alarm was given.
ALARMS = (0.5, 0.9)
DEFINITION = (
    "A trend *ended* when the averaged P(already) at its last as-of date is 0.5 or more, and *went "
    "on* otherwise; the date *now believed* is the median of that last row. Series of which no "
    "claim was possible at that date are in neither."
)


@dataclass(frozen=True)
class Watched:
    """What was said of one series as time went on.

    Attributes
    ----------
    series : str
        Its id.
    ended : bool
        As defined at the top of this module.
    last : date
        Last as-of date.
    p_last : float
        Averaged P(already) then.
    believed : date, optional
        Plateau date now believed; None when the trend went on.
    earliest, latest : date, optional
        5 % and 95 % quantiles of that date; None when the trend went on, or for later than the
        horizon.
    as_of : tuple of date
        As-of dates at which a claim was made.
    p_already : tuple of float
        Averaged P(already) at each.
    """

    series: str
    ended: bool
    last: datetime.date
    p_last: float
    believed: datetime.date | None
    earliest: datetime.date | None
    latest: datetime.date | None
    as_of: tuple[datetime.date, ...]
    p_already: tuple[float, ...]

    def before(self) -> list[float]:
        """P(already) at the dates when an alarm was false: all, or those before the plateau."""
        return [
            p
            for day, p in zip(self.as_of, self.p_already, strict=True)
            if self.believed is None or day < self.believed
        ]

    def called(self, level: float) -> datetime.date | None:
        """First as-of date with a P(already) of `level` or more."""
        found = zip(self.as_of, self.p_already, strict=True)
        return next((day for day, p in found if p >= level), None)

    def for_good(self, level: float) -> datetime.date | None:
        """First as-of date since which P(already) has never been below `level`."""
        since = None
        for day, p in zip(self.as_of, self.p_already, strict=True):
            since = (since or day) if p >= level else None
        return since

    def late(self, day: datetime.date | None) -> float | None:
        """Years from the plateau date now believed to an alarm; negative when it came before."""
        if day is None or self.believed is None:
            return None
        return decimal_year(day) - decimal_year(self.believed)


@dataclass(frozen=True)
class FalseAlarms:
    """How often an alarm was given that now looks wrong.

    Attributes
    ----------
    ended : bool
        Of series that ended (before the date now believed) or went on (at any date).
    level : float
        P(already) that counts as an alarm.
    series, dates, alarms : int
        What was looked at, and the alarms among the dates.
    share : float
        Mean over series of the share of dates with an alarm; nan without any date.
    """

    ended: bool
    level: float
    series: int
    dates: int
    alarms: int
    share: float


def watched(plateaus: "pd.DataFrame") -> list[Watched]:
    """Follow the averaged P(already) of every series.

    Parameters
    ----------
    plateaus : DataFrame
        Rows of ``plateaus.csv``.

    Returns
    -------
    list of Watched
        By id; without the series of which no claim was possible at their last as-of date.
    """
    found = []
    mine = plateaus[plateaus["model"] == AVERAGED].sort_values(["series", "as_of"])
    for name, rows in mine.groupby("series"):
        final = rows.iloc[-1]
        if not np.isfinite(final["p_already"]):
            continue
        ended = bool(final["p_already"] >= ENDED)
        claims = rows[rows["p_already"].notna()]
        found.append(
            Watched(
                series=str(name),
                ended=ended,
                last=parse_date(final["as_of"]),
                p_last=float(final["p_already"]),
                believed=parse_date(final["q50"]) if ended else None,
                earliest=_day(final.get("q05")) if ended else None,
                latest=_day(final.get("q95")) if ended else None,
                as_of=tuple(parse_date(day) for day in claims["as_of"]),
                p_already=tuple(claims["p_already"].astype(float)),
            )
        )
    return found


def _day(cell: object) -> datetime.date | None:
    """Read a date of the table; an empty cell is later than the horizon."""
    return parse_date(cell) if isinstance(cell, str) else None


def false_alarms(series: Sequence[Watched]) -> list[FalseAlarms]:
    """Count the alarms that now look wrong, by outcome and level; each series weighs the same."""
    found = []
    for ended in (False, True):
        each = [one.before() for one in series if one.ended == ended]
        each = [values for values in each if values]
        for level in ALARMS:
            shares = [float(np.mean([p >= level for p in values])) for values in each]
            found.append(
                FalseAlarms(
                    ended=ended,
                    level=level,
                    series=len(each),
                    dates=sum(map(len, each)),
                    alarms=sum(p >= level for values in each for p in values),
                    share=float(np.mean(shares)) if shares else float("nan"),
                )
            )
    return found


def split(series: Sequence[Watched]) -> dict[str, set[str]]:
    """Ids of the series whose trend went on, and of those whose trend ended."""
    return {
        "trend went on": {one.series for one in series if not one.ended},
        "trend ended": {one.series for one in series if one.ended},
    }

"""The tables of a scoreboard, each made once for Markdown and for a page."""

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from forecasts import words
from forecasts.baselines import available
from forecasts.cells import AVERAGED
from forecasts.lead_time import ALARMS, FalseAlarms, Watched
from forecasts.pit import EDGES, NOMINAL, Histogram
from forecasts.scoreboard import Score

_SCORES = (
    "Weighted interval score (WIS) and CRPS on log values (shares: on value / maximum), each "
    "series weighing the same; ± is the bootstrap standard error over families of series. "
    "Difference: WIS of the average minus the model's, with its 90 % bootstrap interval; below "
    "zero the average is better. An interval holds what lies on its ends, too, as a record that "
    "stands or a rounded share may. h: rows ahead for evenly spaced levels and shares, years "
    "otherwise."
)
_ALARMS = (
    "An alarm is a P(already) of the level or more. Of trends that went on every as-of date "
    "with a claim counts, of trends that ended those before the plateau date now believed. Share: "
    "mean over series of the share of dates with an alarm, each series weighing the same."
)
_KINDS = (
    "The averaged forecast. WIS and coverage as above. Less, more: share of what came beyond the "
    "90 % interval, with less progress than forecast and with more; 0.05 each is calibrated. "
    "Baseline: the one with the lowest WIS there, picked afterwards. Difference: from it, as above."
)
_LEAD = (
    "Trends that ended: years from the plateau date now believed to the first as-of date with a "
    "P(already) of the level or more, and to the date since which it has stayed there; negative: "
    "before the plateau. A dash: never."
)
_PIT = (
    "Density of the truth between the five quantiles, over its nominal share; 1 is calibrated, and "
    "the first bin is less progress than forecast. In brackets the 90 % band of a calibrated "
    "forecast, were all cells of a family of series one and the same."
)


@dataclass(frozen=True)
class Table:
    """Rows of text under a caption; the first column names the row.

    Attributes
    ----------
    caption : str
        What the numbers are.
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells.
    strong : tuple of int
        Places of the rows that are ours.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: tuple[int, ...] = ()

    def to_markdown(self) -> str:
        """Write caption and table in Markdown."""
        lines = [
            *([self.caption, ""] if self.caption else []),
            f"| {' | '.join(self.columns)} |",
            "|" + "---|" * len(self.columns),
            *(f"| {' | '.join(row)} |" for row in self.rows),
        ]
        return "\n".join(lines) + "\n"


def scores_table(scores: Sequence[Score]) -> Table:
    """Tabulate the scores: a row a scale, horizon and model."""
    # The average first, then what it has to beat, then the shapes that it is made of.
    rank = [AVERAGED, *available()]
    ordered = sorted(
        scores,
        key=lambda s: (
            s.scale,
            s.h if s.h == s.h else 1e9,
            rank.index(s.model) if s.model in rank else len(rank),
        ),
    )
    columns = (
        "scale", "h", "model", "cells", "series", "WIS", "CRPS", "90 % coverage", "50 % coverage",
        "difference",
    )  # fmt: skip
    rows = [
        (
            one.scale,
            f"{one.h:g}" if one.h == one.h else "all",
            one.model,
            str(one.cells),
            str(one.series),
            *(_pair(value, 3) for value in (one.wis, one.crps)),
            *(_pair(value, 2) for value in (one.cover90, one.cover50)),
            "" if one.model == AVERAGED else _difference(one),
        )
        for one in ordered
    ]
    ours = tuple(i for i, one in enumerate(ordered) if one.model == AVERAGED)
    return Table(_SCORES, columns, tuple(rows), ours)


@dataclass(frozen=True)
class OfKind:
    """How the average did on the series of one kind at one horizon.

    Attributes
    ----------
    kind : str
        Kind of the series.
    ours, beside : Score
        Of the average, and of the best of the baselines.
    fell : Histogram
        Where the truth fell among the quantiles of the average.
    """

    kind: str
    ours: Score
    beside: Score
    fell: Histogram


def kinds_table(found: Sequence[OfKind]) -> Table:
    """Tabulate the average by kind and horizon."""
    rows = [
        (
            one.kind,
            f"{one.ours.h:g}",
            str(one.ours.cells),
            str(one.ours.series),
            _pair(one.ours.wis, 3),
            *(_pair(value, 2) for value in (one.ours.cover90, one.ours.cover50)),
            *(f"{NOMINAL[end] * one.fell.density[end]:.2f}" for end in (0, -1)),
            one.beside.model,
            _difference(one.beside),
        )
        for one in found
    ]
    columns = (
        "kind", "h", "cells", "series", "WIS", "90 % coverage", "50 % coverage", "less", "more",
        "baseline", "difference",
    )  # fmt: skip
    return Table(_KINDS, columns, tuple(rows))


def alarms_table(found: Sequence[FalseAlarms]) -> Table:
    """Tabulate the false alarms: a row an outcome and level."""
    rows = [
        (
            "ended, before it did" if one.ended else "went on",
            f"{one.level:g}",
            str(one.series),
            str(one.dates),
            str(one.alarms),
            f"{one.share:.2f}" if one.series else words.MISSING,
        )
        for one in found
    ]
    columns = ("trend", "P(already) at least", "series", "as-of dates", "false alarms", "share")
    return Table(_ALARMS, columns, tuple(rows))


def lead_table(series: Sequence[Watched]) -> Table:
    """Tabulate the lead times: a row a series that ended, by the date now believed."""
    ended = sorted((one for one in series if one.believed), key=lambda one: str(one.believed))
    rows = [
        (
            one.series,
            f"{words.month(one.believed)} ({_ends(one)})",
            words.day(one.last),
            f"{one.p_last:.2f}",
            *(
                _when(one, day)
                for level in ALARMS
                for day in (one.called(level), one.for_good(level))
            ),
        )
        for one in ended
    ]
    columns = (
        "series", "plateau now believed (90 %)", "last as of", "P(already) then",
        *(f"P ≥ {level:g} {which}" for level in ALARMS for which in ("first", "for good")),
    )  # fmt: skip
    return Table(_LEAD, columns, tuple(rows))


def _ends(one: Watched) -> str:
    """90 % interval of the date now believed; open where it may not have come at all."""
    first, last = (words.month(day) if day else "open" for day in (one.earliest, one.latest))
    return f"{first} to {last}"


def pit_table(found: Sequence[Histogram]) -> Table:
    """Tabulate the histograms: a row a horizon."""
    bins = tuple(f"{100 * low:g} to {100 * high:g} %" for low, high in pairwise(EDGES))
    rows = [
        (
            f"{one.h:g}",
            str(one.cells),
            str(one.series),
            *(
                f"{density:.2f} ({low:.2f} to {high:.2f})"
                for density, low, high in zip(one.density, *one.dependent, strict=True)
            ),
        )
        for one in found
    ]
    return Table(_PIT, ("h", "cells", "series", *bins), tuple(rows))


def read_table(markdown: str) -> Table:
    r"""Read a page of Markdown with one table, and paragraphs before it, back into a table.

    Examples
    --------
    >>> read_table("Says *what*.\n\n| a | b |\n|---|---|\n| 1 | **2** |\n").rows
    (('1', '2'),)
    """
    lines = [re.sub(r"\*+", "", line).strip() for line in markdown.splitlines()]
    cells = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in lines
        if line.startswith("|")
    ]
    caption = " ".join(line for line in lines if line and line[0] not in "|#")
    return Table(caption, cells[0], tuple(cells[2:])) if cells else Table(caption, (), ())


def _when(one: Watched, day: datetime.date | None) -> str:
    """Years from the date believed to an alarm, and its date."""
    late = one.late(day)
    return words.MISSING if late is None else f"{late:+.1f} ({words.month(day)})"


def _difference(one: Score) -> str:
    """Difference and interval; a single family has none."""
    middle, low, high = one.behind
    return f"{middle:+.3f}" if math.isnan(low) else f"{middle:+.3f} ({low:+.3f} to {high:+.3f})"


def _pair(value: tuple[float, float], digits: int) -> str:
    """Mean over series and its standard error over families; a single family has none."""
    mean, error = (f"{part:.{digits}f}" for part in value)
    return mean if math.isnan(value[1]) else f"{mean} ± {error}"

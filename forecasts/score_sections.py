"""What a scoreboard says, in order, once for Markdown and for the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forecasts.baselines import available
from forecasts.cells import AVERAGED
from forecasts.lead_time import DEFINITION, Watched, false_alarms, split, watched
from forecasts.pit import Histogram, histograms
from forecasts.score_tables import (
    OfKind,
    Table,
    alarms_table,
    kinds_table,
    lead_table,
    pit_table,
    scores_table,
)
from forecasts.scoreboard import score
from forecasts.targets import FIRST_ROW

if TYPE_CHECKING:
    import pandas as pd

    from forecasts.series import Series

#: Group of the catalogue on which the published comparison was made.
PUBLISHED = "technology costs"


@dataclass(frozen=True)
class Section:
    """One part of a scoreboard.

    Attributes
    ----------
    heading, text : str
        In plain words.
    tables : tuple of Table
        Shown under the figure, if there is one.
    histograms : tuple of Histogram
        Drawn where given.
    watched : tuple of Watched
        Drawn where given.
    """

    heading: str
    text: str
    tables: tuple[Table, ...]
    histograms: tuple[Histogram, ...] = ()
    watched: tuple[Watched, ...] = ()


def sections(
    forecasts: "pd.DataFrame", plateaus: "pd.DataFrame", series: "Sequence[Series]"
) -> list[Section]:
    """Compute every part of a scoreboard.

    Parameters
    ----------
    forecasts, plateaus : DataFrame
        Rows of the two files of a backtest.
    series : sequence of Series
        The series in them.

    Returns
    -------
    list of Section
        The published comparison first, where its series are among them.
    """
    maxima = {s.card.id: s.card.maximum or 1.0 for s in series if s.card.kind == "share"}
    families = {s.card.id: s.card.family for s in series}
    found = []
    compared = [one for one in series if one.card.group == PUBLISHED]
    early = forecasts[_from_ninth_row(forecasts, compared)]
    if len(early):
        text = (
            f"The technology costs of Farmer and Lafond, as-of dates from the {FIRST_ROW}th row "
            f"on: {early['series'].nunique()} series."
        )
        tables = (scores_table(score(early, maxima, families)),)
        found.append(Section("Published comparison", text, tables))
    text = f"All as-of dates of all {forecasts['series'].nunique()} series."
    found.append(Section("All series", text, (scores_table(score(forecasts, maxima, families)),)))
    followed = watched(plateaus)
    shown = [AVERAGED, *available()]
    for name, ids in split(followed).items():
        cells = forecasts[forecasts["series"].isin(list(ids)) & forecasts["model"].isin(shown)]
        if len(cells):
            tables = (scores_table(score(cells, maxima, families)),)
            found.append(Section(f"All series: {name}", f"{len(ids)} series. {DEFINITION}", tables))
    parts = [_by_kind(forecasts, series, maxima, families), _calibration(forecasts, series)]
    return [*found, *parts, *_alarms(followed)]


def to_markdown(parts: Sequence[Section]) -> str:
    """Write headings, texts and tables in Markdown."""
    blocks = []
    for part in parts:
        blocks += [f"## {part.heading}\n", f"{part.text}\n"]
        blocks += [table.to_markdown() for table in part.tables]
    return "\n".join(blocks)


def failures(plateaus: "pd.DataFrame") -> tuple[list[str], int]:
    """Name the fits that did not pass the convergence gate, and count all."""
    fits = plateaus[plateaus["model"] != AVERAGED]
    failed = fits[~fits["converged"].astype(bool)]
    return [f"{row.series} {row.as_of} {row.model}" for row in failed.itertuples()], len(fits)


def _by_kind(
    forecasts: "pd.DataFrame",
    series: "Sequence[Series]",
    maxima: dict[str, float],
    families: dict[str, str],
) -> Section:
    """How the average did on each kind, and on which side it missed."""
    falling = {s.card.id for s in series if s.sign < 0}
    baselines = available()
    compared = forecasts[forecasts["model"].isin([AVERAGED, *baselines])]
    found = []
    for kind in sorted({s.card.kind for s in series}):
        of_kind = [s.card.id for s in series if s.card.kind == kind]
        cells = compared[compared["series"].isin(of_kind)]
        scores = {(one.h, one.model): one for one in score(cells, maxima, families)}
        for fell in histograms(cells, falling=falling, families=families):
            beside = [scores[fell.h, name] for name in baselines if (fell.h, name) in scores]
            best = min(beside, key=lambda one: one.wis[0])
            found.append(OfKind(kind, scores[fell.h, AVERAGED], best, fell))
    text = "What a row is decides how far it strays, so each kind is also counted by itself."
    return Section("By kind", text, (kinds_table(found),))


def _calibration(forecasts: "pd.DataFrame", series: "Sequence[Series]") -> Section:
    """Where the truth fell."""
    falling = {s.card.id for s in series if s.sign < 0}
    families = {s.card.id: s.card.family for s in series}
    found = histograms(forecasts, falling=falling, families=families)
    text = (
        "Where the truth fell among the quantiles of the averaged forecast. A U says that the "
        "intervals are too narrow, a hump that they are too wide, a slope that they are biased."
    )
    return Section("Calibration", text, (pit_table(found),), histograms=tuple(found))


def _alarms(followed: Sequence[Watched]) -> list[Section]:
    """False alarms and lead times."""
    return [
        Section("False alarms", DEFINITION, (alarms_table(false_alarms(followed)),)),
        Section("Lead time", DEFINITION, (lead_table(followed),), watched=tuple(followed)),
    ]


def _from_ninth_row(forecasts: "pd.DataFrame", series: "Sequence[Series]") -> "pd.Series":
    """Tell which rows stand at the ninth row of these series or later."""
    never = "9999"
    first = {
        one.card.id: one.date[FIRST_ROW - 1].isoformat() if one.n >= FIRST_ROW else never
        for one in series
    }
    return forecasts["as_of"] >= forecasts["series"].map(first).fillna(never)

"""Claim 9: how trend-line extrapolation did on trends whose outcome is known.

Reads scores of a backtest; computes nothing new. ``tests/test_essay_record.py`` holds hand-made
cases.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forecasts import words
from forecasts.catalog import catalogue
from forecasts.essay.claims import CLAIMS, LEAST_SERIES
from forecasts.essay.rule import UNTOLD, Z90, Finding, Verdict, by_interval
from forecasts.scoreboard import Score, score

if TYPE_CHECKING:
    import pandas as pd

#: The naive line's name in a backtest.
LINE, LOG = "ols", "log value"
NOMINAL = 0.9


def scores_of(forecasts: "pd.DataFrame") -> list[Score]:
    """Score a backtest, maxima and families of its series taken from the catalogue."""
    cards = list(catalogue())
    maxima = {card.id: card.maximum or 1.0 for card in cards if card.kind == "share"}
    return score(forecasts, maxima, {card.id: card.family for card in cards})


def score_table(scores: Sequence[Score], *, scale: str = LOG) -> "pd.DataFrame":
    """Show scores as a table, the best first at each horizon.

    Returns
    -------
    DataFrame
        ``h``, ``model``, ``series``, ``cells``, ``wis`` and the coverage of the 90 and 50 %
        intervals.
    """
    import pandas as pd

    rows = [
        [s.h, s.model, s.series, s.cells, s.wis[0], s.cover90[0], s.cover50[0]]
        for s in scores
        if s.scale == scale and s.h == s.h
    ]
    names = ["h", "model", "series", "cells", "wis", "cover90", "cover50"]
    return pd.DataFrame(rows, columns=names).sort_values(["h", "wis"], ignore_index=True)


def judge_trend_lines(scores: Sequence[Score]) -> Verdict:
    """Judge claim 9 by the naive line's scores at the longest horizon."""
    lines = [s for s in scores if s.model == LINE and s.scale == LOG and s.h == s.h]
    longest = max(lines, key=lambda s: s.h)
    return CLAIMS[9].judged(overconfident(longest), improved(longest))


def overconfident(line: Score) -> Finding:
    """Decide by how often the line's 90 % interval held what came."""
    mean, error = line.cover90
    low, high = mean - Z90 * error, mean + Z90 * error
    word = by_interval(-high, -low, above=-NOMINAL)
    return Finding(
        word if line.series >= LEAST_SERIES else UNTOLD,
        f"{words.percent(mean)} of the time at horizon {line.h:g} (90 %: "
        f"{words.percent(max(low, 0))} to {words.percent(min(high, 1))}), over {line.series} "
        f"series and {line.cells} forecasts",
    )


def improved(line: Score) -> Finding:
    """Decide by the paired difference of scores, the average minus the line."""
    middle, low, high = line.behind
    word = by_interval(-high, -low, above=0.0)
    return Finding(
        word if line.series >= LEAST_SERIES else UNTOLD,
        f"weighted interval score {middle:+.3f} (90 %: {low:+.3f} to {high:+.3f}) against "
        f"{line.wis[0]:.3f} of the line; below zero is better",
    )

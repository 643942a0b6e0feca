"""What would change the answer: more years of silence, or more rows that do not rise.

Invented rows never reach a result that is shown as data; they answer "how long would it take".
``tests/test_what_if.py`` holds what is added.
"""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from forecasts.averaging import NOTHING_LEFT, model_weights
from forecasts.camps import CAMPS, NEUTRAL
from forecasts.dates import to_date
from forecasts.errors import InputError
from forecasts.fit import child_seed, fit_quickly
from forecasts.learned import population_of
from forecasts.lfo import lfo_scores
from forecasts.models import SHAPES
from forecasts.plateau import Plateau, pooled
from forecasts.population import Population
from forecasts.series import Series

if TYPE_CHECKING:
    import pandas as pd

#: Rows added for a year, at most: as many as the last year had.
MOST_ROWS = 12
#: Years within which rows are those of the last year: a calendar year, less what a leap day makes.
NEARLY_A_YEAR = 0.99


def with_silence(series: Series, years: float) -> Series:
    """Suppose that no record falls for some more years.

    Parameters
    ----------
    series : Series
        Of kind ``record``.
    years : float
        Added to the day until which silence counts (`Series.observed_until`).

    Raises
    ------
    InputError
        For any other kind: only of a record is silence data.
    """
    if series.card.kind != "record":
        raise InputError(
            f"Silence is data only of a record, got kind {series.card.kind}: use with_flat_rows."
        )
    until = to_date(series.observed_year + years)
    card = replace(series.card, observed_through=until)
    return replace(series, card=card, as_of=max(until, series.as_of))


def with_flat_rows(series: Series, years: int) -> Series:
    """Suppose that rows go on coming for some more years, and do not rise.

    Parameters
    ----------
    series : Series
        Of any kind but ``record``.
    years : int
        Years added.

    Returns
    -------
    Series
        As many rows a year as the last year had (at most `MOST_ROWS`). Items have the values of
        that year over again, so that their scatter is that of real rows; a level has its last one.
    """
    if series.card.kind == "record":
        raise InputError("A record has no flat rows, only silence: use with_silence.")
    last = series.time[-1]
    # A year may be a day short: a row a year has one, not two.
    recent = np.flatnonzero(series.time > last - NEARLY_A_YEAR)[-MOST_ROWS:]
    value, start = series.value[recent], series.as_of_year
    if series.card.kind != "item":
        value = np.full(len(recent), series.value[-1])
    steps = (np.arange(len(recent)) + 1.0) / len(recent)
    added = [to_date(start + year + step) for year in range(years) for step in steps]
    until = added[-1] if added else series.as_of
    card = replace(series.card, observed_through=until)
    return replace(
        series,
        card=card,
        date=(*series.date, *added),
        value=np.concatenate([series.value, np.tile(value, years)]),
        label=(*series.label, *("supposed",) * len(added)),
        source=(*series.source, *("supposed",) * len(added)),
        as_of=until,
    )


def quick_plateau(
    series: Series, *, population: Population | None = None, seed: int = 1
) -> Plateau:
    """Average the plateau posterior of all shapes by importance sampling, in a second or two.

    Parameters
    ----------
    series : Series
        As known at its ``as_of``.
    population : Population, optional
        What is believed of changes; default: what was learned from other families.
    seed : int
        Same seed, same numbers.

    Notes
    -----
    The engine of a backtest, without falling back on NUTS: a shape that stays rough takes no part.
    """
    believed = population or population_of(series.card)
    with warnings.catch_warnings():
        # A rough sample's tail is fitted as well, to learn that it is rough.
        warnings.filterwarnings("ignore", "overflow encountered", RuntimeWarning)
        fits = {
            name: fit_quickly(
                series, shape, population=believed, seed=child_seed(seed, name), fallback=False
            )
            for name, shape in SHAPES.items()
        }
        converged = {name: one.converged for name, one in fits.items()}
    weights = model_weights(lfo_scores(fits), converged)
    used = [name for name, weight in weights.items() if weight]
    if not used:
        return replace(fits["piecewise"].plateaus[0], refused=NOTHING_LEFT)
    return pooled(
        [fits[name].plateaus[0] for name in used],
        [weights[name] or 0.0 for name in used],
        refused=fits["piecewise"].plateaus[0].refused,
    )


def change_of_mind(
    series: Series,
    years: Sequence[int],
    believed: dict[str, Population] | None = None,
    *,
    seed: int = 1,
) -> "pd.DataFrame":
    """Ask what P(already) would be after more years without progress.

    Parameters
    ----------
    series : Series
        As known today.
    years : sequence of int
        Years without progress to suppose; 0 is today.
    believed : dict of Population, optional
        Beliefs by name, such as `beliefs` gives; default: the neutral one alone.
    seed : int
        Same seed, same numbers.

    Returns
    -------
    DataFrame
        ``years``, ``as_of``, ``belief`` and ``p_already``; nan where no claim is made.
    """
    import pandas as pd

    longer = with_silence if series.card.kind == "record" else with_flat_rows
    believed = believed or {NEUTRAL: population_of(series.card)}
    rows = []
    for more in years:
        supposed = longer(series, more) if more else series
        for name, population in believed.items():
            plateau = quick_plateau(supposed, population=population, seed=seed)
            known = plateau.p_already if plateau.refused is None else float("nan")
            rows.append([more, supposed.as_of, name, known])
    return pd.DataFrame(rows, columns=["years", "as_of", "belief", "p_already"])


def beliefs(series: Series) -> dict[str, Population]:
    """Give three beliefs about changes: sceptic, neutral, extrapolator."""
    learned = population_of(series.card)
    age = series.as_of_year - float(series.time[0])
    camps = {camp.name: camp.believes(learned, age) for camp in CAMPS}
    return {
        "sceptic": camps["sceptic"],
        NEUTRAL: learned,
        "extrapolator": camps["extrapolator"],
    }


def years_until(table: "pd.DataFrame", belief: str, level: float) -> int | None:
    """Give the first of the supposed years from which P(already) is at a level; None for never."""
    part = table[(table["belief"] == belief) & (table["p_already"] >= level)]
    return int(part["years"].min()) if len(part) else None
